"""A scene as a page: one HTML file that any browser opens from disk, without a network."""
