"""Update rules: what becomes of gradients, a table of them and a module for each kind.

Where gradients come from, how α changes, and the loop that makes a path of them do not belong here.
"""
