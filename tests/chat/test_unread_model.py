"""What waits unread after any history, counted anew from all events in plain Python."""

from typing import Any, Final

import asyncpg
import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from echange.chat import Conversation, client_id, inbox, reading
from echange.chat.amending import REACTIONS
from echange.database import execute, fetch
from echange.http import Refusal
from tests.chat.groups import opened, say
from tests.neighbours import Town

PEOPLE: Final = ("alice", "bob", "charlie")
ACTS: Final = (
    "says", "says", "says", "edits", "takes back", "reacts", "reads", "silences", "hears again", "puts away",
    "asks in", "puts out", "leaves", "blocks", "lifts",
)  # fmt: skip
Step = tuple[str, int, int, int]


async def start(ids: list[int]) -> list[Conversation]:
    """Two groups and a conversation of two, with nothing said."""
    await execute("DELETE FROM conversation")
    await execute("DELETE FROM block")
    return [
        await Conversation.open_group(ids[1:], by=ids[0], title="À trois"),
        await Conversation.open_group([ids[1]], by=ids[0], title="À deux, puis plus"),
        await Conversation.open_direct(between=(ids[1], ids[2])),
    ]


async def take(step: Step, talks: list[Conversation], ids: list[int]) -> None:
    act, who, where, number = step
    by, other, talk = ids[who], ids[(who + 1 + number % 2) % 3], talks[where]
    try:
        match act:
            case "says":
                await talk.post(by=by, client_id=client_id(), body="mot")
            case "edits":
                await talk.edit(number, by=by, client_id=client_id(), body="autre mot")
            case "takes back":
                await talk.delete_message(number, by=by, client_id=client_id())
            case "reacts":
                await talk.react(number, by=by, client_id=client_id(), emoji=REACTIONS[0], on=number % 2 == 0)
            case "reads":
                await talk.mark_read(by=by, seq=number)
            case "silences":
                await talk.mute(by=by)
            case "hears again":
                await talk.unmute(by=by)
            case "puts away":
                await talk.archive(by=by, seq=number)
            case "asks in":
                await talk.add(other, by=by)
            case "puts out":
                await talk.remove(other, by=by)
            case "leaves":
                await talk.leave(by=by)
            case "blocks":
                await execute(
                    "INSERT INTO block (by_id, member_id) VALUES ($1, $2) ON CONFLICT DO NOTHING", by, other
                )
            case "lifts":
                await execute("DELETE FROM block WHERE by_id = $1 AND member_id = $2", by, other)
    except Refusal:
        # What the rule refuses changes nothing: the comparison tells.
        return


async def recounted(member: int) -> dict[int, int]:
    """Unread messages by conversation, from the events themselves."""
    events = await fetch("SELECT conversation_id, seq, kind, by_id, target FROM event")
    apart = {frozenset(row) for row in await fetch("SELECT by_id, member_id FROM block")}
    groups = {row["id"] for row in await fetch("SELECT id FROM conversation WHERE is_group")}
    deleted = {(one["conversation_id"], one["target"]) for one in events if one["kind"] == "delete"}
    counts: dict[int, int] = {}
    for place in await fetch("SELECT * FROM participant WHERE member_id = $1", member):
        waiting = [
            one
            for one in events
            if one["conversation_id"] == place["conversation_id"]
            and one["kind"] == "message"
            and one["by_id"] != member
            and one["seq"] > place["read_seq"]
            and one["seq"] >= place["from_seq"]
            and (one["conversation_id"], one["seq"]) not in deleted
            and not (one["conversation_id"] in groups and frozenset((one["by_id"], member)) in apart)
        ]
        if place["muted_at"] is None:
            counts[place["conversation_id"]] = len(waiting)
    return counts


async def check(ids: list[int]) -> None:
    """The badge, the list and the socket's welcome say what the log says."""
    for member in ids:
        counts = await recounted(member)
        assert await reading.unread_count(member) == sum(counts.values())
        shelves = [await inbox.inbox(member, limit=10, shelf=shelf) for shelf in ("", "archivees")]
        listed = {talk.id: talk.unread for shelf in shelves for talk in shelf.items if not talk.muted}
        assert listed == {talk: count for talk, count in counts.items() if talk in listed}
        unread = {talk.id for talk in (await inbox.inbox(member, limit=10, shelf="non-lus")).items}
        assert unread == {talk for talk, count in counts.items() if count}
        welcome = {one.conversation: one.unread for one in await reading.standings(member, [], 10)}
        assert {talk: count for talk, count in welcome.items() if count} == {
            talk: count for talk, count in counts.items() if count
        }


# A hundred runs by default: 12 here, for each step writes; ten thousand with --long: 1 250.
@settings(
    max_examples=settings().max_examples // 8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(ACTS), st.integers(0, 2), st.integers(0, 2), st.integers(1, 12)),
        min_size=5,
        max_size=40,
    )
)
async def test_whatever_happened_unread_is_what_a_recount_of_the_log_gives(
    orm: None, town: Town, steps: list[Step]
) -> None:
    ids = [town[one] for one in PEOPLE]
    talks = await start(ids)
    for step in steps:
        await take(step, talks, ids)
    await check(ids)


async def test_the_badge_of_the_api_is_the_same_number(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town,
    connection: "asyncpg.Connection[asyncpg.Record]",
) -> None:  # fmt: skip
    group = await opened(alice, [town["bob"], town["charlie"]], "Compost")
    direct = await opened(alice, [town["bob"]])
    seqs = [await say(alice, place, "mot") for place in (group, group, direct, direct, direct)]
    talk = await Conversation.get(id=direct)
    await talk.delete_message(seqs[-1], by=town["alice"], client_id=client_id())
    await talk.react(seqs[-2], by=town["alice"], client_id=client_id(), emoji=REACTIONS[0], on=True)
    await bob.put(f"/api/v1/conversations/{group}/read", json={"seq": seqs[0]})
    me: dict[str, Any] = (await bob.get("/api/v1/me")).json()
    assert me["unread"] == sum((await recounted(town["bob"])).values()) == 3
