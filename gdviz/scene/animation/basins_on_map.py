"""Basins that lie on the map of an experiment, while something else of it is turned."""

from collections.abc import Callable, Hashable, Sequence
from functools import partial

from gdviz.base.cancel import no_progress
from gdviz.engine.analysis.basins import Basins
from gdviz.engine.objectives.objective import Objective
from gdviz.experiment.experiment import Experiment
from gdviz.scene.basins import (
    MethodBasins,
    computed_from,
    refined_basins,
    resolution_of,
    unseen_kinks,
    why_none,
)
from gdviz.scene.scene import Scene


class BasinsOnMap:
    """The basins of an experiment's methods, and of other experiments with the same methods.

    They take time, so those of one experiment are kept until other ones are asked for: the start
    moves over them, and a step changes nothing.

    Parameters
    ----------
    rows : sequence of int
        Of which methods: of none, of one, whose basins are drawn, or of two that are compared.
    known : sequence of MethodBasins, optional
        What has been computed already, of `scene`; what is not of all starts counts for nothing.
    scene : Scene, optional
        What that is of.
    """

    def __init__(
        self,
        rows: Sequence[int] = (),
        known: Sequence[MethodBasins] = (),
        scene: Scene | None = None,
    ) -> None:
        self.rows = tuple(rows)
        self._own: dict[Hashable, Basins] = {
            computed_from(scene.experiment, each.row, scene.objective): each.basins
            for each in known
            if scene is not None and each.basins.stride == 1
        }
        # Of code, how many starts there are is a matter of time: they stay as many as at first.
        self._starts = next((len(basins.a) for basins in self._own.values()), 0)
        self._last: dict[Hashable, Basins] = {}
        self._drawn: tuple[MethodBasins, ...] = ()

    def why_none(self, experiment: Experiment) -> str:
        """Say why there are none; empty if there are."""
        return next(filter(None, (why_none(experiment, row) for row in self.rows)), "")

    def remarks(self, objective: Objective) -> tuple[str, ...]:
        """Return what has to be known of those that were asked for last.

        Parameters
        ----------
        objective : Objective
            The scene's.
        """
        said = (unseen_kinks(objective, each.basins) for each in self._drawn)
        return tuple(dict.fromkeys(filter(None, said)))

    def of(
        self,
        scene: Scene,
        cancelled: Callable[[], bool] = bool,
        progress: Callable[[float], None] = no_progress,
        *,
        is_kept: bool = False,
    ) -> tuple[MethodBasins, ...]:
        """Return those of a scene: the same ones again where nothing of them was turned.

        Parameters
        ----------
        scene : Scene
            Whose.
        cancelled : callable, optional
            Asked now and then; when it returns True the work ends.
        progress : callable, optional
            Told which part is done, from 0 to 1.
        is_kept : bool, default False
            Whether they are kept after others have been asked for.

        Raises
        ------
        Cancelled
            If `cancelled` said so.
        """
        experiment, objective = scene.experiment, scene.objective
        keys = [computed_from(experiment, row, objective) for row in self.rows]
        if not self.rows or keys == list(self._last):
            self._own |= self._last if is_kept else {}
            return self._drawn
        self._starts = self._starts or resolution_of(experiment, self.rows, objective)
        known = self._own | self._last

        def part(k: int, done: float) -> None:
            progress((k + done) / len(keys))

        found: list[MethodBasins] = []
        for k, (row, key) in enumerate(zip(self.rows, keys, strict=True)):
            basins = known.get(key)
            if basins is None:
                *_, basins = refined_basins(
                    experiment, row, self._starts, partial(part, k), cancelled, objective
                )
            found.append(MethodBasins(row, basins))
        self._last = {key: each.basins for key, each in zip(keys, found, strict=True)}
        self._own |= self._last if is_kept else {}
        self._drawn = tuple(found)
        return self._drawn
