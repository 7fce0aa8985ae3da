"""Organisations: numbers, founding, description, lists, closing, their whole life in JSON."""

import httpx
import pytest

from echange.members.models import Organisation
from echange.members.organisations.numbers import is_rna, is_siret
from tests.members.newcomers import plain
from tests.members.organisations import Connection, Home, seen, settle_redoute
from tests.neighbours import Town


@pytest.mark.parametrize(
    ("number", "right"),
    [
        ("73282932000074", True),
        ("73282932000075", False),
        ("35600000000048", True),
        # La Poste's agencies: the plain sum is a multiple of five.
        ("35600000009075", True),
        ("35600000009076", False),
        ("7328293200007", False),
        ("7328293200007٤", False),
        ("", False),
    ],
)
def test_a_siret_is_counted(number: str, right: bool) -> None:
    assert is_siret(number) is right


@pytest.mark.parametrize(
    ("number", "right"),
    [("W941002617", True), ("W94100261", False), ("X941002617", False), ("w941002617", False)],
)
def test_an_rna_is_w_and_nine_digits(number: str, right: bool) -> None:
    assert is_rna(number) is right


async def test_a_member_founds_an_association_and_is_its_owner(
    alice: httpx.AsyncClient, client: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    form = {
        "kind": "association", "name": "Chœur d’Auron", "headline": "On chante le jeudi",
        "about": "Bonjour.\n<b>Venez</b>.", "quartier": "le-village", "website": "choeur.example/agenda",
        "rna": "w 941 234 567",
    }  # fmt: skip
    answer = await alice.post("/associations/nouvelle", data=form)
    assert answer.headers["location"] == "/associations/choeur-d-auron"
    page = plain((await client.get("/associations/choeur-d-auron")).text)
    for words in (
        "Chœur d’Auron", "On chante le jeudi, Le Village", "&lt;b&gt;Venez&lt;/b&gt;", "W941234567",
        'href="https://choeur.example/agenda" rel="noopener nofollow"', "Alice Morel",
    ):  # fmt: skip
        assert words in page
    row = await connection.fetchrow("SELECT role, member_id FROM membership")
    assert row is not None
    assert tuple(row) == ("owner", town["alice"])


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"name": ""}, "Remplissez ce champ."),
        ({"name": "Mairie de Fontenay"}, "ressemble trop"),
        ({"name": "La Fоrge"}, "un seul alphabet"),
        ({"name": "Voir www.pirate.example"}, "sans adresse de site"),
        ({"kind": "municipal"}, "inscrit par l’administration"),
        ({"kind": "robot"}, "Choisissez une des réponses"),
        ({"rna": "W12"}, "la lettre W, puis neuf chiffres"),
        ({"kind": "professional", "rna": "W941234567"}, "Seule une association"),
        ({"siret": "73282932000075"}, "n’est pas juste"),
        ({"website": "http://choeur.example"}, "en entier"),
        ({"website": "javascript:alert(1)"}, "en entier"),
        ({"website": "https://a.example@pirate.example"}, "en entier"),
        ({"website": "https://[::1"}, "en entier"),
        ({"website": 'https://x.example/"onclick='}, "un signe de trop"),
        ({"quartier": "nulle-part"}, "Choisissez une des réponses"),
    ],
)
async def test_a_page_that_will_not_do_is_refused_and_keeps_its_words(
    alice: httpx.AsyncClient, connection: Connection, changed: dict[str, str], reason: str
) -> None:
    form = {"kind": "association", "name": "Chœur", "headline": "mes mots", **changed}
    answer = await alice.post("/associations/nouvelle", data=form)
    assert answer.status_code == 422
    assert reason in plain(answer.text)
    assert 'value="mes mots"' in answer.text
    assert await connection.fetchval("SELECT count(*) FROM organisation") == 0


async def test_two_associations_of_one_name_have_two_addresses(orm: None, town: Town) -> None:
    one = await Organisation.found(by=seen(town, "alice"), kind="association", name="Nouvelle")
    two = await Organisation.found(by=seen(town, "bob"), kind="association", name="Nouvelle")
    assert "nouvelle" not in {one.slug, two.slug}
    assert one.slug != two.slug


