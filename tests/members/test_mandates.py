"""Somebody lets another act for them: asked, agreed, ended; read by both and the desk, by nobody else."""

import asyncio

import asyncpg
import httpx
import pytest

from echange.config import Settings
from echange.members import Mandate
from echange.members.models.mandate import MandateImpossible, MandateRunning, Terms
from tests.members.mailbox import letters_to, text_of
from tests.members.mandating import TERMS, ask, behalf, sign, wear
from tests.members.newcomers import plain
from tests.members.organisations import Connection
from tests.neighbours import Town

pytestmark = pytest.mark.usefixtures("town")


async def state(client: httpx.AsyncClient, mandate: int) -> str:
    answer = await client.get(f"/api/v1/mandates/{mandate}")
    assert answer.status_code == 200, answer.text
    told: str = answer.json()["state"]
    return told


async def test_alice_asks_bob_who_agrees_acts_and_is_thanked_off(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, settings: Settings
) -> None:
    assert "Aucun mandat" in (await alice.get("/moi/mandats")).text
    form = (await alice.get("/moi/mandats/nouveau?membre=bob")).text
    assert 'value="bob"' in form
    mandate = await ask(alice, "/membres/bob", words="Seulement pour le jardin.")
    letter = (await letters_to(settings, "bob@echange.example"))[0]
    assert "vous demande d’agir en son nom" in text_of(letter)
    assert (await wear(bob, mandate)).status_code == 404, "not before his yes"

    page = plain((await bob.get(f"/moi/mandats/{mandate}")).text)
    assert "Oui, je suis d’accord" in page
    assert "Seulement pour le jardin." in page
    assert (await bob.post(f"/moi/mandats/{mandate}/accord")).status_code == 303
    assert (await bob.post(f"/moi/mandats/{mandate}/accord")).status_code == 303, "said twice"
    assert await state(alice, mandate) == "running"
    assert "est d’accord" in plain((await alice.get("/avis")).text)

    assert (await wear(bob, mandate)).headers["location"] == "/annonces"
    assert await behalf(bob) == "Alice Morel"
    assert "A commencé à agir" in plain((await alice.get(f"/moi/mandats/{mandate}")).text)

    assert "Ne plus agir" in plain((await alice.get(f"/moi/mandats/{mandate}/fin")).text)
    assert (await alice.post(f"/moi/mandats/{mandate}/fin")).status_code == 303
    assert await behalf(bob) is None, "gone with the next request"
    assert (await wear(bob, mandate)).status_code == 404
    assert "a pris fin" in (await bob.get("/avis")).text
    assert await state(bob, mandate) == "ended"
    assert "déjà terminé" in (await bob.get(f"/moi/mandats/{mandate}/fin")).text


async def test_bob_offers_to_help_alice_who_says_no(alice: httpx.AsyncClient, bob: httpx.AsyncClient) -> None:
    mandate = await ask(bob, "alice", "person")
    assert "vous propose d’agir en votre nom" in plain((await alice.get("/avis")).text)
    assert (await alice.post(f"/moi/mandats/{mandate}/fin")).status_code == 303
    assert await state(bob, mandate) == "ended"
    assert (await alice.post(f"/moi/mandats/{mandate}/accord")).status_code == 422
    assert (await bob.post(f"/moi/mandats/{mandate}/fin")).status_code == 303, "ended twice is ended"
    assert "ne se fera pas" in (await bob.get("/avis")).text


async def test_who_asked_cannot_say_yes_for_the_other(alice: httpx.AsyncClient) -> None:
    mandate = await ask(alice, "bob")
    assert (await alice.post(f"/moi/mandats/{mandate}/accord")).status_code == 403
    assert await state(alice, mandate) == "asked"


async def test_a_stranger_finds_nothing(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, charlie: httpx.AsyncClient
) -> None:
    mandate = await ask(alice, "bob")
    await bob.post(f"/moi/mandats/{mandate}/accord")
    for path in ("", "/fin", "/formulaire", "/releve", "/actes/1"):
        assert (await charlie.get(f"/moi/mandats/{mandate}{path}")).status_code == 404, path
    for path in ("accord", "fin"):
        assert (await charlie.post(f"/moi/mandats/{mandate}/{path}")).status_code == 404
    assert (await wear(charlie, mandate)).status_code == 404
    assert (await charlie.put("/api/v1/me/mandate", json={"mandate": mandate})).status_code == 404
    for call in ("", "/acts"):
        assert (await charlie.get(f"/api/v1/mandates/{mandate}{call}")).status_code == 404
    assert (await wear(alice, mandate)).status_code == 404, "the person needs no mandate for herself"
    assert await behalf(charlie) is None


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"days": "30"}, "days"),
        ({"days": ""}, "days"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["messages"]}, "scopes"),
        ({"part": "both"}, "part"),
        ({"who": "personne-du-tout"}, "who"),
        ({"who": "<script>"}, "who"),
        ({"who": "alice"}, "who"),
        ({"words": "x" * 301}, "words"),
    ],
)
async def test_a_wrong_answer_is_told_and_the_words_are_kept(
    alice: httpx.AsyncClient, changed: dict[str, object], field: str
) -> None:
    form = {**TERMS, "who": "bob", "part": "helper", "words": "Pour le jardin.", **changed}
    answer = await alice.post("/moi/mandats/nouveau", data=form)
    assert answer.status_code == 422
    assert f'id="e-{field}"' in answer.text
    if field != "words":
        assert "Pour le jardin." in answer.text


