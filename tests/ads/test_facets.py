"""Choices beside the list: each narrows it, says how many it would show, and is a chip to take back."""

import re
from typing import Any

import httpx

from echange.ads import facets
from echange.ads.facets import Counts, Recount
from echange.ads.searching import FREE, Search
from tests.ads.annonces import Connection, photographed
from tests.ads.annonces import published as publish
from tests.ads.test_finding import titles
from tests.neighbours import Town


async def _town_of_annonces(connection: Connection, town: Town) -> None:
    await connection.executemany(
        """INSERT INTO ad (kind, category, title, quartier_id, price_cents, terms, owner_id, published_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, now() - $8 * interval '1 minute')""",
        [
            (*row, town["alice"], minute)
            for minute, row in enumerate(
                [
                    ("give", "velo", "Vélo donné", 1, None, ""),
                    ("sell", "velo", "Vélo à 20 €", 1, 2000, ""),
                    ("sell", "velo", "Vélo à 50 €", 2, 5000, ""),
                    ("sell", "velo", "Vélo sans prix", 2, None, ""),
                    ("sell", "velo", "Vélo vendu pour rien", 2, 0, ""),
                    ("service_offered", "velo", "Révision offerte", 1, None, "free"),
                    ("service_offered", "velo", "Révision sur devis", 1, None, "quote"),
                    ("seek", "velo", "Cherche vélo à 10 €", 1, 1000, ""),
                    ("lend", "meubles", "Chaises prêtées", 3, None, ""),
                ]
            )
        ],
    )


