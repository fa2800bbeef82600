"""Gradient estimates: ways to a gradient, and what is known of their errors.

What is made of a gradient is a rule's, and not here.
"""
