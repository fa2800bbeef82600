"""What a person writes becomes an experiment: names they use become constants as they use them."""

import keyword

from gdviz.engine.language.formula import FormulaError
from gdviz.engine.language.joined_words import readings
from gdviz.engine.language.lexer import canonical, read_head
from gdviz.engine.language.names import Written, bases_in, check_name, names_in, parameters_in
from gdviz.engine.language.operations import AGGREGATES, FUNCTIONS, ROWS
from gdviz.engine.language.parser import NAMED_NUMBERS, PARAMETERS
from gdviz.engine.objectives.data import Data
from gdviz.experiment.change_function import on_formula
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.validation import ExperimentError

#: The value of a constant that was never heard of.
FIRST_VALUE = 1.0


class Draft:
    """Makes experiments of texts, and remembers the constants that came and went on the way.

    Attributes
    ----------
    written : str or None
        What stands in the field of f, which may be no formula; None while there is no field.
    """

    def __init__(self) -> None:
        self.written: str | None = None
        self._values: dict[str, float] = {}
        self._ranges: dict[str, tuple[float, float]] = {}

    def is_of(self, experiment: Experiment) -> bool:
        """Return whether what is written is an experiment's formula."""
        return self.written is None or self.written == experiment.function.text

    def remember(self, experiment: Experiment) -> None:
        """Note the values and ranges of an experiment's constants, for when they come back."""
        function = experiment.function
        self._ranges |= function.constant_ranges
        self._values |= function.constants

    def experiment(
        self, text: str, base: Experiment, unfinished: Written | None = None
    ) -> Experiment:
        """Return an experiment on a text, with a constant for each name that has no meaning yet.

        Parameters
        ----------
        text : str
            What was written.
        base : Experiment
            What is there so far; everything but the function stays.
        unfinished : Written, optional
            The word that is being typed: it becomes no constant.

        Raises
        ------
        ExperimentError
            With one sentence, if the text is no formula; its cause has the column.
        """
        parameters = parameters_of(text, base, unfinished)
        names = _free_names(text, base, unfinished, parameters)
        constants = {name: self._values.get(name, FIRST_VALUE) for name in names}
        # A range that followed the value would move under the slider.
        ranges = {name: self._ranges.get(name) or free_range(constants[name]) for name in names}
        return on_formula(
            base, text, constants=constants, constant_ranges=ranges, parameters=parameters
        )


def parameters_of(
    text: str, base: Experiment, unfinished: Written | None = None
) -> tuple[str, str]:
    """Return what a typed text is a function of.

    The parameters that were there stay while both occur, unless the new names in the text tell
    better: a or b, or a pair that people use for two unknowns.

    Parameters
    ----------
    text : str
        What was typed.
    base : Experiment
        What it was typed into.
    unfinished : Written, optional
        The name that is being typed, which is none yet.
    """
    function, names = base.function, set(_own_names(text, base, unfinished))
    before = function.parameters
    is_said = read_head(text).parameters is not None
    stays = before != PARAMETERS and names.issuperset(before) and not is_said
    known = function.constants if stays else {}
    # A word that stands elsewhere too is finished: pasted, x^2 + y^2 - x is a function of x and y.
    others = () if unfinished is None or unfinished.name in names else (unfinished.name,)
    found = parameters_in(text, (*known, *others), _columns(function.data_set))
    is_new = names & {*PARAMETERS} - {*before} - known.keys()
    return before if stays and found == PARAMETERS and not is_new else found


def free_names(text: str, base: Experiment, unfinished: Written | None = None) -> list[str]:
    """Return the names in a text that would be constants, in the order in which they come.

    Parameters
    ----------
    text : str
        What was typed, which need not be a formula yet.
    base : Experiment
        What it was typed into: columns of its data are no constants.
    unfinished : Written, optional
        The name that is being typed, which is none yet.
    """
    return _free_names(text, base, unfinished, parameters_of(text, base, unfinished))


def _free_names(
    text: str, base: Experiment, unfinished: Written | None, parameters: tuple[str, str]
) -> list[str]:
    known = base.function.constants
    names = _own_names(text, base, unfinished)
    taken = {*map(canonical, parameters)}
    columns = {*map(canonical, _columns(base.function.data_set))}
    there = {*map(canonical, names)}
    meant = {*taken, *NAMED_NUMBERS, *columns, *there}
    bases = bases_in(text)
    lacking = taken - there  # whose only place it may be

    def is_asked(name: str) -> bool:
        if readings(name, (), beside=taken) and readings(name, taken | {*map(canonical, known)}):
            return True
        return bool(
            readings(
                name,
                meant,
                columns=columns,
                beside=lacking,
                any_letter=lacking == taken,
                is_base=name in bases,
            )
        )

    return [
        name
        for name in names
        if canonical(name) not in taken and (name in known or not is_asked(name))
    ]


def _own_names(text: str, base: Experiment, unfinished: Written | None) -> dict[str, None]:
    """Return the names in a text to which the language and the data give no meaning, in order."""
    known = {canonical(name) for name in _columns(base.function.data_set)}
    # What is there already stays as it is spelled there, so that it keeps its value.
    there = {
        canonical(name): name for name in (*base.function.parameters, *base.function.constants)
    }
    return dict.fromkeys(
        there.get(canonical(written.name), written.name)
        for written in names_in(text)
        if written != unfinished
        and not written.is_called
        and canonical(written.name) not in known
        and _can_be_called(written.name)
    )


def _columns(data: Data | None) -> tuple[str, ...]:
    return (*data.names, ROWS) if data else ()


def unfinished_word(text: str, cursor: int, base: Experiment, known: bool = True) -> Written | None:
    """Return the word that the cursor is in, if that is a name without a meaning.

    Parameters
    ----------
    text : str
        What was written.
    cursor : int
        Characters before the cursor.
    base : Experiment
        What is there so far.
    known : bool, default True
        Whether names that are constants so far have a meaning.
    """
    constants = base.function.constants if known else {}
    meant = {*PARAMETERS, *base.function.parameters, *constants}
    for written in names_in(text):
        first = written.column - 1
        if first < cursor <= first + written.length:
            free = _own_names(text, base, None)
            return written if written.name in free and written.name not in meant else None
    return None


def free_range(value: float) -> tuple[float, float]:
    """Return from where to where a constant is turned as long as nobody has chosen."""
    reach = max(5.0, 2 * abs(value))
    return -reach, reach


def may_be_a_function(name: str) -> bool:
    """Tell whether a name is the beginning of a function's."""
    functions = (*FUNCTIONS, *AGGREGATES)
    return any(function.startswith(name) for function in functions if function != name)


def _can_be_called(name: str) -> bool:
    if keyword.iskeyword(name) and name != "lambda":  # which is also a Greek letter
        return False
    try:
        check_name(name)
    except FormulaError:
        return False
    return True


def corrections_of(error: ExperimentError) -> tuple[str, ...]:
    """Return the whole texts that may be meant by one that is no formula."""
    cause = error.__cause__
    return cause.corrections if error.field == "formula" and isinstance(cause, FormulaError) else ()


def column_of(error: ExperimentError) -> int | None:
    """Return where a formula's text is wrong, counted from 1; None where that is no one place."""
    cause = error.__cause__
    return cause.column if error.field == "formula" and isinstance(cause, FormulaError) else None
