"""The list of conversations: what each line says, what is silenced, what is put away."""

import asyncpg
import httpx

from echange.chat import Conversation, client_id
from echange.chat.talk import letters
from tests.chat.groups import opened, place, say
from tests.neighbours import Town


async def listed(client: httpx.AsyncClient, **query: str) -> list[int]:
    """Ids of the conversations on the page."""
    page = await client.get("/messages", params=query)
    assert page.status_code == 200, page.text
    return [int(part.split('"')[0]) for part in page.text.split('data-conversation="')[1:]]


async def badge(client: httpx.AsyncClient) -> int:
    count: int = (await client.get("/api/v1/me")).json()["unread"]
    return count


async def test_the_list_shows_two_and_many_with_one_face(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, talk: int, town: Town
) -> None:
    group = await opened(alice, [town["bob"], town["charlie"]], "Fête de la rue")
    await say(alice, talk, "À deux")
    await say(bob, group, "À trois")
    page = (await alice.get("/messages")).text
    assert await listed(alice) == [group, talk]
    assert "Fête de la rue" in page
    assert "groupe, 3 personnes" in page
    assert "Bob\u00a0: À trois" in page
    assert "Vous\u00a0: À deux" in page
    assert await listed(alice, filtre="groupes") == [group]
    assert await listed(alice, filtre="non-lus") == [group]


async def test_a_group_without_a_name_is_called_after_its_people(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town
) -> None:
    group = await opened(alice, [town[one] for one in ("bob", "charlie", "redoute", "concierge", "admin")])
    told = (await alice.get(f"/api/v1/conversations/{group}")).json()
    assert told["title"].startswith("Bob, Charlie, ")
    assert told["title"].endswith(" et 2 autres")
    three = await opened(alice, [town["bob"], town["charlie"]])
    assert (await bob.get(f"/api/v1/conversations/{three}")).json()["title"] == "Alice et Charlie"


async def test_the_last_words_are_those_that_stand(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, talk: int, town: Town
) -> None:
    conversation = await Conversation.get(id=talk)
    seq = await say(alice, talk, "Demain")
    await conversation.edit(seq, by=town["alice"], client_id=client_id(), body="Après-demain")
    assert "Après-demain" in (await bob.get("/messages")).text
    await conversation.delete_message(seq, by=town["alice"], client_id=client_id())
    page = (await bob.get("/messages")).text
    assert "demain" not in page
    assert "Message supprimé" in page
    assert (await bob.get(f"/api/v1/conversations/{talk}")).json()["last"]["body"] == ""


async def test_what_somebody_kept_apart_said_last_in_a_group_is_not_told(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, charlie: httpx.AsyncClient, town: Town
) -> None:
    group = await opened(alice, [town["bob"], town["charlie"]], "Compost")
    await bob.put(f"/api/v1/members/{town['charlie']}/block")
    await say(bob, group, "Un secret de Bob")
    assert "secret" in (await alice.get("/messages")).text
    assert "secret" not in (await charlie.get("/messages")).text
    assert (await charlie.get(f"/api/v1/conversations/{group}")).json()["last"]["body"] == ""
    assert (await badge(charlie), await badge(alice)) == (0, 1)


async def test_newcomers_are_told_nothing_of_what_was_said_before(
    alice: httpx.AsyncClient, charlie: httpx.AsyncClient, talk: int, town: Town
) -> None:
    group = await opened(alice, [town["bob"]], "Compost")
    await say(alice, group, "Avant Charlie")
    await say(alice, talk, "Ailleurs")
    await alice.post(place(group, town["charlie"]))
    assert await listed(charlie) == [group]
    assert "Avant Charlie" not in (await charlie.get("/messages")).text
    assert await badge(charlie) == 0


async def test_who_is_asked_into_an_old_group_finds_it_on_top(
    alice: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    town: Town,
    connection: "asyncpg.Connection[asyncpg.Record]",
) -> None:
    group = await opened(alice, [town["charlie"]], "Vieux groupe")
    await say(alice, group, "Il y a longtemps")
    await connection.execute(
        "UPDATE conversation SET last_at = now() - interval '1 year' WHERE id = $1", group
    )
    other = await opened(bob, [town["charlie"]])
    await say(bob, other, "Aujourd’hui")
    await alice.post(place(group, town["bob"]))
    assert await listed(bob) == [group, other]


