"""What the check page says while there is nothing to check."""

from html import escape

from gdviz.engine.gradcheck.candidate import components
from gdviz.engine.language.autodiff import differentiate
from gdviz.engine.language.graph import Graph
from gdviz.engine.language.recognition import lower_recognised
from gdviz.engine.language.unparse import graph_text
from gdviz.experiment.experiment import Experiment
from gdviz.scene.captions import pretty

_LONGEST = 60  #: characters of an example


def _of_code(experiment: Experiment) -> str:
    """Say where the gradient that a file has is checked."""
    code = experiment.function.code
    if code is None or not code.has_gradient:
        return ""
    return (
        f"That of {escape(code.name)} is compared with central differences when it is opened, and "
        "said to be wrong where it is; gdviz check, on the command line, says how well it agrees. "
    )


def empty_text(experiment: Experiment) -> str:
    """Say what to do, with one component as an example, the shorter one; as HTML."""
    if not experiment.function.text:
        return (
            "<p>Only a gradient of a formula can be typed and checked here, and here f is not one. "
            f"{_of_code(experiment)}Write f as a formula on the page beside this one.</p>"
        )
    graph = Graph()
    own = experiment.function.parameters
    output = lower_recognised(experiment.function.formula_objective().formula.tree, graph)
    texts = [graph_text(graph, node, _LONGEST) for node in differentiate(graph, output, own)]
    written = [(len(text), name, text) for name, text in zip(components(own), texts, strict=True)]
    examples = sorted(example for example in written if example[0])
    lines = [
        "Enter the two components of the gradient as you derived them, and see whether they are "
        "right; and if not, where they go wrong, by how much, and what is missing.",
        "Write them like formulas, with the names that occur in f.",
    ]
    formula = f"f = {escape(pretty(experiment.function.plain_text))}"
    if examples:
        _, name, text = examples[0]
        lines[1] += f" For {formula}, for example, {name} = <b>{escape(text)}</b>."
    return "".join(f"<p>{line}</p>" for line in lines)
