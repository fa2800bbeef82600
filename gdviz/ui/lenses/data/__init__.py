"""The Data lens: the data and the model's curve at the current step."""
