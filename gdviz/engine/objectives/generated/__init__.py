"""How a formula's generated functions are called: over rows, along a line, in a loop."""
