"""Guided experiments that people make: those that are shipped are one folder up."""
