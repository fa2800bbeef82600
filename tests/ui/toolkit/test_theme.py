"""Both themes are readable, and what they say reaches the widgets."""

from dataclasses import fields

import pytest
from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit

from gdviz.ui.toolkit.color_icon import color_icon
from gdviz.ui.toolkit.theme import (
    DARK,
    LIGHT,
    OF_PALETTE,
    apply_theme,
    make_palette,
    restyle,
    system_theme,
)

THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)


def luminance(color: str) -> float:
    """Relative luminance as in WCAG 2.2."""
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.fixture
def themed(qapp):
    """The application, given back as it was."""
    palette, sheet = QPalette(qapp.palette()), qapp.styleSheet()
    yield qapp
    for class_name in ("QAbstractButton", "QComboBox"):
        qapp.setPalette(palette, class_name)
    qapp.setPalette(palette)
    qapp.setStyleSheet(sheet)


def test_contrast_of_black_on_white_is_21():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@THEMES
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        (ink, ground)
        for ink in ("text", "muted", "accent", "error")
        for ground in ("window", "panel")
    ]
    + [("text", "field"), ("muted", "field"), ("text", "button"), ("on_accent", "accent")]
    + [("axis", "panel")],
)
def test_text_has_at_least_the_contrast_wcag_asks_for(theme, ink, ground):
    assert contrast(getattr(theme, ink), getattr(theme, ground)) >= 4.5


@THEMES
@pytest.mark.parametrize("ground", ["field", "panel", "window"])
def test_the_outline_of_what_can_be_touched_has_the_contrast_wcag_asks_for(theme, ground):
    assert contrast(theme.field_border, getattr(theme, ground)) >= 3
    assert contrast(theme.muted, getattr(theme, ground)) >= 3  # that of a slider's handle


@THEMES
def test_error_border_stands_out_from_its_field(theme):
    assert contrast(theme.error, theme.field) >= 3
    assert theme.error != theme.accent


@THEMES
def test_every_color_is_one(theme):
    for field in fields(theme)[1:]:
        value = getattr(theme, field.name)
        assert len(value) == 7, field.name
        assert QColor(value).name() == value, field.name


@THEMES
def test_palette_leaves_no_role_to_the_system(theme):
    palette = make_palette(theme)
    ours = {getattr(theme, field.name) for field in fields(theme)[1:]}
    for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive):
        for role in QPalette.ColorRole:
            if role not in (QPalette.ColorRole.NoRole, QPalette.ColorRole.NColorRoles):
                assert palette.color(group, role).name() in ours, (group, role)
    disabled = palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text)
    assert disabled.name() == theme.disabled


@THEMES
def test_qt_understands_the_style_sheet(theme, themed, qtbot, qtlog):
    apply_theme(themed, theme)
    edit = QLineEdit()
    qtbot.addWidget(edit)
    with qtbot.waitExposed(edit):
        edit.show()  # Qt parses with the first widget, and only warns
    assert [record.message for record in qtlog.records if "style" in record.message] == []


def test_themes_can_change_under_an_open_window(themed, qtbot):
    edit, box = QLineEdit(), QCheckBox()
    qtbot.addWidget(edit)
    qtbot.addWidget(box)
    edit.show()
    box.show()
    themed.setStyle("Windows")
    for theme in (DARK, LIGHT, DARK):
        apply_theme(themed, theme)
        assert edit.palette().color(QPalette.ColorRole.Text).name() == theme.text
        assert edit.grab().toImage().pixelColor(20, 4).name() == theme.field
        assert box.palette().color(QPalette.ColorRole.WindowText).name() == theme.text
    themed.setStyleSheet("")  # whose own style has no name
    assert themed.style().name() == "fusion"


