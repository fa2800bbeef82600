"""A number field for an option of a rule or a schedule."""

from PySide6.QtWidgets import QWidget

from gdviz.engine.descent.hyperparameters import Option
from gdviz.ui.toolkit.text import as_tip
from gdviz.ui.toolkit.widgets.number_field import NumberField


def option_field(option: Option, parent: QWidget) -> NumberField:
    """Return a field for an option, at its default; its object name is the option's name."""
    field = NumberField(
        option.symbol,
        option.default,
        minimum=option.low,
        maximum=option.high,
        scale="log" if option.logarithmic else "linear",
        integer=option.is_whole,
        parent=parent,
    )
    field.setObjectName(option.name)
    field.setToolTip(as_tip(option.about))
    return field
