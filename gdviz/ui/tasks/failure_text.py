"""What went wrong in a worker, in a sentence."""

from gdviz.engine.objectives.code_ref import CodeError


def failure(error: Exception, what: str = "The computation") -> str:
    """Return what the person is told: of their own code what it says, else that `what` failed."""
    is_own = isinstance(error, CodeError)
    text = str(error) if is_own else f"{what} failed: {error}"
    sentence = text if text.endswith((".", "?", "!", "…")) else f"{text}."
    return sentence if is_own else f"{sentence} See Help ▸ Open Log."
