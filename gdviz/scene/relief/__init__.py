"""The surface in three dimensions, as numbers: heights, lines on them, and how they are seen.

What the window and exported figures draw is computed here, so that they cannot disagree. No
OpenGL, and no matplotlib.
"""
