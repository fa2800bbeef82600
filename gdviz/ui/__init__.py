"""The window (Qt): views that draw a Scene and emit intents."""
