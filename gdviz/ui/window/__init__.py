"""The main window: it lays the parts out and connects them. What a part does is in its own room."""
