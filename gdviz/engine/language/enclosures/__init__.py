"""What is sure of the values of a graph: bounds over a range, balls at a point, constants."""
