"""The methods: a list of rows, to which others can be added."""

import re

from msgspec.structs import replace
from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtWidgets import QGroupBox, QPushButton, QScrollArea, QSizePolicy, QWidget

from gdviz.base.format import amount
from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.engine.descent.path import Path
from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.validation import BOUNDS, MAX_METHODS, ExperimentError
from gdviz.scene.method_offers import Offer, method_offers
from gdviz.scene.palette import free_color, path_color
from gdviz.scene.scene import Scene
from gdviz.ui.controls.method_row import MethodRow
from gdviz.ui.toolkit.build import column
from gdviz.ui.toolkit.tab_order import tab_through
from gdviz.ui.toolkit.widgets.choice_popup import Choice, ChoicePopup


class MethodsBox(QGroupBox):
    """The list of methods.

    Attributes
    ----------
    changed : Signal(dict)
        Fields of the experiment and their new values.
    """

    changed = Signal(dict)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Methods", parent)
        self._experiment = Experiment()
        self._rows: list[MethodRow] = []
        self._refused: list[MethodRow] = []  # rows that say why something was not done
        self._list = QWidget(self)
        self._list_layout = column(None, inside=self._list, spacing=2)
        self._scroll = _ScrollArea(self._list, self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._add = QPushButton("+ Add method ▾", self)
        self._add.setProperty("plain", True)
        self._add.setToolTip("Add rows: other estimates, other update rules, or several to compare")
        self._add.clicked.connect(self._open_offers)
        self.offers = ChoicePopup("Methods to add", self)
        self.offers.chosen.connect(self.add_method)
        layout = column(self._scroll, inside=self, margins=(10, 8, 10, 8), spacing=4)
        layout.addWidget(self._add, 0, Qt.AlignmentFlag.AlignLeft)

    def show_experiment(self, experiment: Experiment) -> None:
        """Show the methods of an experiment."""
        before, self._experiment = self._experiment, experiment
        refused, self._refused = self._refused, []
        for row in refused:
            if row.index < len(experiment.methods):
                row.forget_refusal(experiment)
        if self._rows and _shown(before) == _shown(experiment):
            return  # as in a drag of the start, or of a constant
        while len(self._rows) < len(experiment.methods):
            row = MethodRow(len(self._rows), self._list)
            row.changed.connect(self._change)
            row.duplicate_asked.connect(self._duplicate)
            row.remove_asked.connect(self._remove)
            self._list_layout.insertWidget(len(self._rows), row)
            self._rows.append(row)
            tab_through(self._scroll, *self._rows)
        while len(self._rows) > len(experiment.methods):
            row = self._rows.pop()
            self._list_layout.removeWidget(row)
            row.deleteLater()
        for row in self._rows:
            row.show_method(experiment)
        self._add.setEnabled(len(experiment.methods) < MAX_METHODS)
        self._scroll.updateGeometry()

    def show_refusal(self, error: ExperimentError) -> bool:
        """Say beside a method why a change was not made; return whether it is about one."""
        found = re.match(r"methods\[(\d+)\]", error.field)
        if found is None or int(found[1]) >= len(self._rows):
            return False
        row = self._rows[int(found[1])]
        row.show_refusal(error)
        self._refused.append(row)
        return True

    def show_scene(self, scene: Scene) -> None:
        """Show what a step of each method cost, as counted."""
        paths = {run.index: run.path for run in scene.runs}
        for index, row in enumerate(self._rows):
            row.show_price(_price(paths[index]) if index in paths else "")

    # ---------------------------------------------------------------- what the person does

    def _change(self, index: int, method: Method) -> None:
        methods = list(self._experiment.methods)
        methods[index] = method
        self.changed.emit({"methods": tuple(methods)})

    def _duplicate(self, index: int) -> None:
        """Add the same estimate with an ε of its own, a hundredth, to compare the two."""
        method = self._experiment.methods[index]
        epsilon = method.epsilon
        if ESTIMATES[method.estimate].uses_epsilon:
            epsilon = max(self._experiment.epsilon_of(method) / 100, BOUNDS["epsilon"][0])
        self._append(replace(method, epsilon=epsilon, shown=True))

    def _remove(self, index: int) -> None:
        # The palette goes by rows: those that move up keep the colour they had.
        methods = [
            replace(method, color=path_color(method, i)) if i > index else method
            for i, method in enumerate(self._experiment.methods)
        ]
        del methods[index]
        view = self._experiment.view.without_method(index)
        self.changed.emit({"methods": tuple(methods), "view": view})

    def _open_offers(self) -> None:
        self.offers.set_choices(
            {
                heading: map(_choice, rows)
                for heading, rows in method_offers(self._experiment).items()
            }
        )
        self.offers.open_at(self._add.mapToGlobal(self._add.rect().topRight()))

    def add_method(self, key: str) -> None:
        """Add what is offered by a key: a method, or several."""
        offers = (offer for rows in method_offers(self._experiment).values() for offer in rows)
        self._append(*next(offer for offer in offers if offer.key == key).methods)

    def _append(self, *added: Method) -> None:
        methods = self._experiment.methods
        if len(methods) + len(added) <= MAX_METHODS:
            for method in added:
                methods = (*methods, replace(method, color=free_color(methods)))
            self.changed.emit({"methods": methods})


def _choice(offer: Offer) -> Choice:
    why_not, note, sought_as = offer.why_not, offer.definition, offer.sought_as
    return Choice(offer.key, offer.title, offer.about, why_not, note, sought_as)


def _price(path: Path) -> str:
    """Return what a step cost, or what all did where a search makes them differ."""
    spent = path.evaluations[: path.gradients_taken]
    if not len(spent):
        return ""
    is_same = (spent == spent[0]).all()
    return f"{amount(spent[0])}/step" if is_same else f"{amount(spent.sum())} in all"


class _ScrollArea(QScrollArea):
    """As tall as what is in it, where there is room."""

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content = content
        self.setWidget(content)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # A field that was just made has its final height once the style sheet knows it.
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def sizeHint(self) -> QSize:
        return self._content.sizeHint()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, min(90, self.sizeHint().height()))


def _shown(experiment: Experiment) -> tuple[object, ...]:
    """Return what the rows depend on."""
    function = experiment.function
    return (
        experiment.methods, experiment.alpha, experiment.epsilon,
        function.surface, function.code, function.candidate_gradient,
    )  # fmt: skip
