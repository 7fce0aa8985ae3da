"""A rota for somebody without internet: whoever acts for them runs it, and comes in their name."""

from dataclasses import replace

import pytest

from echange.database import fetch, fetch_value
from echange.http import NotAllowed, Viewer
from echange.http.viewer import Behalf
from echange.members import OutOfScope
from echange.mutual_aid.models import RotaSlot
from tests.mutual_aid.helps import asked, somebody
from tests.mutual_aid.rotas import on_rota, shifts_of, weekly, who
from tests.neighbours import Town


async def acting(town: Town, handle: str, *scopes: str) -> Viewer:
    """The concierge, under a mandate of this neighbour."""
    mandate_id: int = await fetch_value(
        """INSERT INTO mandate (scopes, days, consent, ends_at, agreed_at, person_id, made_by_id)
           VALUES ($1, 31, 'signed', now() + interval '31 days', now(), $2, $3) RETURNING id""",
        list(scopes),
        town[handle],
        town["concierge"],
    )
    behalf = Behalf(town[handle], handle, mandate_id, frozenset(scopes))
    return replace(somebody(town, "concierge", "concierge"), behalf=behalf)


async def test_the_desk_runs_a_rota_for_somebody_and_it_is_written_down(orm: None, town: Town) -> None:
    aid = await asked(town, "alice")
    desk = await acting(town, "alice", "help")
    slot = await RotaSlot.add(aid, weekly(), by=desk)
    shift = (await shifts_of(aid))[0]
    await shift.come(by=somebody(town, "bob"))
    await shift.cancel(by=desk, reason="Elle est à l’hôpital.")
    await slot.remove(by=desk)
    rows = await fetch("SELECT what FROM mandate_act ORDER BY id")
    assert [row["what"] for row in rows] == ["rota_changed", "shift_cancelled", "rota_changed"]
    with pytest.raises(NotAllowed):
        await RotaSlot.add(aid, weekly(), by=somebody(town, "concierge", "concierge"))


async def test_the_desk_signs_somebody_up_in_their_name(orm: None, town: Town) -> None:
    _aid, _slot, shifts = await on_rota(town)
    desk = await acting(town, "bob", "help")
    await shifts[0].come(by=desk)
    assert await who(shifts[0]) == ([town["bob"]], [])
    await shifts[0].ask_swap(by=desk)
    await shifts[0].keep(by=desk)
    await shifts[0].leave(by=desk)
    rows = await fetch("SELECT what, by_id FROM mandate_act ORDER BY id")
    assert [row["what"] for row in rows] == ["shift_taken", "shift_swap_asked", "shift_left"]
    assert {row["by_id"] for row in rows} == {town["concierge"]}


async def test_a_mandate_for_other_things_does_not_do(orm: None, town: Town) -> None:
    _aid, _slot, shifts = await on_rota(town)
    with pytest.raises(OutOfScope):
        await shifts[0].come(by=await acting(town, "bob", "lending"))
