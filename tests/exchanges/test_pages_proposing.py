"""Proposing from an annonce, a profile, a help or a name; what was wrong is told, the words kept."""

from typing import Any, Final

import httpx
import pytest

from echange.database import execute, fetch_one
from tests.ads.annonces import Connection, published
from tests.exchanges.twos import association
from tests.exchanges.walking import at, title_of
from tests.neighbours import Town

WORDS: Final = {"way": "receive", "title": "Monter une armoire", "minutes": "1 h 30"}


async def propose(client: httpx.AsyncClient, query: str, **changes: Any) -> httpx.Response:
    return await client.post(f"/echanges/proposer?{query}", data={**WORDS, **changes})


async def newest() -> dict[str, Any]:
    row = await fetch_one("SELECT * FROM exchange ORDER BY id DESC LIMIT 1")
    assert row is not None
    return dict(row)


async def test_it_is_proposed_to_a_neighbour_from_their_page(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town
) -> None:
    assert f"/echanges/proposer?membre={town['bob']}" in (await alice.get("/membres/bob")).text
    answer = await propose(
        alice, f"membre={town['bob']}", day="2026-12-05", hour="10:30", place="Chez moi", words="Bonjour Bob"
    )
    assert answer.status_code == 303
    it = await newest()
    assert at(answer) == f"/echanges/{it['id']}"
    assert (it["giver_id"], it["receiver_id"], it["minutes"]) == (town["bob"], town["alice"], 90)
    assert (it["about_kind"], it["about_id"]) == ("member", town["bob"])
    assert it["starts_at"].isoformat().startswith("2026-12-05T09:30"), "on the town's clock"
    page = (await bob.get(at(answer))).text
    assert "Chez moi" in page
    assert "Bonjour Bob" in page
    assert "À vous de répondre" in page


async def test_a_second_click_proposes_nothing_more(alice: httpx.AsyncClient, town: Town) -> None:
    first, second = [await propose(alice, f"membre={town['bob']}") for _ in range(2)]
    assert at(first) == at(second)


async def test_one_gives_ones_own_time(alice: httpx.AsyncClient, town: Town) -> None:
    await propose(alice, f"membre={town['bob']}", way="give")
    it = await newest()
    assert (it["giver_id"], it["receiver_id"]) == (town["alice"], town["bob"])


@pytest.mark.parametrize(("kind", "way"), [("service_offered", "receive"), ("service_sought", "give")])
async def test_a_service_against_time_leads_to_a_proposal(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town, kind: str, way: str
) -> None:
    ad = await published(bob, kind=kind, title="Cours de guitare", terms="hours", category="cours")
    link = f"/echanges/proposer?annonce={ad}"
    assert link in (await alice.get(f"/annonces/{ad}", follow_redirects=True)).text
    assert link not in (await bob.get(f"/annonces/{ad}", follow_redirects=True)).text
    page = (await alice.get(link)).text
    assert 'value="Cours de guitare"' in page
    assert f'value="{way}" required checked' in page
    answer = await propose(alice, f"annonce={ad}", way=way, title="Cours de guitare")
    assert answer.status_code == 303
    it = await newest()
    assert (it["about_kind"], it["about_id"]) == ("ad", ad)
    assert "Cours de guitare" in (await alice.get(at(answer))).text
    own = await bob.get(f"/echanges/proposer?annonce={ad}&membre={town['alice']}")
    assert f'value="{"give" if way == "receive" else "receive"}" required checked' in own.text
    assert (await bob.get(link)).status_code == 404, "with oneself"


async def test_a_free_service_asks_for_no_hours(alice: httpx.AsyncClient, bob: httpx.AsyncClient) -> None:
    ad = await published(bob, kind="service_offered", terms="free", category="cours")
    page = (await alice.get(f"/annonces/{ad}", follow_redirects=True)).text
    assert "/echanges/proposer" not in page


async def test_a_neighbour_is_found_by_name(alice: httpx.AsyncClient, town: Town) -> None:
    page = await alice.get("/echanges/proposer?nom=bo")
    assert f"/echanges/proposer?membre={town['bob']}" in page.text
    assert "Personne pour" in (await alice.get("/echanges/proposer?nom=zzz")).text
    own = await alice.get("/echanges/proposer?nom=alice")
    assert f"membre={town['alice']}" not in own.text


