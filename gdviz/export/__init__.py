"""A Scene leaves the program: figures and tables."""
