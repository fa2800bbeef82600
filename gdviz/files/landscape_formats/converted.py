"""Kinds of files that are not opened, and for each the command that makes one of it that is.

Pickles run code when they are opened; the others need a library of their own.
"""

import shlex
from pathlib import Path

_TORCH = (
    "a PyTorch file is a pickle, and opening one runs code from it",
    "import torch, numpy; d = torch.load('{name}', map_location='cpu'); "
    "numpy.savez('{stem}.npz', **(d if isinstance(d, dict) else dict(loss=d)))",
)
_PICKLE = (
    "pickles are not opened, because opening one would run code from the file",
    "import pickle, numpy; d = pickle.load(open('{name}', 'rb')); "
    "numpy.savez('{stem}.npz', **(d if isinstance(d, dict) else dict(loss=d)))",
)
_JOBLIB = (
    "a joblib file is a pickle, and opening one runs code from it",
    _PICKLE[1].replace("pickle.load(open('{name}', 'rb'))", "joblib.load('{name}')").replace(
        "import pickle", "import joblib"),
)  # fmt: skip
_EXCEL = (
    "spreadsheets are not read",
    "import pandas; pandas.read_excel('{name}', header=None)"
    ".to_csv('{stem}.csv', header=False, index=False)",
)
_TABLE = "import pandas; pandas.read_{kind}('{name}').to_csv('{stem}.csv', index=False)"
_VTK = (
    "VTK files are not read",
    "import pyvista, numpy; numpy.save('{stem}.npy', pyvista.read('{name}').points)",
)
#: Why a kind is refused, and what makes something else of it, by suffix.
_REFUSED = {
    **dict.fromkeys((".pt", ".pth", ".ckpt"), _TORCH),
    **dict.fromkeys((".p", ".pkl", ".pickle", ".dill"), _PICKLE),
    ".joblib": _JOBLIB,
    ".zarr": (
        "zarr stores are not read",
        "import zarr, numpy; z = zarr.open('{name}', mode='r'); "
        "numpy.savez('{stem}.npz', **{{k: z[k][:] for k in z.array_keys()}})",
    ),
    **dict.fromkeys((".vtp", ".vtk", ".vtu", ".vts"), _VTK),
    **dict.fromkeys((".xlsx", ".xls", ".ods"), _EXCEL),
    ".parquet": ("Parquet files are not read", _TABLE.replace("{kind}", "parquet")),
    ".feather": ("Feather files are not read", _TABLE.replace("{kind}", "feather")),
}
_OF_R = {
    ".rds": 'readRDS("{name}")',
    **dict.fromkeys((".rda", ".rdata"), 'get(load("{name}")[1])'),
}
_R = (
    "R's own files are not read: to read the object in it, "
    "Rscript -e {script} writes a table that is"
)


def is_refused(path: Path) -> bool:
    """Tell whether files of this kind are not opened, whatever they hold."""
    return path.suffix.lower() in (*_REFUSED, *_OF_R)


def refusal(path: Path) -> str:
    """Say why a file is not opened, and with which command it can be."""
    name, stem = path.name.replace("'", ""), path.stem.replace("'", "")
    if path.suffix.lower() in _OF_R:
        read = _OF_R[path.suffix.lower()].format(name=name)
        script = (
            f"d <- {read}; if (!is.null(dimnames(d)) && !is.data.frame(d)) "
            f'd <- as.data.frame(as.table(d)); write.table(d, "{stem}.csv", sep = ",", '
            "row.names = FALSE, col.names = is.data.frame(d))"
        )
        return _R.format(script=shlex.quote(script))
    why, command = _REFUSED[path.suffix.lower()]
    command = command.format(name=name, stem=stem)
    trust = ", if you trust it" if "pickle" in why else ""
    return f'{why}: convert it{trust}, with python -c "{command}"'
