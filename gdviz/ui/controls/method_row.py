"""One method as a row: shown or not, its colour, estimate and rule, own values, and price."""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup, QColor
from PySide6.QtWidgets import (
    QCheckBox,
    QColorDialog,
    QGridLayout,
    QMenu,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from gdviz.engine.descent.estimates.estimate import Estimate
from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.engine.descent.rules.rule import Rule
from gdviz.engine.descent.rules.update_rules import FRAMEWORKS, GROUPS, RULES
from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.function import AnyFunction
from gdviz.experiment.validation import MAX_METHODS, ExperimentError
from gdviz.scene.captions import method_title, rule_title
from gdviz.scene.method_offers import why_no_estimate
from gdviz.scene.palette import path_color
from gdviz.ui.controls.own_values import OwnValues
from gdviz.ui.toolkit.build import label
from gdviz.ui.toolkit.color_icon import color_icon
from gdviz.ui.toolkit.tab_order import tab_through
from gdviz.ui.toolkit.text import as_caption, as_tip
from gdviz.ui.toolkit.widgets.elided_button import ElidedButton
from gdviz.ui.toolkit.widgets.field_errors import FieldErrors
from gdviz.ui.toolkit.widgets.message_label import as_sentence

_COLOR = 22  #: pixels: Qt would leave room for a text beside the icon, which the title needs


class MethodRow(QWidget):
    """One method.

    Attributes
    ----------
    changed : Signal(int, object)
        The row's index and its new Method.
    duplicate_asked, remove_asked : Signal(int)
        The row's index.
    index : int
        Its place among the experiment's methods.
    title : ElidedButton
        What it is called, with the menu of what it could be.
    own : OwnValues
        Its own values.
    """

    changed = Signal(int, object)
    duplicate_asked = Signal(int)
    remove_asked = Signal(int)

    def __init__(self, index: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.index = index
        self._method = Method("analytic")
        self._experiment = Experiment()
        self._offered: AnyFunction | None = (
            None  # what the menus are for, of two dozen entries each
        )
        self._shown = QCheckBox(self)
        self._shown.clicked.connect(self._choose_shown)
        self._color = QPushButton(self)
        self._color.setProperty("plain", True)
        self._color.setToolTip("Choose another colour")
        self._color.setAccessibleName("Colour")
        self._color.setFixedWidth(_COLOR)
        self._color.clicked.connect(self._choose_color)
        self.title = ElidedButton(self)
        self.title.setProperty("plain", True)
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.title.setMenu(self._menu())
        tip = "Evaluations per gradient, as counted in the last run"
        self._price = label(tip=tip, kind="muted", wraps=False, parent=self)
        self.own = OwnValues(self)
        self.own.edited.connect(self._choose_own)
        self._errors = FieldErrors(self)

        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(2)
        layout.setVerticalSpacing(2)
        layout.setColumnStretch(2, 1)
        for column, widget in enumerate((self._shown, self._color, self.title, self._price)):
            layout.addWidget(widget, 0, column)
        layout.addWidget(self.own, 1, 0, 1, 4)
        layout.addWidget(self._errors, 2, 0, 1, 4)
        self.own.hide()

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        menu.aboutToShow.connect(self._offer_presets)
        self._shown_action = menu.addAction("Shown")
        self._shown_action.setToolTip("Compute and draw this method")
        self._shown_action.setCheckable(True)
        self._shown_action.triggered.connect(self._choose_shown)
        menu.addSeparator()
        estimates = menu.addMenu("Estimate")
        self._estimate_menu = estimates.menuAction()
        estimates.setToolTipsVisible(True)
        self._estimates = _one_of_them(estimates, QActionGroup(self), ESTIMATES.values())
        estimates.triggered.connect(self._choose_estimate)
        rules = menu.addMenu("Update rule")
        rules.setToolTipsVisible(True)
        self._rules: dict[str, QAction] = {}
        one_rule = QActionGroup(self)
        for heading, group in GROUPS.items():
            rules.addSection(as_caption(heading))
            self._rules |= _one_of_them(rules, one_rule, group)
        rules.triggered.connect(self._choose_rule)
        self._presets = menu.addMenu("Options as in")
        self._presets.triggered.connect(self._choose_preset)
        self._own_action = menu.addAction("Own values")
        self._own_action.setToolTip("This method's own α, ε, and options of estimate and rule")
        self._own_action.setCheckable(True)
        self._own_action.triggered.connect(self._toggle_own)
        menu.addSeparator()
        menu.addAction("Colour…", self._choose_color)
        menu.addAction("Palette colour", self._reset_color)
        menu.addSeparator()
        self._duplicate_action = menu.addAction("Duplicate", self._duplicate)
        self._remove_action = menu.addAction("Remove", self._remove)
        return menu

    @property
    def menu(self) -> QMenu:
        """What can be done with the method."""
        return self.title.menu()

    # ---------------------------------------------------------------- showing

    def show_method(self, experiment: Experiment) -> None:
        """Show this row of an experiment."""
        method = experiment.methods[self.index]
        self._experiment, self._method = experiment, method
        why_not = experiment.function.why_not(method.estimate)
        estimate = ESTIMATES[method.estimate]
        self._shown.setChecked(method.shown)
        self._shown.setEnabled(not why_not)
        self._shown_action.setChecked(method.shown)
        self._shown_action.setEnabled(not why_not)
        self._shown.setAccessibleName(f"Show {method_title(method)}")
        self._shown.setToolTip(as_tip(why_not or "Compute and draw this method"))
        self._color.setIcon(color_icon(path_color(method, self.index)))
        title, takes_gradient = estimate.title, RULES[method.rule].uses_gradient
        if not takes_gradient:
            title = rule_title(method)
        elif method.rule != "gd":  # the row is narrow
            title = f"{title.removesuffix(' difference')}, {rule_title(method)}"
        self.title.setText(title)
        self._rules[method.rule].setChecked(True)
        about = f"{estimate.formula}\n{why_not or estimate.explanation}"
        if not takes_gradient:
            about = why_not or RULES[method.rule].explanation
        self._estimate_menu.setVisible(takes_gradient)
        self.title.setToolTip(as_tip(f"{method_title(method)}: {about}"))
        own = method.alpha is not None or method.epsilon is not None
        own = own or bool(method.options) or bool(method.estimate_options)
        self.own.setVisible(own)
        self._own_action.setChecked(own)
        if self.own.show_method(experiment, method, force=not own):  # no refused text stays hidden
            self._errors.watch(self.own.fields.values())
            tab_through(self.title, self.own)
        self._estimates[method.estimate].setChecked(True)
        if experiment.function is not self._offered:
            self._offered = experiment.function
            self._offer()
        self._duplicate_action.setEnabled(not why_not and len(experiment.methods) < MAX_METHODS)
        self._remove_action.setEnabled(len(experiment.methods) > 1)

    def show_refusal(self, error: ExperimentError) -> None:
        """Say why a change of this row was not made, at its field where there is one."""
        sentence = as_sentence(error.message)
        name = error.field.rpartition(".")[2]
        if not self.own.refuse(name, sentence, self._experiment, self._method):
            self.show_method(self._experiment)  # a box that was ticked is as before
            self._errors.say(sentence)

    def forget_refusal(self, experiment: Experiment) -> None:
        """Show another experiment, with which what was refused may be right."""
        self.show_method(experiment)
        self._errors.refresh()

    def _offer(self) -> None:
        """Enable what the function has, and say what it is, or why it is not there."""
        function = self._experiment.function
        for name, action in self._estimates.items():
            row, why_not = ESTIMATES[name], why_no_estimate(function, name)
            action.setEnabled(not why_not)
            action.setToolTip(as_tip(f"{row.formula}\n{why_not or row.explanation}"))
        for name, action in self._rules.items():
            why_not = function.why_no_rule(name)
            action.setEnabled(not why_not)
            action.setToolTip(as_tip(why_not or RULES[name].explanation))

    def _offer_presets(self) -> None:
        rule = RULES[self._method.rule]
        presets: dict[str, Mapping[str, float]] = {"": {}, **rule.presets}
        self._presets.menuAction().setVisible(bool(rule.presets))
        self._presets.clear()
        for framework, options in presets.items():
            action = self._presets.addAction(as_caption(FRAMEWORKS.get(framework, "PyTorch")))
            action.setData(dict(options))
            action.setCheckable(True)
            action.setChecked(self._method.options == options)

    def show_price(self, price: str) -> None:
        """Show what a step cost."""
        self._price.setText(price)

    # ---------------------------------------------------------------- what the person does

    def _change(self, **fields: Any) -> None:
        self.changed.emit(self.index, replace(self._method, **fields))

    def _choose_shown(self, shown: bool) -> None:
        self._change(shown=shown)

    def _choose_estimate(self, action: QAction) -> None:
        estimate = ESTIMATES[action.data()]
        known = {option.name for option in estimate.options}
        options = {n: x for n, x in self._method.estimate_options.items() if n in known}
        self._change(estimate=estimate.name, estimate_options=options, shown=True)

    def _choose_rule(self, action: QAction) -> None:
        rule = RULES[action.data()]
        known = {option.name for option in rule.options}
        options = {name: x for name, x in self._method.options.items() if name in known}
        self._change(rule=rule.name, options=options, shown=True)

    def _choose_preset(self, action: QAction) -> None:
        self._change(options=action.data(), shown=True)

    def _choose_own(self, name: str, value: float) -> None:
        if name in ("alpha", "epsilon"):
            self._change(**{name: value})
        elif any(option.name == name for option in ESTIMATES[self._method.estimate].options):
            self._change(estimate_options={**self._method.estimate_options, name: value})
        else:
            self._change(options={**self._method.options, name: value})

    def _toggle_own(self, own: bool) -> None:
        if own:
            has_epsilon = ESTIMATES[self._method.estimate].uses_epsilon
            epsilon = self._experiment.epsilon if has_epsilon else None
            self._change(alpha=self._experiment.alpha, epsilon=epsilon)
        else:
            self._change(alpha=None, epsilon=None, options={}, estimate_options={})

    def _choose_color(self) -> None:
        before = QColor(path_color(self._method, self.index))
        color = QColorDialog.getColor(before, self, "Colour of the path")
        if color.isValid():
            self._change(color=color.name())

    def _reset_color(self) -> None:
        self._change(color="")

    def _duplicate(self) -> None:
        self.duplicate_asked.emit(self.index)

    def _remove(self) -> None:
        self.remove_asked.emit(self.index)


def _one_of_them(
    menu: QMenu, exclusive: QActionGroup, rows: Iterable[Estimate | Rule]
) -> dict[str, QAction]:
    """Add an entry for each row of a table to a menu, of which one is ticked.

    Parameters
    ----------
    menu : QMenu
        Where they go.
    exclusive : QActionGroup
        Of whose entries one is ticked.
    rows : iterable of Estimate or Rule
        What is chosen from.
    """
    actions = {}
    for row in rows:
        actions[row.name] = action = menu.addAction(as_caption(row.title))
        action.setData(row.name)
        action.setCheckable(True)
        action.setActionGroup(exclusive)
    return actions
