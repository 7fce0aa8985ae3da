"""A moderator without any part in it decides on a page of their own; both read why."""

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette

from echange.database import in_transaction
from echange.exchanges import disputes_count
from echange.exchanges.models import Exchange
from echange.hours.accounts import account_of
from echange.hours.emptying import end_account
from tests.ads.annonces import Connection
from tests.conftest import Doors, let_in
from tests.exchanges.twos import (
    association,
    balance,
    days_earlier,
    declared,
    disputed,
    proposed,
    somebody,
    state_of,
)
from tests.exchanges.walking import at, title_of
from tests.neighbours import Town
from tests.sweeping import Janitor


@pytest.fixture
async def moderator(app: Starlette, town: Town, janitor: Janitor) -> AsyncIterator[httpx.AsyncClient]:
    async with Doors(app).open() as somebody_else:
        await let_in(somebody_else, town["moderatrice"], janitor)
        yield somebody_else


async def test_disagreements_stand_in_a_list_the_oldest_first(
    moderator: httpx.AsyncClient, town: Town
) -> None:
    assert "Rien à trancher" in (await moderator.get("/moderation/echanges")).text
    newer = await disputed(town)
    older = await declared(town, 30)
    await older.dispute(by=somebody(town, "alice"), reason="Trop.")
    await days_earlier(older, 1)
    await older.filter(id=older.id).update(disputed_at=older.at.replace(year=2025))
    page = (await moderator.get("/moderation/echanges")).text
    assert page.index(f"/moderation/echanges/{older.id}") < page.index(f"/moderation/echanges/{newer.id}")
    assert "<strong>30\u00a0min</strong>" in page
    assert await disputes_count(somebody(town, "moderatrice", "moderator")) == 2
    assert await disputes_count(somebody(town, "bob")) == 0


async def test_a_long_list_of_disagreements_goes_on(moderator: httpx.AsyncClient, town: Town) -> None:
    made = [await disputed(town) for _ in range(3)]
    mine = await Exchange.get(id=made[1].id)
    await mine.filter(id=mine.id).update(giver_id=town["moderatrice"], proposed_by_id=town["moderatrice"],
                                         declared_by_id=town["moderatrice"])  # fmt: skip
    first = (await moderator.get("/moderation/echanges?limit=2")).text
    assert [f'href="/moderation/echanges/{it.id}"' in first for it in made] == [True, True, False]
    assert first.count("quelqu’un d’autre décidera") == 1
    following = first.partition('rel="next" href="')[2].partition('"')[0]
    second = (await moderator.get(following)).text
    assert [f'href="/moderation/echanges/{it.id}"' in second for it in made] == [False, False, True]
    assert 'rel="prev" href="/moderation/echanges"' in second


async def test_a_decision_is_told_to_both_with_its_reason(
    moderator: httpx.AsyncClient, alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town
) -> None:
    before = await balance(town, "bob")
    it = await disputed(town)
    page = (await moderator.get(f"/moderation/echanges/{it.id}")).text
    assert "C’était une heure." in page
    assert "1\u00a0h\u00a030" in page
    assert f"/moderation/echanges/{it.id}" in (await moderator.get(it.url)).text
    for _ in range(2):
        answer = await moderator.post(
            f"/moderation/echanges/{it.id}/decision", data={"minutes": "1 h 15", "reason": "Entre les deux."}
        )
        assert (answer.status_code, at(answer)) == (303, "/moderation/echanges")
    assert (await state_of(it), await balance(town, "bob") - before) == ("settled", 75)
    for client in (alice, bob):
        said = (await client.get(it.url)).text
        assert "La modération a tranché" in said
        assert "Entre les deux." in said


