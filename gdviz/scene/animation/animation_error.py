"""Why an animation is refused."""

from gdviz.base.input_error import InputError


class AnimationError(InputError):
    """An animation that is refused, in one sentence.

    Parameters
    ----------
    field : str
        What is refused: ``"over"``, ``"from"``, ``"to"``, ``"frames"``, and others of how it is
        written.
    message : str
        The sentence.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message
