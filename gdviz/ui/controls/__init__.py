"""The left place: what the person chooses."""
