"""Plots and their axes, for any numbers."""
