"""What holds the values of a graph for sure: bounds over a range, balls at a point."""
