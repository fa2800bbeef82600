"""The surface in three dimensions in the map's place: what OpenGL draws, and what the mouse does.

Where it looks from, and every height, are computed in :mod:`gdviz.scene.relief`.
"""
