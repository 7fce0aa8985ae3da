"""Finding a neighbour, reading a profile, meeting an association."""

from typing import TypeAlias

import asyncpg
import httpx
import pytest

from echange.members import fold
from tests.neighbours import Town

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


async def names(client: httpx.AsyncClient, query: str) -> set[str]:
    page = (await client.get(f"/experts?{query}")).text
    return {name for name in ("Alice Morel", "Bob Traoré", "Charlie Nguyen", "Farida Benali") if name in page}


FOUND = {
    "couture": {"Alice Morel"},
    "COUTURES": {"Alice Morel"},
    "coudre": {"Alice Morel"},
    "coutrue": {"Alice Morel"},
    "vélo": {"Bob Traoré"},
    "velos": {"Bob Traoré"},
    "réparer mon vélo": {"Bob Traoré"},
    "un meuble en kit": {"Bob Traoré"},
    "cours de maths": {"Charlie Nguyen"},
    "mathematique": {"Charlie Nguyen"},
    "vietnamein": {"Charlie Nguyen"},
    "ordinateur": {"Charlie Nguyen"},
    "darija": {"Farida Benali"},
    "fête des voisins": {"Farida Benali"},
    "confiture": {"Alice Morel"},
    "tricoter": {"Alice Morel"},
    "Traoré": {"Bob Traoré"},
    "morel": {"Alice Morel"},
    "dresser des escargots": set(),
    "zzzzzz": set(),
}


async def test_words_find_the_neighbour_who_offers_it(client: httpx.AsyncClient, town: Town) -> None:
    asked = {words: await names(client, str(httpx.QueryParams({"q": words}))) for words in FOUND}
    assert asked == FOUND


async def test_what_somebody_looks_for_is_not_what_they_offer(client: httpx.AsyncClient, town: Town) -> None:
    assert await names(client, "q=guitare") == set()


async def test_the_list_is_narrowed_by_field_and_quartier(client: httpx.AsyncClient, town: Town) -> None:
    assert await names(client, "champ=couture") == {"Alice Morel"}
    assert await names(client, "quartier=le-plateau") == {"Bob Traoré"}
    assert await names(client, "champ=couture&quartier=le-plateau") == set()
    page = (await client.get("/experts?q=couture&champ=couture&quartier=les-larris")).text
    assert 'href="/experts?q=couture&amp;champ=couture"' in page, "each choice can be taken away"


async def test_the_list_is_narrowed_by_when_and_on_which_terms(
    client: httpx.AsyncClient, town: Town, connection: Connection
) -> None:
    await connection.execute(
        """UPDATE member SET availability =
               CASE handle WHEN 'alice' THEN 8 WHEN 'bob' THEN 1 << 17 ELSE 0 END,
                             members_only = '{}', verified_at = NULL
           WHERE handle IN ('alice', 'bob', 'charlie', 'redoute')"""
    )
    await connection.execute(
        """UPDATE member_skill SET terms = '{free}' FROM skill s
           WHERE s.id = skill_id AND NOT wanted AND s.key IN ('couture', 'montage de meubles')"""
    )
    asked = {
        query: await names(client, query)
        for query in (
            "jour=tuesday", "moment=evening", "jour=saturday&moment=evening", "jour=sunday",
            "conditions=free", "conditions=quote", "conditions=free&q=couture",
            "conditions=free&q=tricot", "verifie=1",
        )
    }  # fmt: skip
    assert asked == {
        "jour=tuesday": {"Alice Morel"},
        "moment=evening": {"Bob Traoré"},
        "jour=saturday&moment=evening": {"Bob Traoré"},
        "jour=sunday": set(),
        "conditions=free": {"Alice Morel", "Bob Traoré"},
        "conditions=quote": set(),
        "conditions=free&q=couture": {"Alice Morel"},
        "conditions=free&q=tricot": set(),
        "verifie=1": set(),
    }
    await connection.execute("UPDATE member SET verified_at = now() WHERE handle = 'bob'")
    assert await names(client, "verifie=1") == {"Bob Traoré"}
    page = (await client.get("/experts?jour=tuesday&verifie=1")).text
    assert 'href="/experts?verifie=1"' in page, "each choice can be taken away"


async def test_programs_ask_for_a_day_and_a_moment(
    client: httpx.AsyncClient, town: Town, connection: Connection
) -> None:
    await connection.execute(
        "UPDATE member SET availability = 8, members_only = '{}' WHERE id = $1", town["alice"]
    )
    for asked, found in (("tuesday", 1), ("morning", 1), ("tuesday-morning", 1), ("tuesday-noon", 0)):
        items = (await client.get(f"/api/v1/members?availability={asked}")).json()["items"]
        assert len(items) == found, asked
    assert (await client.get("/api/v1/members?availability=someday")).status_code == 422
    profile = (await client.get(f"/api/v1/members/{town['alice']}")).json()
    assert profile["availability"] == ["tuesday-morning"]


