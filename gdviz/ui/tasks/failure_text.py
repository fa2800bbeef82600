"""What went wrong in a worker, in a sentence."""

from gdviz.base.input_error import InputError


def failure(error: Exception, what: str = "The computation") -> str:
    """Return what the person is told: why something is refused, else that `what` failed."""
    is_refused = isinstance(error, InputError)
    text = str(error) if is_refused else f"{what} failed: {error}"
    sentence = text if text.endswith((".", "?", "!", "…")) else f"{text}."
    return sentence if is_refused else f"{sentence} See Help ▸ Open Log."
