"""What decides how the map is laid out: its shape, its range, and which path lies over which."""