async def test_organisations_are_found_by_their_kind(
    client: httpx.AsyncClient, town: Town, party: int
) -> None:
    page = (await client.get("/experts?qui=association&q=fetes")).text
    assert "Les Fêtes de la Redoute" in page
    assert "Les Fêtes de la Redoute" not in (await client.get("/experts?qui=professional")).text
    items = (await client.get("/api/v1/members?kind=association")).json()["items"]
    assert [(one["id"], one["kind"], one["url"]) for one in items] == [
        (party, "association", "/associations/fetes")
    ]
    assert (await client.get("/api/v1/members?kind=professional")).json()["items"] == []


async def test_an_empty_list_says_what_to_do(client: httpx.AsyncClient, town: Town) -> None:
    page = (await client.get("/experts?q=escargots")).text
    assert "Personne ne propose encore «\u00a0escargots\u00a0»." in page
    assert 'href="/publier?nature=service_sought"' in page
    assert 'href="/moi/savoir-faire?cote=propose"' in page


async def test_people_without_anything_to_offer_are_not_listed(client: httpx.AsyncClient, town: Town) -> None:
    assert "Nadia Petit" not in (await client.get("/experts")).text


async def test_the_list_goes_on_page_by_page(client: httpx.AsyncClient, town: Town) -> None:
    seen: list[str] = []
    url = "/api/v1/members?limit=3"
    while url:
        page = (await client.get(url)).json()
        seen += [one["name"] for one in page["items"]]
        url = f"/api/v1/members?limit=3&cursor={page['next']}" if page["next"] else ""
    assert len(seen) == len(set(seen)) == len(town.ids)


@pytest.mark.parametrize("query", ["cursor=garbage", "limit=0", "limit=9999", "q=" + "x" * 101, "q=a%00b"])
async def test_an_odd_question_is_refused_kindly(client: httpx.AsyncClient, query: str) -> None:
    assert (await client.get(f"/experts?{query}")).status_code == 422
    assert (await client.get(f"/api/v1/members?{query}")).status_code == 422


@pytest.mark.parametrize(
    "query", ["q=%25_%5C", "q='; DROP TABLE member", "q=%F0%9F%90%A2", "champ=nulle-part", "q=%C2%A0"]
)
async def test_odd_words_find_nobody_or_somebody_but_never_fail(
    client: httpx.AsyncClient, town: Town, query: str
) -> None:
    assert (await client.get(f"/experts?{query}")).status_code == 200


async def test_a_profile_tells_offers_and_wishes_and_no_address(
    client: httpx.AsyncClient, town: Town
) -> None:
    page = (await client.get("/membres/alice")).text
    for words in (
        "Alice Morel",
        "Couturière à la retraite",
        "Les Larris",
        "Couture",
        "Montage de meubles",
        "Ici depuis",
    ):
        assert words in page
    assert "@echange.example" not in page
    assert "/connexion?suite=/membres/alice" in page


async def test_a_member_can_write_to_a_neighbour(bob: httpx.AsyncClient, town: Town) -> None:
    page = (await bob.get("/membres/alice")).text
    assert f'<input type="hidden" name="membre" value="{town["alice"]}">' in page
    assert "Écrire à Alice" in page


async def test_ones_own_profile_can_be_changed_and_not_written_to(alice: httpx.AsyncClient) -> None:
    page = (await alice.get("/membres/alice")).text
    assert 'href="/moi/profil"' in page
    assert 'name="membre"' not in page


@pytest.mark.parametrize(
    "path", ["/membres/personne", "/membres/ALICE", "/associations/aucune", "/membres/%00"]
)
async def test_nobody_is_at_an_unknown_address(client: httpx.AsyncClient, town: Town, path: str) -> None:
    assert (await client.get(path)).status_code == 404


@pytest.fixture
async def party(connection: Connection, town: Town) -> int:
    identifier: int = await connection.fetchval(
        """INSERT INTO organisation (slug, name, sort_key, rna, about, quartier_id)
           VALUES ('fetes', 'Les Fêtes de la Redoute', $1, 'W943001234', 'On prête, on aide.', $2)
           RETURNING id""",
        fold("Les Fêtes de la Redoute"),
        town.quartiers["la-redoute"],
    )
    await connection.execute(
        """INSERT INTO membership (organisation_id, member_id, role)
           VALUES ($1, $2, 'owner'), ($1, $3, 'member')""",
        identifier, town["redoute"], town["bob"],
    )  # fmt: skip
    return identifier


async def test_an_association_says_who_it_is_and_who_to_write_to(
    alice: httpx.AsyncClient, town: Town, party: int
) -> None:
    assert "Les Fêtes de la Redoute" in (await alice.get("/associations")).text
    page = (await alice.get("/associations/fetes")).text
    for words in (
        "W943001234",
        "On prête, on aide.",
        "Farida Benali",
        "Bob Traoré",
        "Responsable",
        "La Redoute",
    ):
        assert words in page
    assert f'name="membre" value="{town["redoute"]}"' in page
    assert "Les Fêtes de la Redoute" in (await alice.get("/membres/redoute")).text
