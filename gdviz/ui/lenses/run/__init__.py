"""The Run lens: evaluations, gradient error and loss by step, and how each path ended."""
