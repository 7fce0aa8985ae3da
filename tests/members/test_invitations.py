"""Inviting somebody by mail: whoever holds the link and signs in joins; nobody learns who has an account."""

import asyncio

import httpx
import pytest

from echange.config import Settings
from echange.http import NotAllowed
from echange.members.models import Invitation, Organisation
from echange.members.models.invitation import InvitationGone
from echange.members.models.organisation import AddressUnconfirmed
from tests.members.mailbox import letters_to, path_in, text_of
from tests.members.newcomers import plain
from tests.members.organisations import Connection, Home, role_of, seen, settle_redoute
from tests.neighbours import Town

HOUSE = "http://127.0.0.1:8000"


async def invite(keeper: httpx.AsyncClient, home: Home, email: str, role: str = "manager") -> httpx.Response:
    return await keeper.post(f"{home.url}/invitations", data={"email": email, "role": role})


async def test_who_holds_the_link_reads_accepts_and_the_host_is_told(
    keeper: httpx.AsyncClient, bob: httpx.AsyncClient, client: httpx.AsyncClient,
    settings: Settings, connection: Connection, redoute: Home, town: Town,
) -> None:  # fmt: skip
    answer = await invite(keeper, redoute, "ami@voisins.example")
    assert answer.headers["location"] == f"{redoute.url}/personnes"
    letter = (await letters_to(settings, "ami@voisins.example"))[0]
    assert "Farida" in plain(text_of(letter))
    path = path_in(letter, "/invitations/")

    shown = await client.get(path)
    assert shown.headers["cache-control"] == "no-store"
    signed_out = plain(shown.text)
    assert "Rejoindre « Les Fêtes de la Redoute » ?" in signed_out
    assert f"/connexion?suite={path}" in signed_out
    assert (await client.post(path)).headers["location"].startswith("/connexion?")

    assert "Porte-parole" in (await bob.get(path)).text
    assert await role_of(connection, redoute, town["bob"]) is None, "looking is not accepting"
    assert (await bob.post(path)).headers["location"] == redoute.url
    assert await role_of(connection, redoute, town["bob"]) == "manager"
    assert "a accepté votre invitation" in plain((await keeper.get("/avis")).text)
    await keeper.post("/membres/bob/blocage")
    assert "a accepté votre invitation" not in plain((await keeper.get("/avis")).text)

    gone = await bob.get(path)
    assert gone.status_code == 404
    assert "a déjà servi" in gone.text


async def test_the_host_sees_the_same_for_known_and_unknown_addresses(
    keeper: httpx.AsyncClient, settings: Settings, redoute: Home, town: Town
) -> None:
    pages = []
    for address in ("bob@echange.example", "personne@echange.example"):
        answer = await invite(keeper, redoute, address)
        page = (await keeper.get(f"{redoute.url}/personnes")).text
        pages.append((answer.status_code, page.replace(address, "x").count("Retirer")))
        await letters_to(settings, address)
    assert [status for status, _ in pages] == [303, 303]
    pending = (await keeper.get(f"/api/v1/organisations/{redoute.id}/invitations")).json()["items"]
    assert [sorted(one) for one in pending] == [["email", "expires_at", "id", "role"]] * 2


async def test_whom_the_host_blocked_gets_no_mail_and_whom_blocks_the_host_sees_no_invitation(
    orm: None, bob: httpx.AsyncClient, connection: Connection, redoute: Home, town: Town
) -> None:
    home = await Organisation.get(id=redoute.id)
    hostile = seen(town, "redoute", unseen={town["bob"]})
    await Invitation.send(home, "Bob@echange.example", "member", by=hostile, home=HOUSE)
    assert await connection.fetchval("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'mail'") == 0
    assert await connection.fetchval("SELECT count(*) FROM invitation") == 1

    await connection.execute(
        "INSERT INTO block (by_id, member_id) VALUES ($1, $2)", town["bob"], town["redoute"]
    )
    from echange.members.keys import hash_key

    await connection.execute("UPDATE invitation SET key_hash = $1", hash_key("clef"))
    assert (await bob.get("/invitations/clef")).status_code == 404
    assert (await bob.post("/invitations/clef")).status_code == 404


