"""The options of pictures in three dimensions."""

from argparse import Namespace

import msgspec

from gdviz.cli.arguments import Parser, UsageError, numbers
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.validation import ExperimentError


def add_relief(parser: Parser) -> None:
    """Add the options that draw a surface in three dimensions, and say where it is seen from."""
    parser.add_argument(
        "--3d", dest="relief", action="store_true",
        help="draw the surface in three dimensions in place of the map",
    )  # fmt: skip
    parser.add_argument(
        "--view", metavar="AZ,EL", type=numbers("AZ,EL"),
        help="where --3d looks from: the azimuth around the surface, and the elevation above the "
        "horizon, in degrees (default: the experiment's camera, at first -60,35)",
    )  # fmt: skip


def seen_from(arguments: Namespace, experiment: Experiment) -> Experiment:
    """Return an experiment with the camera where ``--view`` says, if it is given.

    Raises
    ------
    UsageError
        If the angles are refused, or no picture in three dimensions is asked for.
    """
    if "view" not in arguments:
        return experiment
    if "relief" not in arguments:
        raise UsageError("--view needs --3d")
    azimuth, elevation = arguments.view
    try:
        camera = msgspec.structs.replace(experiment.camera, azimuth=azimuth, elevation=elevation)
    except ExperimentError as error:
        name = error.field.rpartition(".")[2]
        raise UsageError(f"--view: the {name} {error.message}") from None
    return experiment.replace(camera=camera)
