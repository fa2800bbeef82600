"""The Step lens: arithmetic, direction and Taylor models of the current step."""
