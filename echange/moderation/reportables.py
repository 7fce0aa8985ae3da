"""Everything that can be reported, gathered from all rooms."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol, runtime_checkable
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from echange.http import NotFound, Viewer
from echange.members import Reportable


@runtime_checkable
class InParts(Protocol):
    """A kind of thing whose reports show those parts of it, by number, that their reporter chose."""

    def about(self, part: int, chosen: Sequence[int] | None = None) -> Reportable:
        """The same for a report of one part (0: of the whole), with the chosen ones as its evidence."""
        ...

    async def parts(self, viewer: Viewer, thing_id: int) -> Sequence[Any]:
        """What there is to choose from: `number`, `who`, `at`, `words`."""
        ...

    async def visible(self, viewer: Viewer, thing_id: int, numbers: Sequence[int]) -> Sequence[Any]:
        """Those of these that the viewer may see and choose, though there be newer ones by now."""
        ...


class Reportables:
    """Every kind of thing, by name."""

    def __init__(self, reportables: Iterable[Reportable]) -> None:
        self._by_kind = {one.kind: one for one in reportables}

    def __getitem__(self, kind: str) -> Reportable:
        """One kind; raises NotFound."""
        if kind not in self._by_kind:
            raise NotFound
        return self._by_kind[kind]

    async def at(self, link: str) -> tuple[str, int] | None:
        """The kind and id of what a pasted address shows."""
        path = _path_of(link)
        for kind, reportable in self._by_kind.items():
            if path and (thing_id := await reportable.at(path)) is not None:
                return kind, thing_id
        return None


def reportables_of(connection: HTTPConnection) -> Reportables:
    """Those of the running application."""
    reportables: Reportables = connection.app.state.reportables
    return reportables


def _path_of(link: str) -> str:
    try:
        return urlsplit(link if "://" in link or link.startswith("/") else f"//{link}").path.rstrip("/")
    except ValueError:
        return ""