async def test_only_owners_invite_see_and_withdraw(
    keeper: httpx.AsyncClient, alice: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    home = await settle_redoute(connection, town, alice="manager")
    await invite(keeper, home, "ami@voisins.example")
    number = await connection.fetchval("SELECT id FROM invitation")
    api = f"/api/v1/organisations/{home.id}/invitations"
    assert (await invite(alice, home, "autre@voisins.example")).status_code == 403
    assert (await alice.get(api)).status_code == 403
    assert (await alice.post(api, json={"email": "a@b.example", "role": "owner"})).status_code == 403
    assert (await alice.delete(f"{api}/{number}")).status_code == 403
    assert (await alice.post(f"{home.url}/invitations/{number}/retrait")).status_code == 403
    assert "ami@voisins.example" in (await keeper.get(f"{home.url}/personnes")).text
    assert (await keeper.post(f"{home.url}/invitations/{number}/retrait")).status_code == 303
    assert (await keeper.delete(f"{api}/{number}")).status_code == 404


async def test_an_address_that_will_not_do_keeps_its_words(keeper: httpx.AsyncClient, redoute: Home) -> None:
    answer = await invite(keeper, redoute, "pas une adresse")
    assert answer.status_code == 422
    assert 'value="pas une adresse"' in answer.text
    assert (await invite(keeper, redoute, "a@b.example", "boss")).status_code == 422


async def test_invited_again_the_older_link_is_void_and_links_grow_old(
    keeper: httpx.AsyncClient,
    alice: httpx.AsyncClient,
    settings: Settings,
    connection: Connection,
    redoute: Home,
) -> None:
    for _ in range(2):
        await invite(keeper, redoute, "Ami@voisins.example")
    letters = await letters_to(settings, "ami@voisins.example", at_least=2)
    answers = [(await alice.get(path_in(letter, "/invitations/"))).status_code for letter in letters]
    assert sorted(answers) == [200, 404]
    await connection.execute("UPDATE invitation SET expires_at = now() - interval '1 second'")
    assert (await alice.get(path_in(letters[1], "/invitations/"))).status_code == 404


async def test_two_clicks_at_once_make_one_member(
    orm: None, connection: Connection, redoute: Home, town: Town
) -> None:
    home = await Organisation.get(id=redoute.id)
    await Invitation.send(home, "ami@voisins.example", "member", by=seen(town, "redoute"), home=HOUSE)
    invitation = await Invitation.get().select_related("organisation")
    outcomes = await asyncio.gather(
        invitation.accept(by=seen(town, "alice")),
        invitation.accept(by=seen(town, "bob")),
        return_exceptions=True,
    )
    assert [isinstance(one, InvitationGone) for one in outcomes].count(True) == 1
    assert await connection.fetchval("SELECT count(*) FROM membership") == 2


async def test_somebody_already_in_keeps_their_role(
    keeper: httpx.AsyncClient,
    alice: httpx.AsyncClient,
    settings: Settings,
    connection: Connection,
    town: Town,
) -> None:
    home = await settle_redoute(connection, town, alice="manager")
    await invite(keeper, home, "alice@echange.example", "member")
    path = path_in((await letters_to(settings, "alice@echange.example"))[0], "/invitations/")
    assert (await alice.post(path)).headers["location"] == home.url
    assert await role_of(connection, home, town["alice"]) == "manager"
    answer = await alice.post(f"/api/v1{path}/acceptance")
    assert (answer.status_code, answer.json()["code"]) == (409, "already_in")


async def test_an_owner_who_loses_the_role_invites_nobody_any_more(
    keeper: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    home = await settle_redoute(connection, town, alice="owner")
    await invite(keeper, home, "ami@voisins.example")
    await keeper.post(f"{home.url}/personnes/{town['redoute']}", data={"role": "manager"})
    assert await connection.fetchval("SELECT count(*) FROM invitation") == 0


async def test_strangers_and_unconfirmed_addresses_send_nothing(
    orm: None, connection: Connection, redoute: Home, town: Town
) -> None:
    home = await Organisation.get(id=redoute.id)
    with pytest.raises(NotAllowed):
        await Invitation.send(home, "a@b.example", "member", by=seen(town, "alice"), home=HOUSE)
    with pytest.raises(AddressUnconfirmed):
        await Invitation.send(
            home, "a@b.example", "member", by=seen(town, "redoute", confirmed=False), home=HOUSE
        )
    assert await connection.fetchval("SELECT count(*) FROM invitation") == 0


async def test_a_closed_organisation_takes_nobody_in(
    keeper: httpx.AsyncClient, alice: httpx.AsyncClient, settings: Settings, redoute: Home
) -> None:
    await invite(keeper, redoute, "ami@voisins.example")
    path = path_in((await letters_to(settings, "ami@voisins.example"))[0], "/invitations/")
    await keeper.post(f"{redoute.url}/fermeture")
    assert (await alice.post(path)).status_code == 404
