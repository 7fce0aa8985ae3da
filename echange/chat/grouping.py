"""Groups: who is in them, what they are called, who looks after them. All of it stands in their log.

Owners add, remove and name; whoever opened the group is the first of them. When the last owner leaves, who
has been there longest takes over. Newcomers read from their coming on.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final, Literal, TypeAlias

from echange.chat import inbox, log, newcomers
from echange.chat.events import Event
from echange.chat.identifiers import client_id
from echange.chat.log import Turn
from echange.chat.posting import told
from echange.chat.reaching import may_reach
from echange.chat.talk import Other
from echange.database import execute, fetch, fetch_one, fetch_value, in_transaction
from echange.http import Invalid, NotAllowed, NotFound, Refusal
from echange.i18n import gettext as _
from echange.i18n import mark
from echange.members import Unreachable

MOST_MEMBERS: Final = 200
Role: TypeAlias = Literal["owner", "member"]


class NotAGroup(Refusal):
    code: ClassVar[str] = "not_a_group"
    sentence: ClassVar[str] = mark("Cette conversation se tient à deux : ouvrez plutôt un groupe.")


class GroupFull(Refusal):
    code: ClassVar[str] = "group_full"
    sentence: ClassVar[str] = mark("Un groupe réunit {most} personnes au plus.")

    def __init__(self) -> None:
        super().__init__(most=MOST_MEMBERS)


class LastOwner(Refusal):
    code: ClassVar[str] = "last_owner"
    sentence: ClassVar[str] = mark(
        "Personne d’autre ne s’occupe du groupe : nommez d’abord quelqu’un d’autre."
    )


class NotToBeAdded(Unreachable):
    """Away, kept apart, or for any other reason: nobody can tell which.

    Named only to who has a conversation with them.
    """

    sentence: ClassVar[str] = mark("{name} ne peut pas rejoindre de groupe en ce moment.")


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody in a group, as another one in it sees them."""

    person: Other
    role: Role
    joined_at: datetime


async def open_group(members: Sequence[int], *, by: int, title: str = "", name: str = "") -> int:
    """Open a group of `by` and these members; the same `name` of the opener's again finds what it opened.

    Raises Invalid without anybody else, GroupFull, NotFound for somebody unknown, NotToBeAdded, SenderAway,
    TooManyPeople for a newcomer.
    """
    others = [one for one in dict.fromkeys(members) if one != by]
    if not others:
        raise Invalid({"members": [_("Choisissez au moins une personne.")]})
    if len(others) >= MOST_MEMBERS:
        raise GroupFull
    key = f"group:{by}:{name}" if name else None
    async with in_transaction():
        await _reach(others, by=by)
        opened: int | None = await fetch_value(
            """INSERT INTO conversation (key, is_group, title, opener_id) VALUES ($1, true, $2, $3)
               ON CONFLICT (key) DO NOTHING RETURNING id""",
            key,
            title,
            by,
        )
        if opened is None:
            return int(await fetch_value("SELECT id FROM conversation WHERE key = $1", key))
        await execute(
            """INSERT INTO participant (conversation_id, member_id, role)
               SELECT $1, m, CASE WHEN m = $2 THEN 'owner' ELSE 'member' END FROM unnest($3::int[]) AS m""",
            opened,
            by,
            [by, *others],
        )
        await newcomers.check_people(by)
        async with log.turn(opened, by=by) as mine:
            await mine.may_write()
            told(await mine.append(client_id(), "change", {"title": title, "opened": True}))
        return opened


async def add(conversation_id: int, members: Sequence[int], *, by: int) -> list[Event]:
    """Take people in; who is there already stays as they are. Gives what was written.

    Raises NotFound, NotAGroup, NotAllowed for who does not look after the group, GroupFull, NotToBeAdded,
    SenderAway, TooManyPeople for a newcomer.
    """
    async with held(conversation_id, by=by) as mine:
        await mine.may_write()
        new = [one for one in dict.fromkeys(members) if one not in mine.members]
        if len(mine.members) + len(new) > MOST_MEMBERS:
            raise GroupFull
        await _reach(new, by=by)
        joined = [await _join(mine, one) for one in new]
        await newcomers.check_people(by)
        return joined


async def remove(conversation_id: int, member_id: int, *, by: int) -> Event:
    """Put somebody out, or leave oneself. They hear it, and nothing after it.

    Raises NotFound for who is not in it, NotAGroup, NotAllowed.
    """
    if member_id == by:
        return await leave(conversation_id, by=by)
    async with held(conversation_id, by=by) as mine:
        return await _part(mine, member_id)


async def leave(conversation_id: int, *, by: int) -> Event:
    """Go. Where nobody is left to look after the group, who has been there longest does.

    Raises NotFound for who is not in it, NotAGroup.
    """
    async with log.turn(conversation_id, by=by) as mine:
        _refuse_two(mine)
        gone = await _part(mine, by)
        await _hand_over(mine)
        return gone


