"""The options on the command line for a Python file: a slice of its network, and its seed."""

from argparse import Namespace
from collections.abc import Sequence
from typing import Any, get_args

from gdviz.base.files import absolute
from gdviz.cli.arguments import OneOf, Parser, UsageError, a_whole_number_between
from gdviz.engine.objectives.network.settings import (
    Directions,
    FilterAxis,
    Normalization,
    SliceSettings,
)

#: By name, what spans a plane without a file of its own.
_NAMES = tuple(name for name in get_args(Directions) if name != "file")
#: How the files of directions end.
_FILES = (".h5", ".hdf5", ".npz")
#: The options, each stored under the name of the settings' field; but the seed, for the experiment
#: has one of its own, by which random estimates draw.
_OPTIONS: Sequence[tuple[str, str, dict[str, Any]]] = (
    ("--directions", "directions",
     {"metavar": "NAME|FILE",
      "help": f"what spans the slice: {', '.join(_NAMES)}, or a file ({' '.join(_FILES)}) with "
      "xdirection and ydirection"}),
    ("--normalize", "normalize",
     {"metavar": "HOW", "type": OneOf(get_args(Normalization)),
      "help": "how random directions get the size of the parameters (Li et al. 2018): "
      f"{', '.join(get_args(Normalization))}"}),
    ("--slice-seed", "slice_seed",
     {"metavar": "N", "type": a_whole_number_between(0, 2**32 - 1),
      "help": "the seed of random directions (default: 0)"}),
    ("--biases", "biases",
     {"action": "store_true", "help": "random directions displace biases as well"}),
    ("--filters", "filters",
     {"metavar": "AXIS", "type": OneOf(get_args(FilterAxis)),
      "help": "the axis of an array along which filters lie: auto, first or last"}),
    ("--checkpoints", "files",
     {"metavar": "FOLDER", "help": "checkpoints (.npz .safetensors .pt), instead of trajectory()"}),
)  # fmt: skip
NETWORK_OPTIONS = {field: option for option, field, _ in _OPTIONS}
#: And the one for code of any kind.
LOSS_SEED = "--loss-seed"


def add_network(parser: Parser, seed: str = "--slice-seed") -> None:
    """Add the options that choose a slice of a network.

    `seed` is what that of random directions is called, where there is no other seed beside it.
    """
    group = parser.add_argument_group("a network: a Python file with parameters() or model")
    for option, field, settings in _OPTIONS:
        named = seed if field == "slice_seed" else option
        group.add_argument(named, dest=field, **settings)
    add_loss_seed(parser)


def add_loss_seed(parser: Parser) -> None:
    """Add the option that makes a stochastic loss a function."""
    parser.add_argument(
        LOSS_SEED, metavar="N", type=a_whole_number_between(0, 2**32 - 1),
        help="seed the generators of Python, NumPy and PyTorch with N before each call of the loss "
        "of a Python file, so that a stochastic one is a function",
    )  # fmt: skip


def slice_settings(arguments: Namespace) -> SliceSettings | None:
    """Return the slice that the options choose; None where they choose nothing.

    Raises
    ------
    UsageError
        As :func:`chosen_of_slice`.
    """
    chosen = chosen_of_slice(arguments)
    return SliceSettings(**chosen) if chosen else None


def chosen_of_slice(arguments: Namespace) -> dict[str, Any]:
    """Return the fields of the settings that the options give, and not what is so by default.

    Raises
    ------
    UsageError
        If they do not go together, or the directions are neither a name nor such a file.
    """
    given = {name: value for name, value in vars(arguments).items() if name in NETWORK_OPTIONS}
    if "slice_seed" in given:
        given["seed"] = given.pop("slice_seed")
    directions = given.get("directions", "random")
    if directions not in _NAMES:
        if not directions.lower().endswith(_FILES):
            raise UsageError(
                f"--directions: {directions!r} is neither one of {', '.join(_NAMES)} nor a file "
                f"that ends in {', '.join(_FILES)}"
            )
        if "files" in given:
            raise UsageError("--checkpoints cannot be combined with directions of a file")
        given |= {"directions": "file", "files": directions}
    if "files" in given:
        given["files"] = str(absolute(given["files"]))
    return given
