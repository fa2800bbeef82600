"""See gradient descent, what the gradient costs, and what an approximation of it does."""

__version__ = "0.1.0"
