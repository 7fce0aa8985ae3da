"""Whoever lends may borrow from their own association too: they take it back themselves."""

import httpx

from tests.lending.desk_things import act, asked, out
from tests.lending.things import lent
from tests.neighbours import Town

Client = httpx.AsyncClient


async def test_who_lends_to_themselves_takes_it_back(keeper: Client, bob: Client, town: Town) -> None:
    it = await asked(keeper, await lent(town))
    assert (await keeper.get(f"{it['url']}/sortie")).status_code == 200
    await act(keeper, it["id"], "handover")
    assert (await keeper.get(f"{it['url']}/retour")).status_code == 200
    assert (await keeper.get(f"{it['url']}/dommage")).status_code == 200
    assert (await act(keeper, it["id"], "return"))["state"] in {"returned", "closed"}
    assert (await bob.get(f"{it['url']}/retour")).status_code == 404


async def test_who_only_borrows_takes_nothing_back(alice: Client, keeper: Client, town: Town) -> None:
    it = await out(alice, keeper, await lent(town))
    for page in ("retour", "perte", "dommage", "sortie"):
        assert (await alice.get(f"{it['url']}/{page}")).status_code in {303, 403}, page
