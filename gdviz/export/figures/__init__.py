"""One module a figure: which axes it has and what they show."""