async def test_an_admin_founds_a_service_of_the_town(orm: None, town: Town, connection: Connection) -> None:
    await Organisation.found(
        by=seen(town, "admin", "admin"), kind="municipal", name="Mairie, service des sports"
    )
    assert await connection.fetchval("SELECT what FROM staff_act") == "organisation_founded"


async def test_who_speaks_for_it_rewrites_its_page_and_nobody_else_does(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    home = await settle_redoute(connection, town, alice="manager", bob="member")
    form = {"name": "Les Fêtes de la Redoute", "about": "Encore mieux."}
    assert (await bob.get(f"{home.url}/modifier")).status_code == 403
    assert (await bob.post(f"{home.url}/modifier", data=form)).status_code == 403
    assert (await alice.get(f"{home.url}/modifier")).status_code == 200
    assert (await alice.post(f"{home.url}/modifier", data=form)).status_code == 303
    assert "Encore mieux." in (await bob.get(home.url)).text
    wrong = await alice.post(f"{home.url}/modifier", data={"name": "", "about": "gardé"})
    assert wrong.status_code == 422
    assert "gardé" in wrong.text


async def test_the_list_is_narrowed_by_kind_and_name(
    client: httpx.AsyncClient, connection: Connection, redoute: Home
) -> None:
    await connection.execute(
        """INSERT INTO organisation (slug, name, sort_key, kind, siret, verified_at)
           VALUES ('pain', 'Au bon pain', 'au bon pain', 'professional', '73282932000074', now())"""
    )

    async def names(query: str) -> set[str]:
        page = (await client.get(f"/associations?{query}")).text
        return {name for name in ("Les Fêtes de la Redoute", "Au bon pain") if name in page}

    assert await names("") == {"Les Fêtes de la Redoute", "Au bon pain"}
    assert await names("type=professional") == {"Au bon pain"}
    assert await names("q=redouté") == {"Les Fêtes de la Redoute"}
    assert await names("q=edoute") == set()
    assert await names("type=municipal") == set()
    assert (await client.get("/associations?type=robot")).status_code == 422
    first = (await client.get("/api/v1/organisations?limit=1")).json()
    then = (await client.get(f"/api/v1/organisations?limit=1&cursor={first['next']}")).json()
    assert [first["items"][0]["name"], then["items"][0]["name"]] == ["Au bon pain", "Les Fêtes de la Redoute"]
    assert first["items"][0]["verified"]
    assert then["next"] is None


async def test_a_page_names_nobody_who_is_away_blocked_or_discreet(
    client: httpx.AsyncClient, alice: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    home = await settle_redoute(connection, town, alice="member", bob="manager", charlie="member")
    await alice.post(f"{home.url}/presence", data={"shown": "0"})
    await connection.execute("UPDATE member SET paused_at = now() WHERE handle = 'charlie'")
    page = (await client.get(home.url)).text
    assert ("Alice" in page, "Bob" in page, "Charlie" in page, "Farida" in page) == (False, True, False, True)
    assert "Les Fêtes de la Redoute" not in (await client.get("/membres/alice")).text
    assert "vous seul le voyez" in (await alice.get(home.url)).text

    await connection.execute(
        "INSERT INTO block (by_id, member_id) VALUES ($1, $2)", town["alice"], town["bob"]
    )
    await connection.execute(
        "INSERT INTO block (by_id, member_id) VALUES ($1, $2)", town["redoute"], town["alice"]
    )
    page = (await alice.get(home.url)).text
    assert "Bob" not in page
    assert "Farida" not in page
    people = (await alice.get(f"/api/v1/organisations/{home.id}/people")).json()["items"]
    assert [one["id"] for one in people] == [town["alice"]]


async def test_whom_one_writes_to_is_somebody_one_may_meet(
    client: httpx.AsyncClient, bob: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    home = await settle_redoute(connection, town, alice="manager")
    assert f'name="membre" value="{town["redoute"]}"' in (await bob.get(home.url)).text
    await connection.execute(
        "INSERT INTO block (by_id, member_id) VALUES ($1, $2)", town["redoute"], town["bob"]
    )
    assert f'name="membre" value="{town["alice"]}"' in (await bob.get(home.url)).text
    await connection.execute("UPDATE member SET paused_at = now() WHERE handle = 'alice'")
    page = plain((await bob.get(home.url)).text)
    assert "Personne ne peut recevoir de message pour elle en ce moment." in page


async def test_a_closed_organisation_is_found_by_its_owner_alone_and_opens_again(
    keeper: httpx.AsyncClient, alice: httpx.AsyncClient, connection: Connection, redoute: Home, town: Town
) -> None:
    assert (await alice.post(f"{redoute.url}/fermeture")).status_code == 403
    assert (await keeper.get(f"{redoute.url}/fermeture")).status_code == 200
    assert (await keeper.post(f"{redoute.url}/fermeture")).status_code == 303
    assert (await alice.get(redoute.url)).status_code == 404
    assert (await alice.get(f"/api/v1/organisations/{redoute.id}")).status_code == 404
    assert (
        "Redoute"
        not in (await alice.get("/associations?q=redoute&type=association")).text.split("results")[1]
    )
    assert "Les Fêtes de la Redoute" not in (await alice.get("/membres/redoute")).text
    assert "Rouvrir la page" in (await keeper.get(redoute.url)).text
    assert "page fermée" in (await keeper.get("/moi/associations")).text
    assert (await keeper.post(f"{redoute.url}/reouverture")).status_code == 303
    assert (await alice.get(redoute.url)).status_code == 200


async def test_annonces_of_a_closed_or_hidden_organisation_stand_in_no_list(
    connection: Connection, redoute: Home, town: Town
) -> None:
    async def listed() -> list[bool]:
        return [row["listed"] for row in await connection.fetch("SELECT listed FROM ad ORDER BY id")]

    for organisation in (redoute.id, None):
        await connection.execute(
            """INSERT INTO ad (kind, title, body, category, price_text, quartier_id, owner_id, published_at,
                               organisation_id)
               VALUES ('give', 'Un lit', '', 'autre', '', $1, $2, now(), $3)""",
            town.quartiers["le-village"], town["redoute"], organisation,
        )  # fmt: skip
    assert await listed() == [True, True]
    await connection.execute("UPDATE organisation SET closed_at = now()")
    assert await listed() == [False, True]
    await connection.execute("UPDATE organisation SET closed_at = NULL, hidden_at = now()")
    assert await listed() == [False, True]
    await connection.execute("UPDATE organisation SET hidden_at = NULL")
    await connection.execute("UPDATE member SET paused_at = now() WHERE handle = 'redoute'")
    assert await listed() == [True, False], "an organisation's annonce outlives the pause of who wrote it"
    await connection.execute("UPDATE ad SET organisation_id = NULL WHERE organisation_id IS NOT NULL")
    assert await listed() == [False, False]


async def test_an_organisation_lives_its_whole_life_in_json(
    alice: httpx.AsyncClient, nadia: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town
) -> None:
    made = await alice.post(
        "/api/v1/organisations",
        json={"kind": "professional", "name": "Au bon pain", "siret": "732 829 320 00074"},
    )
    assert made.status_code == 201
    path = f"/api/v1/organisations/{made.json()['id']}"
    assert made.json()["siret"] == "73282932000074"
    assert (await bob.patch(path, json={"name": "À moi"})).status_code == 403
    read = {"name": "Au bon pain", "siret": "732 829 320 00074"}
    assert (await bob.put(f"{path}/verification", json=read)).status_code == 403
    assert (await nadia.put(f"{path}/verification", json=read)).json()["verified_at"] is not None
    answer = await nadia.request("DELETE", f"{path}/verification", json={"reason": "erreur"})
    assert answer.json()["verified_at"] is None
    assert (await bob.post(f"{path}/closure")).status_code == 403
    assert (await alice.post(f"{path}/closure")).status_code == 201
    assert (await bob.get(path)).status_code == 404
    assert (await alice.delete(f"{path}/closure")).json()["closed_at"] is None
    assert (await bob.get(f"{path}/people")).json()["items"] == [
        {"id": town["alice"], "name": "Alice Morel", "role": "owner", "url": "/membres/alice"}
    ]
    assert (
        await alice.post("/api/v1/organisations", json={"kind": "municipal", "name": "Parcs"})
    ).status_code == 422
