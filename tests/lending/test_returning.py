"""Back again: whole or in part, early, late, damaged, incomplete, lost and found."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from echange.database import fetch, fetch_value
from echange.lending import schedule
from echange.lending.models import Accessory, ConditionReport, Loan, Unit
from echange.lending.returning import take_back
from tests.failing import failing
from tests.lending.desk_things import (
    API,
    Client,
    act,
    asked,
    incidents_of,
    kinds_told,
    long_ago,
    out,
    window,
)
from tests.lending.things import lent, redoute, somebody
from tests.neighbours import Town


def earlier(**ago: float) -> str:
    return (datetime.now(UTC) - timedelta(**ago)).isoformat()


async def holding() -> int:
    count: int = await fetch_value("SELECT count(*) FROM booking_holding WHERE returned_at IS NULL")
    return count


async def test_what_is_back_is_free_at_once(alice: Client, bob: Client, keeper: Client, town: Town) -> None:
    item = await lent(town)
    gone = await out(alice, keeper, item, end=72)
    taken = await bob.post(
        f"{API}/items/{item.id}/reservations", json=window(timedelta(hours=1), timedelta(hours=9))
    )
    assert taken.status_code == 409
    told = await act(keeper, gone["id"], "return")
    assert (told["state"], told["next"]) == ("returned", ["closing", "damage", "loss"])
    assert await holding() == 0
    assert await kinds_told(town["alice"]) == ["loan_handed", "loan_back"]
    await asked(bob, item, start=1, end=9)


async def test_a_second_click_takes_back_once(alice: Client, keeper: Client, town: Town) -> None:
    gone = await out(alice, keeper, await lent(town, units=2), quantity=2)
    answers = await asyncio.gather(
        *(keeper.post(f"{API}/reservations/{gone['id']}/return", json={}) for _ in range(8))
    )
    assert {answer.status_code for answer in answers} == {200}
    assert await fetch_value("SELECT count(*) FROM loan_event WHERE kind = 'returned'") == 1
    assert await ConditionReport.filter(loan_id=gone["id"], moment="back").count() == 2


async def test_of_two_desks_at_once_one_takes_back(
    alice: Client, keeper: Client, bob: Client, town: Town
) -> None:
    await redoute(town, "bob")
    gone = await out(alice, keeper, await lent(town))
    answers = await asyncio.gather(
        *(desk.post(f"{API}/reservations/{gone['id']}/return", json={}) for desk in (keeper, bob) * 3)
    )
    assert sorted({answer.status_code for answer in answers}) == [200, 409]
    assert await fetch_value("SELECT count(*) FROM loan_event WHERE kind = 'returned'") == 1


async def test_what_is_missing_keeps_the_loan_out(alice: Client, keeper: Client, town: Town) -> None:
    gone = await out(alice, keeper, await lent(town, units=3), quantity=3)
    first, second, third = gone["codes"]
    told = await act(keeper, gone["id"], "return", units=[first])
    assert (told["state"], told["events"][-1]["kind"]) == ("out", "returned_part")
    assert await holding() == 2
    assert (await act(keeper, gone["id"], "return", units=[first]))["state"] == "out"
    assert (await act(keeper, gone["id"], "return", units=[third, second]))["state"] == "returned"
    assert await kinds_told(town["alice"]) == ["loan_handed", "loan_back_part", "loan_back"]


async def test_one_that_was_never_part_of_it_is_refused(alice: Client, keeper: Client, town: Town) -> None:
    item = await lent(town, units=2)
    gone = await out(alice, keeper, item)
    other = await Unit.filter(item_id=item.id).exclude(id=gone["units"][0]).get()
    assert (await act(keeper, gone["id"], "return", 409, units=[other.code]))["code"] == "not_of_loan"
    assert (await act(alice, gone["id"], "return", 409))["code"] == "not_your_turn"


async def test_it_comes_back_after_it_went(alice: Client, keeper: Client, town: Town) -> None:
    gone = await out(alice, keeper, await lent(town))
    told = await act(keeper, gone["id"], "return", 409, at=earlier(hours=2), reason="Oubli")
    assert told["code"] == "before_last_event"
    await long_ago(gone["id"], 10)
    told = await act(keeper, gone["id"], "return", at=earlier(hours=2), reason="Rendu à la voisine")
    assert datetime.fromisoformat(told["returned_at"]) < datetime.now(UTC) - timedelta(hours=1)


async def test_what_is_broken_opens_a_case_and_is_set_aside(
    alice: Client, bob: Client, keeper: Client, town: Town
) -> None:
    item = await lent(town)
    gone = await out(alice, keeper, item)
    (code,) = gone["codes"]
    told = await act(keeper, gone["id"], "return", conditions={code: "broken"})
    assert (told["state"], told["next"]) == ("damaged", ["closing", "loss"])
    (case,) = await incidents_of(alice, gone["id"])
    assert (case["kind"], case["decision"]) == ("damage", None)
    assert await fetch_value("SELECT count(*) FROM maintenance WHERE ended_at IS NULL") == 1
    refused = await bob.post(
        f"{API}/items/{item.id}/reservations", json=window(timedelta(hours=1), timedelta(hours=9))
    )
    assert refused.status_code == 409
    assert await kinds_told(town["alice"]) == ["loan_handed", "incident_opened", "loan_back"]


async def test_a_part_that_is_missing_opens_a_case_unless_it_was_missing_before(
    alice: Client, keeper: Client, town: Town
) -> None:
    item = await lent(town, "Vidéoprojecteur")
    await Accessory.tell(item, [("Télécommande", 1), ("Câble", 1)])
    it = await asked(alice, item)
    (code,) = it["codes"]
    await act(keeper, it["id"], "handover", missing={code: ["Câble"]})
    told = await act(keeper, it["id"], "return", missing={code: ["Câble", "Télécommande"]})
    assert told["state"] == "returned"
    (case,) = await incidents_of(keeper, it["id"])
    assert (case["kind"], case["words"]) == ("missing", "Télécommande")


async def test_damage_is_found_afterwards_too(alice: Client, keeper: Client, town: Town) -> None:
    gone = await out(alice, keeper, await lent(town))
    await act(keeper, gone["id"], "return")
    told = await act(keeper, gone["id"], "damage", words="Pied tordu", usable=True)
    assert told["state"] == "damaged"
    assert (await act(keeper, gone["id"], "damage", words="Pied tordu", usable=True))["state"] == "damaged"
    (case,) = await incidents_of(keeper, gone["id"])
    assert case["words"] == "Pied tordu"
    assert await fetch_value("SELECT count(*) FROM maintenance") == 0
    assert (await Unit.get(id=gone["units"][0])).condition == "worn"


async def test_damage_told_while_it_is_out_is_its_return(alice: Client, keeper: Client, town: Town) -> None:
    gone = await out(alice, keeper, await lent(town, units=2), quantity=2)
    assert (await act(keeper, gone["id"], "damage", 422, words="Fêlé"))["errors"].keys() == {"unit"}
    told = await act(keeper, gone["id"], "damage", unit=gone["codes"][0], words="Fêlé")
    assert (told["state"], await holding()) == ("out", 1)
    assert (await act(keeper, gone["id"], "return"))["state"] == "damaged"


async def test_what_is_lost_is_lent_no_more_and_who_was_to_have_it_hears(
    alice: Client, bob: Client, keeper: Client, town: Town
) -> None:
    item = await lent(town)
    gone = await out(alice, keeper, item, end=20)
    later = await asked(bob, item, start=24, end=48)
    told = await act(keeper, gone["id"], "loss", words="Oublié dans le bus")
    assert (told["state"], told["next"]) == ("lost", ["return", "closing"])
    assert (await act(keeper, gone["id"], "loss", words="Oublié dans le bus"))["state"] == "lost"
    assert (await bob.get(f"{API}/reservations/{later['id']}")).json()["state"] == "at_risk"
    assert "loan_at_risk" in await kinds_told(town["bob"])
    assert await fetch_value(
        "SELECT retired_at IS NOT NULL FROM booking_unit WHERE id = $1", gone["units"][0]
    )
    assert await holding() == 0
    assert [one["kind"] for one in await incidents_of(alice, gone["id"])] == ["loss"]


async def test_what_was_lost_is_found(alice: Client, keeper: Client, town: Town) -> None:
    gone = await out(alice, keeper, await lent(town, units=2), quantity=2)
    first, second = gone["codes"]
    assert (await act(keeper, gone["id"], "loss", unit=first))["state"] == "out"
    assert (await act(keeper, gone["id"], "return", units=[second]))["state"] == "lost"
    told = await act(keeper, gone["id"], "return", units=[first])
    assert told["state"] == "returned"
    assert (await Unit.get(code=first)).condition == "good"
    assert await fetch_value("SELECT count(*) FROM booking_unit WHERE retired_at IS NOT NULL") == 0
    (case,) = await incidents_of(keeper, gone["id"])
    assert case["decision"] == "nothing"


async def test_who_is_late_moves_the_next_loan_to_another_unit(
    alice: Client, bob: Client, charlie: Client, keeper: Client, town: Town
) -> None:
    item = await lent(town, units=2)
    late = await out(alice, keeper, item, end=2)
    other = await out(charlie, keeper, item, end=3)
    later = await asked(bob, item, start=3.5, end=6)
    later = later if later["units"] == late["units"] else await asked(bob, item, start=3.5, end=6)
    assert later["units"] == late["units"]
    await act(keeper, other["id"], "return")
    await long_ago(late["id"], 2.5)
    await schedule.ripple()
    told = (await bob.get(f"{API}/reservations/{later['id']}")).json()
    assert (told["state"], told["units"]) == ("approved", other["units"])
    assert "loan_at_risk" not in await kinds_told(town["bob"])


async def test_where_there_is_no_other_unit_the_next_one_hears_of_three_dates(
    alice: Client, bob: Client, charlie: Client, keeper: Client, town: Town
) -> None:
    item = await lent(town)
    late = await out(alice, keeper, item, end=2)
    later = await asked(bob, item, start=3, end=6)
    await long_ago(late["id"], 2.5)
    # Somebody else brings something back: whoever is late makes room then.
    another = await out(charlie, keeper, await lent(town, "Banc"))
    await act(keeper, another["id"], "return")
    told = (await bob.get(f"{API}/reservations/{later['id']}")).json()
    assert told["state"] == "at_risk"
    notice = await fetch(
        "SELECT data FROM notice WHERE member_id = $1 AND kind = 'loan_at_risk'", town["bob"]
    )
    assert len(notice) == 1
    # It comes back after all: the same dates can be had again.
    await act(keeper, late["id"], "return")
    await bob.patch(f"{API}/reservations/{later['id']}", json={})
    assert (await bob.get(f"{API}/reservations/{later['id']}")).json()["state"] == "approved"


async def test_every_way_through_the_desk_replays(alice: Client, keeper: Client, town: Town) -> None:
    from echange.lending.life import replayed

    gone = await out(alice, keeper, await lent(town, units=3), quantity=3)
    first, second, third = gone["codes"]
    await act(keeper, gone["id"], "return", units=[first])
    await act(keeper, gone["id"], "loss", unit=second)
    await act(keeper, gone["id"], "damage", unit=third, words="Fêlé")
    await act(keeper, gone["id"], "return", units=[second])
    kinds = [row["kind"] for row in await fetch("SELECT kind FROM loan_event ORDER BY id")]
    assert replayed(kinds) == (await Loan.get(id=gone["id"])).state == "damaged"


async def test_what_was_never_collected_is_free_once_the_rest_is_back(
    alice: Client, bob: Client, keeper: Client, town: Town
) -> None:
    item = await lent(town, units=3)
    it = await asked(alice, item, quantity=3)
    await act(keeper, it["id"], "handover", units=it["codes"][:1])
    assert (await act(keeper, it["id"], "return"))["state"] == "returned"
    await asked(bob, item, quantity=3, start=1, end=9)


async def test_what_was_never_collected_is_free_once_the_rest_is_lost(
    alice: Client, bob: Client, keeper: Client, town: Town
) -> None:
    item = await lent(town, units=3)
    it = await asked(alice, item, quantity=3)
    await act(keeper, it["id"], "handover", units=it["codes"][:1])
    assert (await act(keeper, it["id"], "loss"))["state"] == "lost"
    await asked(bob, item, quantity=2, start=1, end=9)


async def test_what_another_loan_lost_is_not_lost_in_this_one(
    alice: Client, bob: Client, keeper: Client, town: Town
) -> None:
    item = await lent(town, units=2)
    gone = await out(alice, keeper, item, quantity=2)
    first, second = gone["codes"]
    await act(keeper, gone["id"], "return", units=[first])
    other = await out(bob, keeper, item)
    assert other["codes"] == [first]
    await act(keeper, other["id"], "loss")
    page = (await keeper.get(f"{gone['url']}/retour")).text
    assert (first in page, second in page) == (False, True)
    assert (await act(keeper, gone["id"], "return"))["state"] == "returned"
    assert (await act(alice, gone["id"], "return", 409, units=[first]))["code"] == "not_your_turn"
    await act(keeper, gone["id"], "return", units=[first])
    assert (await Unit.get(code=first)).condition == "lost"
    assert (await act(keeper, other["id"], "return", units=[first]))["state"] == "returned"


async def test_a_return_stands_even_if_who_is_late_cannot_make_room(
    alice: Client, bob: Client, charlie: Client, keeper: Client, town: Town
) -> None:
    item = await lent(town)
    late = await out(alice, keeper, item, end=2)
    later = await asked(bob, item, start=3, end=6)
    await long_ago(late["id"], 2.5)
    another = await out(charlie, keeper, await lent(town, "Banc"))
    async with failing("loan_event", "kind = 'displaced'", "P0001"):
        assert (await act(keeper, another["id"], "return"))["state"] == "returned"
    assert (await bob.get(f"{API}/reservations/{later['id']}")).json()["state"] == "approved"
    await schedule.ripple()
    assert (await bob.get(f"{API}/reservations/{later['id']}")).json()["state"] == "at_risk"


async def test_a_deadlock_while_room_is_made_does_not_take_back_twice(
    alice: Client, bob: Client, charlie: Client, keeper: Client, town: Town
) -> None:
    item = await lent(town)
    late = await out(alice, keeper, item, end=2)
    later = await asked(bob, item, start=3, end=6)
    await long_ago(late["id"], 2.5)
    another = await Loan.get(id=(await out(charlie, keeper, await lent(town, "Banc")))["id"])
    async with failing("loan_event", "kind = 'displaced'", "40P01", times=1):
        assert await take_back(another, by=somebody(town, "redoute"))
    assert (await bob.get(f"{API}/reservations/{later['id']}")).json()["state"] == "at_risk"


@pytest.mark.parametrize(
    ("verb", "body", "status"),
    [
        ("return", {"at": "9999-12-31T23:59:00-12:00", "reason": "x"}, 422),
        ("return", {"at": "0001-01-01T00:00:00+12:00", "reason": "x"}, 422),
        ("return", {"conditions": {"²": "good"}}, 409),
        ("return", {"conditions": {"99999999999": "good"}}, 409),
        ("return", {"missing": {"٣": ["Câble"]}}, 409),
        ("damage", {"words": "Fêlé", "repair_until": "9999-12-31"}, 422),
    ],
)
async def test_strange_words_are_refused(
    alice: Client, keeper: Client, town: Town, verb: str, body: dict[str, Any], status: int
) -> None:
    gone = await out(alice, keeper, await lent(town))
    await act(keeper, gone["id"], verb, status, **body)


async def test_nothing_is_set_aside_for_more_than_a_year(alice: Client, keeper: Client, town: Town) -> None:
    gone = await out(alice, keeper, await lent(town))
    await act(keeper, gone["id"], "damage", words="Fêlé", repair_until="2199-12-31")
    assert await fetch_value("SELECT ends_at < now() + interval '367 days' FROM maintenance")
