"""The Scale lens: cost against N."""
