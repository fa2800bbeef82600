"""Sampling a network into a loss landscape: its dialog, what is chosen there, and the work."""
