"""What an animation shows frame by frame, and how fast; nothing of how that is drawn."""
