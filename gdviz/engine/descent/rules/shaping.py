"""What may be done to ĝ before any rule makes its step of it: clipping it, and adding noise.

They are options of every rule that makes a step from one ĝ and nothing else. The rules ``clipped``
and ``noisy`` are gradient descent with one of them, by a name of its own.
"""

import math
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np

from gdviz.engine.descent.estimates.draws import Draws
from gdviz.engine.descent.hyperparameters import Option
from gdviz.engine.descent.rules.components import larger
from gdviz.engine.descent.rules.rule import Rule, Update
from gdviz.engine.objectives.counting import CountedObjective

CLIP = Option(
    "clip", "clip", 0.0, 0.0, 1e12,
    "The largest ‖ĝ‖ that the rule is given: a longer ĝ is shortened to it; 0 for no limit"
)  # fmt: skip
NOISE = Option(
    "noise",
    "noise",
    0.0,
    0.0,
    1e6,
    "Standard deviation of the normal noise that is added to ĝ at the first step; 0 for none",
)
FADING = Option(
    "noise_fading", "γ", 0.55, 0.0, 10.0, "How fast that noise's variance fades, as (1 + k)^−γ"
)
SHAPING = (CLIP, NOISE, FADING)
#: Which of them rules have that are one of them: clipping comes first.
_OTHERS: Mapping[str, tuple[Option, ...]] = MappingProxyType({"clipped": (), "noisy": (CLIP,)})


def with_shaping(rule: Rule) -> Rule:
    """Return a rule with these options, if it makes a step from one ĝ and nothing else."""
    if rule.update is None or rule.takes_gradient or not rule.is_elementwise or rule.needs_hessian:
        return rule
    return replace(rule, options=(*rule.options, *_OTHERS.get(rule.name, SHAPING)))


def is_shaped(options: Mapping[str, float]) -> bool:
    """Tell whether a rule with these options is given another ĝ than the estimate's."""
    return bool(options.get(CLIP.name) or options.get(NOISE.name))


def own_options(options: Mapping[str, float]) -> dict[str, float]:
    """Return the options that are a rule's own."""
    others = {option.name for option in SHAPING}
    return {name: value for name, value in options.items() if name not in others}


def shaped(
    f: CountedObjective, update: Update, draws: Draws, options: Mapping[str, float]
) -> Update:
    """Return an update that clips ĝ and adds noise to it, before it takes a step.

    ĝ ← min(1, c/‖ĝ‖₂)·ĝ + σₖξ with ξ ~ N(0, I) and σₖ = σ/(1 + k)^(γ/2) at step k = 0, 1, …; the
    gradients of a path, and their errors, are the estimate's all the same.

    Parameters
    ----------
    f : CountedObjective
        What is minimised; its arithmetic is that of ĝ.
    update : (state, step)
        The rule's own.
    draws : Draws
        Where ξ is from: those of the rule ``noisy``.
    options : mapping of str to float
        The rule's, with those of ``SHAPING`` that it has.

    References
    ----------
    R. Pascanu, T. Mikolov and Y. Bengio, "On the difficulty of training recurrent neural
    networks", ICML 2013, algorithm 1.
    A. Neelakantan et al., "Adding gradient noise improves learning for very deep networks",
    arXiv:1511.06807 (2015), equation (1), which clips first as well.
    """
    if not is_shaped(options):
        return update
    (start, step), real, max_of = update, f.real, larger(f)
    hypot = math.hypot if f.real is float else np.hypot
    clip, deviation = options.get(CLIP.name, 0.0), options.get(NOISE.name, 0.0)
    fading, noise = options.get(FADING.name, 0.0), draws.noise()

    def shape(state: Any, a: Any, b: Any, g_a: Any, g_b: Any, alpha: Any) -> Any:
        k, own = state
        if clip:
            factor = clip / max_of(real(hypot(g_a, g_b)), clip)
            g_a, g_b = factor * g_a, factor * g_b
        if deviation:
            sigma, (in_a, in_b) = deviation / (1.0 + k) ** (fading / 2.0), next(noise)
            g_a, g_b = g_a + sigma * in_a, g_b + sigma * in_b
        a, b, own = step(own, a, b, g_a, g_b, alpha)
        return a, b, (k + 1, own)

    return (0, start), shape
