"""Exporting an animation: what is chosen, its first frame, what it will take, and the file."""

import math
from pathlib import Path

from PySide6.QtWidgets import QWidget

from gdviz.base.files import refusal, shown
from gdviz.base.format import amount, byte_size, duration
from gdviz.base.steady_work import SteadyWork
from gdviz.export.animation.formats import ANIMATION_FORMATS, animation_format
from gdviz.export.options import FigureOptions, FigureOptionsError
from gdviz.scene.animation.animation_error import AnimationError
from gdviz.scene.animation.basins_on_map import BasinsOnMap
from gdviz.scene.scene import Point, Scene
from gdviz.ui.files.animation_choices import AnimationChoices, Chosen, sentence_of
from gdviz.ui.files.animation_preview import AnimationPreview
from gdviz.ui.files.animation_task import Seen, Written, look, write
from gdviz.ui.files.save_dialog import ask_path
from gdviz.ui.tasks.failure_text import failure
from gdviz.ui.tasks.task import Newer, Task
from gdviz.ui.toolkit.beside_window import BesideWindow
from gdviz.ui.toolkit.build import button, column, label, row, thin_bar
from gdviz.ui.toolkit.theme import Theme
from gdviz.ui.toolkit.widgets.message_label import as_sentence

_STEPS = 1000  #: of the bar
_CHOICES = 320  #: pixels
_DRAG = "Drag on the map to draw the line along which the start moves."
_REST = 400  #: milliseconds for which nothing more is chosen until a frame is drawn


