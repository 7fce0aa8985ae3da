"""What acts were done to, by its own name: each room names its own; `app.py` lists which do."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from starlette.requests import Request

from echange.http import Viewer
from echange.http.viewer import Behalf
from echange.members.mandates.queries import ActLine, MandateSeen

Names = Mapping[int, tuple[str, str]]
"""Title and address, by id."""


@dataclass(frozen=True, slots=True)
class ActSubject:
    """What acts are about, of one `kind`; `named` gives the names of those that the viewer may see."""

    kind: str
    named: Callable[[Collection[int], Viewer], Awaitable[Names]]


async def named(
    request: Request, lines: Sequence[ActLine], viewer: Viewer, mandates: Sequence[MandateSeen]
) -> list[ActLine]:
    """The lines with the names of what the viewer may see, be it by putting on one of these mandates.

    An address is there only for what they may open just now; what they may not see keeps its bare number.
    """
    subjects: tuple[ActSubject, ...] = request.app.state.act_subjects
    found = {subject.kind: await _names(subject, lines, viewer, mandates) for subject in subjects}
    return [_with(line, found.get(line.about_kind, {})) for line in lines]


async def _names(
    subject: ActSubject, lines: Sequence[ActLine], viewer: Viewer, mandates: Sequence[MandateSeen]
) -> Names:
    ids = {one.about_id for one in lines if one.about_kind == subject.kind and one.about_id is not None}
    if not ids:
        return {}
    found: dict[int, tuple[str, str]] = {}
    for one in mandates:
        if one.wearable:
            worn = Behalf(one.person.id, one.person.name, one.id, frozenset(one.scopes))
            seen = await subject.named(ids, replace(viewer, behalf=worn))
            found |= {number: (title, "") for number, (title, _url) in seen.items()}
    return {**found, **await subject.named(ids, viewer)}


def _with(line: ActLine, known: Names) -> ActLine:
    if line.about_id is None or line.about_id not in known:
        return line
    title, url = known[line.about_id]
    return replace(line, title=title, about_url=url)
