"""Damage and loss: the borrower answers, somebody who did not borrow it decides."""

import asyncio
from typing import Any

from starlette.applications import Starlette

from echange.database import fetch_one, fetch_value
from echange.lending import Item
from echange.lending.desk_privacy import belongings
from echange.lending.models import Deposit
from tests.lending.desk_things import API, Client, act, asked, incidents_of, kinds_told, out
from tests.lending.things import lent, redoute
from tests.neighbours import Town


async def broken(alice: Client, keeper: Client, town: Town, **columns: Any) -> tuple[dict[str, Any], int]:
    """A loan that came back broken, its deposit held, and the case about it."""
    gone = await out(alice, keeper, await lent(town, deposit_cents=8000, **columns))
    await act(keeper, gone["id"], "deposits", kind="taken", cents=8000)
    await act(keeper, gone["id"], "damage", words="Lame cassée")
    (case,) = await incidents_of(keeper, gone["id"])
    return gone, case["id"]


async def say(client: Client, case: int, what: str, status: int = 200, **body: Any) -> dict[str, Any]:
    answer = await client.post(f"{API}/incidents/{case}/{what}", json=body)
    assert answer.status_code == status, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def test_the_borrower_answers_and_the_lender_decides(alice: Client, keeper: Client, town: Town) -> None:
    gone, case = await broken(alice, keeper, town)
    told = await say(alice, case, "answer", words="Elle était déjà fêlée.")
    assert told["answer"] == "Elle était déjà fêlée."
    assert (await kinds_told(town["redoute"]))[-1] == "incident_answered"
    told = await say(keeper, case, "decision", decision="kept", cents=3000, words="Moitié de la lame.")
    assert (told["decision"], told["kept_cents"]) == ("kept", 3000)
    assert (await kinds_told(town["alice"]))[-1] == "incident_decided"
    # What is left of the deposit is given back, and that is the end of it.
    assert (await keeper.get(f"{API}/reservations/{gone['id']}")).json()["state"] == "damaged"
    await act(keeper, gone["id"], "deposits", kind="returned", cents=5000)
    assert (await keeper.get(f"{API}/reservations/{gone['id']}")).json()["state"] == "closed"
    assert (await say(alice, case, "answer", 409, words="Encore"))["code"] == "already_decided"


async def test_no_more_is_kept_than_the_deposit(alice: Client, keeper: Client, town: Town) -> None:
    _gone, case = await broken(alice, keeper, town)
    told = await say(keeper, case, "decision", 409, decision="kept", cents=8001)
    assert told["code"] == "deposit_too_low"
    assert (await say(keeper, case, "decision", 422, decision="kept"))["errors"].keys() == {"cents"}
    assert await Deposit.filter(kind="kept").count() == 0
    assert await fetch_value("SELECT decided_at IS NULL FROM incident")


async def test_eight_decisions_at_once_are_one(alice: Client, keeper: Client, town: Town) -> None:
    _gone, case = await broken(alice, keeper, town)
    answers = await asyncio.gather(
        *(
            keeper.post(f"{API}/incidents/{case}/decision", json={"decision": "kept", "cents": 1000})
            for _ in range(8)
        )
    )
    assert {answer.status_code for answer in answers} == {200}
    assert await Deposit.filter(kind="kept").count() == 1
    told = await say(keeper, case, "decision", 409, decision="nothing")
    assert told["code"] == "already_decided"


async def test_who_borrowed_it_does_not_decide(
    alice: Client, bob: Client, keeper: Client, charlie: Client, town: Town
) -> None:
    await redoute(town, "bob")
    gone, case = await broken(bob, keeper, town)
    assert (await say(bob, case, "decision", 409, decision="nothing"))["code"] == "own_incident"
    assert (await say(charlie, case, "decision", 404, decision="nothing"))["code"] == "not_found"
    assert (await say(charlie, case, "answer", 404, words="Moi"))["code"] == "not_found"
    assert (await say(keeper, case, "answer", 403, words="Moi"))["code"] == "not_allowed"
    assert gone["id"]
    assert alice


async def test_repaired_is_lent_again(alice: Client, bob: Client, keeper: Client, town: Town) -> None:
    gone, case = await broken(alice, keeper, town)
    await act(keeper, gone["id"], "deposits", kind="returned", cents=8000)
    await say(keeper, case, "decision", decision="repaired")
    assert (await keeper.get(f"{API}/reservations/{gone['id']}")).json()["state"] == "closed"
    item = (await keeper.get(f"{API}/reservations/{gone['id']}")).json()["item"]
    await asked(bob, await Item.get(id=item), start=1, end=5)


async def test_words_go_with_whoever_leaves_and_what_was_decided_stays(
    alice: Client, keeper: Client, town: Town, app: Starlette
) -> None:
    _gone, case = await broken(alice, keeper, town)
    await say(alice, case, "answer", words="Elle était déjà fêlée.")
    await say(keeper, case, "decision", decision="nothing", words="Trop usée.")
    await belongings.forget(town["alice"], app.state.store)
    assert await fetch_value("SELECT answer FROM incident") == ""
    assert await fetch_value("SELECT decision_words FROM incident") == "Trop usée."
    await belongings.forget(town["redoute"], app.state.store)
    row = await fetch_one("SELECT words, decision_words, decision FROM incident")
    assert row is not None
    assert tuple(row) == ("", "", "nothing")


async def test_what_was_not_handed_over_is_called_off_whatever_is_said_of_its_deposit(
    alice: Client, keeper: Client, town: Town
) -> None:
    it = await asked(alice, await lent(town, deposit_cents=8000))
    assert (await act(keeper, it["id"], "deposits", 409, kind="taken", cents=8000))["code"] == "not_now"
    assert (await act(alice, it["id"], "cancellation"))["state"] == "cancelled"


async def test_no_loan_is_closed_while_a_case_waits(alice: Client, keeper: Client, town: Town) -> None:
    gone = await out(alice, keeper, await lent(town))
    await act(keeper, gone["id"], "damage", words="Lame cassée")
    assert (await act(keeper, gone["id"], "closing", 409))["code"] == "deposit_not_settled"
    (case,) = await incidents_of(keeper, gone["id"])
    await say(keeper, case["id"], "decision", decision="nothing")
    assert (await keeper.get(f"{API}/reservations/{gone['id']}")).json()["state"] == "closed"
