"""A dialog that stands beside the window, which goes on."""

from PySide6.QtWidgets import QDialog

from gdviz.ui.toolkit.theme import Theme


class BesideWindow(QDialog):
    """What the window tells its theme to, while it is open."""

    def set_theme(self, theme: Theme) -> None:
        """Take the colours."""
        raise NotImplementedError