class AnimationDialog(BesideWindow):
    """Exports animations of a scene beside the window, which goes on.

    Parameters
    ----------
    scene : Scene
        What is to move.
    suggestion : Path
        Where it goes, without an ending.
    usual : FigureOptions
        The theme at first, and whether in three dimensions.
    theme : Theme
        The colours.
    parent : QWidget
        The window.
    basins : BasinsOnMap, optional
        What lies on its map.
    """

    def __init__(
        self,
        scene: Scene,
        suggestion: Path,
        usual: FigureOptions,
        theme: Theme,
        parent: QWidget,
        basins: BasinsOnMap | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Export animation")
        self._suggestion = suggestion
        self._steady, self._can_export = SteadyWork(), False
        self.choices = AnimationChoices(scene, usual, basins or BasinsOnMap(), self)
        self.choices.setFixedWidth(_CHOICES)
        self.preview = AnimationPreview(scene.landscape.grid.range, self)
        self.preview.set_theme(theme)
        self.preview.say("The first frame is being drawn …")
        self._summary = label(kind="muted", parent=self)
        self._bar = thin_bar(_STEPS, self)
        self._said = label(kind="muted", parent=self)
        self._error = label(kind="error", parent=self)
        self._export = button("Export…", "Choose the file, and write it", self._ask, self)
        self._cancel = button("Cancel", "Write no file", self.cancel, self)
        self._close = button("Close", "Close; a file that is being written is given up",
                             self.close, self)  # fmt: skip
        for each in (self._export, self._cancel, self._close):
            each.setAutoDefault(False)  # Return takes what is typed in a field
        self._look = Task(
            look, self._see, self._fail, reported=self._see, newer=Newer.REPLACES, pause_ms=_REST,
            parent=self,
        )  # fmt: skip
        self._write = Task(
            write, self._finish, self._fail, newer=Newer.REPLACES, patience_ms=0, parent=self
        )
        self._write.progressed.connect(self._show_progress)
        self._write.busy_changed.connect(self._show_state)  # one that is cancelled ends a bit later
        right = column((self.preview, 1), self._summary, self._bar, self._said, self._error)
        buttons = row(None, self._export, self._cancel, self._close)
        column(
            (row(self.choices, (right, 1), spacing=16), 1), buttons, inside=self,
            margins=(16, 16, 16, 12), spacing=10,
        )  # fmt: skip
        self.choices.changed.connect(self._choose)
        self.preview.drawn.connect(self._take_line)
        self.finished.connect(self._stop)
        self.resize(900, 620)
        self._choose()

    # ---------------------------------------------------------------- what is asked for

    def _chosen(self) -> Chosen | None:
        """Return what was chosen; None where something is refused, which is said."""
        try:
            chosen = self.choices.chosen()
        except AnimationError as error:
            self._error.setText(sentence_of(error))
            return None
        except FigureOptionsError as error:
            self._error.setText(f"{error}.")
            return None
        self._error.clear()
        return chosen

    def _choose(self) -> None:
        line = self.choices.line()
        self.preview.set_line(line)
        chosen = self._chosen()
        self._can_export = chosen is not None
        self._said.setText(_DRAG if line else "")
        self._bar.setValue(0)
        if chosen is None:
            self._look.cancel()
            self._summary.clear()
        else:
            self._show_summary(chosen)
            self._look.request(chosen)
        self._show_state()

    def _take_line(self, first: Point, last: Point) -> None:
        self.choices.set_line(first, last)

    def _ask(self) -> None:
        chosen = self._chosen()
        if chosen is None:
            return
        suffix = f".{chosen.suffix}"
        title = ANIMATION_FORMATS[chosen.suffix].title
        path = ask_path(
            self, "Export animation", self._suggestion.with_suffix(suffix),
            f"{title} (*{suffix})", suffix,
        )  # fmt: skip
        if path is not None:
            self.export_to(path)

    def export_to(self, path: Path) -> None:
        """Begin to write a file."""
        try:
            animation_format(path)
        except AnimationError as error:
            self._error.setText(sentence_of(error))
            return
        self.choices.set_format(path.suffix.lower().removeprefix("."))  # the name has the last word
        chosen = self._chosen()
        if chosen is None:
            return
        self._suggestion = path
        self._look.cancel()  # it would compete
        self._steady = SteadyWork()
        self._bar.setValue(0)
        self._said.setText(f"Writing {shown(path.name)} …")
        self._write.request(chosen, path)
        self._show_state()

    def cancel(self) -> None:
        """Give up the file that is being written."""
        if self._write.cancel():
            self._said.setText("Cancelled; no file was written.")
            self._bar.setValue(0)
        self._show_state()

    def _stop(self, _result: int = 0) -> None:
        self._look.cancel()
        self._write.cancel()

    # ---------------------------------------------------------------- what comes back

    def _show_summary(self, chosen: Chosen, seen: Seen | None = None) -> None:
        count, (width, height) = len(chosen.plan), chosen.options.pixels
        seconds = chosen.motion.seconds(count)
        parts = [
            f"{amount(count)} frames", f"{seconds:.1f} s" if seconds < 60 else duration(seconds),
            f"{width:,} × {height:,} pixels",
        ]  # fmt: skip
        if seen is not None and seen.size is not None:
            parts.append(f"about {byte_size(seen.size)}")
            parts.append(f"written in about {duration(max(seen.seconds, 1.0))}")
        said = " · ".join(parts)
        self._summary.setText(f"{said}\n{as_sentence(chosen.note)}" if chosen.note else said)

    def _see(self, seen: Seen) -> None:
        self.preview.show_seen(seen)
        chosen = self._chosen()
        if chosen is not None:
            self._show_summary(chosen, seen)

    def _show_progress(self, part: float) -> None:
        self._bar.setValue(round(_STEPS * part))
        seconds = self._steady.seconds_left(part)
        if 0.0 < part < 1.0:
            left = "" if math.isnan(seconds) else f", about {duration(max(seconds, 1.0))} left"
            self._said.setText(f"Writing {shown(self._suggestion.name)}: {int(100 * part)} %{left}")

    def _finish(self, written: Written) -> None:
        self._bar.setValue(_STEPS)
        self._said.setText(f"Exported {shown(written.path.name)}, {byte_size(written.size)}.")
        self._show_state()

    def _fail(self, error: Exception) -> None:
        self._bar.setValue(0)
        self._said.clear()
        if isinstance(error, AnimationError):
            self._error.setText(sentence_of(error))
        elif isinstance(error, OSError):
            self._error.setText(f"{refusal(self._suggestion, error, 'written')}.")
        else:
            self._error.setText(failure(error, "The export"))
        self._show_state()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours."""
        self.preview.set_theme(theme)

    def _show_state(self, _value: object = None) -> None:
        """Offer what can be done now."""
        is_running = self._write.is_running()
        self.choices.setEnabled(not is_running)
        self._export.setVisible(not is_running)
        self._export.setEnabled(self._can_export)
        self._cancel.setVisible(is_running)
        self._bar.setVisible(is_running)
