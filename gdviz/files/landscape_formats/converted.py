"""Kinds of files that are not opened, and for each the command that makes one of it that is.

Pickles run code when they are opened; the others need a library of their own.
"""

import re
import shlex
from pathlib import Path

#: The names that stand in a command as they are: others may mean something to a shell.
_PLAIN = re.compile(r"[\w .,+=@()\[\]-]+")
#: What Python saves of ``d``: losses by their point as a table, else a dictionary's items or what a
#: tuple holds by name, else one array.
_SAVE = (
    "numpy.savetxt('{stem}.csv', [(*k, float(d[k])) for k in d], delimiter=',', "
    "header='a,b,loss') if isinstance(d, dict) and type([*d][0]) is tuple else "
    "numpy.savez('{stem}.npz', **{{str(k): d[k] for k in d}}) if isinstance(d, dict) else "
    "numpy.savez('{stem}.npz', *(d if len(set(map(numpy.shape, d))) > 1 else [d]))"
)
#: Before it, what xarray gave coordinates becomes a table of pandas's that has them, and a list of
#: dictionaries one of lists.
_UNPICKLED = (
    "d = getattr(d, 'to_series', d.to_dataframe)() if len(getattr(d, 'coords', '')) else "
    "{{k: [r[k] for r in d] for k in d[0]}} if type(d) is list and type(d[0]) is dict "
    "else d; d.to_csv('{stem}.csv') if hasattr(d, 'to_csv') else " + _SAVE
)
_TORCH = (  # NumPy asks tensors of any type and device, also such as need a gradient, for an array
    "a PyTorch file is a pickle, and opening one runs code from it",
    "import torch, numpy; d = torch.load('{name}', 'cpu', weights_only=False); "
    "torch.Tensor.__array__ = lambda t, *_, **__: t.double().numpy(force=True); " + _SAVE,
)
_PICKLE = (
    "pickles are not opened, as that would run code from the file",
    "import pickle, numpy; d = pickle.load(open('{name}', 'rb')); " + _UNPICKLED,
)
_JOBLIB = (
    "a joblib file is a pickle, and opening one runs code from it",
    "import joblib, numpy; d = joblib.load('{name}'); " + _UNPICKLED,
)
_ZARR = (
    "zarr stores are not read",
    "import zarr, numpy; z = zarr.open('{name}', mode='r'); "
    "numpy.savez('{stem}.npz', **dict(z.arrays() if hasattr(z, 'arrays') else [('loss', z)]))",
)
_EXCEL = (
    "spreadsheets are not read",
    "import pandas; pandas.read_excel('{name}', header=None)"
    ".to_csv('{stem}.csv', header=False, index=False)",
)
_TABLE = "import pandas; pandas.read_{kind}('{name}').to_csv('{stem}.csv')"
_VTK = (  # the loss is a height or a scalar over a plane, whose height is one number
    "VTK files are not read",
    "import pyvista, pandas; m = pyvista.read('{name}'); p = m.point_data; "
    "d = pandas.DataFrame({{**dict(zip('xyz', m.points.T)), "
    "**{{k: p[k] for k in p.keys() if p[k].ndim == 1}}}}); "
    "d.loc[:, d.nunique() > 1].to_csv('{stem}.csv', index=False)",
)
#: Why a kind is refused, and what makes something else of it, by suffix.
_REFUSED = {
    **dict.fromkeys((".pt", ".pth", ".ckpt"), _TORCH),
    **dict.fromkeys((".p", ".pkl", ".pickle", ".dill"), _PICKLE),
    ".joblib": _JOBLIB,
    ".zarr": _ZARR,
    **dict.fromkeys((".vtp", ".vtk", ".vtu", ".vts", ".vtr", ".vti"), _VTK),
    **dict.fromkeys((".xlsx", ".xls", ".ods"), _EXCEL),
    ".parquet": ("Parquet files are not read", _TABLE.replace("{kind}", "parquet")),
    ".feather": ("Feather files are not read", _TABLE.replace("{kind}", "feather")),
}
#: What unpacks a file beside itself, by suffix.
_UNPACKS = {".gz": "gunzip -k", ".bz2": "bunzip2 -k", ".xz": "unxz -k", ".zip": "unzip"}
_OF_R = {
    ".rds": 'readRDS("{name}")',
    **dict.fromkeys((".rda", ".rdata"), 'mget(load("{name}"))'),
}
_R = (
    "R's own files are not read: to read the object in it, "
    "Rscript -e {script} writes a table that is"
)
#: What R writes of ``d``: of several objects, as of what ``persp`` takes, the matrix over the
#: others.
_R_WRITE = (
    'if (class(d)[1] == "list") d <- if (length(d) == 1) d[[1]] else {{ '
    "m <- Filter(is.matrix, d)[[1]]; "
    "dimnames(m) <- Filter(function(v) is.numeric(v) && !is.matrix(v), d); m }}; "
    "if (!is.null(dimnames(d)) && !is.data.frame(d)) d <- as.data.frame(as.table(d)); "
    'write.table(d, "{stem}.csv", sep = ",", row.names = FALSE, col.names = is.data.frame(d))'
)


def is_refused(path: Path) -> bool:
    """Tell whether files of this kind are not opened, whatever they hold."""
    return path.suffix.lower() in (*_REFUSED, *_OF_R, *_UNPACKS)


def refusal(path: Path) -> str:
    """Say why a file is not opened, and with which command it can be."""
    stem = path.stem if _PLAIN.fullmatch(path.stem) else "FILE"
    name = f"{stem}{path.suffix}"
    if unpacks := _UNPACKS.get(path.suffix.lower()):
        return f"compressed files are not read: unpack it with {unpacks} {shlex.quote(name)}"
    if path.suffix.lower() in _OF_R:
        script = f"d <- {_OF_R[path.suffix.lower()]}; {_R_WRITE}".format(name=name, stem=stem)
        return _R.format(script=shlex.quote(script))
    why, command = _REFUSED[path.suffix.lower()]
    command = command.format(name=name, stem=stem)
    trust = ", if you trust it" if "pickle" in why else ""
    return f'{why}: convert it{trust}, with python -c "{command}"'
