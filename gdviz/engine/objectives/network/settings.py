"""Which plane through a network's parameters is looked at."""

from dataclasses import dataclass
from typing import Literal

#: What spans the plane: see :data:`~gdviz.engine.objectives.network.directions.DIRECTIONS`.
Directions = Literal["random", "pca", "hessian", "hessian-lowest", "gradient", "between", "file"]
#: How random directions are made comparable with the parameters they displace.
Normalization = Literal["filter", "layer", "none"]
#: Along which axis of an array the filters, or the neurons, lie.
FilterAxis = Literal["auto", "first", "last"]


@dataclass(frozen=True)
class SliceSettings:
    """The plane θ(a, b) = θ* + a·d₁ + b·d₂ through the parameters θ* of a network.

    Parameters
    ----------
    directions : str, default "random"
        What spans it: one of :data:`Directions`.
    normalize : {"filter", "layer", "none"}, default "filter"
        How random directions get the size of the parameters (Li et al. 2018).
    seed : int, default 0
        Of what is random in the directions.
    biases : bool, default False
        Whether random directions displace biases and the parameters of batch normalisation, which
        are arrays of one axis or none; Li et al. leave them in their figures. Where there are no
        others, all are displaced as they were drawn; two parameters, along their own axes.
    filters : {"auto", "first", "last"}, default "auto"
        The axis of an array along which its filters lie; by default the last one, where PyTorch and
        Equinox have the first.
    files : str, default ""
        A folder of checkpoints, instead of the file's ``trajectory()``; for ``directions="file"``
        the file that holds the directions. A relative path begins at the network's file.
    """

    directions: Directions = "random"
    normalize: Normalization = "filter"
    seed: int = 0
    biases: bool = False
    filters: FilterAxis = "auto"
    files: str = ""
