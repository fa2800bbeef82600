"""Light and dark: the colours, the palette made of them, and one small style sheet.

Widgets take their colours from the palette wherever Qt lets them, so the style sheet only
states what Fusion cannot: the group boxes, flat fields, thin grooves and the error mark. It
understands two dynamic properties, set before a widget is first shown:

- ``invalid`` on a QLineEdit or a QPlainTextEdit: what stands in the field was refused;
- ``muted`` on a QLabel: a note beside the thing itself;
- ``error`` on a QLabel: a sentence about refused input;
- ``card`` on a QLabel: text that floats over a picture;
- ``segment`` on a button: it stays down, as one of a few choices side by side or alone;
- ``plain`` on a QPushButton: text that can be pressed, without the looks of a button;
- ``big`` on a QSlider: it is handled from afar;
- ``place`` on a QWidget: one of the window's places, on the ground of plots.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QWidget

BIG_HANDLE = 30  #: pixels that the handle of a slider that is ``big`` takes, with its rim


@dataclass(frozen=True)
class Theme:
    """Every colour the window uses, as ``#rrggbb``.

    Parameters
    ----------
    name : str
        ``"light"`` or ``"dark"``.
    window, panel, field, button : str
        Grounds: the window, the groups and plots on it, what is typed into, what is pressed.
    border, field_border : str
        The outline of a group, and the stronger one of a field or a button.
    groove : str
        A slider's way beyond its handle.
    text, muted, disabled : str
        What is read, what may be read, what cannot be used now.
    accent, on_accent : str
        The one accent (slider, focus, link, selection), and text on it.
    error : str
        Refused input: the border of the field and the sentence about it.
    grid, axis : str
        Plots: grid lines, and the axes with their numbers.
    halo : str
        The outline that lifts paths and markers off the map. It is the same in both themes,
        as the map is.
    """

    name: str
    window: str
    panel: str
    field: str
    button: str
    border: str
    field_border: str
    groove: str
    text: str
    muted: str
    disabled: str
    accent: str
    on_accent: str
    error: str
    grid: str
    axis: str
    halo: str


DARK = Theme(
    name="dark",
    window="#15181d",
    panel="#1c2027",
    field="#15181d",
    button="#2a2f37",
    border="#2b313a",
    field_border="#667180",
    groove="#3a424d",
    text="#e6e8eb",
    muted="#9aa3ad",
    disabled="#5f6873",
    accent="#75a7ff",
    on_accent="#0f1115",
    error="#ff7b72",
    grid="#2b313a",
    axis="#9aa3ad",
    halo="#ffffff",
)

LIGHT = Theme(
    name="light",
    window="#f6f7f9",
    panel="#ffffff",
    field="#ffffff",
    button="#ffffff",
    border="#dde1e6",
    field_border="#87909b",
    groove="#d3d8de",
    text="#1d2329",
    muted="#66707a",
    disabled="#a3abb4",
    accent="#2f6bd8",
    on_accent="#ffffff",
    error="#c62828",
    grid="#e8ebee",
    axis="#66707a",
    halo="#ffffff",
)


def system_theme(app: QApplication) -> Theme:
    """Return the theme that the desktop asks for; light where it does not say.

    Follow later changes with ``app.styleHints().colorSchemeChanged``.
    """
    return DARK if app.styleHints().colorScheme() == Qt.ColorScheme.Dark else LIGHT


def apply_theme(app: QApplication, theme: Theme) -> list[QWidget]:
    """Give the whole application the style, the palette and the style sheet of a theme.

    May be called again at any time. What is seen of open windows follows at once, which takes a
    few milliseconds. A lens that is closed has as many widgets as the window shows.

    Returns
    -------
    list of QWidget
        Those that are hidden, to be handed to :func:`restyle` before they are seen.
    """
    palette = make_palette(theme)
    is_styled = app.styleSheet() == STYLE_SHEET
    if is_styled and app.palette() == palette:
        return []
    if not is_styled:
        app.setStyleSheet("")  # a style has a name only without one
        if app.style().name() != "fusion":
            app.setStyle("Fusion")
    app.setPalette(palette)
    # Fusion outlines buttons, boxes and ticks in Window.darker(140), which on a dark ground is
    # no outline at all. None of these fills itself with Window, so it can be what they need.
    outlined = QPalette(palette)
    outlined.setColor(QPalette.ColorRole.Window, QColor(theme.field_border).lighter(140))
    for class_name in ("QAbstractButton", "QComboBox"):
        app.setPalette(outlined, class_name)  # type: ignore[arg-type]  # not bytes, as is said
    if not is_styled:
        app.setStyleSheet(STYLE_SHEET)  # which styles each widget
        return []
    hidden = []
    for widget in app.allWidgets():
        if widget.isVisible():
            widget.style().polish(widget)
        elif widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
            hidden.append(widget)
    return hidden


def restyle(widgets: Iterable[QWidget]) -> None:
    """Have widgets take the colours of the style sheet from the palette that is on."""
    for widget in widgets:
        widget.style().polish(widget)


def make_palette(theme: Theme) -> QPalette:
    """Return the palette of a theme, with every role set in every group."""
    role = QPalette.ColorRole
    colors = {
        role.Window: theme.window,
        role.WindowText: theme.text,
        role.Base: theme.field,
        role.AlternateBase: theme.panel,
        role.Text: theme.text,
        role.PlaceholderText: theme.muted,
        role.Button: theme.button,
        role.ButtonText: theme.text,
        role.BrightText: theme.error,
        role.ToolTipBase: theme.panel,
        role.ToolTipText: theme.text,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.on_accent,
        role.Accent: theme.accent,
        role.Link: theme.accent,
        role.LinkVisited: theme.accent,
        # Bevels; Fusion also draws its focus frames and separators with them.
        role.Light: theme.field_border,
        role.Mid: theme.border,
        role.Dark: theme.field_border,
        # No style of ours draws with these, and the style sheet has no other way to the two.
        role.Midlight: theme.groove,
        role.Shadow: theme.disabled,
    }
    palette = QPalette()
    for color_role, color in colors.items():
        palette.setColor(color_role, QColor(color))  # Active, Inactive and Disabled alike
    for color_role in (role.WindowText, role.Text, role.ButtonText, role.PlaceholderText):
        palette.setColor(QPalette.ColorGroup.Disabled, color_role, QColor(theme.disabled))
    for color_role in (role.Highlight, role.Accent):
        palette.setColor(QPalette.ColorGroup.Disabled, color_role, QColor(theme.field_border))
    return palette


#: A theme whose colours are those of the palette, as a style sheet names them.
OF_PALETTE = replace(
    LIGHT,
    window="palette(window)",
    panel="palette(alternate-base)",
    field="palette(base)",
    button="palette(button)",
    border="palette(mid)",
    field_border="palette(dark)",
    groove="palette(midlight)",
    text="palette(window-text)",
    muted="palette(placeholder-text)",
    disabled="palette(shadow)",
    accent="palette(highlight)",
    on_accent="palette(highlighted-text)",
    error="palette(bright-text)",
)


def _style_sheet(theme: Theme) -> str:
    """Return the style sheet in the colours of a theme.

    Kept short on purpose: Qt matches every rule against every widget.
    """
    return f"""
