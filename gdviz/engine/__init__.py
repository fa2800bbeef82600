"""The mathematics: formulas, surfaces, gradient estimates, descent. Never Qt or matplotlib."""
