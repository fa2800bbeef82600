"""The experiment and the scene that the window shows, their history and their file. No widgets."""
