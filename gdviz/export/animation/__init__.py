"""A plan of frames as a file that moves: frames drawn from few artists, one encoder a format."""
