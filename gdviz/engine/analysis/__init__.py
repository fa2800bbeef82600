"""One module a question: costs, sweeps of ε and α, basins, Taylor models, best direction, scaling.

What is needed to take a step does not belong here.
"""
