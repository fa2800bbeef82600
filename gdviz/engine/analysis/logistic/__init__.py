"""Logistic regression with N parameters, and ways to its gradient, each counted."""
