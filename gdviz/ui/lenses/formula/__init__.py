"""The Formula lens: a formula, its constants, its derivatives, the person's library."""
