"""What comes from outside and is refused, told apart from faults of the program."""


class InputError(ValueError):
    """What a person brought is refused: its text is a sentence for them, and no fault of ours."""
