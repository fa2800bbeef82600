"""What one begins with on a function nobody has looked at: a range, a start, α and ε."""
