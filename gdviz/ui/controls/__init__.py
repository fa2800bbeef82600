"""What the person chooses at the left: surface, descent, methods."""
