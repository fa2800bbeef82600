"""The table of update rules: from gradients to the next point."""

from collections.abc import Mapping
from types import MappingProxyType

from gdviz.engine.descent.rules import (
    adam,
    adaptive,
    best_direction,
    first_order,
    momentum,
    newton,
    scipy_methods,
    step_lengths,
)
from gdviz.engine.descent.rules.rule import Rule
from gdviz.engine.descent.rules.shaping import with_shaping

#: The rules by what they are, in menu order. Another one is a row beside the function that makes
#: its update, or its whole method; its calls are counted by the objective that it is handed. What
#: may be done to ĝ before is among the options of those that make a step from one ĝ alone.
GROUPS: Mapping[str, tuple[Rule, ...]] = MappingProxyType(
    {
        title: tuple(map(with_shaping, rules))
        for title, rules in {
            "Along the gradient": (*first_order.RULES, *step_lengths.RULES),
            "With momentum": momentum.RULES,
            "A rate for each component": (*adaptive.RULES, *adam.RULES),
            "With a search, or with curvature": (
                newton.RULE,
                best_direction.RULE,
                *scipy_methods.RULES,
            ),
        }.items()
    }
)
#: All of them by name, in the same order.
RULES: Mapping[str, Rule] = MappingProxyType(
    {rule.name: rule for rules in GROUPS.values() for rule in rules}
)
#: Other frameworks, as they are called, by the names of presets.
FRAMEWORKS: Mapping[str, str] = MappingProxyType(
    {"keras": "Keras", "optax": "Optax", "tensorflow": "TensorFlow 1"}
)
#: The rules as other frameworks have them, by names such as ``rmsprop@keras``: a rule's name, and
#: the options with which it is that.
PRESETS: Mapping[str, tuple[str, Mapping[str, float]]] = MappingProxyType(
    {
        f"{rule.name}@{framework}": (rule.name, options)
        for rule in RULES.values()
        for framework, options in rule.presets.items()
    }
)


def framework_of(rule: str, options: Mapping[str, float]) -> str:
    """Return whose preset a rule's chosen options are, the first of several; empty for nobody's."""
    return next((who for who, chosen in RULES[rule].presets.items() if chosen == options), "")
