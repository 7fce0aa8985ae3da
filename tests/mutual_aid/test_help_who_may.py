"""Who sees a help, who may answer it, and whom one turns to slowly."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from starlette.applications import Starlette

from echange.database import execute, fetch, in_transaction
from echange.exchanges import Exchange
from echange.http import NotFound
from echange.http.dates import today
from echange.http.viewer import Acting, Behalf, Viewer
from echange.members import Unreachable
from echange.mutual_aid import Help, refusals
from echange.mutual_aid.details import Details
from echange.mutual_aid.privacy import belongings
from echange.mutual_aid.subject import subject
from tests.conftest import Doors, sign_in
from tests.members.organisations import settle_redoute
from tests.moderation.acts import decide, report
from tests.mutual_aid.helps import Connection, asked, notices, proposed, somebody, told
from tests.neighbours import Town


@pytest.fixture
async def solene(app: Starlette, town: Town) -> AsyncIterator[httpx.AsyncClient]:
    async with Doors(app).open() as client:
        await sign_in(client, "moderatrice")
        yield client


async def block(one: int, other: int) -> None:
    await execute("INSERT INTO block (by_id, member_id) VALUES ($1, $2)", one, other)


def avoiding(town: Town, handle: str, *others: str) -> Viewer:
    unseen = frozenset(town[other] for other in others)
    return Viewer(id=town[handle], name=handle, handle=handle, confirmed=True, unseen=unseen)


async def make_minor(town: Town, handle: str) -> None:
    await execute(
        "UPDATE member SET minor_until = $2 WHERE id = $1", town[handle], today() + timedelta(days=400)
    )


async def test_whom_one_blocks_sees_and_answers_nothing(orm: None, town: Town) -> None:
    aid = await asked(town)
    await block(town["alice"], town["bob"])
    bob = avoiding(town, "bob", "alice")
    assert not await Help.visible_to(bob).exists()
    assert await Help.visible_to(None).exists()
    assert await subject.cards([aid.id], bob) == {}
    with pytest.raises(NotFound):
        await aid.answer(by=somebody(town, "bob"), words="Moi.")
    card = (await subject.cards([aid.id], somebody(town, "charlie")))[aid.id]
    assert card.actions[0].label == "Je peux aider"
    assert await subject.counterpart(aid.id, somebody(town, "charlie")) == town["alice"]
    assert await subject.counterpart(aid.id, somebody(town, "alice")) is None


async def test_helps_of_somebody_away_wait_for_them(orm: None, town: Town) -> None:
    aid = await asked(town)
    await execute("UPDATE member SET paused_at = now() WHERE id = $1", town["alice"])
    assert not await Help.visible_to(somebody(town, "bob")).exists()
    assert await Help.visible_to(somebody(town, "alice")).exists()
    with pytest.raises(NotFound):
        await aid.answer(by=somebody(town, "bob"), words="Moi.")
    with pytest.raises(refusals.Paused):
        await asked(town)


async def test_what_is_over_is_read_for_ninety_days(orm: None, town: Town) -> None:
    aid = await asked(town)
    await aid.close(by=somebody(town, "alice"), outcome="done")
    assert await Help.visible_to(None).exists()
    await execute("UPDATE help SET ended_at = now() - interval '91 days'")
    assert not await Help.visible_to(somebody(town, "bob")).exists()
    assert await Help.visible_to(somebody(town, "alice")).exists()


async def test_a_stranger_gets_the_same_404_for_what_is_hidden_and_what_never_was(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, connection: Connection
) -> None:
    help_id = await told(alice)
    await connection.execute("UPDATE help SET hidden_at = now()")
    for method, path in (
        ("GET", "/entraide/{}"),
        ("POST", "/entraide/{}/propositions"),
        ("GET", "/entraide/{}/modifier"),
        ("POST", "/entraide/{}/cloture"),
        ("POST", "/entraide/{}/reouverture"),
        ("POST", "/entraide/{}/renouvellement"),
        ("GET", "/api/v1/helps/{}"),
        ("PATCH", "/api/v1/helps/{}"),
        ("POST", "/api/v1/helps/{}/proposals"),
        ("POST", "/api/v1/helps/{}/closure"),
        ("DELETE", "/api/v1/helps/{}/closure"),
        ("POST", "/api/v1/helps/{}/renewal"),
    ):
        hidden = await bob.request(method, path.format(help_id))
        absent = await bob.request(method, path.format(987654))
        assert hidden.status_code == absent.status_code == 404, path
    own = await alice.get(f"/entraide/{help_id}")
    assert "Masqué par la modération" in own.text
    assert (await alice.get("/moi/entraide")).status_code == 200


async def test_a_moderator_hides_it_and_shows_it_again(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, solene: httpx.AsyncClient
) -> None:
    help_id = await told(alice)
    await report(bob, "help", help_id)
    hidden = await decide(solene, "help", help_id, "hide")
    assert hidden.status_code == 303, hidden.text
    assert (await bob.get(f"/entraide/{help_id}")).status_code == 404
    assert (await alice.post(f"/api/v1/helps/{help_id}/renewal")).json()["code"] == "hidden"
    shown = await decide(solene, "help", help_id, "restore")
    assert shown.status_code == 303, shown.text
    assert (await bob.get(f"/entraide/{help_id}")).status_code == 200


async def test_a_newcomer_publishes_three_a_day_without_links(orm: None, town: Town) -> None:
    await execute("UPDATE member SET verified_at = NULL WHERE id = $1", town["alice"])
    with pytest.raises(refusals.NoLinksYet):
        await asked(town, body="Voyez https://gagner.example")
    for _ in range(3):
        aid = await asked(town)
    with pytest.raises(refusals.TooManyHelps):
        await asked(town)
    with pytest.raises(refusals.NoLinksYet):
        await aid.edit(Details("Sur www.gagner.example", 60), by=somebody(town, "alice"))
    await execute("UPDATE help SET published_at = now() - interval '25 hours'")
    await asked(town)
    await asked(town, handle="bob", body="https://fontenay.example")


async def test_an_address_not_confirmed_asks_and_answers_nothing(orm: None, town: Town) -> None:
    aid = await asked(town)
    await execute("UPDATE member SET confirmed_at = NULL WHERE id = $1", town["bob"])
    with pytest.raises(refusals.Unconfirmed):
        await asked(town, handle="bob")
    with pytest.raises(refusals.Unconfirmed):
        await aid.answer(by=somebody(town, "bob"), words="Moi.")


async def test_under_age_one_asks_with_a_guardian_at_the_desk_first(orm: None, town: Town) -> None:
    await make_minor(town, "alice")
    with pytest.raises(refusals.GuardianNeeded):
        await asked(town)
    neighbours = await _signed(town, "alice", "bob")
    desks = await _signed(town, "alice")
    for handle, roles, mandate in (
        ("bob", (), neighbours),
        # At the desk tomorrow, a neighbour's own mandate is still no place where a guardian comes.
        ("bob", ("concierge",), neighbours),
        ("moderatrice", ("moderator",), desks),
    ):
        with pytest.raises(refusals.GuardianNeeded):
            await Help.publish("ask", DUTY, by=_wearing(town, "alice", handle, mandate, *roles))
    await Help.publish("ask", DUTY, by=_wearing(town, "alice", "concierge", desks, "concierge"))
    await Help.publish("ask", DUTY, by=_wearing(town, "alice", "concierge", desks, "concierge"))
    assert await _acts() == ["guardian_agreed", "help_published", "help_published"], "noted once"
    await execute("UPDATE mandate SET ended_at = now()")
    await asked(town)


DUTY = Details("Un devoir", 60, quartier="les-larris")


def _wearing(town: Town, person: str, handle: str, mandate: int, *roles: str) -> Viewer:
    behalf = Behalf(town[person], person, mandate, frozenset({"help"}))
    return replace(somebody(town, handle, *roles), behalf=behalf)


async def _acts() -> list[str]:
    return [row["what"] for row in await fetch("SELECT what FROM mandate_act ORDER BY id")]


async def _signed(town: Town, person: str, helper: str | None = None) -> int:
    rows = await fetch(
        """INSERT INTO mandate (scopes, days, consent, ends_at, agreed_at, person_id, helper_id, made_by_id)
           VALUES ('{help}', 31, 'signed', now() + interval '31 days', now(), $1, $2, $3) RETURNING id""",
        town[person],
        town[helper] if helper else None,
        town["concierge"],
    )
    return int(rows[0]["id"])


async def test_an_adult_proposes_nothing_to_somebody_under_age_who_does_not_know_them(
    orm: None, town: Town
) -> None:
    aid = await asked(town)
    await make_minor(town, "alice")
    with pytest.raises(Unreachable):
        await aid.answer(by=somebody(town, "bob"), words="Moi.")
    assert isinstance(await aid.answer(by=somebody(town, "concierge"), words="La conciergerie."), Exchange)


async def test_somebody_under_age_helps_an_unknown_adult_with_a_guardians_consent(
    orm: None, town: Town
) -> None:
    aid = await asked(town)
    await make_minor(town, "bob")
    with pytest.raises(refusals.GuardianNeeded):
        await aid.answer(by=somebody(town, "bob"), words="Moi.")
    neighbours = _wearing(town, "bob", "charlie", await _signed(town, "bob", "charlie"), "concierge")
    with pytest.raises(refusals.GuardianNeeded):
        await aid.answer(by=neighbours, words="Il vient.")
    desk = _wearing(town, "bob", "concierge", await _signed(town, "bob"), "concierge")
    assert isinstance(await aid.answer(by=desk, words="Il vient."), Exchange)
    assert await _acts() == ["guardian_agreed", "exchange_proposed"]
    other = await asked(town, handle="charlie")
    assert isinstance(await other.answer(by=somebody(town, "bob"), words="Moi."), Exchange)


async def test_under_a_hat_the_organisation_asks_and_receives(
    orm: None, town: Town, connection: Connection
) -> None:
    home = await settle_redoute(connection, town, bob="manager", alice="member")
    hat = Acting(home.id, "Les Fêtes", home.slug, "association", "owner")
    keeper = Viewer(id=town["redoute"], name="r", handle="redoute", confirmed=True, acting_for=hat)
    aid = await Help.publish("ask", Details("Tenir le bar", 120, people=4, quartier="les-larris"), by=keeper)
    assert aid.organisation_id == home.id
    exchange = await aid.answer(by=somebody(town, "alice"), words="Moi.")
    assert (exchange.receiver_id, exchange.receiver_organisation_id) == (town["redoute"], home.id)
    with pytest.raises(refusals.OwnHelp):
        await aid.answer(by=keeper, words="Moi-même.")
    manager = Viewer(id=town["bob"], name="b", handle="bob", confirmed=True, acting_for=hat)
    assert aid.can_be_edited_by(manager)
    assert not aid.can_be_edited_by(somebody(town, "bob"))
    await execute(
        "INSERT INTO membership (organisation_id, member_id, role) VALUES ($1, $2, 'owner')",
        home.id,
        town["charlie"],
    )
    await execute("UPDATE membership SET role = 'member' WHERE member_id = $1", town["redoute"])
    assert (await Help.get(id=aid.id)).person_id == town["charlie"], "whoever speaks for it now"


async def test_leaving_erases_ones_helps_and_touches_no_exchange(
    app: Starlette, alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town, connection: Connection
) -> None:
    home = await settle_redoute(connection, town, alice="manager")
    own = await told(alice)
    await proposed(bob, own)
    await connection.execute(
        "UPDATE session SET acting_for_id = $2 WHERE member_id = $1", town["alice"], home.id
    )
    kept = await told(alice, title="Tenir le bar")
    assert len(await belongings.told(town["alice"])) == 1
    assert await belongings.told(town["charlie"]) == []
    async with in_transaction():
        await belongings.forget(town["alice"], app.state.store)
    rows = await connection.fetch("SELECT id, person_id FROM help")
    assert [tuple(row) for row in rows] == [(kept, town["redoute"])]
    assert await connection.fetchval("SELECT count(*) FROM exchange") == 1
    assert (await bob.get("/entraide")).status_code == 200


async def test_nobody_hears_of_a_proposal_twice(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town, connection: Connection
) -> None:
    help_id = await told(alice)
    await proposed(bob, help_id)
    await proposed(bob, help_id)
    assert await notices(connection, "exchange_proposed") == [town["alice"]]
