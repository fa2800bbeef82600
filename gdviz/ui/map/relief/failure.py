"""Why OpenGL does not draw here, in plain words."""

#: What stands after "OpenGL is not to be had here: ".
NO_BINDINGS = "PyOpenGL, or the library that it calls, cannot be loaded"
DRIVER_FAILS = "its driver fails"


class OpenGLError(Exception):
    """There is no OpenGL here, or too little of it; the message says what is missing."""


def reason(error: Exception) -> str:
    """Return why there is no OpenGL; what the bindings say of it is for the log."""
    if isinstance(error, OpenGLError):
        return str(error)
    return NO_BINDINGS if isinstance(error, ImportError) else DRIVER_FAILS
