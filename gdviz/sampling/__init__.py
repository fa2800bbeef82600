"""Somebody's loss at every cell of a grid, computed by many processes into a file that is whole.

What differences of a network would cost is measured in such a process as well. What a cell's
number is, is :mod:`gdviz.engine.objectives`'; what becomes of the file is not here.
"""
