"""From the text of a formula to functions: lexer, parser, graph, differentiation, compiler, LaTeX.

What a formula is used for, to be minimised or to be checked, does not belong here.
"""
