"""The catalogue: what is found, what is kept from whom, dates, and what an empty list offers."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from echange.http.dates import now, today
from echange.lending import Item
from echange.members import Member
from tests.lending.things import belongs, kit, lent, posted, redoute, somebody
from tests.neighbours import Town


async def titles(client: httpx.AsyncClient, **asked: Any) -> list[str]:
    """What stands in the list, in its order."""
    answer = await client.get("/prets", params=asked)
    assert answer.status_code == 200, answer.text
    rows = answer.text.split('<h3 class="row-title">')[1:]
    return [row.split('">', 1)[1].split("</a>", 1)[0] for row in rows]


def day(ahead: int) -> str:
    return (today() + timedelta(days=ahead)).isoformat()


async def test_an_empty_catalogue_says_why_and_offers_one_thing(client: httpx.AsyncClient) -> None:
    page = (await client.get("/prets")).text.replace("\u00a0", " ")
    assert "Personne ne prête rien, pour l’instant." in page
    assert page.count('class="button button-primary button-small" href="/prets/publier"') == 1


async def test_a_search_without_a_find_asks_the_neighbours(client: httpx.AsyncClient, town: Town) -> None:
    await lent(town, "Barnum")
    page = (await client.get("/prets", params={"q": "échelle"})).text.replace("\u00a0", " ")
    assert "Personne ne prête « échelle » pour l’instant." in page
    assert "Demandez-le : une minute." in page
    assert "/publier?nature=seek&amp;titre=%C3%A9chelle" in page
    assert 'value="échelle"' in (await client.get("/publier?nature=seek&titre=échelle")).text


async def test_words_find_titles_before_the_rest_and_forgive_a_slip(
    client: httpx.AsyncClient, town: Town
) -> None:
    await lent(town, "Perceuse")
    await lent(town, "Mallette", body="Forets pour perceuse.")
    await lent(town, "Barnum")
    assert await titles(client, q="perceuses") == ["Perceuse", "Mallette"]
    assert await titles(client, q="visseuse") == ["Perceuse", "Mallette"], "another name of the same thing"
    assert await titles(client, q="perçeuze") == ["Perceuse", "Mallette"]
    page = (await client.get("/prets", params={"q": "perçeuze"})).text
    assert "vous aviez écrit" in page
    assert await titles(client, q="perçeuze", exact="1") == []
    assert await titles(client, q="perceuse -forets") == ["Perceuse"]


async def test_facets_narrow_and_can_be_taken_back(
    client: httpx.AsyncClient, alice: httpx.AsyncClient, town: Town
) -> None:
    tables = await lent(town, "Table", units=4, category="meubles")
    await kit(town, "Repas de rue", (tables, 4), category="fetes")
    await posted(alice, title="Perceuse")
    await lent(town, "Grande salle", kind="room")
    assert await titles(client, sorte="kit") == ["Repas de rue"]
    assert await titles(client, sorte="room") == ["Grande salle"]
    assert set(await titles(client, sorte=["kit", "room"])) == {"Repas de rue", "Grande salle"}
    assert await titles(client, categorie="bricolage") == ["Perceuse"]
    assert await titles(client, preteur="voisins") == ["Perceuse"]
    assert set(await titles(client, preteur="associations")) == {"Table", "Repas de rue", "Grande salle"}
    assert set(await titles(client, chez="les-fetes-de-la-redoute")) == {
        "Table",
        "Repas de rue",
        "Grande salle",
    }
    quartier = (await Member.get(id=town["alice"]).select_related("quartier")).quartier
    assert quartier is not None
    assert await titles(client, quartier=quartier.slug) == ["Perceuse"]
    assert len(await titles(client, sorte="nothing", categorie="neither", quartier="nowhere")) == 4
    chips = (await client.get("/prets", params={"sorte": "kit", "categorie": "fetes"})).text
    assert 'href="/prets?categorie=fetes"' in chips
    assert "Tout effacer" in chips


async def test_the_list_goes_on_after_twenty(client: httpx.AsyncClient, town: Town) -> None:
    for n in range(23):
        await lent(town, f"Table {n:02}")
    first = await client.get("/prets")
    link = first.text.split('rel="next" href="', 1)[1].split('"', 1)[0].replace("&amp;", "&")
    second = await client.get(link)
    assert [first.text.count("<article"), second.text.count("<article")] == [20, 3]
    assert (await client.get("/prets?suite=nonsense")).status_code == 200


async def test_free_on_dates_leaves_out_what_is_taken(
    client: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town
) -> None:
    tent, tables = await lent(town, "Tente"), await lent(town, "Table", units=3)
    start = now() + timedelta(days=4)
    for item in (tent, tables):
        answer = await bob.post(
            f"/api/v1/items/{item.id}/reservations",
            json={"start": start.isoformat(), "end": (start + timedelta(days=3)).isoformat()},
        )
        assert answer.status_code == 201, answer.text
    assert await titles(client, du=day(5), au=day(6)) == ["Table"]
    page = (await client.get("/prets", params={"du": day(5), "au": day(6)})).text.replace("\u00a0", " ")
    assert "2 libres sur 3" in page
    assert "1 objet de cette page est déjà pris" in page
    assert set(await titles(client, du=day(12), au=day(13))) == {"Table", "Tente"}
    # One date alone is both; those in the past narrow nothing.
    assert await titles(client, du=day(5)) == ["Table"]
    assert len(await titles(client, du=day(-9), au=day(-5))) == 2


async def test_what_makes_no_sense_keeps_the_words(client: httpx.AsyncClient) -> None:
    answer = await client.get("/prets", params={"q": "table", "du": "demain"})
    assert answer.status_code == 422
    assert "<title>Erreur" in answer.text
    assert 'value="table"' in answer.text


async def test_neighbours_apart_do_not_see_each_others_things(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, client: httpx.AsyncClient, town: Town
) -> None:
    told = await posted(alice, title="Perceuse")
    assert (await bob.put(f"/api/v1/members/{town['alice']}/block")).status_code in {200, 204}
    assert await titles(bob) == []
    assert (await bob.get(f"/api/v1/items/{told['id']}")).status_code == 404
    assert (await bob.get("/api/v1/items")).json()["items"] == []
    assert await titles(client) == ["Perceuse"]


async def test_who_is_away_lends_nothing_for_the_time_being(
    alice: httpx.AsyncClient, client: httpx.AsyncClient, town: Town
) -> None:
    told = await posted(alice, title="Perceuse")
    await Member.filter(id=town["alice"]).update(paused_at=now())
    assert await titles(client) == []
    assert (await client.get(f"/api/v1/items/{told['id']}")).status_code == 404
    assert (await alice.get(f"/api/v1/items/{told['id']}")).status_code == 200


async def test_an_association_that_is_closed_lends_nothing(client: httpx.AsyncClient, town: Town) -> None:
    item = await lent(town, "Barnum")
    association = await redoute(town)
    await type(association).filter(id=association.id).update(closed_at=now())
    assert await titles(client) == []
    assert (await client.get(f"/api/v1/items/{item.id}")).status_code == 404


async def test_what_is_for_members_is_seen_by_all_and_marked(
    client: httpx.AsyncClient, alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town
) -> None:
    await lent(town, "Costumes", who="members")
    await lent(town, "Barnum")
    await belongs(town, "alice", await redoute(town))
    assert await titles(client) == ["Barnum", "Costumes"]
    assert "Réservé aux membres" in (await client.get("/prets")).text
    assert await titles(alice, pour_moi="1") == ["Barnum", "Costumes"]
    assert await titles(bob, pour_moi="1") == ["Barnum"]


async def test_things_stand_on_the_pages_of_who_lends_them(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, client: httpx.AsyncClient, town: Town
) -> None:
    await posted(alice, title="Perceuse")
    await lent(town, "Barnum")
    assert "Perceuse" in (await bob.get("/membres/alice")).text
    association = await redoute(town)
    assert "Barnum" in (await client.get(association.url)).text


async def test_a_neighbours_things_are_not_gathered_for_strangers(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    await posted(alice, title="Perceuse")
    assert await titles(bob, chez="alice") == ["Perceuse"]
    assert await titles(client, chez="alice") == []
    page = (await client.get("/prets")).text
    assert "Alice" in page
    assert "Morel" not in page


@pytest.mark.parametrize("words", ["'; DROP TABLE item", '"', "-", "%", "\\", "a" * 100, "🙂", "l’", "& | !"])
async def test_odd_questions_are_only_questions(client: httpx.AsyncClient, town: Town, words: str) -> None:
    await lent(town, "Barnum")
    for path, status in (("/prets", {200}), ("/api/v1/items", {200})):
        assert (await client.get(path, params={"q": words})).status_code in status


async def test_the_front_page_and_the_bar_lead_to_the_catalogue(
    client: httpx.AsyncClient, town: Town
) -> None:
    await lent(town, "Barnum")
    page = (await client.get("/")).text
    assert "J’emprunte" in page
    assert "1 objet à emprunter" in page.replace("\u00a0", " ")
    assert '<a href="/prets">Prêts</a>' in page
    sitemap = (await client.get("/sitemap.xml")).text
    assert f"/prets/{(await Item.get(title='Barnum')).id}-barnum" in sitemap


async def test_a_report_hides_it_for_all_but_its_lender(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town
) -> None:
    told = await posted(alice, title="Perceuse")
    sent = await bob.post(
        "/api/v1/reports",
        json={"about": {"kind": "item", "id": told["id"]}, "reason": "other", "text": "?"},
    )
    assert sent.status_code == 201, sent.text
    await (await Item.get(id=told["id"])).hide(by=somebody(town, "moderatrice", "moderator"))
    assert await titles(bob) == []


async def test_a_refused_date_is_not_put_back_where_no_browser_takes_it(client: httpx.AsyncClient) -> None:
    page = await client.get("/prets", params={"du": "hier", "au": day(3)})
    assert page.status_code == 422
    assert 'value="hier"' not in page.text
    assert f'value="{day(3)}"' in page.text
