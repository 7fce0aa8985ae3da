"""The list: words, kinds, quartiers, pages."""

import re
from datetime import timedelta

import httpx

from echange.ads.queries import CARD, NEWEST, OPEN
from echange.http.dates import now
from tests.ads.annonces import Connection, draft, photographed, published
from tests.neighbours import Town


def titles(answer: httpx.Response) -> list[str]:
    return re.findall(r'class="row-title"><a href="[^"]*">([^<]*)<', answer.text)


async def test_anybody_reads_open_annonces_newest_first(
    client: httpx.AsyncClient, alice: httpx.AsyncClient
) -> None:
    await published(alice, title="Première")
    await published(alice, title="Deuxième")
    await draft(alice, title="Brouillon")
    closed = await published(alice, title="Finie")
    await alice.post(f"/api/v1/ads/{closed}/closure", json={"outcome": "given"})
    assert titles(await client.get("/annonces")) == ["Deuxième", "Première"]


async def test_words_are_found_by_their_stems_without_accents(
    client: httpx.AsyncClient, alice: httpx.AsyncClient
) -> None:
    await published(alice, title="Vélos d’enfants", body="Deux, un bleu.")
    await published(alice, title="Aide au jardinage", body="J’ai un arrosoir vert.")
    for words, found in [
        ("velo", ["Vélos d’enfants"]),
        ("VÉLO enfant", ["Vélos d’enfants"]),
        ("jardinages", ["Aide au jardinage"]),
        ("arrosoir", ["Aide au jardinage"]),
        ('"arrosoir vert"', ["Aide au jardinage"]),
        ("les vélos", ["Vélos d’enfants"]),
        ("vélo arrosoir", []),
        ("vélos -enfant", []),
        ("le la de", []),
        ("'; DROP TABLE ad; --", []),
        ("& | ! <->", []),
        ("🎸", []),
    ]:
        answer = await client.get("/annonces", params={"q": words})
        assert answer.status_code == 200
        assert titles(answer) == found, words
        if not found:
            assert "Publier une demande" in answer.text


async def test_kinds_and_quartiers_narrow_the_list(
    client: httpx.AsyncClient, alice: httpx.AsyncClient
) -> None:
    await published(alice, title="Don aux Larris", kind="give", quartier="les-larris")
    await published(alice, title="Prêt aux Larris", kind="lend", quartier="les-larris")
    await published(alice, title="Prêt au Village", kind="lend", quartier="le-village")

    async def found(query: str) -> list[str]:
        return titles(await client.get(f"/annonces?{query}"))

    assert await found("nature=give") == ["Don aux Larris"]
    assert await found("nature=lend&nature=give&quartier=les-larris") == ["Prêt aux Larris", "Don aux Larris"]
    assert await found("quartier=le-village&quartier=les-larris&nature=lend") == [
        "Prêt au Village",
        "Prêt aux Larris",
    ]
    assert await found("nature=lend&q=village") == ["Prêt au Village"]
    assert len(await found("nature=steal&quartier=paris")) == 3, "what does not exist narrows nothing"


async def test_each_choice_is_a_chip_that_leads_to_the_list_without_it(
    client: httpx.AsyncClient, alice: httpx.AsyncClient
) -> None:
    await published(alice)
    answer = await client.get("/annonces?q=fauteuil&nature=give&quartier=les-larris")
    assert "1 annonce" in answer.text
    chips = re.findall(r'<a class="chip(?: chip-on)?" href="([^"]*)"', answer.text)
    assert [chip.replace("&amp;", "&") for chip in chips] == [
        "/annonces?nature=give&quartier=les-larris",
        "/annonces?q=fauteuil&quartier=les-larris",
        "/annonces?q=fauteuil&nature=give",
        "/annonces",
    ]
    assert "chip" not in (await client.get("/annonces")).text.split("<main")[1].split("</main")[0]


async def test_words_in_the_address_are_never_markup(client: httpx.AsyncClient) -> None:
    answer = await client.get("/annonces", params={"q": '"><script>alert(1)</script>'})
    assert "<script>alert" not in answer.text


async def test_pages_go_on_without_hole_or_double(
    client: httpx.AsyncClient, alice: httpx.AsyncClient, connection: Connection
) -> None:
    first = await published(alice)
    # All at one instant but three: the id decides.
    await connection.execute(
        """INSERT INTO ad (kind, title, owner_id, quartier_id, published_at)
           SELECT 'give', 'n' || n, owner_id, quartier_id, published_at + (n % 3) * interval '1 second'
           FROM ad, generate_series(1, 44) n WHERE id = $1""",
        first,
    )
    seen: list[str] = []
    address = "/annonces"
    for length in (20, 20, 5):
        answer = await client.get(address)
        assert len(titles(answer)) == length
        seen += titles(answer)
        more = re.search(r'rel="next" href="([^"]*)"', answer.text)
        address = more[1].replace("&amp;", "&") if more else ""
    assert address == ""
    assert len(set(seen)) == 45


async def test_a_senseless_address_is_told_kindly(client: httpx.AsyncClient) -> None:
    for query in ["suite=AAAA", "suite=%F0%9F%98%80", "suite=" + "A" * 101, "q=a%00b", "q=" + "x" * 101]:
        answer = await client.get(f"/annonces?{query}")
        assert answer.status_code == 422
        assert "Erreur" in answer.text


async def test_a_large_result_is_counted_up_to_a_thousand(
    client: httpx.AsyncClient, alice: httpx.AsyncClient, connection: Connection
) -> None:
    first = await published(alice)
    await connection.execute(
        """INSERT INTO ad (kind, title, owner_id, quartier_id, published_at)
           SELECT 'give', 'pot de confiture', owner_id, quartier_id, $2
           FROM ad, generate_series(1, 1001) WHERE id = $1""",
        first,
        now() - timedelta(days=1),
    )
    assert "Plus de 1 000 annonces" in (await client.get("/annonces?q=confitures")).text
    assert "1 annonce" in (await client.get("/annonces?q=fauteuil")).text


async def test_the_list_shows_photos_and_else_drawings(
    client: httpx.AsyncClient, alice: httpx.AsyncClient
) -> None:
    with_photo, _without = await published(alice), await published(alice, category="velo")
    await photographed(alice, with_photo)
    page = (await client.get("/annonces")).text
    assert re.search(rf'src="/annonces/{with_photo}/photos/\d+-640.webp"', page)
    assert "categories.svg" in page
    assert "#bike" in page


async def test_the_whole_list_follows_its_index(connection: Connection, town: Town) -> None:
    await connection.execute(
        """INSERT INTO ad (kind, title, owner_id, quartier_id, published_at)
           SELECT 'give', 'n' || n, $1, 1, now() - n * interval '1 minute' FROM generate_series(1, 3000) n""",
        town["alice"],
    )
    await connection.execute("ANALYZE")
    plan = await connection.fetch(f"EXPLAIN {CARD} WHERE {OPEN} {NEWEST} LIMIT 21")
    text = "\n".join(row[0] for row in plan)
    assert "Index Scan using ad_listed on ad" in text
    assert "Sort Key: a.published_at" not in text
