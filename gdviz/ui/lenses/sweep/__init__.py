"""The Sweep lens: gradient error against ε, final loss against α."""
