"""The strip under the map says one thing at a time where there is no room for two."""

from gdviz.ui.map.strip import MapStrip

HINT = "Click sets the start, Shift+click adds one"


def test_the_hint_makes_room_for_what_is_done(qtbot):
    strip = MapStrip()
    qtbot.addWidget(strip)
    assert strip.said() == HINT
    strip.set_busy(True, "scene")
    strip.show_done("model.py: 1,200 calls, 4 s")
    assert strip.said() == ""
    strip.say("Saved map.png")
    strip.show_done("model.py: 1,400 calls, 5 s")
    assert strip.said() == "Saved map.png"
    strip.say("")
    strip.show_done("")
    assert strip.said() == HINT
