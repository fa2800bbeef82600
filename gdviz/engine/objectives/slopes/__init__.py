"""∇f where the chain rule does not tell it: at kinks, past overflow, and where rounding hides f."""
