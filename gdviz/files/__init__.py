"""File formats in and out: data, loss landscapes, Python code. What becomes of them is not here."""
