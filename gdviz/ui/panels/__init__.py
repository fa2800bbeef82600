"""The lenses: panels at the right of the map."""
