"""Finding words in one's own conversations, and nothing that one may not read."""

from collections.abc import Iterable
from random import Random

import asyncpg
import httpx
import pytest

from echange.chat import Conversation, client_id, searching
from echange.http import Viewer
from tests.chat.groups import opened, place, say
from tests.neighbours import Town


async def found(client: httpx.AsyncClient, words: str) -> list[tuple[int, int]]:
    answer = await client.get("/api/v1/messages", params={"q": words})
    assert answer.status_code == 200, answer.text
    return [(one["conversation"], one["seq"]) for one in answer.json()["items"]]


async def test_words_are_found_in_whatever_form_newest_first(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, talk: int
) -> None:
    said = (
        "J’ai deux VÉLOS à réparer",
        "Un velo suffit",
        "L’échelle est à la cave",
        "Merci !",
        "peut-être demain",
    )
    for body in said:
        await say(alice, talk, body)
    assert await found(bob, "vélo") == [(talk, 2), (talk, 1)]
    assert await found(bob, "velos reparer") == [(talk, 1)]
    assert await found(bob, "échelles") == [(talk, 3)]
    assert await found(bob, "demain") == [(talk, 5)]
    assert await found(bob, "tronçonneuse") == []
    assert await found(bob, "le de la") == []
    assert await found(bob, "") == []
    assert await found(bob, "vélo -réparer") == [(talk, 1)], "all words are asked for, signs are not"


async def test_what_was_said_since_the_last_search_is_found(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, talk: int
) -> None:
    await say(alice, talk, "Une perceuse")
    assert await found(bob, "perceuse") == [(talk, 1)]
    await say(bob, talk, "Quelle perceuse ?")
    assert await found(alice, "perceuse") == [(talk, 2), (talk, 1)]


async def test_an_edited_message_is_found_by_its_new_words_only(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, talk: int, town: Town
) -> None:
    conversation = await Conversation.get(id=talk)
    early = await say(alice, talk, "Une perceuse")
    await conversation.edit(early, by=town["alice"], client_id=client_id(), body="Une ponceuse")
    assert (await found(bob, "perceuse"), await found(bob, "ponceuse")) == ([], [(talk, early)])
    await conversation.edit(early, by=town["alice"], client_id=client_id(), body="Une scie")
    assert (await found(bob, "ponceuse"), await found(bob, "scie")) == ([], [(talk, early)])
    (item,) = (await bob.get("/api/v1/messages?q=scie")).json()["items"]
    assert (item["body"], item["words"]) == ("Une scie", ["scie"])


async def test_a_deleted_message_is_found_no_more_and_its_words_are_gone(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, talk: int, town: Town,
    connection: "asyncpg.Connection[asyncpg.Record]",
) -> None:  # fmt: skip
    conversation = await Conversation.get(id=talk)
    indexed, fresh = await say(alice, talk, "Un secret"), 0
    assert await found(bob, "secret") == [(talk, indexed)]
    fresh = await say(alice, talk, "Un autre secret")
    for seq in (indexed, fresh):
        await conversation.delete_message(seq, by=town["alice"], client_id=client_id())
    assert await found(bob, "secret") == await found(alice, "secret") == []
    assert await connection.fetchval("SELECT count(*) FROM message_words") == 0


async def test_nothing_of_others_is_found(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, charlie: httpx.AsyncClient, talk: int, town: Town
) -> None:
    await say(alice, talk, "Le mot de passe du local")
    group = await opened(alice, [town["bob"]], "Compost")
    await say(bob, group, "Le mot de passe du jardin")
    assert len(await found(alice, "passe")) == 2
    assert await found(charlie, "passe") == []
    await alice.post(place(group, town["charlie"]))
    assert await found(charlie, "passe") == [], "newcomers find from their coming on"
    seq = await say(bob, group, "Un autre mot de passe")
    assert await found(charlie, "passe") == [(group, seq)]
    await alice.delete(place(group, town["charlie"]))
    assert await found(charlie, "passe") == []


