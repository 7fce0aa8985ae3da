"""Thanks as reports and moderators see them. They stand on the profile of whom they are said to."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from echange.database import execute
from echange.exchanges.models import Thanks
from echange.http import Viewer
from echange.i18n import gettext as _
from echange.members import Reportable, Reported, met_by


class ReportableThanks:
    """Words after an exchange; they have no page of their own."""

    kind = "thanks"
    can_be_hidden = True

    async def at(self, path: str) -> int | None:
        return None

    async def seen_by(self, viewer: Viewer | None, thing_id: int) -> Reported | None:
        found = await Thanks.get_or_none(id=thing_id, removed_at=None, hidden_at=None).select_related(
            "by", "member"
        )
        if found is None or found.by.hidden_at or (viewer and found.by_id in viewer.unseen):
            return None
        if not await met_by(viewer).filter(id=found.member_id).exists():
            return None
        return _reported(found)

    async def named(self, ids: Sequence[int]) -> dict[int, Reported]:
        found = await Thanks.filter(id__in=list(ids)).select_related("by", "member")
        return {one.id: _reported(one) for one in found}

    async def evidence(self, thing_id: int) -> Mapping[str, Any]:
        thanks = await Thanks.get(id=thing_id)
        return {"title": "", "text": thanks.words}

    async def hide(self, thing_id: int, *, by: Viewer) -> None:
        await execute("UPDATE thanks SET hidden_at = now() WHERE id = $1 AND hidden_at IS NULL", thing_id)

    async def show(self, thing_id: int, *, by: Viewer) -> None:
        await execute("UPDATE thanks SET hidden_at = NULL WHERE id = $1", thing_id)


def _reported(thanks: Thanks) -> Reported:
    return Reported(
        kind="thanks",
        id=thanks.id,
        title=_("Merci de {name} à {other}").format(name=thanks.by.name, other=thanks.member.name),
        url=f"{thanks.member.url}#merci-{thanks.id}",
        excerpt=thanks.words,
        owner_id=thanks.by_id,
        hidden=thanks.hidden_at is not None,
        involved=frozenset({thanks.by_id, thanks.member_id}),
    )


reportables: Final[tuple[Reportable, ...]] = (ReportableThanks(),)
