"""Places: made, found, shown, described, closed; by who looks after them, and nobody else."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from echange import booking
from echange.http import NotAllowed
from echange.http.dates import now
from echange.http.viewer import Viewer
from echange.members import StaffAct
from echange.places import Place
from tests.members.organisations import Home, settle_redoute
from tests.mutual_aid.helps import Connection
from tests.neighbours import Town
from tests.places.houses import ALWAYS, FORGE, WEEKDAYS, forge

API = "/api/v1/places"


@pytest.fixture
async def home(connection: Connection, town: Town) -> Home:
    """La Redoute, of which Alice is one of the people."""
    return await settle_redoute(connection, town, alice="member")


async def made(client: httpx.AsyncClient, **said: object) -> int:
    answer = await client.post(API, json={**FORGE, **said})
    assert answer.status_code == 201, answer.text
    number: int = answer.json()["id"]
    return number


async def test_the_desk_adds_a_place_and_everybody_reads_its_page(
    nadia: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    told = {
        **FORGE,
        "about": "On y répare, on y emprunte.",
        "way": "Bus 118, arrêt Mairie",
        "access": ["toilet", "step_free"],
        "access_note": "Une marche de 4 cm, rampe sur demande",
        "phone": "0199002494",
        "mail": "forge@echange.example",
    }
    answer = await nadia.post("/lieux/nouveau", data=told)
    assert (answer.status_code, answer.headers["location"]) == (303, "/lieux/la-forge/horaires")
    page = await client.get("/lieux/la-forge")
    assert page.status_code == 200
    for words in (
        "12 rue de la Réunion",
        "On y répare",
        "Bus 118",
        "De plain-pied",
        "Une marche de 4 cm",
        "01 99 00 24 94",
        "forge@echange.example",
        "Sur rendez-vous",
    ):
        assert words in page.text, words
    assert page.text.index("De plain-pied") < page.text.index("Toilettes"), "facts stand in one order"
    assert "La Forge" in (await client.get("/lieux")).text
    assert [act.what for act in await StaffAct.filter(about_kind="place")] == ["place_made"]


async def test_a_neighbour_cannot_add_a_place(alice: httpx.AsyncClient) -> None:
    for answer in (await alice.get("/lieux/nouveau"), await alice.post("/lieux/nouveau", data=FORGE)):
        assert (answer.status_code, answer.headers["location"]) == (303, "/lieux")
    assert "au nom d’une association" in (await alice.get("/lieux")).text
    answer = await alice.post(API, json=FORGE)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    assert await Place.all().count() == 0


async def test_who_speaks_for_an_association_looks_after_its_place(
    keeper: httpx.AsyncClient, alice: httpx.AsyncClient, home: Home
) -> None:
    number = await made(keeper, name="Le Four banal", organisation=home.id)
    answer = await keeper.patch(f"{API}/{number}", json={"address": "3 rue du Four", "phone": None})
    assert (answer.status_code, answer.json()["address"]) == (200, "3 rue du Four")
    assert (await alice.patch(f"{API}/{number}", json={"address": "5 rue du Four"})).status_code == 403
    assert (await alice.get("/lieux/le-four-banal/modifier")).status_code == 403
    assert (await alice.get("/lieux/le-four-banal/horaires")).status_code == 403
    assert "Vous vous en occupez" in (await keeper.get("/lieux/le-four-banal")).text
    assert "Vous vous en occupez" not in (await alice.get("/lieux/le-four-banal")).text


async def test_nobody_gives_a_place_to_an_association_they_do_not_speak_for(
    keeper: httpx.AsyncClient, nadia: httpx.AsyncClient, home: Home
) -> None:
    answer = await nadia.post(API, json={**FORGE, "organisation": home.id})
    assert answer.status_code == 403, "the desk does not speak for it"
    number = await made(nadia)
    answer = await keeper.patch(f"{API}/{number}", json={"organisation": home.id})
    assert answer.status_code == 403, "nor does the association take what is the town's"


async def test_under_a_mandate_nobody_looks_after_a_place(orm: None, town: Town, home: Home) -> None:
    from echange.http.viewer import Behalf

    behalf = Behalf(town["alice"], "Alice", 1, frozenset({"lending"}))
    viewer = Viewer(
        id=town["redoute"], name="R", handle="redoute", confirmed=True, hats=((home.id, "R"),), behalf=behalf
    )
    with pytest.raises(NotAllowed):
        await forge(viewer, organisation_id=home.id)


async def test_two_places_of_one_name_have_two_addresses(orm: None) -> None:
    made_ = await asyncio.gather(*(forge() for _ in range(4)))
    assert len({place.slug for place in made_}) == 4
    assert len({place.site_id for place in made_}) == 4
    number = await forge(name="2026")
    assert number.slug.startswith("2026-"), "a number in the address is an id"


async def test_a_place_is_found_by_words_quartier_and_access(
    orm: None, client: httpx.AsyncClient, town: Town
) -> None:
    (first, first_id), (second, second_id) = sorted(town.quartiers.items())[:2]
    await forge(quartier_id=first_id, access=["step_free", "lift"])
    await forge(name="Le Four", quartier_id=second_id, access=["step_free"])

    async def found(query: str) -> list[str]:
        answer = await client.get(f"{API}?{query}")
        return [item["name"] for item in answer.json()["items"]]

    assert await found("") == ["La Forge", "Le Four"]
    assert await found("q=fOrge") == ["La Forge"]
    assert await found(f"quartier={second}") == ["Le Four"]
    assert await found(f"quartier={first}&quartier={second}") == ["La Forge", "Le Four"]
    assert await found("access=step_free&access=lift") == ["La Forge"]
    assert await found("access=tactile") == []
    assert (await client.get(f"{API}?access=magic")).status_code == 422
    page = await client.get(f"/lieux?quartier={second}")
    assert "Le Four" in page.text
    assert '/lieux/la-forge"' not in page.text
    assert "Aucun lieu ne correspond" in (await client.get("/lieux?acces=tactile")).text
    cursor = (await client.get(f"{API}?limit=1")).json()["next"]
    assert await found(f"cursor={cursor}") == ["Le Four"]


async def test_the_list_says_what_is_open_now(orm: None, client: httpx.AsyncClient) -> None:
    await forge(hours=ALWAYS)
    await forge(name="Le Four", hours=WEEKDAYS[:0])
    items = (await client.get(API)).json()["items"]
    assert [item["open"] for item in items] == [True, False]
    # Each has its own state, though all are asked about at once.
    closed = await forge(name="La Ruche", hours=ALWAYS)
    at = now()
    await booking.close_site(closed.site_id, booking.Period(at - timedelta(hours=1), at + timedelta(days=2)))
    items = {item["name"]: item["open"] for item in (await client.get(API)).json()["items"]}
    assert items == {"La Forge": True, "Le Four": False, "La Ruche": False}
    page = (await client.get("/lieux")).text
    assert page.count("Ouvert jusqu’à") == 1
    assert "Sur rendez-vous" in page


async def test_its_number_leads_to_its_page(orm: None, client: httpx.AsyncClient) -> None:
    place = await forge()
    answer = await client.get(f"/lieux/{place.id}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/lieux/la-forge")
    assert (await client.get("/lieux/987654")).status_code == 404
    assert (await client.get("/lieux/ailleurs")).status_code == 404


async def test_a_closed_place_is_in_no_list_and_opens_again(
    nadia: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    number = await made(nadia)
    answer = await nadia.post("/lieux/la-forge/fermeture")
    assert answer.status_code == 303
    assert (await client.get("/lieux/la-forge")).status_code == 404
    assert (await client.get(f"{API}/{number}")).status_code == 404
    assert '/lieux/la-forge"' not in (await client.get("/lieux")).text
    assert "Rouvrir la page" in (await nadia.get("/lieux/la-forge")).text
    assert (await nadia.delete(f"{API}/{number}/closure")).status_code == 204
    assert (await client.get("/lieux/la-forge")).status_code == 200


async def test_a_wrong_form_keeps_its_words(nadia: httpx.AsyncClient) -> None:
    answer = await nadia.post(
        "/lieux/nouveau",
        data={
            "name": "La Forge",
            "address": "12",
            "phone": "un deux",
            "mail": "nulle part",
            "quartier": "lune",
        },
    )
    assert answer.status_code == 422
    assert "Erreur" in answer.text.split("</title>")[0]
    for words in ("La Forge", "un deux", "nulle part"):
        assert f'value="{words}"' in answer.text
    answer = await nadia.post("/lieux/nouveau", data={**FORGE, "quartier": "lune"})
    assert answer.status_code == 422
    assert "Choisissez une des réponses proposées" in answer.text
    assert (await nadia.post(API, json={**FORGE, "access": ["wings"]})).status_code == 422


async def test_an_association_cannot_call_its_place_like_the_staff(
    keeper: httpx.AsyncClient, nadia: httpx.AsyncClient, home: Home
) -> None:
    answer = await keeper.post(API, json={**FORGE, "name": "La Conciergerie", "organisation": home.id})
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["name"])
    assert (await nadia.post(API, json={**FORGE, "name": "La Conciergerie"})).status_code == 201


async def test_a_reported_place_can_be_hidden(
    orm: None, client: httpx.AsyncClient, solene: httpx.AsyncClient
) -> None:
    from echange.places.reportable import ReportablePlace

    place, reportable = await forge(about="Un texte"), ReportablePlace()
    assert await reportable.at("/lieux/la-forge") == place.id
    assert (await reportable.evidence(place.id))["title"] == "La Forge"
    moderator = Viewer(id=1, name="S", handle="s", confirmed=True, roles=frozenset({"moderator"}))
    await reportable.hide(place.id, by=moderator)
    assert await reportable.seen_by(None, place.id) is None
    assert (await client.get("/lieux/la-forge")).status_code == 404
    assert "masquée" in (await solene.get("/lieux/la-forge")).text
    await reportable.show(place.id, by=moderator)
    assert (await client.get("/lieux/la-forge")).status_code == 200


async def test_an_organisation_that_is_not_there_looks_after_nothing(
    orm: None, bernard: httpx.AsyncClient
) -> None:
    refused = await bernard.post(API, json={**FORGE, "organisation": 987654})
    assert refused.status_code == 422
    assert "organisation" in refused.json()["errors"]
    number = await made(bernard)
    assert (await bernard.patch(f"{API}/{number}", json={"organisation": 987654})).status_code == 422
