"""The formats in which programs write loss landscapes; :mod:`gdviz.landscape_files` opens them."""
