"""Asking for a hand and offering one, through the pages."""

import re
from datetime import timedelta

import httpx
from starlette.applications import Starlette

from echange.http.dates import today
from tests.conftest import Doors, sign_in
from tests.mutual_aid.helps import Connection, proposed, told
from tests.neighbours import Town

ASK = {
    "title": "Déplacer une armoire",
    "body": "Du salon à la chambre.",
    "minutes": "1 h 30",
    "day_1": (today() + timedelta(days=3)).isoformat(),
    "from_1": "10:00",
    "to_1": "12:00",
    "quartier": "les-larris",
    "urgency": "week",
    "people": "2",
    "role_1": "Porter",
    "role_1_people": "2",
    "role_2": "Guider",
    "skills": ["Déménagement"],
    "effort": "3",
    "access": "Troisième étage sans ascenseur",
}


async def test_a_hand_is_asked_for_on_one_screen_and_found_by_everybody(
    alice: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    screen = await alice.get("/entraide/demander")
    assert re.search(r'value="les-larris" selected', screen.text), "Alice's own quartier"
    posted = await alice.post("/entraide/demander", data=ASK)
    assert posted.status_code == 303, posted.text
    own = await alice.get(posted.headers["location"])
    assert "Votre demande" in own.text
    listed = await client.get("/entraide")
    assert "Déplacer une armoire" in listed.text
    page = await client.get(posted.headers["location"])
    for words in (
        "de 10\u00a0h à 12\u00a0h<",
        "3 voisins",
        "Porter",
        "Guider",
        "Troisième étage sans ascenseur",
        "Cette semaine",
        "1\u00a0h\u00a030 environ",
        "Physique",
    ):
        assert words in page.text, words
    assert "Se connecter" in page.text
    assert "Alice Martin" not in page.text, "signed out the first name is enough"


async def test_search_engines_find_the_helps_that_everybody_may_answer(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, client: httpx.AsyncClient, connection: Connection
) -> None:
    found, closed, held = [await told(alice, title=f"Porter {n} cartons") for n in (1, 2, 3)]
    offered = await told(bob, kind="offer")
    assert (await alice.post(f"/entraide/{closed}/cloture", data={"outcome": "cancelled"})).status_code == 303
    await connection.execute("UPDATE help SET hidden_at = now() WHERE id = $1", held)
    xml = (await client.get("/sitemap.xml")).text
    paths = re.findall(r"<loc>http://127.0.0.1:8000(/entraide/\d+)</loc>", xml)
    assert paths == [f"/entraide/{offered}", f"/entraide/{found}"]


async def test_what_is_wrong_is_told_beside_its_field_and_the_words_are_kept(
    alice: httpx.AsyncClient,
) -> None:
    wrong = {**ASK, "minutes": "longtemps", "from_1": "", "people": "0"}
    answer = await alice.post("/entraide/demander", data=wrong)
    assert answer.status_code == 422
    assert answer.text.count('aria-invalid="true"') == 2
    assert "Troisième étage sans ascenseur" in answer.text
    assert "<title>Erreur" in answer.text
    no_hour = await alice.post("/entraide/demander", data={**ASK, "from_1": ""})
    assert no_hour.status_code == 422
    assert "Choisissez une heure." in no_hour.text
    past = await alice.post("/entraide/demander", data={**ASK, "day_1": "2020-01-01"})
    assert "Choisissez un moment à venir" in past.text
    nowhere = await alice.post("/entraide/demander", data={**ASK, "quartier": "ailleurs"})
    assert nowhere.status_code == 422


async def test_words_written_signed_out_wait_while_one_signs_in(app: Starlette, town: Town) -> None:
    async with Doors(app).open() as passer:
        sent = await passer.post("/entraide/demander", data=ASK)
        assert sent.headers["location"] == "/connexion?suite=/entraide/demander"
        assert "Déplacer" not in sent.headers["location"]
        await sign_in(passer, "bob")
        again = await passer.get("/entraide/demander")
        assert "Déplacer une armoire" in again.text
        assert "Troisième étage" in again.text
        assert (await passer.get("/entraide/proposer")).text.count("Déplacer") == 0, "it was not an offer"
        posted = await passer.post("/entraide/demander", data=ASK)
        assert posted.status_code == 303
        assert "Déplacer" not in (await passer.get("/entraide/demander")).text


async def test_a_form_sent_twice_publishes_once(alice: httpx.AsyncClient, connection: Connection) -> None:
    screen = await alice.get("/entraide/demander")
    found = re.search(r'name="once" value="([^"]+)"', screen.text)
    assert found
    first = await alice.post("/entraide/demander", data={**ASK, "once": found[1]})
    second = await alice.post("/entraide/demander", data={**ASK, "once": found[1]})
    assert first.headers["location"] == second.headers["location"]
    assert await connection.fetchval("SELECT count(*) FROM help") == 1


async def test_a_neighbour_proposes_and_both_find_the_exchange(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    posted = await alice.post("/entraide/demander", data=ASK)
    path = posted.headers["location"]
    page = await bob.get(path)
    assert "Je peux aider" in page.text
    sent = await bob.post(
        f"{path}/propositions", data={"words": "Samedi, avec plaisir.", "role": "Porter", "slot": "1"}
    )
    assert re.fullmatch(r"/echanges/\d+", sent.headers["location"]), sent.text
    row = await connection.fetchrow("SELECT * FROM exchange")
    assert row is not None
    assert (row["giver_id"], row["receiver_id"], row["role"]) == (town["bob"], town["alice"], "Porter")
    assert (row["minutes"], row["state"]) == (90, "proposed")
    assert row["starts_at"] is not None
    assert row["skill_id"] is not None
    twice = await bob.post(f"{path}/propositions", data={"words": "Deux fois.", "role": "Porter"})
    assert twice.headers["location"] == sent.headers["location"]
    assert "Vous avez proposé" in (await bob.get(path)).text
    assert "1 voisin attend votre réponse" in (await alice.get(path)).text


async def test_an_offer_is_asked_for_and_the_hours_go_the_other_way(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    offer = {
        "title": "Je répare les vélos",
        "minutes": "45 min",
        "quartier": "les-larris",
        "standing": "true",
    }
    posted = await alice.post("/entraide/proposer", data=offer)
    page = await bob.get(posted.headers["location"])
    assert "Offre permanente" in page.text
    assert "J’en aurais besoin" in page.text
    await bob.post(f"{posted.headers['location']}/propositions", data={"words": "Mon frein grince."})
    row = await connection.fetchrow("SELECT giver_id, receiver_id, minutes FROM exchange")
    assert row is not None
    assert tuple(row) == (town["alice"], town["bob"], 45)


async def test_what_is_given_moves_no_hours(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, connection: Connection
) -> None:
    posted = await alice.post("/entraide/demander", data={**ASK, "given": "true", "role_1": "", "role_2": ""})
    page = await bob.get(posted.headers["location"])
    assert "Sans compter" in page.text
    await bob.post(f"{posted.headers['location']}/propositions", data={"words": "C’est offert."})
    assert await connection.fetchval("SELECT minutes FROM exchange") == 0


async def test_a_proposal_without_words_comes_back_with_what_was_chosen(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    posted = await alice.post("/entraide/demander", data=ASK)
    answer = await bob.post(f"{posted.headers['location']}/propositions", data={"role": "Guider"})
    assert answer.status_code == 422
    assert re.search(r'value="Guider" selected', answer.text)
    own = await alice.post(f"{posted.headers['location']}/propositions", data={"words": "Moi-même"})
    assert own.status_code == 422
    assert "C’est vous qui l’avez publié" in own.text
    assert "Moi-même" not in own.text or "Votre demande" in own.text


async def test_its_person_corrects_it_and_nobody_else_does(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    posted = await alice.post("/entraide/demander", data=ASK)
    path = posted.headers["location"]
    screen = await alice.get(f"{path}/modifier")
    for value in ("Porter", "10:00", "12:00", "1\u00a0h\u00a030", "Déménagement"):
        assert value in screen.text, value
    changed = await alice.post(f"{path}/modifier", data={**ASK, "title": "Déplacer un buffet", "people": "4"})
    assert changed.status_code == 303
    page = await bob.get(path)
    assert "Déplacer un buffet" in page.text
    assert "4 voisins" in page.text
    for method in ("GET", "POST"):
        refused = await bob.request(method, f"{path}/modifier", data=ASK if method == "POST" else None)
        assert refused.status_code == 403, method


async def test_it_ends_and_its_end_is_taken_back(alice: httpx.AsyncClient, bob: httpx.AsyncClient) -> None:
    help_id = await told(alice)
    path = f"/entraide/{help_id}"
    waiting = await proposed(bob, help_id)
    asked = await alice.get(f"{path}/cloture")
    assert "saura que vous n’avez plus besoin de lui" in asked.text
    assert (await alice.post(f"{path}/cloture", data={})).status_code == 422
    closed = await alice.post(f"{path}/cloture", data={"outcome": "cancelled"})
    assert closed.status_code == 303
    own = await alice.get(path)
    assert f'action="{path}/reouverture"' in own.text
    assert "On ne peut plus y répondre" in (await bob.get(path)).text
    assert (await bob.get(f"/api/v1/exchanges/{waiting}")).json()["state"] == "declined"
    assert "Déplacer une armoire" not in (await bob.get("/entraide")).text
    await alice.post(f"{path}/reouverture")
    assert "Déplacer une armoire" in (await bob.get("/entraide")).text


async def test_the_list_narrows_by_kind_quartier_skill_and_urgency(
    alice: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    await told(alice, title="Porter un buffet", skills=["Déménagement"], urgency="today")
    await told(alice, title="Arroser des plantes", quartier="le-village", skills=["Arrosage"])
    await told(alice, title="Je lis à voix haute", kind="offer")

    async def titles(query: str) -> set[str]:
        text = (await client.get(f"/entraide?{query}")).text
        return {
            title
            for title in ("Porter un buffet", "Arroser des plantes", "Je lis à voix haute")
            if title in text
        }

    assert await titles("") == {"Porter un buffet", "Arroser des plantes", "Je lis à voix haute"}
    assert await titles("genre=offres") == {"Je lis à voix haute"}
    assert await titles("genre=demandes&quartier=le-village") == {"Arroser des plantes"}
    assert await titles("savoir=demenagement") == {"Porter un buffet"}
    assert await titles("savoir=rien-de-tel") == set()
    assert await titles("urgence=today") == {"Porter un buffet"}
    assert await titles("genre=nimporte&quartier=nulle-part&suite=xyz") == await titles("")
    text = (await client.get("/entraide?urgence=week")).text
    assert "Rien ne correspond, pour l’instant." in text


async def test_the_list_goes_on_by_pages_the_pressing_ones_first(
    alice: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    for number in range(22):
        await told(alice, title=f"Coup de main {number:02}")
    await told(alice, title="Offre tranquille", kind="offer")
    await told(alice, title="Tout de suite", urgency="today")
    first = await client.get("/entraide")
    order = re.findall(r'row-title"><a href="[^"]+">([^<]+)', first.text)
    assert order[0] == "Tout de suite"
    assert len(order) == 20
    found = re.search(r'rel="next" href="([^"]+)"', first.text)
    assert found
    second = await client.get(found[1].replace("&amp;", "&"))
    rest = re.findall(r'row-title"><a href="[^"]+">([^<]+)', second.text)
    assert rest[-1] == "Offre tranquille"
    assert len(rest) == 4
    assert not set(order) & set(rest)


async def test_ones_own_list_shows_what_goes_on_and_what_is_over(alice: httpx.AsyncClient) -> None:
    assert "Rien en cours" in (await alice.get("/moi/entraide")).text
    help_id = await told(alice)
    await told(alice, title="Lire un courrier")
    await alice.post(f"/entraide/{help_id}/cloture", data={"outcome": "done"})
    page = (await alice.get("/moi/entraide")).text
    assert page.index("Lire un courrier") < page.index("Terminés") < page.index("Déplacer une armoire")


async def test_risky_work_brings_its_reminder(alice: httpx.AsyncClient, client: httpx.AsyncClient) -> None:
    help_id = await told(alice, title="Nettoyer mes gouttières", body="J’ai une échelle.")
    assert "responsabilité civile" in (await client.get(f"/entraide/{help_id}")).text
    quiet = await told(alice, title="Lire une lettre")
    assert "responsabilité civile" not in (await client.get(f"/entraide/{quiet}")).text


async def test_corrected_on_the_screen_it_loses_nothing_that_a_program_told(alice: httpx.AsyncClient) -> None:
    roles = [{"name": f"Rôle numéro {n}", "people": 1} for n in range(1, 7)]
    skills = ["Bricolage", "Cuisine", "Jardinage", "Plomberie", "Couture"]
    help_id = await told(alice, roles=roles, skills=skills, people=6)
    screen = (await alice.get(f"/entraide/{help_id}/modifier")).text
    shown = {
        "skills": re.findall(r'name="skills"[^>]*value="([^"]+)"', screen),
        **{f"role_{n}": re.findall(rf'name="role_{n}"[^>]*value="([^"]+)"', screen) for n in range(1, 7)},
    }
    data = {"title": "Corrigé", "minutes": "90", "people": "6", "quartier": "les-larris", **shown}
    posted = await alice.post(f"/entraide/{help_id}/modifier", data=data)
    assert posted.status_code == 303, posted.text
    after = (await alice.get(f"/api/v1/helps/{help_id}")).json()
    assert after["title"] == "Corrigé"
    assert [one["name"] for one in after["roles"]] == [one["name"] for one in roles]
    assert after["skills"] == skills
