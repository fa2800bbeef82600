"""The lenses at the right, a folder each. No lens knows another one, or the store."""