WRONG: Final = {
    "no way": ({"way": ""}, "way", "Choisissez une des réponses"),
    "no title": ({"title": ""}, "title", "Remplissez ce champ"),
    "no time": ({"minutes": ""}, "minutes", "Remplissez ce champ"),
    "no such time": ({"minutes": "un moment"}, "minutes", "Écrivez une durée"),
    "more than a day": ({"minutes": "30 h"}, "minutes", "Entre"),
    "a day without its hour": ({"day": "2026-12-05"}, "hour", "le jour et l’heure"),
    "an hour without its day": ({"hour": "10:30"}, "day", "le jour et l’heure"),
    "an hour that is not": ({"day": "2027-03-28", "hour": "02:30"}, "hour", "n’existe pas"),
    "long ago": ({"day": "2020-01-01", "hour": "10:00"}, "day", "trois derniers mois"),
    "too many words": ({"words": "m" * 2001}, "words", "Pas plus de"),
    "somebody else's association": ({"organisation": "987654"}, "", "ne parle pas pour cette association"),
}


@pytest.mark.parametrize("case", WRONG)
async def test_what_is_wrong_is_told_and_the_words_stay(
    alice: httpx.AsyncClient, town: Town, case: str
) -> None:
    changes, field, said = WRONG[case]
    answer = await propose(alice, f"membre={town['bob']}", place="Chez moi", **changes)
    assert answer.status_code == 422
    assert title_of(answer).startswith("Erreur")
    assert said in answer.text
    assert not field or f'href="#f-{field}"' in answer.text
    assert 'value="Chez moi"' in answer.text
    assert await fetch_one("SELECT FROM exchange") is None


async def test_nobody_proposes_to_whom_they_may_not_meet(
    alice: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    await connection.execute(
        "INSERT INTO block (by_id, member_id) VALUES ($1, $2)", town["bob"], town["alice"]
    )
    for query in (
        f"membre={town['bob']}",
        "membre=987654",
        "annonce=987654",
        "entraide=987654",
        "encore=987654",
    ):
        assert (await alice.get(f"/echanges/proposer?{query}")).status_code == 404, query
    assert (await propose(alice, f"membre={town['bob']}")).status_code == 404


async def test_oneself_is_nobody_to_exchange_with(alice: httpx.AsyncClient, town: Town) -> None:
    answer = await propose(alice, f"membre={town['alice']}")
    assert answer.status_code == 422
    assert "avec soi-même" in answer.text


async def test_somebody_in_a_pause_is_told_so(alice: httpx.AsyncClient, town: Town) -> None:
    await execute("UPDATE member SET paused_at = now() WHERE id = $1", town["alice"])
    answer = await propose(alice, f"membre={town['bob']}")
    assert answer.status_code == 422
    assert "en pause" in answer.text


async def test_an_exchange_of_others_is_not_proposed_again(
    charlie: httpx.AsyncClient, alice: httpx.AsyncClient, town: Town
) -> None:
    exchange = at(await propose(alice, f"membre={town['bob']}")).rpartition("/")[2]
    assert (await charlie.get(f"/echanges/proposer?encore={exchange}")).status_code == 404


async def test_the_other_one_may_stand_for_their_association(
    app: object, alice: httpx.AsyncClient, town: Town
) -> None:
    hat = await association(town, "bob")
    page = (await alice.get(f"/echanges/proposer?membre={town['bob']}")).text
    assert f'<option value="{hat.id}">Les Fêtes</option>' in page
    answer = await propose(alice, f"membre={town['bob']}", organisation=str(hat.id))
    assert answer.status_code == 303
    assert (await newest())["giver_organisation_id"] == hat.id
    assert "par Bob" in (await alice.get(at(answer))).text


async def test_under_ones_hat_the_association_exchanges(
    alice: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    hat = await association(town, "alice")
    await connection.execute(
        "UPDATE session SET acting_for_id = $1 WHERE member_id = $2", hat.id, town["alice"]
    )
    assert "Au nom de Les Fêtes" in (await alice.get(f"/echanges/proposer?membre={town['bob']}")).text
    await propose(alice, f"membre={town['bob']}")
    it = await newest()
    assert (it["receiver_id"], it["receiver_organisation_id"]) == (town["alice"], hat.id)


async def test_the_skill_chosen_is_kept(alice: httpx.AsyncClient, town: Town) -> None:
    row = await fetch_one(
        "SELECT skill_id FROM member_skill WHERE member_id = $1 AND NOT wanted LIMIT 1", town["bob"]
    )
    assert row is not None
    assert (
        f'<option value="{row["skill_id"]}">'
        in (await alice.get(f"/echanges/proposer?membre={town['bob']}")).text
    )
    await propose(alice, f"membre={town['bob']}", skill=str(row["skill_id"]))
    assert (await newest())["skill_id"] == row["skill_id"]
    unknown = await propose(alice, f"membre={town['bob']}", title="Autre", skill="987654")
    assert unknown.status_code == 422
