"""Who keeps what is lent borrows it too: another one hands it over where there is one, else it is noted."""

import httpx

from echange.lending.models import LoanEvent
from tests.lending.asking import ask
from tests.lending.desk_things import act
from tests.lending.things import lent, redoute
from tests.neighbours import Town

Client = httpx.AsyncClient


async def test_another_manager_hands_it_over_and_takes_it_back(
    bob: Client, keeper: Client, town: Town
) -> None:
    await redoute(town, "bob")
    it = await ask(bob, (await lent(town)).id)
    assert not {"handover", "return", "closing"} & set(it["next"])
    for verb in ("handover", "return"):
        assert (await act(bob, it["id"], verb, 409))["code"] == "not_your_turn"
    page = await bob.get(f"{it['url']}/sortie", follow_redirects=True)
    assert "C’est à l’autre personne de le faire" in page.text
    assert "Au comptoir" not in page.text
    assert (await bob.post(f"{it['url']}/sortie", data={})).status_code == 422
    assert (await act(keeper, it["id"], "handover"))["state"] == "out"
    assert (await act(bob, it["id"], "return", 409))["code"] == "not_your_turn"
    back = await bob.get(f"{it['url']}/retour", follow_redirects=True)
    assert "C’est à l’autre personne de le faire" in back.text
    assert (await act(keeper, it["id"], "return"))["state"] == "returned"
    assert not [one for one in await LoanEvent.filter(loan_id=it["id"]) if one.data.get("why") == "alone"]


async def test_the_towns_desk_does_it_where_it_decides(keeper: Client, nadia: Client, town: Town) -> None:
    it = await ask(keeper, (await lent(town, approval="staff")).id)
    await act(nadia, it["id"], "approval")
    assert (await act(keeper, it["id"], "handover", 409))["code"] == "not_your_turn"
    assert (await act(nadia, it["id"], "handover"))["state"] == "out"


async def test_who_keeps_it_alone_does_both_and_the_history_says_so(keeper: Client, town: Town) -> None:
    it = await ask(keeper, (await lent(town, approval="owner")).id)
    page = (await keeper.get(it["url"])).text
    assert "Personne d’autre ne gère ce matériel" in page
    assert f"{it['url']}/accord" in page
    await keeper.post(f"{it['url']}/accord")
    assert f"{it['url']}/sortie" in (await keeper.get(it["url"])).text
    await act(keeper, it["id"], "handover")
    assert f"{it['url']}/retour" in (await keeper.get(it["url"])).text
    told = await act(keeper, it["id"], "return")
    assert [one["why"] for one in told["events"]] == [None, None, "alone", "alone"]
    page = (await keeper.get(it["url"])).text
    assert page.count("Personne d’autre ne pouvait le faire") == 2
    assert (await keeper.post(f"{it['url']}/cloture")).status_code == 303


async def test_nothing_is_noted_where_two_saw_it(alice: Client, keeper: Client, town: Town) -> None:
    it = await ask(alice, (await lent(town)).id)
    told = await act(keeper, it["id"], "handover")
    assert told["events"][-1]["why"] is None
    assert "Personne d’autre" not in (await keeper.get(it["url"])).text
