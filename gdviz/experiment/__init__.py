"""What the person chose, its checks, its JSON, and how it changes; nothing computed of it."""
