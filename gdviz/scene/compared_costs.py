"""Which ways to a gradient the ledgers of an experiment compare."""

from gdviz.engine.analysis.gradient_programs import VARIANTS, Options, variants_of
from gdviz.experiment.experiment import Experiment


def compared(experiment: Experiment, few: int = len(VARIANTS)) -> tuple[tuple[str, ...], Options]:
    """Return the variants that are compared, and the options of their estimates.

    They are those of the methods and, as long as they are few, the usual ones. Where two methods
    differ in an option, it is the first one's.
    """
    function = experiment.function
    methods = [m for m in experiment.methods if not function.why_not(m.estimate)]
    options: dict[str, float] = {}
    for method in methods:
        options = {**method.estimate_options, **options}
    return variants_of((m.estimate for m in methods), few), tuple(options.items())
