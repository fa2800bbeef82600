"""The window: it draws a scene and hands on what the person wants. Nothing is computed here."""
