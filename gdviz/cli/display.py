"""Whether a window can be opened here, asked before Qt is: where it cannot, Qt aborts the process.

On Linux a window needs a display and system libraries that no wheel brings. Qt's own messages
about either are riddles that end in ``Aborted (core dumped)``.
"""

import ctypes
import os
import sys
from collections.abc import Callable, Mapping


def _packages(libraries: str) -> Mapping[str, str]:
    """Return the Debian package of each shared library, which its policy names after the soname."""
    packages = {}
    for library in libraries.split():
        name, _, version = library.lower().partition(".so.")
        packages[library] = f"{name}{'-' * name[-1].isdigit()}{version}"
    return packages


#: What Qt's own libraries load on every platform, and the Debian package that has it.
COMMON = {
    **_packages(
        "libEGL.so.1 libGL.so.1 libX11.so.6 libdbus-1.so.3 libfontconfig.so.1 libfreetype.so.6 "
        "libxkbcommon.so.0"
    ),
    "libglib-2.0.so.0": "libglib2.0-0",
}
#: What its plugin for X11 loads besides.
XCB = _packages(
    "libX11-xcb.so.1 libxcb.so.1 libxcb-cursor.so.0 libxcb-icccm.so.4 libxcb-image.so.0 "
    "libxcb-keysyms.so.1 libxcb-randr.so.0 libxcb-render.so.0 libxcb-render-util.so.0 "
    "libxcb-shape.so.0 libxcb-shm.so.0 libxcb-sync.so.1 libxcb-util.so.1 libxcb-xfixes.so.0 "
    "libxcb-xkb.so.1 libxkbcommon-x11.so.0"
)

_INSTEAD = "gdviz render draws the picture without one"


def why_no_window(
    environment: Mapping[str, str] = os.environ,
    system: str = sys.platform,
    load: Callable[[str], object] = ctypes.CDLL,
    answers: Callable[[], bool] | None = None,
) -> str:
    """Say why no window can be opened, in one sentence.

    Parameters
    ----------
    environment : mapping of str to str
        The environment variables.
    system : str
        As `sys.platform`; only Linux is looked at.
    load : callable
        Loads a library by name, and raises OSError if there is none.
    answers : callable, optional
        Tells whether the X server that DISPLAY names lets us connect.

    Returns
    -------
    str
        The sentence; empty if nothing is in the way.
    """
    if not system.startswith("linux"):
        return ""
    chosen = environment.get("QT_QPA_PLATFORM", "")
    x11, wayland = environment.get("DISPLAY"), environment.get("WAYLAND_DISPLAY")
    if not (chosen or x11 or wayland):
        return f"there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set): {_INSTEAD}"
    # With Wayland at hand, Qt can do without its plugin for X11.
    needs_x11 = chosen.startswith("xcb") if chosen else not wayland
    packages = [
        package
        for library, package in {**COMMON, **(XCB if needs_x11 else {})}.items()
        if not _loads(library, load)
    ]
    if packages:
        return (
            "system libraries that the window needs are missing; on Debian and Ubuntu, install "
            f"them with sudo apt install {' '.join(packages)}"
        )
    if needs_x11 and not (answers or _x_server_answers)():
        return f"the display {x11 or '(DISPLAY is not set)'} cannot be opened: {_INSTEAD}"
    return ""


def _loads(library: str, load: Callable[[str], object]) -> bool:
    try:
        load(library)
    except OSError:
        return False
    return True


def _x_server_answers() -> bool:
    """Connect to the X server as Qt is about to do, and hang up."""
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    failed = bool(xcb.xcb_connection_has_error(connection))
    xcb.xcb_disconnect(connection)
    return not failed
