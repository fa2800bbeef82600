"""What a window remembers from one run to the next."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from PySide6.QtCore import QByteArray
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QMainWindow

from gdviz.ui.toolkit.screens import screen_name, screen_of
from gdviz.ui.toolkit.settings_file import Settings

_SCREEN, _GEOMETRY = "window/screen", "geometry/"


def restore_window(settings: Settings, window: QMainWindow, toggles: Mapping[str, QAction]) -> None:
    """Give a window the size and place, and toggles the state, in which they were left.

    Each screen has a size of its own. The window opens on the one on which it was closed, where
    that still is.

    Parameters
    ----------
    settings : Settings
        A file that anybody may have edited: what is not understood is left out.
    window : QMainWindow
        The window.
    toggles : mapping of str to QAction
        The toggles by the names under which they are kept.
    """
    last = settings.value(_SCREEN)
    screens = {screen_name(screen): screen for screen in QGuiApplication.screens()}
    name = last if isinstance(last, str) and last in screens else screen_name(screen_of(window))
    if isinstance(geometry := settings.value(_GEOMETRY + name), QByteArray):
        window.restoreGeometry(geometry)
    for toggle, action in toggles.items():
        action.setChecked(settings.value(f"view/{toggle}") not in (False, "false"))


def geometry_values(window: QMainWindow, geometry: QByteArray | None = None) -> dict[str, object]:
    """Return by key a window's size and place: kept are those of the window that is closed last.

    Parameters
    ----------
    window : QMainWindow
        The window.
    geometry : QByteArray, optional
        Its size and place, where those that it has are not to come back.
    """
    name = screen_name(screen_of(window))
    return {
        _SCREEN: name,
        _GEOMETRY + name: window.saveGeometry() if geometry is None else geometry,
    }


class Part(Protocol):
    """A part of a window whose state is kept."""

    def restore_from(self, settings: Settings) -> None: ...
    def to_keep(self) -> dict[str, object]: ...


class SavedState:
    """Restores how a window was left, and keeps how it is left.

    Its size and place are those of the window that is closed last. Of what several windows share
    that alone is written which this one has changed: each would else write, as it closes, how
    everything was when it was opened, and undo what another one has changed meanwhile.

    Parameters
    ----------
    settings : Settings
        Where it is kept.
    window : QMainWindow
        The window, which is restored at once.
    toggles : mapping of str to QAction
        What stays on or off, by the name that it is kept under.
    parts : iterable of Part
        What else is restored and kept.
    """

    def __init__(
        self,
        settings: Settings,
        window: QMainWindow,
        toggles: Mapping[str, QAction],
        parts: Iterable[Part],
    ) -> None:
        self._settings, self._window = settings, window
        self._toggles, self._parts = toggles, tuple(parts)
        restore_window(settings, window, toggles)
        for part in self._parts:
            part.restore_from(settings)
        self._before = self._shared()

    def write_geometry(self, geometry: QByteArray | None = None) -> None:
        """Keep the window's size and place, or those that are to come back in place of them."""
        self._settings.write(geometry_values(self._window, geometry))

    def write_changes(self) -> None:
        """Keep what this window has changed, since the last time, of what all windows share."""
        before, self._before = self._before, self._shared()
        self._settings.write(
            {k: v for k, v in self._before.items() if k not in before or v != before[k]}
        )

    def _shared(self) -> dict[str, object]:
        """Return by key what all windows share, as it is in this one."""
        values: dict[str, object] = {
            f"view/{name}": action.isChecked() for name, action in self._toggles.items()
        }
        for part in self._parts:
            values |= part.to_keep()
        return values
