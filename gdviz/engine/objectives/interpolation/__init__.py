"""The function through a grid of losses: its arithmetic, and no objective."""