async def test_nothing_of_somebody_kept_apart_is_found_in_a_group(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, charlie: httpx.AsyncClient, town: Town
) -> None:
    group = await opened(alice, [town["bob"], town["charlie"]], "Compost")
    seq = await say(bob, group, "Bob apporte un râteau")
    mine = await say(charlie, group, "Charlie apporte un râteau")
    await charlie.put(f"/api/v1/members/{town['bob']}/block")
    assert await found(charlie, "râteau") == [(group, mine)]
    assert await found(bob, "râteau") == [(group, seq)]
    assert len(await found(alice, "râteau")) == 2


async def test_pages_of_results_go_on_by_cursor(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, talk: int
) -> None:
    for number in range(7):
        await say(alice, talk, f"Perceuse {number}")
    seen: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        page = (
            await bob.get("/api/v1/messages", params={"q": "perceuse", "limit": "3", "cursor": cursor})
        ).json()
        seen += [one["seq"] for one in page["items"]]
        cursor = page["next"]
    assert seen == [7, 6, 5, 4, 3, 2, 1]
    for wrong in ("x", "nonsense.3", "MTIz.x", ".1", "é"):
        answer = await bob.get("/api/v1/messages", params={"q": "perceuse", "cursor": wrong})
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid"), wrong


async def test_a_search_does_so_much_at_a_time_and_says_what_is_left(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, talk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "PART", 2)
    monkeypatch.setattr(searching, "MOST_INDEXED", 4)
    for number in range(7):
        await say(alice, talk, f"Perceuse {number}")
    counts = []
    for _ in range(3):
        page = (await bob.get("/api/v1/messages?q=perceuse")).json()
        counts.append((len(page["items"]), page["complete"]))
    assert counts == [(4, False), (7, True), (7, True)]


