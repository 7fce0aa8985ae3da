"""The life of a loan between its two sides: yes, no, other dates, longer, called off, not collected."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import httpx
import pytest

from echange.booking import Period, Rules
from echange.database import execute, fetch_value, in_transaction
from echange.http import NotAllowed
from echange.http.viewer import Behalf
from echange.lending.life import OVER, replayed
from echange.lending.models import Loan, LoanEvent
from echange.members import Block, OutOfScope
from tests.lending.asking import ask, in_days, window
from tests.lending.desk_things import act, kinds_told
from tests.lending.things import lent, redoute, somebody
from tests.neighbours import Town

Client = httpx.AsyncClient


async def out(loan_id: int) -> None:
    """As the desk hands it over."""
    it = await Loan.get(id=loan_id)
    async with in_transaction():
        await it.lock()
        await it.move("handed_over", None, out_at=it.starts_at)
        await execute(
            "UPDATE booking_allocation SET kind = 'out', pinned = true WHERE booking_id = $1", it.booking_id
        )


async def taken() -> int:
    count: int = await fetch_value("SELECT count(*) FROM booking_allocation")
    return count


async def replay(loan_id: int) -> str | None:
    """The state that its history leads to."""
    kinds: list[Any] = list(
        await LoanEvent.filter(loan_id=loan_id).order_by("id").values_list("kind", flat=True)
    )
    return replayed(kinds)


async def test_yes_tells_the_address(alice: Client, keeper: Client, town: Town) -> None:
    item = await lent(town, approval="owner")
    await execute("UPDATE lender SET address = '3 rue des Lilas', directions = 'Au fond de la cour'")
    it = await ask(alice, item.id)
    assert "Lilas" not in (await alice.get(it["url"])).text
    assert (await act(alice, it["id"], "approval", 409))["code"] == "not_your_turn"
    told = await act(keeper, it["id"], "approval")
    assert told["state"] == "approved"
    # Said twice, it counts once.
    await act(keeper, it["id"], "approval")
    assert await kinds_told(town["alice"]) == ["loan_agreed"]
    page = (await alice.get(it["url"])).text
    assert "3 rue des Lilas" in page
    assert "Au fond de la cour" in page


async def test_no_gives_the_dates_back_and_says_why(
    alice: Client, bob: Client, keeper: Client, town: Town
) -> None:
    item = await lent(town, approval="owner")
    it = await ask(alice, item.id)
    await ask(bob, item.id, 409)
    await act(keeper, it["id"], "refusal", 422, reason="")
    told = await act(keeper, it["id"], "refusal", reason="Il est en réparation.")
    assert (told["state"], told["events"][-1]["words"]) == ("refused", "Il est en réparation.")
    assert await taken() == 0
    assert "en réparation" in (await alice.get(it["url"])).text
    await ask(bob, item.id)


async def test_both_sides_call_it_off_until_it_is_out(alice: Client, keeper: Client, town: Town) -> None:
    item = await lent(town)
    first, second, third = [await ask(alice, item.id, **window(3 * n, 3 * n + 2)) for n in (1, 2, 3)]
    await act(alice, first["id"], "cancellation", reason="Il pleut.")
    await act(alice, first["id"], "cancellation")
    assert await fetch_value("SELECT count(*) FROM notice WHERE kind = 'loan_cancelled'") == 1
    await act(keeper, second["id"], "cancellation", reason="Cassé.")
    assert (await kinds_told(town["alice"])) == ["loan_called_off"]
    await out(third["id"])
    assert (await act(alice, third["id"], "cancellation", 409))["code"] == "not_now"
    assert await taken() == 1


async def test_it_is_prepared_and_nobody_comes(alice: Client, keeper: Client, town: Town) -> None:
    item = await lent(town)
    it = await ask(alice, item.id)
    assert (await act(keeper, it["id"], "preparation"))["state"] == "ready"
    assert (await act(keeper, it["id"], "absence", 409))["code"] == "too_early"
    await execute("UPDATE loan SET starts_at = now() - interval '30 hours'")
    assert (await act(keeper, it["id"], "absence"))["state"] == "no_show"
    assert await taken() == 0


async def test_a_change_takes_before_it_gives_back(
    alice: Client, bob: Client, keeper: Client, town: Town
) -> None:
    item = await lent(town)
    mine = await ask(alice, item.id, **window(3, 5))
    await ask(bob, item.id, **window(10, 12))
    way = f"/api/v1/reservations/{mine['id']}"
    refused = await alice.patch(way, json=window(11, 13))
    assert (refused.status_code, refused.json()["code"]) == (409, "not_free")
    assert refused.json()["alternatives"]
    still = (await alice.get(way)).json()
    assert (still["start"], still["state"]) == (mine["start"], "approved")
    # Its own window does not stand in its way.
    moved = (await alice.patch(way, json=window(4, 6))).json()
    assert (moved["start"][:10], moved["state"]) == (in_days(4)[:10], "approved")
    assert "loan_changed" in await kinds_told(town["redoute"])
    assert await taken() == 2


async def test_what_grows_is_agreed_to_anew(alice: Client, keeper: Client, town: Town) -> None:
    item = await lent(town, units=3, approval="owner")
    it = await ask(alice, item.id, **window(3, 8), quantity=2)
    await act(keeper, it["id"], "approval")
    way = f"/api/v1/reservations/{it['id']}"
    assert (await alice.patch(way, json=window(4, 7))).json()["state"] == "approved"
    assert (await alice.patch(way, json={"quantity": 1})).json()["state"] == "approved"
    assert await taken() == 1
    assert (await alice.patch(way, json={"quantity": 3})).json()["state"] == "requested"
    assert await taken() == 3
    assert await replay(it["id"]) == "requested"


async def test_other_dates_are_proposed_and_taken(alice: Client, keeper: Client, town: Town) -> None:
    item = await lent(town, approval="owner")
    it = await ask(alice, item.id)
    await act(keeper, it["id"], "proposal", **window(6, 8), words="Plutôt la semaine d’après ?")
    page = (await alice.get(it["url"])).text
    assert "D’autres dates vous sont proposées" in page
    sent = {**window(6, 8), "quantity": "1"}
    assert (await alice.post(f"{it['url']}/dates", data=sent)).status_code == 303
    assert (await alice.get(f"/api/v1/reservations/{it['id']}")).json()["start"][:10] == in_days(6)[:10]
    # Who proposed them needs not be asked again.
    assert await replay(it["id"]) == "approved"


async def test_a_loan_is_kept_longer_unless_somebody_waits(
    alice: Client, bob: Client, keeper: Client, town: Town
) -> None:
    item = await lent(town, renewals=1)
    it = await ask(alice, item.id, **window(1, 3))
    await out(it["id"])
    await execute(
        """INSERT INTO waiter (item_id, member_id, starts_at, ends_at) VALUES ($1, $2, $3::text::timestamptz,
           $4::text::timestamptz)""",
        item.id, town["bob"], in_days(3), in_days(5),
    )  # fmt: skip
    assert (await act(alice, it["id"], "renewal", 409, end=in_days(5)))["code"] == "somebody_waits"
    await execute("DELETE FROM waiter")
    assert (await act(alice, it["id"], "renewal", 409, end=in_days(2)))["code"] == "empty_period"
    told = await act(alice, it["id"], "renewal", end=in_days(5))
    assert (told["end"][:10], told["renewed"], told["state"]) == (in_days(5)[:10], 1, "out")
    # The same click again is no second renewal; a second one is refused.
    await act(alice, it["id"], "renewal", end=in_days(5))
    assert (await act(alice, it["id"], "renewal", 409, end=in_days(7)))["code"] == "no_more_renewals"
    # The lender may let them keep it.
    await act(keeper, it["id"], "renewal", end=in_days(7))
    await ask(bob, item.id, 409, **window(5, 6))


async def test_a_hold_is_confirmed_in_time_or_is_over(alice: Client, bob: Client, town: Town) -> None:
    item = await lent(town)
    it = await ask(alice, item.id, hold=True)
    assert (it["state"], it["next"]) == ("held", ["confirmation", "cancellation"])
    await ask(bob, item.id, 409)
    assert (await act(alice, it["id"], "confirmation"))["state"] == "approved"
    await act(alice, it["id"], "confirmation")
    other = await ask(alice, item.id, hold=True, **window(8, 9))
    await execute("UPDATE loan SET held_until = now() - interval '1 minute' WHERE id = $1", other["id"])
    await execute(
        "UPDATE booking_allocation SET expires_at = now() - interval '1 minute' WHERE kind = 'held'"
    )
    assert (await act(alice, other["id"], "confirmation", 409))["code"] == "hold_over"
    # No job has run, and yet it is free.
    await ask(bob, item.id, **window(8, 9))


async def test_the_towns_desk_decides_where_it_is_asked(
    alice: Client, nadia: Client, keeper: Client, town: Town
) -> None:
    item = await lent(town, approval="staff")
    it = await ask(alice, item.id)
    assert "loan_requested" in await kinds_told(town["concierge"])
    assert (await act(nadia, it["id"], "approval"))["state"] == "approved"


async def test_every_state_has_a_page_for_both(alice: Client, keeper: Client, town: Town) -> None:
    item = await lent(town, deposit_cents=2000, approval="owner")
    it = await ask(alice, item.id)
    for state in ("requested", "approved", "at_risk", "ready", "out", "returned", "damaged", "lost", *OVER):
        await execute("UPDATE loan SET state = $1", state)
        for client in (alice, keeper):
            page = await client.get(it["url"])
            assert page.status_code == 200, state
            assert "loan-next" in page.text
    await execute("UPDATE loan SET state = 'held', held_until = now() + interval '5 minutes'")
    assert "Relisez et confirmez" in (await alice.get(it["url"])).text


async def test_buttons_do_what_the_api_does(alice: Client, keeper: Client, town: Town) -> None:
    item = await lent(town, approval="owner")
    it = await ask(alice, item.id)
    way = it["url"]
    assert (await keeper.get(f"{way}/refus")).status_code == 200
    assert (await keeper.post(f"{way}/refus", data={"words": ""})).status_code == 422
    assert (await keeper.get(f"{way}/proposition")).status_code == 200
    assert (await alice.get(f"{way}/dates?du={in_days(6)[:10]}&au={in_days(8)[:10]}")).status_code == 200
    assert (await keeper.post(f"{way}/accord")).status_code == 303
    assert (await keeper.post(f"{way}/preparation")).status_code == 303
    assert (await alice.get(f"{way}/annulation")).status_code == 200
    await out(it["id"])
    assert (await alice.get(f"{way}/annulation")).status_code == 303
    renewal = await alice.get(f"{way}/prolongation")
    assert "Jusqu’à quand" in renewal.text
    assert (await alice.post(f"{way}/prolongation", data={"end": "demain"})).status_code == 422
    assert (await alice.post(f"{way}/prolongation", data={"end": in_days(6)})).status_code == 303
    assert (await alice.post(f"{way}/message")).headers["location"].startswith("/messages/")
    assert (await alice.get("/moi/prets")).status_code == 200
    board = (await keeper.get("/prets/tableau")).text
    assert "Sortis" in board


@pytest.mark.parametrize("handle", ["alice", "redoute"])
async def test_the_lists_say_why_they_are_empty(
    handle: str, alice: Client, keeper: Client, town: Town
) -> None:
    client = alice if handle == "alice" else keeper
    assert "Vous n’empruntez rien" in (await client.get("/moi/prets")).text
    assert "Rien n’attend" in (await client.get("/prets/tableau")).text


async def test_what_is_late_stands_on_top(alice: Client, keeper: Client, town: Town) -> None:
    item = await lent(town)
    it = await ask(alice, item.id)
    await out(it["id"])
    await execute(
        "UPDATE loan SET starts_at = now() - interval '5 days', ends_at = now() - interval '2 days'"
    )
    mine = (await alice.get("/moi/prets")).text
    assert "En retard" in mine
    assert "Devait revenir" in mine
    assert "2 jours de retard" in (await keeper.get("/prets/tableau")).text
    assert (await alice.get(f"/api/v1/reservations/{it['id']}")).json()["late"] is True


async def test_who_acts_under_a_mandate_borrows_for_them(town: Town, orm: None) -> None:
    item = await lent(town)
    mandate = await fetch_value(
        """INSERT INTO mandate (scopes, days, consent, agreed_at, ends_at, person_id, helper_id, made_by_id)
           VALUES ('{lending}', 31, 'signed', now(), now() + interval '30 days', $1, $2, $2) RETURNING id""",
        town["alice"], town["bob"],
    )  # fmt: skip
    bob = somebody(town, "bob")
    period = Period(datetime.fromisoformat(in_days(3)), datetime.fromisoformat(in_days(5)))
    other = replace(bob, behalf=Behalf(town["alice"], "Alice", mandate, frozenset({"help"})))
    with pytest.raises(OutOfScope):
        await Loan.ask(item, by=other, period=period)
    helper = replace(bob, behalf=Behalf(town["alice"], "Alice", mandate, frozenset({"lending"})))
    it = await Loan.ask(item, by=helper, period=period, purpose="Pour la fête")
    assert it.borrower_id == town["alice"]
    act_ = await fetch_value("SELECT what FROM mandate_act ORDER BY id DESC LIMIT 1")
    assert act_ == "loan_agreed"
    assert "fête" not in str(await fetch_value("SELECT data FROM mandate_act ORDER BY id DESC LIMIT 1"))
    assert await kinds_told(town["alice"]) == ["loan_agreed"]


async def test_nobody_says_yes_to_themselves_where_others_could(
    bob: Client, keeper: Client, town: Town
) -> None:
    await redoute(town, "bob")
    item = await lent(town, approval="owner")
    it = await ask(bob, item.id)
    assert (await act(bob, it["id"], "approval", 409))["code"] == "not_your_turn"
    assert (await act(keeper, it["id"], "approval"))["state"] == "approved"


async def test_who_decides_alone_may_borrow_all_the_same(keeper: Client, town: Town) -> None:
    it = await ask(keeper, (await lent(town, approval="owner")).id)
    assert (await act(keeper, it["id"], "approval"))["state"] == "approved"


async def test_a_mandate_is_no_way_to_say_yes_to_oneself(bob: Client, town: Town) -> None:
    item = await lent(town, by="alice", approval="owner")
    it = await Loan.get(id=(await ask(bob, item.id))["id"])
    mandate = await fetch_value(
        """INSERT INTO mandate (scopes, days, consent, agreed_at, ends_at, person_id, helper_id, made_by_id)
           VALUES ('{lending}', 31, 'signed', now(), now() + interval '30 days', $1, $2, $2) RETURNING id""",
        town["alice"], town["charlie"],
    )  # fmt: skip
    behalf = Behalf(id=town["alice"], name="Alice", mandate_id=mandate, scopes=frozenset({"lending"}))
    with pytest.raises(NotAllowed):
        await it.approve(by=replace(somebody(town, "bob"), behalf=behalf))
    await it.approve(by=replace(somebody(town, "charlie"), behalf=behalf))


async def test_dates_that_were_proposed_can_be_taken_whatever_the_notice(
    alice: Client, keeper: Client, town: Town
) -> None:
    item = await lent(town, terms=Rules(horizon_days=10))
    it = await ask(alice, item.id)
    way = f"/api/v1/reservations/{it['id']}"
    assert (await alice.patch(way, json=window(20, 22))).json()["code"] == "too_far"
    await act(keeper, it["id"], "proposal", **window(20, 22))
    assert (await alice.patch(way, json=window(20, 23))).json()["code"] == "too_far"
    assert (await alice.patch(way, json=window(20, 22))).status_code == 200


async def test_the_same_start_with_another_end_is_another_proposal(
    alice: Client, keeper: Client, town: Town
) -> None:
    it = await ask(alice, (await lent(town, approval="owner")).id)
    for end in (8, 8, 9):
        await act(keeper, it["id"], "proposal", **window(6, end))
    assert await LoanEvent.filter(kind="proposed").count() == 2


@pytest.mark.parametrize(
    "gone",
    ["UPDATE item SET withdrawn_at = now()", "UPDATE organisation SET closed_at = now()"],
    ids=["item", "lender"],
)
async def test_what_is_lent_no_more_does_not_grow(alice: Client, town: Town, gone: str) -> None:
    item = await lent(town, units=3)
    it = await ask(alice, item.id, quantity=2)
    await execute(gone)
    way = f"/api/v1/reservations/{it['id']}"
    refused = await alice.patch(way, json={"quantity": 3})
    assert (refused.status_code, refused.json()["code"]) == (409, "not_for_loan")
    assert (await alice.patch(way, json={"quantity": 1})).status_code == 200


async def test_a_loan_does_not_grow_between_people_who_do_not_meet(
    alice: Client, bob: Client, town: Town
) -> None:
    it = await ask(bob, (await lent(town, by="alice", units=2)).id)
    await Block.create(by_id=town["alice"], member_id=town["bob"])
    assert (await bob.patch(f"/api/v1/reservations/{it['id']}", json={"quantity": 2})).status_code == 404


async def test_the_step_ahead_is_not_said_as_done(alice: Client, town: Town) -> None:
    item = await lent(town, "Barnum", approval="owner")
    mine = await ask(alice, item.id)
    page = (await alice.get(f"/prets/demandes/{mine['id']}")).text
    assert "Demandé" in page
    assert "À accorder" in page
    assert "Accordé" not in page
