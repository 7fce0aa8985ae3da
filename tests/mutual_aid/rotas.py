"""Rotas made quickly, for tests: a weekly slot some days from now, and a crowd to come."""

from datetime import date, timedelta
from typing import Any

from echange.database import execute, fetch
from echange.http import Viewer
from echange.http.dates import today
from echange.mutual_aid import Help
from echange.mutual_aid.models import RotaSlot, Shift
from echange.mutual_aid.rota_terms import Terms
from tests.mutual_aid.helps import asked, somebody
from tests.neighbours import Town


def in_days(number: int) -> date:
    return today() + timedelta(days=number)


def weekly(**changes: Any) -> Terms:
    """At six, an hour, two neighbours; its first day is three days from now."""
    day = in_days(3)
    return Terms(
        **{
            "weekday": day.weekday(),
            "starts": 18 * 60,
            "minutes": 60,
            "people": 2,
            "first_day": day,
            **changes,
        }
    )


async def on_rota(town: Town, handle: str = "alice", **changes: Any) -> tuple[Help, RotaSlot, list[Shift]]:
    """Somebody's help with one slot, and its shifts in order."""
    given = {"counted": changes.pop("counted")} if "counted" in changes else {}
    aid = await asked(town, handle, title="Aide aux devoirs", **given)
    slot = await RotaSlot.add(aid, weekly(**changes), by=somebody(town, handle))
    return aid, slot, await shifts_of(aid)


async def shifts_of(aid: Help) -> list[Shift]:
    return await Shift.filter(slot__help_id=aid.id).order_by("starts_at", "id")


async def crowd(number: int) -> list[Viewer]:
    """So many verified neighbours, straight into the table."""
    rows = await fetch(
        """INSERT INTO member (handle, name, sort_key, email, confirmed_at, verified_at)
           SELECT 'voisin-' || n, 'Voisin ' || n, 'voisin', 'voisin-' || n || '@echange.example', now(), now()
           FROM generate_series(1, $1) n RETURNING id, name, handle""",
        number,
    )
    return [Viewer(row["id"], row["name"], row["handle"], confirmed=True) for row in rows]


async def who(shift: Shift) -> tuple[list[int], list[int]]:
    """Members who come and who wait, each in the order of their coming."""
    rows = await fetch(
        "SELECT member_id, waiting FROM shift_signup WHERE shift_id = $1 AND ended_at IS NULL ORDER BY id",
        shift.id,
    )
    coming = [row["member_id"] for row in rows if not row["waiting"]]
    return coming, [row["member_id"] for row in rows if row["waiting"]]


async def is_over(shift: Shift) -> None:
    """It took place two hours ago."""
    await execute(
        """UPDATE shift SET starts_at = now() - interval '2 hours' - (ends_at - starts_at),
               ends_at = now() - interval '2 hours' WHERE id = $1""",
        shift.id,
    )


async def told(kind: str) -> list[int]:
    """Who was told this, in order."""
    rows = await fetch("SELECT member_id FROM notice WHERE kind = $1 ORDER BY id", kind)
    return [row["member_id"] for row in rows]