async def rename(conversation_id: int, title: str, *, by: int) -> Event | None:
    """Call the group otherwise; nothing calls it after its people. The same name again changes nothing.

    Raises NotFound, NotAGroup, NotAllowed, SenderAway.
    """
    async with held(conversation_id, by=by) as mine:
        await mine.may_write()
        renamed = await execute(
            "UPDATE conversation SET title = $2 WHERE id = $1 AND title <> $2", conversation_id, title
        )
        return told(await mine.append(client_id(), "change", {"title": title})) if renamed else None


async def appoint(conversation_id: int, member_id: int, role: Role, *, by: int) -> Event | None:
    """Have a member look after the group too, or no more. What is so already stays so.

    Raises NotFound for who is not in it, NotAGroup, NotAllowed, LastOwner, SenderAway.
    """
    async with held(conversation_id, by=by) as mine:
        await mine.may_write()
        if member_id not in mine.members:
            raise NotFound
        if role == "member" and not await _owners_beside(conversation_id, member_id):
            raise LastOwner
        changed = await execute(
            "UPDATE participant SET role = $3 WHERE conversation_id = $1 AND member_id = $2 AND role <> $3",
            conversation_id,
            member_id,
            role,
        )
        data = {"member": member_id, "role": role}
        return told(await mine.append(client_id(), "change", data)) if changed else None


async def places(conversation_id: int, viewer_id: int) -> list[Place]:
    """Who is in it, owners first, as one of them sees it; raises NotFound for who is not in it."""
    rows = await fetch(
        """SELECT p.member_id, p.role, p.joined_at FROM participant p JOIN member m ON m.id = p.member_id
           WHERE p.conversation_id = $1
             AND EXISTS (SELECT FROM participant WHERE conversation_id = $1 AND member_id = $2)
           ORDER BY p.role = 'owner' DESC, m.sort_key, m.id""",
        conversation_id,
        viewer_id,
    )
    if not rows:
        raise NotFound
    known = await inbox.people([row["member_id"] for row in rows], viewer_id)
    return [Place(known[row["member_id"]], row["role"], row["joined_at"]) for row in rows]


@asynccontextmanager
async def held(conversation_id: int, *, by: int) -> AsyncIterator[Turn]:
    """A group, for one who looks after it."""
    async with log.turn(conversation_id, by=by) as mine:
        _refuse_two(mine)
        if await _role(conversation_id, by) != "owner":
            raise NotAllowed
        yield mine


def _refuse_two(mine: Turn) -> None:
    if not mine.is_group:
        raise NotAGroup


async def _role(conversation_id: int, member_id: int) -> Role | None:
    role: Role | None = await fetch_value(
        "SELECT role FROM participant WHERE conversation_id = $1 AND member_id = $2",
        conversation_id,
        member_id,
    )
    return role


async def _owners_beside(conversation_id: int, member_id: int) -> int:
    count: int = await fetch_value(
        """SELECT count(*) FROM participant
           WHERE conversation_id = $1 AND member_id <> $2 AND role = 'owner'""",
        conversation_id,
        member_id,
    )
    return count


async def _reach(members: Sequence[int], *, by: int) -> None:
    """A group carries nobody around a block, a pause or a departure."""
    rows = await fetch(
        """SELECT id, CASE WHEN EXISTS (
                      SELECT FROM participant p JOIN participant mine USING (conversation_id)
                      WHERE p.member_id = m.id AND mine.member_id = $2) THEN name ELSE $3 END AS name
           FROM member m WHERE id = ANY($1::int[]) AND left_at IS NULL""",
        list(members),
        by,
        _("Une des personnes choisies"),
    )
    names = {row["id"]: row["name"] for row in rows}
    if any(one not in names for one in members):
        raise NotFound
    for one in members:
        if not await may_reach(by, one):
            raise NotToBeAdded(name=names[one])


async def _join(mine: Turn, member_id: int) -> Event:
    # One after the other: each is told from their own coming on.
    await execute(
        "INSERT INTO participant (conversation_id, member_id, from_seq, read_seq) VALUES ($1, $2, $3, $3)",
        mine.conversation,
        member_id,
        mine.head + 1,
    )
    return told(await mine.append(client_id(), "join", {"member": member_id}))


async def _part(mine: Turn, member_id: int) -> Event:
    parted = await execute(
        "DELETE FROM participant WHERE conversation_id = $1 AND member_id = $2", mine.conversation, member_id
    )
    if not parted:
        raise NotFound
    return told(await mine.append(client_id(), "leave", {"member": member_id}, also=[member_id]))


async def _hand_over(mine: Turn) -> None:
    heir = await fetch_one(
        """UPDATE participant SET role = 'owner' WHERE id = (
               SELECT p.id FROM participant p JOIN member m ON m.id = p.member_id
               WHERE p.conversation_id = $1 ORDER BY m.away, p.joined_at, p.id LIMIT 1)
             AND NOT EXISTS (SELECT FROM participant WHERE conversation_id = $1 AND role = 'owner')
           RETURNING member_id""",
        mine.conversation,
    )
    if heir is not None:
        data = {"member": heir["member_id"], "role": "owner"}
        told(await mine.append(client_id(), "change", data))