async def test_a_silenced_conversation_counts_nowhere_and_says_so(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, talk: int
) -> None:
    for _ in range(2):
        assert (await bob.put(f"/api/v1/conversations/{talk}/mute")).status_code == 204
    await say(alice, talk, "Encore moi")
    assert await badge(bob) == 0
    (told,) = (await bob.get("/api/v1/conversations")).json()["items"]
    assert (told["muted"], told["unread"]) == (True, 1)
    assert await listed(bob, filtre="non-lus") == []
    assert "sans avis" in (await bob.get("/messages")).text
    assert "sans avis" not in (await alice.get("/messages")).text, "nobody else can tell"
    assert (await bob.delete(f"/api/v1/conversations/{talk}/mute")).status_code == 204
    assert await badge(bob) == 1
    assert await listed(bob, filtre="non-lus") == [talk]


async def test_what_is_put_away_comes_back_with_the_next_message(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, talk: int
) -> None:
    await say(alice, talk, "Merci, au revoir")
    assert (await bob.put(f"/api/v1/conversations/{talk}/archive")).status_code == 204
    assert (await listed(bob), await listed(bob, filtre="archivees")) == ([], [talk])
    assert (await bob.get("/api/v1/conversations")).json()["items"] == []
    (told,) = (await bob.get("/api/v1/conversations?archived=true")).json()["items"]
    assert (told["archived"], told["unread"]) == (True, 0)
    assert await badge(bob) == 0
    assert await listed(alice) == [talk]
    await say(alice, talk, "Ah, encore une chose")
    assert (await listed(bob), await listed(bob, filtre="archivees")) == ([talk], [])
    assert await badge(bob) == 1
    await bob.put(f"/api/v1/conversations/{talk}/archive")
    assert (await bob.delete(f"/api/v1/conversations/{talk}/archive")).status_code == 204
    assert await listed(bob) == [talk]


async def test_a_message_that_the_page_did_not_show_is_not_put_away_unread(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, talk: int
) -> None:
    seen = await say(alice, talk, "Vu")
    await say(alice, talk, "Arrivé entre-temps")
    moved = await bob.post(f"/messages/{talk}/archive", data={"seq": seen})
    assert moved.status_code == 303
    assert await listed(bob) == [talk]
    assert await badge(bob) == 1


async def test_silencing_and_putting_away_by_forms_can_be_undone(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, talk: int
) -> None:
    await say(alice, talk, "Bonjour")
    assert (await bob.post(f"/messages/{talk}/sourdine")).headers["location"] == f"/messages/{talk}"
    page = (await bob.get("/messages")).text
    assert f'action="/messages/{talk}/sourdine/fin"' in page
    await bob.post(f"/messages/{talk}/sourdine/fin")
    assert await badge(bob) == 1
    await bob.post(f"/messages/{talk}/archive", data={"seq": 1})
    page = (await bob.get("/messages")).text
    assert f'action="/messages/{talk}/archive/fin"' in page
    await bob.post(f"/messages/{talk}/archive/fin")
    assert await listed(bob) == [talk]


async def test_strangers_silence_and_put_away_nothing(charlie: httpx.AsyncClient, talk: int) -> None:
    for verb in ("sourdine", "sourdine/fin", "archive", "archive/fin"):
        assert (await charlie.post(f"/messages/{talk}/{verb}")).status_code == 404
    for noun in ("mute", "archive"):
        assert (await charlie.put(f"/api/v1/conversations/{talk}/{noun}")).status_code == 404
        assert (await charlie.delete(f"/api/v1/conversations/{talk}/{noun}")).status_code == 404


def test_a_group_s_letters_are_those_that_tell_it_from_others() -> None:
    assert [letters(title) for title in ("Les voisins du 12", "Les Jardins du Plateau", "Fête", "L’été")] == [
        "12", "JP", "F", "É",
    ]  # fmt: skip
    assert letters("🎉") == "?"


async def test_each_empty_shelf_says_why(charlie: httpx.AsyncClient) -> None:
    for shelf, words in (
        ("", "Pas encore de conversation"), ("non-lus", "Vous avez tout lu"),
        ("groupes", "Vous n’êtes dans aucun groupe"), ("archivees", "Rien de rangé"),
    ):  # fmt: skip
        assert words in (await charlie.get("/messages", params={"filtre": shelf})).text


async def test_a_script_in_a_group_s_name_is_text(alice: httpx.AsyncClient, town: Town) -> None:
    group = await opened(alice, [town["bob"], town["charlie"]], "<script>alert(1)</script>")
    for path in ("/messages", f"/messages/{group}/groupe", f"/messages/{group}/groupe/depart"):
        page = await alice.get(path)
        assert page.status_code == 200, path
        assert "<script>alert" not in page.text
        assert "&lt;script&gt;alert" in page.text