def test_a_change_of_theme_styles_what_is_seen_once_and_leaves_what_is_hidden(themed, qtbot):
    told = []

    class Told(QLabel):
        def event(self, event):
            told.append(event.type())
            return super().event(event)

    def ink(label):
        return label.palette().color(QPalette.ColorRole.WindowText).name()

    apply_theme(themed, LIGHT)
    seen, hidden, new = labels = Told("muted"), QLabel("muted"), QLabel("muted")
    for label in labels:
        label.setProperty("muted", True)
        qtbot.addWidget(label)
    seen.show()
    hidden.show()
    hidden.hide()
    told.clear()
    behind = apply_theme(themed, DARK)
    # A sheet of another text was 0.1 s of StyleChange for a thousand widgets.
    assert told.count(QEvent.Type.StyleChange) == 0
    assert told.count(QEvent.Type.PaletteChange) <= 3
    assert ink(seen) == DARK.muted
    assert ink(hidden) != DARK.muted
    assert hidden in behind
    assert not {seen, new} & set(behind)
    restyle(behind)
    new.show()
    assert ink(hidden) == ink(new) == DARK.muted
    told.clear()
    assert apply_theme(themed, DARK) == []
    assert told == []


@pytest.mark.parametrize("name", ["window", "panel", "field", "button", "border", "field_border",
                                  "groove", "text", "muted", "disabled", "accent", "on_accent",
                                  "error"])  # fmt: skip
@THEMES
def test_the_style_sheet_has_its_colors_from_the_palette(theme, name, themed, qtbot):
    apply_theme(themed, theme)
    label = QLabel()
    label.setStyleSheet(f"QLabel {{ background: {getattr(OF_PALETTE, name)}; }}")
    qtbot.addWidget(label)
    assert label.grab().toImage().pixelColor(1, 1).name() == getattr(theme, name)


def test_error_mark_reaches_the_border(themed, qtbot):
    apply_theme(themed, LIGHT)
    edit = QLineEdit()
    edit.setProperty("invalid", True)
    qtbot.addWidget(edit)
    edit.resize(80, 24)
    assert edit.grab().toImage().pixelColor(40, 0).name() == LIGHT.error


@pytest.mark.parametrize(
    ("scheme", "theme"),
    [
        (Qt.ColorScheme.Dark, DARK),
        (Qt.ColorScheme.Light, LIGHT),
        (Qt.ColorScheme.Unknown, LIGHT),
    ],
)
def test_system_theme_follows_the_color_scheme(scheme, theme):
    class Desktop:
        def styleHints(self):
            return self

        def colorScheme(self):
            return scheme

    assert system_theme(Desktop()) is theme


def test_the_window_follows_the_system_only_where_nobody_chose(open_window, qapp, monkeypatch):
    def turn(theme):
        monkeypatch.setattr("gdviz.ui.window.theme_choice.system_theme", lambda _app: theme)
        qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Unknown)

    ui = open_window()
    theming = ui.window._theming
    for theme in (DARK, LIGHT, DARK):
        turn(theme)
        assert theming.theme is theme
        assert ui.window.palette().window().color() == QColor(theme.window)
        assert ui.window.map_view.palette().text().color() == QColor(theme.text)
    theming.choose("light")
    turn(DARK)
    assert theming.theme is LIGHT


def test_what_was_hidden_has_the_new_colors_soon(ui):
    page = ui.window.formula_lens
    ui.window.right.setCurrentWidget(page)
    ui.window.right.setCurrentWidget(ui.window.run_lens)
    notes = [note for note in page.findChildren(QLabel) if note.property("muted")]
    assert notes
    ui.theming.choose("dark")
    ui.qtbot.waitUntil(
        lambda: all(
            note.palette().color(QPalette.ColorRole.WindowText).name() == DARK.muted
            for note in notes
        )
    )
    assert not page.isVisible()


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0])
def test_discs_are_round_on_every_display(qapp, ratio):
    image = color_icon("#ff0000").pixmap(QSize(12, 12), ratio).toImage()
    assert image.width() == round(12 * ratio)
    edge = [image.pixelColor(x, image.height() // 2).alpha() for x in (0, image.width() - 1)]
    assert min(edge) > 0
    assert [image.pixelColor(x, 0).alpha() for x in (0, image.width() - 1)] == [0, 0]
    soft = sum(
        0 < image.pixelColor(x, y).alpha() < 255
        for x in range(image.width())
        for y in range(image.height())
    )
    assert soft >= image.width()  # its edge is drawn at this size, and not scaled from another
