"""The map, what lies on it, and the strip and the timeline below it."""