QGroupBox {{
    background: {theme.panel}; border: 1px solid {theme.border}; border-radius: 6px;
    margin-top: 20px; padding: 2px;
}}
QGroupBox::title {{
    subcontrol-origin: margin; subcontrol-position: top left;
    left: 10px; padding: 0 0 3px 0; color: {theme.muted};
}}
QLabel[muted="true"] {{ color: {theme.muted}; }}
QLabel[muted="true"]:disabled {{ color: {theme.disabled}; }}
QLabel[error="true"] {{ color: {theme.error}; }}
QLabel[card="true"] {{
    background: {theme.panel}; border: 1px solid {theme.border}; border-radius: 4px;
    padding: 6px 8px;
}}
QWidget[place="true"] {{ background: {theme.panel}; }}
QPushButton[plain="true"] {{
    border: none; border-radius: 3px; padding: 2px 4px; text-align: left; background: transparent;
}}
QPushButton[plain="true"]:hover, QPushButton[plain="true"]:focus {{ background: {theme.border}; }}
QPushButton[plain="true"]:disabled {{ color: {theme.disabled}; }}
QPushButton[plain="true"]::menu-indicator {{ image: none; }}
QAbstractButton[segment="true"] {{
    background: {theme.button}; border: 1px solid {theme.field_border}; padding: 3px 10px;
}}
QAbstractButton[segment="true"]:hover {{ border-color: {theme.accent}; }}
QAbstractButton[segment="true"]:checked {{
    background: {theme.accent}; color: {theme.on_accent}; border-color: {theme.accent};
}}
QAbstractButton[segment="true"]:checked:focus {{ border-color: {theme.text}; }}
QScrollArea, QScrollArea > QWidget > QWidget {{ background: transparent; border: none; }}

