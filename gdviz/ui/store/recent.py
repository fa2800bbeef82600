"""The list of the files that were opened last, which all windows share in the settings."""

from collections.abc import Mapping
from pathlib import Path

from gdviz.base.files import absolute

#: The setting that holds it.
RECENT = "files/recent"
_MOST = 10


def recent_paths(known: Mapping[str, object]) -> list[str]:
    """Return the files, the newest first, of settings that anybody may have edited."""
    kept = known.get(RECENT)
    kept = [kept] if isinstance(kept, str) else kept if isinstance(kept, list) else []  # one alone
    return [path for path in kept if isinstance(path, str) and path][:_MOST]


def with_recent(known: Mapping[str, object], path: Path) -> dict[str, object]:
    """Return the setting with a file at the top."""
    name = str(absolute(path))
    others = (other for other in recent_paths(known) if other != name)
    return {RECENT: [name, *others][:_MOST]}
