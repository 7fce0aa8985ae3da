"""Sockets of one process, on a real port: who hears what, and how it ends."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from echange import live
from echange.live import Frame, transport
from echange.live.queued import Queued
from tests.live.house import DIRECT, PUBLIC, House, farewell, heard, open_house, rest
from tests.live.waiting import until


@pytest.fixture(params=[DIRECT, PUBLIC], ids=["direct", "public"])
async def house(request: pytest.FixtureRequest) -> AsyncIterator[House]:
    async with open_house(request.param) as one:
        yield one


async def test_every_socket_of_a_member_hears_and_nobody_else(house: House) -> None:
    async with house.socket(1) as phone, house.socket(1) as desk, house.socket(2) as other:
        house.hub.send([1], Frame("pour un"))
        house.hub.murmur([2, 3], Frame("pour deux"))
        assert [await heard(phone), await heard(desk), await heard(other)] == ["pour un"] * 2 + ["pour deux"]


async def test_what_is_sent_arrives_whole_and_in_order(house: House) -> None:
    texts = [f"{number} " + "é😀" * (number % 40) for number in range(3000)] + ["x" * 100_000]
    async with house.socket(1) as one:
        for text in texts:
            house.hub.send([1], Frame(text))
            if len(text) % 7 == 0:
                await asyncio.sleep(0)
        await one.ping()
        assert [await heard(one) for _ in texts] == texts


async def test_an_ended_session_is_silent_from_then_on_and_the_others_go_on(house: House) -> None:
    async with house.socket(1, session=7) as gone, house.socket(1, session=8) as stays:
        house.hub.send([1], Frame("avant"))
        assert await heard(gone) == "avant"
        house.hub.end_session(7)
        house.hub.send([1], Frame("après"))
        said, code = await rest(gone)
        assert [json.loads(frame) for frame in said] == [{"type": "bye", "code": "signed_out"}]
        assert code == 4001
        assert [await heard(stays), await heard(stays)] == ["avant", "après"]


async def test_a_revoked_token_ends_its_sockets(house: House) -> None:
    async with house.socket(1, session=7) as gone, house.socket(1, session=8) as stays:
        house.hub.end_token(1007)
        assert await farewell(gone) == ("signed_out", 4001)
        house.hub.send([1], Frame("toujours là"))
        assert await heard(stays) == "toujours là"


async def test_ending_a_member_ends_all_their_sockets(house: House) -> None:
    async with house.socket(1) as one, house.socket(1, session=2) as two, house.socket(2) as other:
        house.hub.end_member(1)
        assert [(await rest(one))[1], (await rest(two))[1]] == [4001, 4001]
        house.hub.send([2], Frame("toujours là"))
        assert await heard(other) == "toujours là"


async def test_what_was_said_before_an_end_is_heard_and_what_comes_after_is_not_acted_on() -> None:
    async with open_house() as house, house.socket(1) as one:
        house.lines[0].say(Frame("encore ceci"))
        await one.send("raccroche")
        for number in range(5):
            await one.send(f"trop tard {number}")
        assert [json.loads(said)["code"] for said in (await rest(one))[0][1:]] == ["too_large"]
        await until(lambda: house.hub.count == 0)
    assert house.heard == ["raccroche"]


async def test_ending_stops_what_a_socket_is_busy_with(house: House) -> None:
    async with house.socket(1) as one:
        await one.send("attends")
        await until(lambda: house.heard == ["attends"])
        house.hub.end_member(1)
        assert await farewell(one) == ("signed_out", 4001)
        await until(lambda: house.hub.count == 0)


async def test_last_words_of_a_talk_are_heard_before_it_closes() -> None:
    async with open_house() as house, house.socket(1) as leaves, house.socket(2) as closes:
        await leaves.send("au revoir")
        await closes.send("ferme")
        assert (await rest(leaves))[0] == ["à bientôt"]
        assert await rest(closes) == (["je ferme"], 1000)


async def test_closing_time_says_restart_to_everybody(house: House) -> None:
    async with house.socket(1) as one, house.socket(2) as two:
        await house.hub.__aexit__()
        assert [await farewell(one), await farewell(two)] == [("restart", 1012)] * 2
    assert house.hub.count == 0
    live.tell([1], Frame("plus personne"))


async def test_a_stop_signal_says_restart_before_it_closes() -> None:
    async with open_house() as house, house.socket(1) as one, house.socket(2) as two:
        house.lines[0].say(Frame("un dernier mot"))
        house.server.should_exit = True
        assert (await rest(one))[0][0] == "un dernier mot"
        assert (one.close_code, await farewell(two)) == (1012, ("restart", 1012))
        await until(lambda: house.hub.count == 0)


async def test_an_eleventh_socket_is_refused_until_another_closes(house: House) -> None:
    opened = [house.socket(1) for _ in range(10)]
    for one in opened:
        await one.__aenter__()
    with pytest.raises(Exception, match="403"):
        async with house.socket(1):
            pass
    await opened.pop().__aexit__(None, None, None)
    await until(lambda: house.hub.count < 10)
    async with house.socket(1):
        pass
    for one in opened:
        await one.__aexit__(None, None, None)


async def test_whoever_leaves_is_forgotten_and_sent_nothing(house: House) -> None:
    async with house.socket(1) as one:
        one.transport.abort()
        for _ in range(50):
            house.hub.send([1], Frame("x" * 1000))
            await asyncio.sleep(0)
        await until(lambda: house.hub.count == 0)


async def test_a_frame_over_64_kib_is_told_why_whatever_its_length(house: House) -> None:
    async with house.socket(1) as one:
        await one.send("é" * 40_000)
        assert (await rest(one))[1] == 1009
    async with open_house() as ours, ours.socket(1, max_size=None) as one:
        await one.send("x" * 3_000_000)
        assert await farewell(one) == ("too_large", 1009)
        await until(lambda: ours.hub.count == 0)


async def test_another_uvicorn_is_spoken_to_by_the_public_way(monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_house() as house:
        async with house.socket(1):
            assert isinstance(house.lines[0]._wire, transport.LineProtocol)
        monkeypatch.setattr(transport, "NEEDED", (*transport.NEEDED, "gone_in_the_next_version"))
        async with house.socket(1) as one:
            assert isinstance(house.lines[1]._wire, Queued)
            house.hub.send([1], Frame("quand même"))
            assert await heard(one) == "quand même"
            house.hub.end_member(1)
            assert await farewell(one) == ("signed_out", 4001)


async def test_a_dead_peer_is_closed() -> None:
    async with open_house(ws_ping_interval=0.1, ws_ping_timeout=0.1) as house, house.socket(1) as one:
        await asyncio.sleep(0.5)
        assert house.hub.count == 1
        one.transport.pause_reading()
        await until(lambda: house.hub.count == 0)
        one.transport.abort()