async def test_one_mandate_at_a_time_between_two(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, connection: Connection
) -> None:
    mandate = await ask(alice, "bob")
    assert await ask(alice, "bob") == mandate, "the same asked twice is asked once"
    other = {**TERMS, "who": "bob", "part": "helper", "days": "365"}
    assert (await alice.post("/moi/mandats/nouveau", data=other)).status_code == 422
    assert await ask(bob, "alice") != mandate, "the other way round is another one"
    await connection.execute(
        "UPDATE mandate SET starts_at = now() - interval '2 days', ends_at = now() WHERE id = $1", mandate
    )
    assert await ask(alice, "bob", days="365") != mandate, "time makes room for a new one"


async def test_of_two_mandates_at_once_one_is_made(orm: None, town: Town, connection: Connection) -> None:
    from echange.http import Viewer

    nadia = Viewer(town["concierge"], "Nadia", "concierge", True, roles=frozenset({"concierge"}))
    made = await asyncio.gather(
        *(
            Mandate.sign(town["alice"], None, Terms(days, ("help",)), consent="spoken", by=nadia)
            for days in (1, 31, 182, 365)
        ),
        return_exceptions=True,
    )
    refused = [one for one in made if isinstance(one, MandateRunning)]
    assert (len(made), len(refused)) == (4, 3)
    assert await connection.fetchval("SELECT count(*) FROM mandate") == 1


async def test_the_one_who_avoids_another_gives_them_no_mandate(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town
) -> None:
    mandate = await ask(alice, "bob")
    await bob.post(f"/moi/mandats/{mandate}/accord")
    await wear(bob, mandate)
    assert (await alice.put(f"/api/v1/members/{town['bob']}/block")).status_code == 200
    assert await behalf(bob) is None
    assert await state(alice, mandate) == "ended"
    for client, who in ((alice, "bob"), (bob, "alice")):
        answer = await client.post("/moi/mandats/nouveau", data={**TERMS, "who": who, "part": "helper"})
        assert answer.status_code == 422
    assert "Alice Morel" not in (await bob.get("/moi/mandats")).text
    assert "Alice Morel" not in (await bob.get(f"/moi/mandats/{mandate}")).text


async def test_the_desk_lets_nobody_act_whom_a_block_keeps_apart(
    orm: None, town: Town, connection: Connection
) -> None:
    from echange.http import Viewer

    nadia = Viewer(town["concierge"], "Nadia", "concierge", True, roles=frozenset({"concierge"}))
    await connection.execute(
        "INSERT INTO block (by_id, member_id) VALUES ($1, $2)", town["alice"], town["bob"]
    )
    with pytest.raises(MandateImpossible):
        await Mandate.sign(town["alice"], town["bob"], Terms(1, ("help",)), consent="signed", by=nadia)


async def test_the_desk_makes_one_with_alice_who_is_told_and_may_end_it(
    alice: httpx.AsyncClient, nadia: httpx.AsyncClient, settings: Settings, town: Town, connection: Connection
) -> None:
    assert "Faire un mandat avec elle" in (await nadia.get(f"/administration/membres/{town['alice']}")).text
    mandate = await sign(nadia, town["alice"], consent="spoken", days="182")
    assert await sign(nadia, town["alice"], consent="spoken", days="182") == mandate, "saved twice"
    told = text_of((await letters_to(settings, "alice@echange.example"))[0])
    assert "La conciergerie peut maintenant agir en votre nom" in told
    assert await state(alice, mandate) == "running"
    await wear(nadia, mandate)
    assert await behalf(nadia) == "Alice Morel"
    await alice.post(f"/moi/mandats/{mandate}/fin")
    assert await behalf(nadia) is None
    acts = await connection.fetch("SELECT what FROM staff_act WHERE about_id = $1", town["alice"])
    assert "mandate_made" in {row["what"] for row in acts}


