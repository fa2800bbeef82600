"""Guided experiments: those that are shipped, and those that people make."""
