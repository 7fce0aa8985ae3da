"""Organisations: founded, described, read, closed, checked by the desk; their people and roles."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette

from echange.http import NotAllowed, NotFound
from echange.members.models import Membership, Organisation
from echange.members.models.membership import LastOwner
from echange.members.models.organisation import NumberTaken, OwnOrganisation
from echange.members.organisations import privacy
from echange.members.organisations.numbers import is_rna, is_siret
from tests.conftest import Doors, sign_in
from tests.members.newcomers import plain
from tests.members.organisations import Connection, Home, role_of, seen, settle_redoute
from tests.neighbours import Town


@pytest.fixture
async def redoute(connection: Connection, town: Town) -> Home:
    return await settle_redoute(connection, town)


@pytest.fixture
async def keeper(app: Starlette, town: Town) -> AsyncIterator[httpx.AsyncClient]:
    async with Doors(app).open() as somebody:
        await sign_in(somebody, "redoute")
        yield somebody


@pytest.fixture
async def nadia(app: Starlette, town: Town) -> AsyncIterator[httpx.AsyncClient]:
    """The concierge."""
    async with Doors(app).open() as somebody:
        await sign_in(somebody, "concierge")
        yield somebody


# ── Numbers ──


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


# ── Founding and describing ──


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


# ── Lists and pages ──


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


# ── Closing ──


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


# ── The desk's sign ──


async def test_the_desk_verifies_and_says_who_and_when(
    nadia: httpx.AsyncClient, keeper: httpx.AsyncClient, client: httpx.AsyncClient,
    connection: Connection, redoute: Home, town: Town,
) -> None:  # fmt: skip
    assert "À vérifier (1)" in plain((await nadia.get("/associations")).text)
    assert (await keeper.post(f"{redoute.url}/verification")).status_code == 403
    assert "W941002617" in (await nadia.get(f"{redoute.url}/verification")).text
    assert (await nadia.post(f"{redoute.url}/verification")).status_code == 303
    await connection.execute("UPDATE organisation SET verified_at = '2026-03-12 10:00+01'")
    page = plain((await client.get(redoute.url)).text)
    assert "Vérifiée par La Forge (Nadia P.), 12 mars 2026" in page
    assert "a vérifié" in plain((await keeper.get("/avis")).text)

    empty = await nadia.post(f"{redoute.url}/verification/retrait", data={})
    assert empty.status_code == 422
    await nadia.post(f"{redoute.url}/verification/retrait", data={"reason": "Dissoute en mai"})
    assert "Vérifiée par" not in (await client.get(redoute.url)).text
    assert "Dissoute en mai" in (await keeper.get("/avis")).text
    acts = await connection.fetch("SELECT what, about_id, by_id FROM staff_act ORDER BY id")
    assert [tuple(act) for act in acts] == [
        ("organisation_verified", redoute.id, town["concierge"]),
        ("organisation_unverified", redoute.id, town["concierge"]),
    ]


async def test_two_verified_organisations_never_share_a_number(
    nadia: httpx.AsyncClient, orm: None, connection: Connection, redoute: Home, town: Town
) -> None:
    twin = await Organisation.found(
        by=seen(town, "bob"), kind="association", name="Fêtes bis", rna="W941002617"
    )
    await nadia.post(f"{redoute.url}/verification")
    answer = await nadia.post(f"{twin.url}/verification")
    assert answer.status_code == 422
    assert "porte déjà ce numéro" in answer.text
    with pytest.raises(NumberTaken):
        await twin.verify(by=seen(town, "concierge", "concierge"))
    assert await connection.fetchval("SELECT count(*) FROM staff_act") == 1


async def test_without_a_number_or_for_ones_own_nothing_is_verified(
    nadia: httpx.AsyncClient, orm: None, town: Town, connection: Connection
) -> None:
    hers = await Organisation.found(
        by=seen(town, "concierge"), kind="association", name="Chœur", rna="W941234567"
    )
    with pytest.raises(OwnOrganisation):
        await hers.verify(by=seen(town, "concierge", "concierge"))
    with pytest.raises(NotAllowed):
        await hers.verify(by=seen(town, "alice"))
    bare = await Organisation.found(by=seen(town, "bob"), kind="professional", name="Au bon pain")
    answer = await nadia.post(f"{bare.url}/verification")
    assert answer.status_code == 422
    assert "Il faut d’abord son numéro" in plain(answer.text)


async def test_another_name_or_number_loses_the_sign_another_phrase_does_not(
    nadia: httpx.AsyncClient, keeper: httpx.AsyncClient, connection: Connection, redoute: Home
) -> None:
    await nadia.post(f"{redoute.url}/verification")
    path = f"/api/v1/organisations/{redoute.id}"
    assert (await keeper.patch(path, json={"headline": "On fête"})).json()["verified_at"] is not None
    assert (await keeper.patch(path, json={"rna": "W941002617"})).json()["verified_at"] is not None
    assert (await keeper.patch(path, json={"name": "Les Fêtes"})).json()["verified_at"] is None
    assert (await keeper.patch(path, json={"about": None})).json()["about"] == "On fête."


# ── People and roles ──


async def test_owners_give_roles_and_others_do_not(
    keeper: httpx.AsyncClient, alice: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    home = await settle_redoute(connection, town, alice="manager", bob="member")
    of_bob = f"{home.url}/personnes/{town['bob']}"
    for request in (alice.get(f"{home.url}/personnes"), alice.post(of_bob, data={"role": "owner"})):
        assert (await request).status_code == 403
    assert (
        await alice.put(f"/api/v1/organisations/{home.id}/people/{town['bob']}", json={"role": "owner"})
    ).status_code == 403
    assert "Bob" in (await keeper.get(f"{home.url}/personnes")).text
    assert (await keeper.get(of_bob)).status_code == 200
    assert (await keeper.post(of_bob, data={"role": "boss"})).status_code == 422
    assert (await keeper.post(of_bob, data={"role": "manager"})).status_code == 303
    assert await role_of(connection, home, town["bob"]) == "manager"
    notice = await connection.fetchrow("SELECT member_id, kind, data FROM notice")
    assert notice is not None
    assert (notice["member_id"], notice["kind"]) == (town["bob"], "organisation_role")


@pytest.mark.parametrize("role", ["manager", "member"])
async def test_nobody_gives_themselves_a_role(
    role: str, bob: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    home = await settle_redoute(connection, town, bob=role)
    answer = await bob.put(f"/api/v1/organisations/{home.id}/people/{town['bob']}", json={"role": "owner"})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    answer = await bob.post(f"{home.url}/personnes/{town['bob']}", data={"role": "owner"})
    assert answer.status_code == 403
    assert await role_of(connection, home, town["bob"]) == role


async def test_nobody_else_learns_who_is_quietly_in(
    alice: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    home = await settle_redoute(connection, town, bob="member")
    await connection.execute("UPDATE membership SET shown = false WHERE member_id = $1", town["bob"])
    for handle in ("bob", "charlie"):
        path = f"/api/v1/organisations/{home.id}/people/{town[handle]}"
        assert (await alice.delete(path)).status_code == 403
        assert (await alice.put(path, json={"role": "member"})).status_code == 403
        assert (await alice.get(f"{home.url}/personnes/{town[handle]}")).status_code == 403


async def test_somebody_removed_is_told_and_loses_the_hat(
    keeper: httpx.AsyncClient, bob: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    home = await settle_redoute(connection, town, bob="manager")
    await bob.post("/moi/casquette", data={"organisation": home.id})
    await keeper.post(f"{home.url}/personnes/{town['bob']}/retrait")
    assert await role_of(connection, home, town["bob"]) is None
    assert await connection.fetchval("SELECT count(*) FROM session WHERE acting_for_id IS NOT NULL") == 0
    assert "Vous ne faites plus partie" in (await bob.get("/avis")).text
    assert (await keeper.post(f"{home.url}/personnes/{town['bob']}/retrait")).status_code == 404


async def test_the_last_owner_stays_and_is_told_the_way_out(
    keeper: httpx.AsyncClient, connection: Connection, redoute: Home, town: Town
) -> None:
    answer = await keeper.post(f"{redoute.url}/depart")
    assert answer.status_code == 422
    assert "Il faut toujours un responsable" in answer.text
    assert f"{redoute.url}/personnes" in answer.text
    answer = await keeper.post(f"{redoute.url}/personnes/{town['redoute']}", data={"role": "member"})
    assert answer.status_code == 422
    answer = await keeper.delete(f"/api/v1/organisations/{redoute.id}/people/{town['redoute']}")
    assert (answer.status_code, answer.json()["code"]) == (409, "last_owner")
    assert await role_of(connection, redoute, town["redoute"]) == "owner"


async def test_one_leaves_when_another_owner_stays(
    keeper: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    home = await settle_redoute(connection, town, alice="owner")
    assert (await keeper.get(f"{home.url}/depart")).status_code == 200
    assert (await keeper.post(f"{home.url}/depart")).headers["location"] == "/moi/associations"
    assert await role_of(connection, home, town["redoute"]) is None
    assert (await keeper.get(f"{home.url}/depart")).status_code == 404


@pytest.mark.parametrize("how", ["leave", "demote"])
async def test_of_two_owners_going_at_once_one_stays(
    orm: None, connection: Connection, town: Town, how: str
) -> None:
    home = await settle_redoute(connection, town, alice="owner")

    async def go(handle: str) -> None:
        part = await Membership.of(home.id, town[handle])
        await (
            part.end(by=seen(town, handle))
            if how == "leave"
            else part.become("member", by=seen(town, handle))
        )

    outcomes = await asyncio.gather(go("alice"), go("redoute"), return_exceptions=True)
    assert sorted(str(type(one)) for one in outcomes) == sorted([str(LastOwner), str(type(None))])
    owners = await connection.fetchval("SELECT count(*) FROM membership WHERE role = 'owner'")
    assert owners == 1


async def test_the_database_itself_keeps_one_owner(connection: Connection, redoute: Home) -> None:
    with pytest.raises(Exception, match="the last owner stays"):
        await connection.execute("UPDATE membership SET role = 'member'")
    await connection.execute("UPDATE organisation SET closed_at = now()")
    await connection.execute("DELETE FROM membership")


async def test_an_admin_names_an_owner_where_the_only_one_is_gone(
    orm: None, connection: Connection, town: Town
) -> None:
    home = await settle_redoute(connection, town, bob="member")
    part = await Membership.of(home.id, town["bob"])
    with pytest.raises(NotAllowed):
        await part.become("owner", by=seen(town, "concierge", "concierge"))
    await part.become("owner", by=seen(town, "admin", "admin"))
    assert await connection.fetchval("SELECT what FROM staff_act") == "organisation_role"
    with pytest.raises(NotFound):
        await Membership.of(home.id, town["alice"])


# ── Leaving échange ──


async def test_leaving_echange_is_refused_to_a_last_owner_and_forgets_others(
    orm: None, connection: Connection, town: Town
) -> None:
    home = await settle_redoute(connection, town, alice="owner", bob="member")
    assert await privacy.kept_alone(town["alice"]) == []
    assert "Les Fêtes de la Redoute" in (await privacy.told(town["alice"]))[0]
    await connection.execute("UPDATE member SET leaving_at = now() WHERE handle = 'redoute'")
    assert await privacy.kept_alone(town["alice"]) == [("Les Fêtes de la Redoute", home.url)]
    with pytest.raises(LastOwner):
        await privacy.check_may_leave(town["alice"])
    await privacy.forget(town["bob"])
    await privacy.forget(town["alice"])
    assert await connection.fetchval("SELECT closed_at FROM organisation") is None
    await privacy.forget(town["redoute"])
    assert await connection.fetchval("SELECT closed_at FROM organisation") is not None
    assert await connection.fetchval("SELECT count(*) FROM membership") == 0


# ── JSON ──


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
    assert (await bob.put(f"{path}/verification")).status_code == 403
    assert (await nadia.put(f"{path}/verification")).json()["verified_at"] is not None
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
