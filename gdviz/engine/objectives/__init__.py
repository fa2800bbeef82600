"""What can be minimised: a formula, a grid of losses, Python code; built-in surfaces and data sets.

How it is minimised does not belong here.
"""