@pytest.mark.parametrize(
    "wrong",
    [
        {"minutes": "", "reason": "Voilà."},
        {"minutes": "1 h", "reason": ""},
        {"minutes": "30 h", "reason": "Voilà."},
    ],
)
async def test_a_decision_needs_a_figure_and_a_reason(
    moderator: httpx.AsyncClient, town: Town, wrong: dict[str, str]
) -> None:
    it = await disputed(town)
    answer = await moderator.post(f"/moderation/echanges/{it.id}/decision", data=wrong)
    assert answer.status_code == 422
    assert title_of(answer).startswith("Erreur")
    assert all(value in answer.text for value in wrong.values())
    assert await state_of(it) == "disputed"


async def test_when_one_of_them_is_gone_the_page_says_beforehand_that_no_hours_can_move(
    moderator: httpx.AsyncClient, alice: httpx.AsyncClient, town: Town
) -> None:
    it = await disputed(town)
    url = f"/moderation/echanges/{it.id}"
    assert "Aucune heure ne peut plus bouger" not in (await moderator.get(url)).text
    async with in_transaction():
        await end_account(await account_of(town["bob"]), ("member", town["bob"]))
    page = (await moderator.get(url)).text
    assert "Aucune heure ne peut plus bouger" in page
    assert "fonds de solidarité" in page
    assert '<input type="hidden" name="minutes" value="0">' in page
    assert 'id="f-minutes"' not in page
    theirs = (await alice.get(it.url)).text
    assert "aucune heure ne peut plus bouger entre vous" in theirs
    assert "/confirmation" not in theirs
    words = {"reason": "Bob est parti."}
    refused = await moderator.post(f"{url}/decision", data={**words, "minutes": "60"})
    assert refused.status_code == 422
    assert (await moderator.post(f"{url}/decision", data={**words, "minutes": "0"})).status_code == 303
    assert await state_of(it) == "settled"


async def test_nothing_moves_when_zero_is_decided(moderator: httpx.AsyncClient, town: Town) -> None:
    before = await balance(town, "bob")
    it = await disputed(town)
    await moderator.post(
        f"/moderation/echanges/{it.id}/decision", data={"minutes": "0", "reason": "Rien eu."}
    )
    assert (await state_of(it), await balance(town, "bob")) == ("settled", before)


@pytest.mark.parametrize("how", ["party", "block", "member"])
async def test_whoever_has_a_part_in_it_sees_that_another_must_decide(
    moderator: httpx.AsyncClient, alice: httpx.AsyncClient, connection: Connection, town: Town, how: str
) -> None:
    client = alice if how == "party" else moderator
    it = await disputed(town)
    if how == "party":
        await connection.execute(
            "INSERT INTO staff_role (member_id, role) VALUES ($1, 'moderator')", town["alice"]
        )
    elif how == "block":
        await connection.execute(
            "INSERT INTO block (by_id, member_id) VALUES ($1, $2)", town["bob"], town["moderatrice"]
        )
    else:
        hat = await association(town, "bob", "moderatrice")
        await connection.execute("UPDATE exchange SET giver_organisation_id = $1", hat.id)
    assert "quelqu’un d’autre décidera" in (await client.get("/moderation/echanges")).text
    page = (await client.get(f"/moderation/echanges/{it.id}")).text
    assert "Quelqu’un d’autre de l’équipe décidera" in page
    assert "/decision" not in page
    answer = await client.post(
        f"/moderation/echanges/{it.id}/decision", data={"minutes": "60", "reason": "Pour moi."}
    )
    assert answer.status_code == 422
    assert "vous touche de près" in answer.text
    assert await state_of(it) == "disputed"


async def test_moderators_read_no_exchange_that_nobody_disputes(
    moderator: httpx.AsyncClient, town: Town
) -> None:
    it = await proposed(town)
    for path in (it.url, f"/moderation/echanges/{it.id}", "/moderation/echanges/987654"):
        assert (await moderator.get(path)).status_code == 404


async def test_others_of_the_town_do_not_come_here(charlie: httpx.AsyncClient, town: Town) -> None:
    it = await disputed(town)
    assert (await charlie.get("/moderation/echanges")).status_code == 403
    assert (await charlie.post(f"/moderation/echanges/{it.id}/decision")).status_code == 403
