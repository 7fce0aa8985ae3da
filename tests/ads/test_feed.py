"""The Atom feed of a search."""

from xml.etree import ElementTree

import httpx

from tests.ads.annonces import Connection
from tests.neighbours import Town

ATOM = "{http://www.w3.org/2005/Atom}"


async def _written(connection: Connection, town: Town) -> None:
    await connection.execute(
        """INSERT INTO ad (kind, title, body, price_text, owner_id, quartier_id, published_at, closed_at,
                           held_at)
           SELECT kind, title, 'Il roule.' || chr(65534), price, $1, 1, at::timestamptz,
                  CASE WHEN state = 'closed' THEN now() END, CASE WHEN state = 'held' THEN now() END
           FROM (VALUES ('give', 'Vélo & <b>panier</b>', '', '2026-03-01 10:00Z', ''),
                        ('sell', 'Vélo bleu', '20 €', '2026-03-02 10:00Z', ''),
                        ('give', 'Vélo parti', '', '2026-03-03 10:00Z', 'closed'),
                        ('give', 'Vélo en attente', '', '2026-03-04 10:00Z', 'held'),
                        ('give', 'Chaise', '', '2026-03-05 10:00Z', '')) v(kind, title, price, at, state)""",
        town["alice"],
    )


def _entries(answer: httpx.Response) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(answer.content).iter(f"{ATOM}entry"))


def _titles(answer: httpx.Response) -> list[str | None]:
    return [entry.findtext(f"{ATOM}title") for entry in _entries(answer)]


async def test_a_search_can_be_followed_in_a_feed(
    client: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    await _written(connection, town)
    page = await client.get("/annonces?q=velo&gratuit=1")
    assert (
        'rel="alternate" type="application/atom+xml" href="/annonces.atom?q=velo&amp;gratuit=1"' in page.text
    )
    assert "Suivre cette recherche (Atom)" in page.text
    assert _titles(await client.get("/annonces.atom")) == ["Chaise", "Vélo bleu", "Vélo & <b>panier</b>"]
    answer = await client.get("/annonces.atom?q=velo&gratuit=1")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    assert _titles(answer) == ["Vélo & <b>panier</b>"]


async def test_the_feed_is_what_rfc_4287_asks_for(
    client: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    await _written(connection, town)
    answer = await client.get("/annonces.atom?q=velo")
    feed = ElementTree.fromstring(answer.content)
    assert feed.tag == f"{ATOM}feed"
    assert feed.findtext(f"{ATOM}id") == "tag:127.0.0.1,2026:annonces?q=velo"
    assert feed.findtext(f"{ATOM}updated") == "2026-03-02T10:00:00Z"
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links["self"] == "http://127.0.0.1:8000/annonces.atom?q=velo"
    assert links["alternate"] == "http://127.0.0.1:8000/annonces?q=velo"
    for entry in _entries(answer):
        for name in ("title", "id", "updated", "summary"):
            assert entry.findtext(f"{ATOM}{name}"), name
        link = entry.find(f"{ATOM}link")
        assert link is not None
        assert str(link.get("href")).startswith("http://127.0.0.1:8000/annonces/")


async def test_an_entry_keeps_its_id_and_tells_when_it_changed(
    client: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    await _written(connection, town)
    before = _entries(await client.get("/annonces.atom?q=bleu"))[0]
    await connection.execute(
        "UPDATE ad SET title = 'Vélo bleu roi', edited_at = '2026-03-09 10:00Z' WHERE title = 'Vélo bleu'"
    )
    after = _entries(await client.get("/annonces.atom?q=bleu"))[0]
    assert before.findtext(f"{ATOM}id") == after.findtext(f"{ATOM}id")
    assert after.findtext(f"{ATOM}updated") == "2026-03-09T10:00:00Z"


async def test_the_feed_names_nobody_and_is_the_same_for_everybody(
    client: httpx.AsyncClient, alice: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    await _written(connection, town)
    await connection.execute(
        "INSERT INTO block (by_id, member_id) VALUES ($1, $2)", town["bob"], town["alice"]
    )
    answer = await client.get("/annonces.atom")
    name = await connection.fetchval("SELECT name FROM member WHERE handle = 'alice'")
    assert name not in answer.text
    assert "alice" not in answer.text
    assert (await alice.get("/annonces.atom")).content == answer.content
    assert answer.headers["x-robots-tag"] == "noindex"


async def test_what_did_not_change_is_not_sent_again(
    client: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    await _written(connection, town)
    first = await client.get("/annonces.atom")
    etag, modified = first.headers["etag"], first.headers["last-modified"]
    for headers in (
        {"if-none-match": etag},
        {"if-none-match": f'"x", W/{etag}'},
        {"if-modified-since": modified},
    ):
        again = await client.get("/annonces.atom", headers=headers)
        assert again.status_code == 304, headers
        assert not again.content
    for headers in ({"if-none-match": '"x"', "if-modified-since": modified}, {"if-modified-since": "hier"}):
        assert (await client.get("/annonces.atom", headers=headers)).status_code == 200, headers


async def test_an_empty_feed_and_a_senseless_one(client: httpx.AsyncClient) -> None:
    assert _titles(await client.get("/annonces.atom?q=rien")) == []
    assert (await client.get("/annonces.atom?prix_max=cher")).status_code == 422
