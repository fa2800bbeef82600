"""Arguments and commands. What a command computes is not here; Qt is imported for a window only."""
