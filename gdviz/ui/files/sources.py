"""Where the landscapes and the code came from that a window has opened, for undo as well."""

from dataclasses import replace

from gdviz.engine.objectives.code_ref import Code
from gdviz.engine.objectives.loss_grid import LossGrid
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.open_file import Opened
from gdviz.ui.files.open_task import Request, Source, is_same_surface

_KEPT = 20  #: files of which is known what was said of them


class Sources:
    """What is known of the files of grids and code; of the last ones that were opened."""

    def __init__(self) -> None:
        self._sources: dict[LossGrid | Code, Source] = {}

    def of(self, experiment: Experiment) -> Source | None:
        """Return where an experiment's grid or code came from, if it was opened here."""
        own = experiment.function.grid or experiment.function.code
        return self._sources.get(own) if own is not None else None

    def keep(self, own: LossGrid | Code, source: Source) -> None:
        """Keep where a grid or code came from."""
        self._sources[own] = source
        for oldest in list(self._sources)[:-_KEPT]:
            del self._sources[oldest]

    def note(self, request: Request, opened: Opened) -> None:
        """Keep where the grid or code came from that has been opened.

        Parameters
        ----------
        request : Request
            Which asked for it.
        opened : Opened
            What became of that.
        """
        function = opened.experiment.function
        if function.code is not None:
            self.keep(function.code, Source(request.path, notes=opened.notes))
        if function.grid is None:
            return
        before = self.of(request.base)
        if request.transpose:
            source = replace(before, transposed=not before.transposed) if before else None
        elif is_same_surface(opened.experiment, request.base):  # a trajectory was added to it
            notes = (*(before.notes if before else ()), *opened.notes)
            source = replace(before or Source(request.path), notes=notes)
        else:
            source = replace(
                request.source, metric=opened.metric, metrics=opened.metrics, notes=opened.notes
            )
        if source is not None:
            self.keep(function.grid, source)
