"""The methods: a row each, shown or not, with its colour, estimate, own α and ε, and price."""

from functools import cache

from msgspec.structs import replace
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QColorDialog,
    QGridLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gdviz.engine.gradients import ESTIMATES
from gdviz.engine.path import Path
from gdviz.engine.rules import RULES
from gdviz.experiment import BOUNDS, MAX_METHODS, Experiment, Method
from gdviz.palette import PATH_COLORS, path_color
from gdviz.scene import Scene
from gdviz.ui.tab_order import tab_through
from gdviz.ui.widgets.field_errors import FieldErrors
from gdviz.ui.widgets.number_field import NumberField
from gdviz.words import method_title

#: Fields of the experiment on which the rows depend: a drag of the start leaves them alone.
_SHOWN_FIELDS = ("methods", "surface", "alpha", "epsilon")


@cache
def color_icon(color: str, size: int = 12) -> QIcon:
    """Return a disc of a colour."""
    pixmap = QPixmap(2 * size, 2 * size)
    pixmap.setDevicePixelRatio(2)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(QColor(color))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawEllipse(0, 0, size, size)
    painter.end()
    return QIcon(pixmap)


class MethodRow(QWidget):
    """One method.

    Attributes
    ----------
    changed : Signal(int, object)
        The row's index and its new Method.
    duplicate_asked, remove_asked : Signal(int)
        The row's index.
    """

    changed = Signal(int, object)
    duplicate_asked = Signal(int)
    remove_asked = Signal(int)

    def __init__(self, index: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._index = index
        self._method = Method("analytic")
        self._experiment: Experiment | None = None
        self._shown = QCheckBox(self)
        self._shown.clicked.connect(self._choose_shown)
        self._color = QPushButton(self)
        self._color.setProperty("plain", True)
        self._color.setToolTip("Choose another colour")
        self._color.setAccessibleName("Colour")
        self._color.clicked.connect(self._choose_color)
        self._title = QPushButton(self)
        self._title.setProperty("plain", True)
        self._title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._title.setMenu(self._menu())
        self._price = QLabel(self)
        self._price.setProperty("muted", True)
        self._price.setToolTip("Evaluations that a gradient costs, as counted in the last run")
        self._own = QWidget(self)
        self._fields = {
            name: self._own_field(name, sign) for name, sign in (("alpha", "α"), ("epsilon", "ε"))
        }
        own = QHBoxLayout(self._own)
        own.setContentsMargins(26, 0, 0, 2)
        own.setSpacing(6)
        for name, sign in (("alpha", "α"), ("epsilon", "ε")):
            own.addWidget(QLabel(sign, self._own))
            own.addWidget(self._fields[name], 1)
        self._errors = FieldErrors(self)
        self._errors.watch(self._fields.values())

        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(4)
        layout.setVerticalSpacing(2)
        layout.setColumnStretch(2, 1)
        for column, widget in enumerate((self._shown, self._color, self._title, self._price)):
            layout.addWidget(widget, 0, column)
        layout.addWidget(self._own, 1, 0, 1, 4)
        layout.addWidget(self._errors, 2, 0, 1, 4)
        self._own.hide()

    def _own_field(self, name: str, sign: str) -> NumberField:
        minimum, maximum = BOUNDS[name]
        field = NumberField(
            sign, minimum, minimum=minimum, maximum=maximum, scale="log", parent=self._own
        )
        field.setObjectName(name)
        field.setToolTip(f"This method's own {sign}")
        field.value_edited.connect(self._choose_own)
        return field

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        estimates = menu.addMenu("Estimate")
        estimates.setToolTipsVisible(True)
        self._estimates = _add_estimates(estimates)
        one_of_them = QActionGroup(self)
        for action in self._estimates.values():
            action.setCheckable(True)
            one_of_them.addAction(action)
        estimates.triggered.connect(self._choose_estimate)
        rules = menu.addMenu("Update rule")
        rules.setToolTipsVisible(True)
        self._rules = {}
        one_rule = QActionGroup(self)
        for name, rule in RULES.items():
            action = rules.addAction(rule.title)
            action.setData(name)
            action.setToolTip(rule.about)
            action.setCheckable(True)
            one_rule.addAction(action)
            self._rules[name] = action
        rules.triggered.connect(self._choose_rule)
        self._own_action = menu.addAction("Own α and ε")
        self._own_action.setCheckable(True)
        self._own_action.triggered.connect(self._toggle_own)
        menu.addSeparator()
        menu.addAction("Colour…", self._choose_color)
        menu.addAction("Palette colour", self._reset_color)
        menu.addSeparator()
        self._duplicate_action = menu.addAction("Duplicate", self._duplicate)
        self._remove_action = menu.addAction("Remove", self._remove)
        return menu

    # ---------------------------------------------------------------- showing

    def show_method(self, experiment: Experiment) -> None:
        """Show this row of an experiment."""
        method = experiment.methods[self._index]
        self._experiment, self._method = experiment, method
        offered = experiment.offers(method.estimate)
        estimate = ESTIMATES[method.estimate]
        self._shown.setChecked(method.shown)
        self._shown.setEnabled(offered)
        self._shown.setAccessibleName(f"Show {estimate.title}")
        self._shown.setToolTip("Compute and draw this method" if offered
                               else experiment.why_not(method.estimate))  # fmt: skip
        self._color.setIcon(color_icon(path_color(method, self._index)))
        title = estimate.title
        if method.rule != "gd":  # the row is narrow
            title = f"{title.removesuffix(' difference')}, {RULES[method.rule].title}"
        self._title.setText(title)
        self._rules[method.rule].setChecked(True)
        about = estimate.about if offered else experiment.why_not(method.estimate)
        self._title.setToolTip(f"{method_title(method)}: {estimate.formula}\n{about}")
        own = method.alpha is not None or method.epsilon is not None
        self._own.setVisible(own)
        self._own_action.setChecked(own)
        for name, value in (
            ("alpha", experiment.alpha_of(method)),
            ("epsilon", experiment.epsilon_of(method)),
        ):
            self._fields[name].set_value(value, force=not own)  # no refused text stays hidden
        self._fields["epsilon"].setEnabled(estimate.uses_epsilon)
        self._estimates[method.estimate].setChecked(True)
        _offer(self._estimates, experiment)
        self._duplicate_action.setEnabled(offered and len(experiment.methods) < MAX_METHODS)
        self._remove_action.setEnabled(len(experiment.methods) > 1)

    def show_price(self, price: str) -> None:
        """Show what a step cost."""
        self._price.setText(price)

    # ---------------------------------------------------------------- what the person does

    def _change(self, **fields) -> None:
        self.changed.emit(self._index, replace(self._method, **fields))

    def _choose_shown(self, shown: bool) -> None:
        self._change(shown=shown)

    def _choose_estimate(self, action: QAction) -> None:
        self._change(estimate=action.data(), shown=True)

    def _choose_rule(self, action: QAction) -> None:
        self._change(rule=action.data(), shown=True)

    def _choose_own(self, value: float) -> None:
        self._change(**{self.sender().objectName(): value})

    def _toggle_own(self, own: bool) -> None:
        if own:
            self._change(alpha=self._experiment.alpha, epsilon=self._experiment.epsilon)
        else:
            self._change(alpha=None, epsilon=None)

    def _choose_color(self) -> None:
        before = QColor(path_color(self._method, self._index))
        color = QColorDialog.getColor(before, self, "Colour of the path")
        if color.isValid():
            self._change(color=color.name())

    def _reset_color(self) -> None:
        self._change(color="")

    def _duplicate(self) -> None:
        self.duplicate_asked.emit(self._index)

    def _remove(self) -> None:
        self.remove_asked.emit(self._index)


class MethodsBox(QGroupBox):
    """The list of methods.

    Attributes
    ----------
    changed : Signal(tuple)
        The new methods.
    """

    changed = Signal(tuple)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Methods", parent)
        self._experiment: Experiment | None = None
        self._rows: list[MethodRow] = []
        self._list = QWidget(self)
        self._list_layout = QVBoxLayout(self._list)
        self._list_layout.setContentsMargins(0, 0, 0, 0)
        self._list_layout.setSpacing(2)
        self._list_layout.addStretch(1)
        self._scroll = _ScrollArea(self)
        self._scroll.setWidget(self._list)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._add = QPushButton("+ Add method", self)
        self._add.setProperty("plain", True)
        self._add.setToolTip("Add a row: another estimate, or the same with its own ε")
        menu = QMenu(self._add)
        menu.setToolTipsVisible(True)
        self._add_actions = _add_estimates(menu)
        menu.triggered.connect(self._add_method)
        self._add.setMenu(menu)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.setSpacing(4)
        layout.addWidget(self._scroll)
        layout.addWidget(self._add, 0, Qt.AlignmentFlag.AlignLeft)

    def show_experiment(self, experiment: Experiment) -> None:
        """Show the methods of an experiment."""
        before, self._experiment = self._experiment, experiment
        if before is not None and all(
            getattr(before, name) == getattr(experiment, name) for name in _SHOWN_FIELDS
        ):
            return
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
        _offer(self._add_actions, experiment)
        self._add.setEnabled(len(experiment.methods) < MAX_METHODS)
        self._scroll.updateGeometry()

    def show_scene(self, scene: Scene) -> None:
        """Show what a step of each method cost, as counted."""
        paths = {run.index: run.path for run in scene.runs}
        for index, row in enumerate(self._rows):
            row.show_price(_price(paths[index]) if index in paths else "")

    # ---------------------------------------------------------------- what the person does

    def _change(self, index: int, method: Method) -> None:
        methods = list(self._experiment.methods)
        methods[index] = method
        self.changed.emit(tuple(methods))

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
        self.changed.emit(tuple(methods))

    def _add_method(self, action: QAction) -> None:
        self._append(Method(action.data()))

    def _append(self, method: Method) -> None:
        methods = self._experiment.methods
        if len(methods) < MAX_METHODS:
            used = {path_color(m, i).upper() for i, m in enumerate(methods)}
            free = [color for color in PATH_COLORS if color.upper() not in used]
            self.changed.emit((*methods, replace(method, color=free[0] if free else "")))


def _add_estimates(menu: QMenu) -> dict[str, QAction]:
    """Add an entry an estimate to a menu."""
    actions = {}
    for name, estimate in ESTIMATES.items():
        actions[name] = menu.addAction(estimate.title)
        actions[name].setData(name)
    return actions


def _offer(actions: dict[str, QAction], experiment: Experiment) -> None:
    """Enable the estimates that make sense, and say what they are, or why they do not."""
    for name, action in actions.items():
        estimate, offered = ESTIMATES[name], experiment.offers(name)
        action.setEnabled(offered)
        about = estimate.about if offered else experiment.why_not(name)
        action.setToolTip(f"{estimate.formula}\n{about}")


def _price(path: Path) -> str:
    """Return what a step cost, or what all did where a search makes them differ."""
    spent = path.evaluations[: path.gradients_taken]
    if not len(spent):
        return ""
    return f"{spent[0]}/step" if (spent == spent[0]).all() else f"{spent.sum()} in all"


class _ScrollArea(QScrollArea):
    """As tall as what is in it, where there is room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def sizeHint(self) -> QSize:
        return self.widget().sizeHint()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, min(90, self.sizeHint().height()))
