"""Which theme is on: the system's, or the one the person chose."""

from types import MappingProxyType

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from gdviz.ui.toolkit.settings_file import Settings
from gdviz.ui.toolkit.theme import DARK, LIGHT, Theme, apply_theme, restyle, system_theme

_FIXED = {"light": LIGHT, "dark": DARK}
_AT_ONCE = 100  #: hidden widgets that are styled between two events: some 2 ms


class ThemeChoice(QObject):
    """Applies the theme, and follows the system where the person did not choose.

    Attributes
    ----------
    changed : Signal()
        Another theme is on.
    """

    CHOICES = MappingProxyType(
        {"system": "Colours of the S&ystem", "light": "L&ight", "dark": "&Dark"}
    )
    changed = Signal()

    def __init__(self, app: QApplication, settings: Settings) -> None:
        super().__init__(app)
        self._app = app
        self._settings = settings
        choice = settings.value("view/theme", "system")
        self.choice = choice if choice in tuple(self.CHOICES) else "system"
        self.theme: Theme = LIGHT
        self._behind: list[QWidget] = []  # those that nobody sees, and that have the old colours
        self._soon = QTimer(self, interval=0)
        self._soon.timeout.connect(self._catch_up)
        app.styleHints().colorSchemeChanged.connect(self._follow)
        self._follow()

    @property
    def is_dark(self) -> bool:
        """Whether the theme is dark."""
        return self.theme is DARK

    def choose(self, choice: str) -> None:
        """Take a theme, or the system's."""
        self.choice = choice
        self._settings.write({"view/theme": choice})
        self._follow()

    def choose_from_menu(self, action: QAction) -> None:
        """Take the theme whose name is an action's data."""
        self.choose(action.data())

    def _follow(self) -> None:
        self.theme = _FIXED.get(self.choice) or system_theme(self._app)
        self._behind = apply_theme(self._app, self.theme) or self._behind
        self._soon.start()
        self.changed.emit()

    def _catch_up(self) -> None:
        some, self._behind = self._behind[:_AT_ONCE], self._behind[_AT_ONCE:]
        restyle(filter(isValid, some))
        if not self._behind:
            self._soon.stop()
