"""What becomes of organisations when one of their people leaves échange for good."""

from echange.database import execute, fetch
from echange.i18n import gettext as _
from echange.members.models.membership import LastOwner


async def told(member_id: int) -> list[str]:
    """Sentences said before somebody leaves."""
    rows = await fetch(
        """SELECT o.name FROM membership p JOIN organisation o ON o.id = p.organisation_id
           WHERE p.member_id = $1 AND o.closed_at IS NULL ORDER BY o.sort_key""",
        member_id,
    )
    return [
        _("Vous ne ferez plus partie de « {name} » ; ses annonces restent à elle.").format(name=row["name"])
        for row in rows
    ]


async def kept_alone(member_id: int) -> list[tuple[str, str]]:
    """Name and address of the open organisations that would have no owner left without this member.

    Other owners who are leaving do not count. Inside a transaction the organisations stay locked until its
    end, so that of two owners leaving at once the second one sees the first.
    """
    held = await _hold(member_id)
    rows = await fetch(
        """SELECT o.name, '/associations/' || o.slug AS url FROM organisation o WHERE o.id = ANY ($2::int[])
           AND NOT EXISTS (SELECT FROM membership p JOIN member m ON m.id = p.member_id
                           WHERE p.organisation_id = o.id AND p.role = 'owner'
                             AND p.member_id <> $1 AND m.leaving_at IS NULL) ORDER BY o.sort_key""",
        member_id,
        held,
    )
    return [(row["name"], row["url"]) for row in rows]


async def check_may_leave(member_id: int) -> None:
    """Raise LastOwner while an open organisation would be left without an owner."""
    if await kept_alone(member_id):
        raise LastOwner


async def forget(member_id: int) -> None:
    """Out of all organisations, in the caller's transaction; one left without an owner is closed."""
    await _hold(member_id)
    await execute(
        """UPDATE organisation o SET closed_at = now() WHERE closed_at IS NULL
             AND EXISTS (SELECT FROM membership WHERE organisation_id = o.id AND member_id = $1
                         AND role = 'owner')
             AND NOT EXISTS (SELECT FROM membership WHERE organisation_id = o.id AND member_id <> $1
                             AND role = 'owner')""",
        member_id,
    )
    await execute("DELETE FROM membership WHERE member_id = $1", member_id)
    await execute("DELETE FROM invitation WHERE by_id = $1", member_id)


async def _hold(member_id: int) -> list[int]:
    """Lock the open organisations this member owns, in order: their ids."""
    rows = await fetch(
        """SELECT o.id FROM organisation o JOIN membership p ON p.organisation_id = o.id
           WHERE p.member_id = $1 AND p.role = 'owner' AND o.closed_at IS NULL
           ORDER BY o.id FOR NO KEY UPDATE OF o""",
        member_id,
    )
    return [row["id"] for row in rows]