async def test_the_desk_does_not_let_itself_act(
    nadia: httpx.AsyncClient, alice: httpx.AsyncClient, town: Town
) -> None:
    own = await nadia.post(
        f"/administration/membres/{town['concierge']}/mandat", data={**TERMS, "consent": "signed"}
    )
    assert own.status_code == 422
    named = {**TERMS, "consent": "signed", "helper": "concierge"}
    answer = await nadia.post(f"/administration/membres/{town['alice']}/mandat", data=named)
    assert answer.status_code == 422
    for path in (f"/administration/membres/{town['alice']}/mandat", "/administration/mandat-vierge"):
        assert (await alice.get(path)).status_code == 403
    body = {"days": 1, "scopes": ["help"], "consent": "signed"}
    refused = await alice.post(f"/api/v1/members/{town['bob']}/mandates", json=body)
    assert refused.status_code == 403


async def test_the_same_by_programs(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, nadia: httpx.AsyncClient, town: Town
) -> None:
    body = {"member": town["bob"], "part": "helper", "days": 31, "scopes": ["lending", "help"]}
    made = await alice.post("/api/v1/me/mandates", json=body)
    assert made.status_code == 201
    mandate = made.json()
    assert (mandate["state"], mandate["scopes"], mandate["consent"]) == (
        "asked",
        ["help", "lending"],
        "online",
    )
    assert (await alice.post("/api/v1/me/mandates", json={**body, "days": 1})).json()[
        "code"
    ] == "mandate_running"
    assert (await alice.post("/api/v1/me/mandates", json={**body, "days": True})).status_code == 422
    assert (await alice.post("/api/v1/me/mandates", json={**body, "member": 987654})).status_code == 422
    one = f"/api/v1/mandates/{mandate['id']}"
    assert (await alice.post(f"{one}/agreement")).status_code == 403
    assert (await bob.post(f"{one}/agreement")).json()["state"] == "running"
    assert [each["id"] for each in (await bob.get("/api/v1/me/mandates")).json()["items"]] == [mandate["id"]]
    worn = await bob.put("/api/v1/me/mandate", json={"mandate": mandate["id"]})
    assert worn.json() == {"mandate": mandate["id"]}
    me = (await bob.get("/api/v1/me")).json()["behalf"]
    assert (me["id"], me["scopes"]) == (town["alice"], ["help", "lending"])
    assert [act["what"] for act in (await alice.get(f"{one}/acts")).json()["items"]] == ["worn"]
    assert (await bob.put("/api/v1/me/mandate", json={"mandate": None})).json() == {"mandate": None}
    assert await behalf(bob) is None
    listed = (await nadia.get(f"/api/v1/members/{town['alice']}/mandates")).json()["items"]
    assert [each["id"] for each in listed] == [mandate["id"]]
    assert (await nadia.post(f"{one}/end")).json()["state"] == "ended"
    assert (await bob.post(f"{one}/agreement")).json()["code"] == "mandate_over"
    assert (await bob.put("/api/v1/me/mandate", json={})).status_code == 422


async def test_sheets_are_made_for_print(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, nadia: httpx.AsyncClient, connection: Connection
) -> None:
    mandate = await ask(alice, "bob")
    await bob.post(f"/moi/mandats/{mandate}/accord")
    await wear(bob, mandate)
    act = await connection.fetchval("SELECT id FROM mandate_act")
    filled = plain((await nadia.get(f"/moi/mandats/{mandate}/formulaire")).text)
    assert "Alice Morel" in filled
    assert "Signature de la personne" in filled
    vacant = plain((await nadia.get("/administration/mandat-vierge")).text)
    assert "Signature de qui agira" in vacant
    assert "Alice" not in vacant
    receipt = plain((await alice.get(f"/moi/mandats/{mandate}/actes/{act}")).text)
    assert "A commencé à agir" in receipt
    assert "01 99 00 24 94" in receipt
    assert (await alice.get(f"/moi/mandats/{mandate}/actes/{act + 1}")).status_code == 404
    assert "A commencé à agir" in plain((await bob.get(f"/moi/mandats/{mandate}/releve")).text)
    other_day = await bob.get(f"/moi/mandats/{mandate}/releve?jour=2020-01-01")
    assert "Rien n’a été fait ce jour-là" in other_day.text
    assert (await bob.get(f"/moi/mandats/{mandate}/releve?jour=hier")).status_code == 200


async def test_the_book_is_never_changed(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, connection: Connection
) -> None:
    mandate = await ask(alice, "bob")
    await bob.post(f"/moi/mandats/{mandate}/accord")
    await wear(bob, mandate)
    for change in ("UPDATE mandate_act SET what = 'autre'", "DELETE FROM mandate_act"):
        with pytest.raises(asyncpg.RestrictViolationError):
            await connection.execute(change)


async def test_somebody_signed_out_is_sent_to_sign_in(client: httpx.AsyncClient) -> None:
    for path in ("/moi/mandats", "/moi/mandats/nouveau", "/moi/mandats/1", "/administration/a-dire"):
        answer = await client.get(path)
        assert answer.headers["location"].startswith("/connexion"), path
