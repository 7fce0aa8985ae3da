"""Helps as reports and moderators see them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from echange.http import Viewer
from echange.http.excerpts import beginning_of
from echange.members import Reportable, Reported, speakers_of
from echange.mutual_aid.models import Help

_PAGE: Final = re.compile(r"/entraide/([1-9][0-9]{0,8})(?:/.*)?")


class ReportableHelp:
    """A help asked for or offered."""

    kind = "help"
    can_be_hidden = True

    async def at(self, path: str) -> int | None:
        found = _PAGE.fullmatch(path)
        return int(found[1]) if found else None

    async def seen_by(self, viewer: Viewer | None, thing_id: int) -> Reported | None:
        found = await Help.visible_to(viewer).filter(id=thing_id).first()
        return await _reported(found) if found else None

    async def named(self, ids: Sequence[int]) -> dict[int, Reported]:
        return {aid.id: await _reported(aid) for aid in await Help.filter(id__in=list(ids))}

    async def evidence(self, thing_id: int) -> Mapping[str, Any]:
        aid = await Help.get(id=thing_id)
        text = "\n\n".join(part for part in (aid.body, aid.access, aid.when_text) if part)
        return {"title": aid.title, "text": text}

    async def hide(self, thing_id: int, *, by: Viewer) -> None:
        await (await Help.get(id=thing_id)).hide(by=by)

    async def show(self, thing_id: int, *, by: Viewer) -> None:
        await (await Help.get(id=thing_id)).restore(by=by)


async def _reported(aid: Help) -> Reported:
    speakers = await speakers_of(aid.organisation_id) if aid.organisation_id else frozenset[int]()
    return Reported(
        kind="help",
        id=aid.id,
        title=aid.title,
        url=aid.url,
        excerpt=beginning_of(aid.body),
        owner_id=aid.person_id,
        hidden=aid.hidden_at is not None,
        involved=speakers | {aid.person_id, aid.by_id},
    )


reportables: Final[tuple[Reportable, ...]] = (ReportableHelp(),)
