"""A scene or an analysis as a file: figures and tables. No computation of what they show, no Qt."""
