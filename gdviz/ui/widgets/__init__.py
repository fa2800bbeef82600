"""Small widgets Qt does not have, with no knowledge of gdviz."""
