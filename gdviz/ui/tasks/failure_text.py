"""What went wrong in a worker, in a sentence."""

from gdviz.engine.objectives.code_ref import CodeError


def failure(error: Exception, what: str = "The computation") -> str:
    """Return what the person is told: of their own code what it says, else that `what` failed."""
    text = str(error) if isinstance(error, CodeError) else f"{what} failed: {error}"
    return text if text.endswith((".", "?", "!", "…")) else f"{text}."