async def test_each_facet_narrows_the_list(
    client: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    await _town_of_annonces(connection, town)

    async def found(query: str) -> set[str]:
        return set(titles(await client.get(f"/annonces?{query}")))

    assert await found("categorie=meubles") == {"Chaises prêtées"}
    assert await found("gratuit=1") == {
        "Vélo donné", "Vélo vendu pour rien", "Révision offerte", "Chaises prêtées",
    }  # fmt: skip
    assert await found("prix_max=20&categorie=velo") == {
        "Vélo donné", "Vélo à 20 €", "Vélo vendu pour rien", "Révision offerte",
    }  # fmt: skip
    assert await found("nature=sell&prix_max=49") == {"Vélo à 20 €", "Vélo vendu pour rien"}
    assert await found("categorie=velo&categorie=meubles&nature=lend") == {"Chaises prêtées"}
    assert await found("photo=1") == set()
    assert await found("par=alice&nature=lend") == {"Chaises prêtées"}
    assert await found("par=bob") == set()
    assert await found("par=personne") == set(), "nobody's annonces, not everybody's"


async def test_annonces_with_a_photo_are_found_apart(
    client: httpx.AsyncClient, alice: httpx.AsyncClient
) -> None:
    with_photo = await publish(alice, title="Photographié")
    await publish(alice, title="Sans photo")
    await photographed(alice, with_photo)
    assert titles(await client.get("/annonces?photo=1")) == ["Photographié"]


async def test_the_annonces_of_an_organisation_are_found_by_its_name(
    client: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    await connection.execute(
        """WITH o AS (INSERT INTO organisation (slug, name, sort_key) VALUES ('jardins', 'Les Jardins', 'j')
                      RETURNING id)
           INSERT INTO ad (kind, title, owner_id, organisation_id, quartier_id, published_at)
           SELECT 'give', 'Graines des Jardins', $1::int, id, 1, now() FROM o
           UNION ALL SELECT 'give', 'Graines d’Alice', $1::int, NULL, 1, now()""",
        town["alice"],
    )
    answer = await client.get("/annonces?par=jardins")
    assert titles(answer) == ["Graines des Jardins"]
    assert "Annonces de Les Jardins" in answer.text
    assert titles(await client.get("/annonces?par=alice")) == ["Graines d’Alice"]
    row = (await client.get("/annonces?par=jardins")).text.split('class="row-by"')[1][:40]
    assert "Les Jardins" in row, "the organisation stands as who gives, not its writer"


async def test_every_choice_is_a_chip(client: httpx.AsyncClient, connection: Connection, town: Town) -> None:
    name = await connection.fetchval("SELECT name FROM member WHERE handle = 'alice'")
    answer = await client.get("/annonces?categorie=velo&gratuit=1&prix_max=20&photo=1&par=alice&q=cadre")
    chips = re.findall(r'<a class="chip(?: chip-on)?" href="([^"]*)"[^>]*>([^<]*)', answer.text)
    told = {text.strip(): url.replace("&amp;", "&") for url, text in chips}
    assert list(told) == [
        "«\u00a0cadre\u00a0»", f"Annonces de {name}",
        "Vélo et déplacements", "Gratuit", "20\u00a0€ au plus", "Avec photo", "Tout effacer",
    ]  # fmt: skip
    assert told["Gratuit"] == "/annonces?q=cadre&categorie=velo&prix_max=20&photo=1&par=alice"
    assert told["Tout effacer"] == "/annonces"
    assert "sans\u00a0: Avec photo" in answer.text, "an empty list offers to look wider"


async def test_a_senseless_price_is_told_kindly_and_kept(client: httpx.AsyncClient) -> None:
    for price in ("cher", "-1", "99999999999"):
        answer = await client.get(f"/annonces?prix_max={price}")
        assert answer.status_code == 422
        assert f'value="{price}"' in answer.text


def _boxes(answer: httpx.Response, name: str) -> dict[str, str]:
    pattern = rf'name="{name}" value="([^"]*)"[^>]*><span>[^<]*</span>(?:<small>([^<]*)</small>)?'
    return {value: count for value, count in re.findall(pattern, answer.text) if count}


async def test_choices_say_how_many_annonces_they_would_show(
    client: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    await _town_of_annonces(connection, town)
    everything = await client.get("/annonces")
    assert _boxes(everything, "nature") == {
        "give": "1", "sell": "4", "lend": "1", "seek": "1", "service_offered": "2",
    }  # fmt: skip
    assert _boxes(everything, "quartier")["les-larris"] == "5"
    assert _boxes(everything, "categorie") == {"meubles": "1", "velo": "8"}
    assert _boxes(everything, "gratuit") == {"1": "4"}
    sold = await client.get("/annonces?nature=sell")
    assert _boxes(sold, "nature") == _boxes(everything, "nature"), "choices of one facet widen each other"
    assert _boxes(sold, "categorie") == {"velo": "4"}
    assert _boxes(sold, "gratuit") == {"1": "1"}
    cheap = await client.get("/annonces?q=velo&nature=sell&prix_max=20")
    assert "2 annonces" in cheap.text
    assert _boxes(cheap, "nature") == {"give": "1", "sell": "2", "service_offered": "1"}
    assert _boxes(cheap, "gratuit") == {"1": "1"}, "the price is counted without itself"


async def test_counts_of_a_large_list_are_at_least_what_they_say(
    client: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    await connection.execute(
        """INSERT INTO ad (kind, title, owner_id, quartier_id, published_at)
           SELECT CASE WHEN n % 3 = 0 THEN 'sell' ELSE 'give' END, 'Pot ' || n, $1, 1, now()
           FROM generate_series(1, 3300) n""",
        town["alice"],
    )
    answer = await client.get("/annonces?q=pot")
    assert "Plus de 1 000 annonces" in answer.text
    assert _boxes(answer, "nature")["give"] == "1\u202f000+"
    assert _boxes(answer, "nature")["sell"].endswith("+")
    assert _boxes(await client.get("/annonces"), "nature")["give"] == "2\u202f200", "the kept table is exact"


async def test_the_kept_table_follows_what_is_written(orm: None, connection: Connection, town: Town) -> None:
    count = Recount()
    await count()
    assert await _kept(connection) == {("all", "yes"): 0}
    await _town_of_annonces(connection, town)
    await facets.recount()
    kept = await _kept(connection)
    assert kept["all", "yes"] == 9
    assert kept["free", "yes"] == await connection.fetchval(f"SELECT count(*) FROM ad a WHERE {FREE}") == 4
    await connection.execute("UPDATE ad SET closed_at = now() WHERE kind = 'sell'")
    await facets.recount()
    kept = await _kept(connection)
    assert ("kind", "sell") not in kept
    assert kept["all", "yes"] == 5


async def _kept(connection: Connection) -> dict[tuple[str, str], int]:
    return {(row["facet"], row["value"]): row["n"] for row in await connection.fetch("TABLE facet_count")}


async def test_who_is_unseen_is_neither_listed_nor_counted(
    orm: None, app: Any, connection: Connection, town: Town
) -> None:
    await _town_of_annonces(connection, town)
    search = Search(kinds=("sell",), unseen=frozenset({town["alice"]}))

    class Asking:
        """As much of a request as is needed."""

        def __init__(self) -> None:
            self.app = app

    told: Counts = await facets.counts_of(search, Asking())  # type: ignore[arg-type]
    assert told.total == 0
    assert all(not told.of("kind", kind) for kind in ("give", "sell", "lend"))


async def test_a_blocked_neighbour_s_annonces_are_absent_both_ways(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    await publish(alice, title="D’Alice")
    await publish(bob, title="De Bob")
    await connection.execute(
        "INSERT INTO block (by_id, member_id) VALUES ($1, $2)", town["alice"], town["bob"]
    )
    assert titles(await alice.get("/annonces")) == ["D’Alice"]
    assert titles(await bob.get("/annonces")) == ["De Bob"]
    assert titles(await bob.get("/annonces?q=alice")) == []
    assert [one["title"] for one in (await bob.get("/api/v1/ads")).json()["items"]] == ["De Bob"]


async def test_the_api_narrows_by_the_same_facets(
    client: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    await _town_of_annonces(connection, town)

    async def found(**query: Any) -> set[str]:
        answer = await client.get("/api/v1/ads", params=query)
        assert answer.status_code == 200, answer.text
        return {one["title"] for one in answer.json()["items"]}

    assert await found(category="meubles") == {"Chaises prêtées"}
    assert await found(kind="sell", price_max=20) == {"Vélo à 20 €", "Vélo vendu pour rien"}
    assert await found(q="vlo", kind="give") == {"Vélo donné"}, "a slip of the finger is forgiven"
    assert await found(owner=town["bob"]) == set()
    assert len(await found(owner=town["alice"], free=True)) == 4
    assert (await client.get("/api/v1/ads?category=x")).status_code == 422
