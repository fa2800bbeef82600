"""Text in a place that may be too small for it."""

from PySide6.QtWidgets import QWidget

from gdviz.ui.toolkit.build import column
from gdviz.ui.toolkit.widgets.message_label import MessageLabel
from gdviz.ui.toolkit.widgets.scrolled_text import ScrolledText

LONG = "what is to be known about a file " * 12


def test_it_is_as_tall_as_its_text_where_there_is_room_and_scrolled_elsewhere(qtbot):
    place, content = QWidget(), QWidget()
    qtbot.addWidget(place)
    label = MessageLabel(content)
    column(label, inside=content)
    text = ScrolledText(content, place)
    column(text, None, inside=place)
    label.say(LONG)
    place.resize(200, 600)
    place.show()
    bar = text.verticalScrollBar()
    qtbot.waitUntil(lambda: text.height() == label.heightForWidth(200))
    assert bar.maximum() == 0
    place.resize(200, text.minimumSizeHint().height())
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    assert label.height() >= label.heightForWidth(label.width())  # whole, below the edge
    place.resize(200, 600)
    label.say("short")
    qtbot.waitUntil(lambda: text.height() == label.heightForWidth(200))
    assert text.height() < 2 * text.fontMetrics().lineSpacing()


def test_a_scroll_bar_goes_where_there_is_room_without_it(qtbot):
    """Beside the bar the text takes more lines than there is room for, and without it fewer."""
    place, content = QWidget(), QWidget()
    qtbot.addWidget(place)
    label = MessageLabel(content)
    column(label, inside=content)
    text = ScrolledText(content, place)
    column(text, None, inside=place)
    label.say(LONG)
    place.show()
    bar = text.verticalScrollBar()
    place.resize(200, 3 * text.fontMetrics().lineSpacing())
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    height = label.heightForWidth(200)
    assert label.heightForWidth(200 - bar.sizeHint().width()) > height
    place.resize(200, height)
    qtbot.waitUntil(lambda: bar.maximum() == 0)
    assert label.width() == 200
