"""A network of a person's own: its parameters, and the plane through them on which f is a slice.

What finds a network in a file, differentiates it and spans the plane belongs here. It runs in the
process of the person's code (:mod:`gdviz.engine.objectives.code_child`) or in one that samples it;
what the program knows of it is in :mod:`gdviz.engine.objectives.code_ref`.
"""
