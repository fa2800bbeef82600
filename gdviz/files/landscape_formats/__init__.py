"""The formats in which programs write loss landscapes; :mod:`gdviz.files.landscapes` opens them."""
