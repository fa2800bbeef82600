"""Rows of numbers as CSV and JSON."""