QLineEdit, QPlainTextEdit {{
    background: {theme.field}; border: 1px solid {theme.field_border}; border-radius: 4px;
    padding: 2px 5px;
}}
QPlainTextEdit {{ padding: 0 2px; }}
QLineEdit:disabled {{ color: {theme.disabled}; border-color: {theme.border}; }}
QLineEdit:focus, QPlainTextEdit:focus {{ border-color: {theme.accent}; }}
QLineEdit[invalid="true"], QPlainTextEdit[invalid="true"] {{ border-color: {theme.error}; }}

QSlider::groove:horizontal {{
    height: 4px; border-radius: 2px; background: {theme.groove};
}}
QSlider::sub-page:horizontal {{ height: 4px; border-radius: 2px; background: {theme.accent}; }}
QSlider::sub-page:horizontal:disabled {{ background: {theme.disabled}; }}
QSlider::handle:horizontal {{
    width: 12px; margin: -5px 0; border-radius: 7px;
    background: {theme.button}; border: 1px solid {theme.muted};
}}
QSlider::handle:horizontal:hover, QSlider::handle:horizontal:focus {{
    border-color: {theme.accent};
}}
QSlider::handle:horizontal:pressed {{ background: {theme.accent}; }}
QSlider::handle:horizontal:disabled {{ border-color: {theme.field_border}; }}

QSlider[big="true"]::groove:horizontal, QSlider[big="true"]::sub-page:horizontal {{
    height: 10px; border-radius: 5px;
}}
QSlider[big="true"]::handle:horizontal {{ width: 26px; margin: -9px 0; border-radius: 14px; }}

QTabWidget::pane {{ border: none; border-top: 1px solid {theme.border}; }}
QTabBar {{ qproperty-drawBase: 0; }}
QTabBar::tab {{
    color: {theme.muted}; padding: 5px 5px; margin-left: 1px;
    border: none; border-bottom: 2px solid transparent;
}}
QTabBar::tab:hover {{ color: {theme.text}; }}
QTabBar::tab:selected {{ color: {theme.text}; border-bottom-color: {theme.accent}; }}
QTabBar::tab:focus {{ border-bottom-color: {theme.text}; }}

QTableView {{
    background: {theme.panel}; alternate-background-color: {theme.window};
    gridline-color: {theme.border}; border: 1px solid {theme.border};
}}
QHeaderView, QTableCornerButton::section {{ background: {theme.panel}; border: none; }}
QHeaderView::section {{
    background: {theme.panel}; color: {theme.muted}; padding: 3px 6px; font-weight: normal;
    border: none; border-bottom: 1px solid {theme.border};
}}
QHeaderView::section:vertical {{ border-bottom: none; }}
QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
QSplitter::handle {{ background: {theme.window}; }}
QSplitter::handle:hover {{ background: {theme.accent}; }}
QToolTip {{
    background: {theme.panel}; color: {theme.text}; border: 1px solid {theme.field_border};
    padding: 3px;
}}
"""


#: The same in every theme: to hand Qt another one takes 0.1 s, to style again what is seen 4 ms.
STYLE_SHEET = _style_sheet(OF_PALETTE)
