"""Members and organisations as reports and moderators see them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from echange.http import Viewer
from echange.http.dates import now
from echange.members.meeting import met_by
from echange.members.models import Member, Membership, Organisation
from echange.members.models.trust import hold_signs
from echange.members.reported import Reportable, Reported
from echange.members.showing import Eyes, fields_at, shown_fields

_MEMBER_PAGE: Final = re.compile(r"/membres/([A-Za-z0-9_.~-]+)")
_ORGANISATION_PAGE: Final = re.compile(r"/associations/([A-Za-z0-9_.~-]+)")


class ReportableMember:
    """Somebody's account; hidden, they still sign in to read why, and meet nobody."""

    kind = "member"
    can_be_hidden = True

    async def at(self, path: str) -> int | None:
        found = _MEMBER_PAGE.fullmatch(path)
        member = found and await Member.get_or_none(handle=found[1])
        return member.id if member else None

    async def seen_by(self, viewer: Viewer | None, thing_id: int) -> Reported | None:
        member = await met_by(viewer).filter(id=thing_id).first()
        return _member(member, shown_fields(member, viewer)) if member else None

    async def named(self, ids: Sequence[int]) -> dict[int, Reported]:
        # What moderators decide about is what neighbours see.
        found = await Member.filter(id__in=list(ids))
        return {one.id: _member(one, fields_at(one, Eyes.NEIGHBOUR)) for one in found}

    async def evidence(self, thing_id: int) -> Mapping[str, Any]:
        member = await Member.get(id=thing_id)
        return {"title": member.name, "text": _words(member, fields_at(member, Eyes.NEIGHBOUR))}

    async def hide(self, thing_id: int, *, by: Viewer) -> None:
        await hold_signs()
        await Member.filter(id=thing_id, hidden_at=None).update(hidden_at=now())

    async def show(self, thing_id: int, *, by: Viewer) -> None:
        await hold_signs()
        await Member.filter(id=thing_id).update(hidden_at=None)


class ReportableOrganisation:
    """An association, a professional or a service of the town; its first owner answers for it."""

    kind = "organisation"
    can_be_hidden = True

    async def at(self, path: str) -> int | None:
        found = _ORGANISATION_PAGE.fullmatch(path)
        organisation = found and await Organisation.get_or_none(slug=found[1])
        return organisation.id if organisation else None

    async def seen_by(self, viewer: Viewer | None, thing_id: int) -> Reported | None:
        found = await Organisation.filter(id=thing_id, hidden_at=None, closed_at=None).first()
        return await _organisation(found) if found else None

    async def named(self, ids: Sequence[int]) -> dict[int, Reported]:
        return {one.id: await _organisation(one) for one in await Organisation.filter(id__in=list(ids))}

    async def evidence(self, thing_id: int) -> Mapping[str, Any]:
        one = await Organisation.get(id=thing_id)
        text = "\n\n".join(part for part in (one.headline, one.about, one.website) if part)
        return {"title": one.name, "text": text}

    async def hide(self, thing_id: int, *, by: Viewer) -> None:
        await Organisation.filter(id=thing_id, hidden_at=None).update(hidden_at=now())

    async def show(self, thing_id: int, *, by: Viewer) -> None:
        await Organisation.filter(id=thing_id).update(hidden_at=None)


def _words(member: Member, shown: frozenset[str]) -> str:
    words = {"headline": member.headline, "about": member.about}
    return "\n\n".join(text for key, text in words.items() if text and key in shown)


def _member(member: Member, shown: frozenset[str]) -> Reported:
    return Reported(
        kind="member",
        id=member.id,
        title=member.name,
        url=member.url,
        excerpt=_words(member, shown)[:200],
        owner_id=member.id,
        hidden=member.hidden_at is not None,
        involved=frozenset({member.id}),
    )


async def _organisation(one: Organisation) -> Reported:
    owners = await Membership.filter(organisation_id=one.id, role="owner").order_by("id")
    return Reported(
        kind="organisation",
        id=one.id,
        title=one.name,
        url=f"/associations/{one.slug}",
        excerpt=one.headline or one.about[:200],
        owner_id=owners[0].member_id if owners else None,
        hidden=one.hidden_at is not None,
        involved=await speakers_of(one.id),
    )


async def speakers_of(organisation_id: int) -> frozenset[int]:
    """The members who speak for an organisation: its owners and managers."""
    people = await Membership.filter(organisation_id=organisation_id, role__in=("owner", "manager"))
    return frozenset(person.member_id for person in people)


reportables: Final[tuple[Reportable, ...]] = (ReportableMember(), ReportableOrganisation())