async def test_writing_pays_nothing(
    alice: httpx.AsyncClient, talk: int, connection: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    await say(alice, talk, "Une perceuse")
    assert await connection.fetchval("SELECT count(*) FROM message_words") == 0


async def test_the_page_shows_who_when_and_the_word_marked(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, talk: int
) -> None:
    long = "bla " * 100 + "<b>Deux perceuses</b> & une scie " + "bla " * 100
    await say(alice, talk, long)
    page = (await bob.get("/messages?q=perceuse")).text
    assert "&lt;b&gt;Deux <mark>perceuses</mark>&lt;/b&gt; &amp; une scie" in page
    assert f'href="/messages/{talk}?autour=1#m1"' in page
    assert page.count("bla ") < 80
    mine = (await alice.get("/messages?q=perceuse")).text
    assert "Vous\u00a0: …" in mine


async def test_people_and_groups_are_found_by_name(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, talk: int, town: Town
) -> None:
    await say(alice, talk, "Bonjour")
    group = await opened(alice, [town["bob"]], "Fête de l’été")
    assert f'href="/messages/{talk}"' in (await bob.get("/messages?q=alice")).text
    assert f'href="/messages/{group}"' in (await bob.get("/messages?q=ete")).text
    assert f'href="/messages/{group}"' in (await bob.get("/messages?q=fête")).text
    nothing = (await bob.get("/messages?q=zzz")).text
    assert "Rien de tel" in nothing


async def test_a_page_without_or_with_wrong_words_is_kind(alice: httpx.AsyncClient) -> None:
    assert 'name="q"' in (await alice.get("/messages?q=")).text
    wrong = await alice.get("/messages", params={"q": "x" * 101})
    assert wrong.status_code == 422
    assert "x" * 101 in wrong.text
    assert (await alice.get("/messages", params={"q": "mot\x00"})).status_code == 422
    for odd in ("'", '"', "a|b", "&", "!", "(", "perceuse:*", "%", "\\", "-mot", '"deux mots"', "é" * 100):
        assert (await alice.get("/messages", params={"q": odd})).status_code == 200, odd


async def test_somebody_signed_out_finds_nothing(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/v1/messages?q=mot")).status_code == 401
    assert (await client.get("/messages?q=mot")).status_code == 303


WORDS = ("perceuse", "vélo", "jardin", "clé")


@pytest.mark.parametrize("seed", range(4))
async def test_random_histories_find_what_stands_and_may_be_read(
    orm: None, town: Town, connection: "asyncpg.Connection[asyncpg.Record]", seed: int
) -> None:
    chance = Random(seed)
    ids = [town[one] for one in ("alice", "bob", "charlie")]
    groups = [
        await Conversation.open_group(ids[1:], by=ids[0], title="Un"),
        await Conversation.open_group([ids[1]], by=ids[0], title="Deux"),
        await Conversation.open_direct(between=(ids[1], ids[2])),
    ]
    for _ in range(60):
        await _act(chance, chance.choice(groups), ids, connection)
        if chance.random() < 0.2:
            await searching.find(_viewer(chance.choice(ids)), chance.choice(WORDS), limit=100)
    blocks = {(row[0], row[1]) for row in await connection.fetch("SELECT by_id, member_id FROM block")}
    for member in ids:
        unseen = frozenset({b for a, b in blocks if a == member} | {a for a, b in blocks if b == member})
        for word in WORDS:
            hits = await searching.find(_viewer(member, unseen), word, limit=100)
            expected = await _standing(connection, member, unseen, word)
            assert {(hit.talk.id, hit.seq) for hit in hits.hits} == expected


async def _act(
    chance: Random, group: Conversation, ids: list[int], connection: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    by, name = chance.choice(ids), client_id()
    own = await connection.fetch(
        "SELECT seq FROM event WHERE conversation_id = $1 AND by_id = $2 AND kind = 'message' AND NOT gone",
        group.id, by,
    )  # fmt: skip
    what = chance.choices(("say", "edit", "delete", "part", "block"), (8, 4, 3, 2, 0.5))[0]
    words = " ".join(chance.sample(WORDS, 2))
    try:
        if what == "say":
            await group.post(by=by, client_id=name, body=words)
        elif what == "edit" and own:
            await group.edit(chance.choice(own)["seq"], by=by, client_id=name, body=words)
        elif what == "delete" and own:
            await group.delete_message(chance.choice(own)["seq"], by=by, client_id=name)
        elif what == "part":
            other = chance.choice(ids[1:])
            await (group.add(other, by=ids[0]) if chance.random() < 0.5 else group.remove(other, by=ids[0]))
        elif what == "block":
            one, other = chance.sample(ids, 2)
            await connection.execute("INSERT INTO block (by_id, member_id) VALUES ($1, $2)", one, other)
    except Exception as error:
        if not hasattr(error, "code"):
            raise


async def _standing(
    connection: "asyncpg.Connection[asyncpg.Record]", member: int, unseen: Iterable[int], word: str
) -> set[tuple[int, int]]:
    """What is to be found, told from all events in plain Python."""
    import json

    places = {
        row["conversation_id"]: row["from_seq"]
        for row in await connection.fetch("SELECT * FROM participant WHERE member_id = $1", member)
    }
    kinds = {
        row["id"]: row["is_group"] for row in await connection.fetch("SELECT id, is_group FROM conversation")
    }
    bodies: dict[tuple[int, int], str] = {}
    for event in await connection.fetch("SELECT * FROM event ORDER BY conversation_id, seq"):
        conversation, seq = event["conversation_id"], event["seq"]
        if conversation not in places:
            continue
        if event["kind"] == "message" and seq >= places[conversation]:
            if not (kinds[conversation] and event["by_id"] in unseen):
                bodies[conversation, seq] = json.loads(event["data"]).get("body", "")
        elif event["kind"] == "edit" and (conversation, event["target"]) in bodies:
            bodies[conversation, event["target"]] = json.loads(event["data"]).get("body", "")
        elif event["kind"] == "delete":
            bodies.pop((conversation, event["target"]), None)
    return {place for place, body in bodies.items() if word in body}


def _viewer(member: int, unseen: frozenset[int] = frozenset()) -> Viewer:
    return Viewer(id=member, name="Quelqu’un", handle="q", confirmed=True, unseen=unseen)
