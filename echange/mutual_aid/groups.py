"""Helps that are for a group of helpers, and what of a group is shown to whom."""

from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

from echange.database import fetch, in_transaction
from echange.http import NotAllowed, Viewer, hat_of
from echange.http.viewer import Portrait
from echange.members import note_act
from echange.mutual_aid import group_notices, group_refusals
from echange.mutual_aid.models.group import HelperGroup, speaks
from echange.mutual_aid.models.help import Help
from echange.mutual_aid.rota_seeing import may_run, myself


async def entrust(aid: Help, group_id: int | None, *, by: Viewer) -> None:
    """A help is for this group from now on, whose helpers are told and whose coordinator looks after it; or
    for none. Raises NotAllowed, NotTheirGroup.
    """
    if not await may_run(aid, by):
        raise NotAllowed
    async with in_transaction():
        held = await aid.lock()
        if held.group_id == group_id:
            return
        group = await _usable(held, group_id, by) if group_id else None
        await Help.filter(id=aid.id).update(group_id=group_id)
        aid.group_id = group_id
        what = "help_entrusted" if group_id else "help_taken_back"
        await note_act(by, what, ("help", aid.id))
        if group is not None:
            await group_notices.help_wanted(group, aid, but=by.id)


async def groups_for(aid: Help, viewer: Viewer) -> list[tuple[int, str]]:
    """The groups for which a help of theirs may be: its own, those they coordinate, their organisation's."""
    return await _groups(aid.organisation_id, viewer, aid.group_id)


async def groups_to_choose(viewer: Viewer) -> list[tuple[int, str]]:
    """The same for a help that they are about to ask for."""
    hat = hat_of(viewer)
    return await _groups(hat.id if hat else None, viewer)


async def _groups(
    organisation_id: int | None, viewer: Viewer, chosen: int | None = None
) -> list[tuple[int, str]]:
    rows = await fetch(
        """SELECT id, name FROM helper_group
           WHERE id = $3 OR closed_at IS NULL AND (coordinator_id = $1 OR organisation_id = $2)
           ORDER BY name, id""",
        viewer.id if viewer.behalf is None else 0,
        organisation_id,
        chosen,
    )
    return [(row["id"], row["name"]) for row in rows]


async def _usable(aid: Help, group_id: int, by: Viewer) -> HelperGroup:
    if group_id not in dict(await groups_for(aid, by)):
        raise group_refusals.NotTheirGroup
    return await HelperGroup.get(id=group_id)


@dataclass(frozen=True, slots=True)
class HelperLine(Portrait):
    """Somebody of a group, as its own people see them."""

    id: int
    name: str
    handle: str
    accepted: bool

    @property
    def url(self) -> str:
        return f"/membres/{self.handle}"


@dataclass(frozen=True, slots=True)
class GroupCard:
    """A group in a list. `mine`: coordinator, helper, asking or ""."""

    id: int
    name: str
    words: str
    url: str
    people: int
    waiting: int
    closed: bool
    mine: str
    leads: bool


async def groups_of(organisation_id: int, slug: str, viewer: Viewer | None) -> list[GroupCard]:
    """The groups of an organisation that this viewer sees, by name."""
    seen = HelperGroup.visible_to(viewer).filter(organisation_id=organisation_id)
    return await _cards(await seen.order_by("name", "id"), slug, viewer)


async def card_of(group: HelperGroup, slug: str, viewer: Viewer | None) -> GroupCard:
    """A group as this viewer sees it."""
    return (await _cards([group], slug, viewer))[0]


async def _cards(groups: Sequence[HelperGroup], slug: str, viewer: Viewer | None) -> list[GroupCard]:
    """Groups of one organisation, in their order."""
    if not groups:
        return []
    speaks_for_it = await speaks(viewer, groups[0].organisation_id)
    me = viewer.id if viewer is not None and viewer.behalf is None else 0
    counted = await _counted([group.id for group in groups], myself(viewer))
    cards = []
    for group in groups:
        row, coordinates = counted[group.id], group.coordinator_id == me
        cards.append(
            GroupCard(
                id=group.id,
                name=group.name,
                words=group.words,
                url=f"/associations/{slug}/benevoles/{group.id}",
                people=row["people"],
                waiting=row["waiting"] if coordinates or speaks_for_it else 0,
                closed=group.closed_at is not None,
                mine="coordinator" if coordinates else row["mine"],
                leads=coordinates or speaks_for_it,
            )
        )
    return cards


async def _counted(group_ids: list[int], member_id: int) -> dict[int, asyncpg.Record]:
    """By group: its people, who asks, and how this member stands to it: helper, asking or ""."""
    rows = await fetch(
        """SELECT g.id, count(h.id) FILTER (WHERE h.accepted_at IS NOT NULL AND NOT m.away) AS people,
               count(h.id) FILTER (WHERE h.accepted_at IS NULL) AS waiting,
               coalesce(max(CASE WHEN h.accepted_at IS NULL THEN 'asking' ELSE 'helper' END)
                        FILTER (WHERE h.member_id = $2), '') AS mine
           FROM helper_group g LEFT JOIN helper h ON h.group_id = g.id
           LEFT JOIN member m ON m.id = h.member_id
           WHERE g.id = ANY($1::int[]) GROUP BY g.id""",
        group_ids,
        member_id,
    )
    return {row["id"]: row for row in rows}


async def helpers_of(group: HelperGroup, viewer: Viewer, *, asking: bool) -> Sequence[HelperLine]:
    """Its people by name for who is one of them; those who ask only for who looks after it."""
    rows = await fetch(
        """SELECT m.id, m.name, m.handle, h.accepted_at IS NOT NULL AS accepted
           FROM helper h JOIN member m ON m.id = h.member_id
           WHERE h.group_id = $1 AND NOT m.away AND m.id <> ALL($2::int[])
             AND (h.accepted_at IS NOT NULL OR $3) ORDER BY accepted, m.sort_key, m.id""",
        group.id,
        sorted(viewer.unseen),
        asking,
    )
    return [HelperLine(row["id"], row["name"], row["handle"], row["accepted"]) for row in rows]


async def people_to_coordinate(organisation_id: int) -> list[tuple[int, str]]:
    """Who may coordinate: the organisation's people, as choices of a form."""
    rows = await fetch(
        """SELECT m.id, m.name FROM membership p JOIN member m ON m.id = p.member_id
           WHERE p.organisation_id = $1 AND NOT m.away ORDER BY m.sort_key, m.id""",
        organisation_id,
    )
    return [(row["id"], row["name"]) for row in rows]
