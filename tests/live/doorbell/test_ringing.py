"""What one rings, the others hear: once, in order, as it was."""

import asyncio

import pytest
import structlog

from echange.live.doorbell import hung_doorbell
from tests.conftest import on
from tests.live.doorbell.ears import Ear, listening
from tests.live.doorbell.servers import Server
from tests.live.waiting import until


async def test_the_others_hear_it_and_oneself_does_not(alice: Ear, bob: Ear, server: Server) -> None:
    async with listening(*server.addresses()) as charlie:
        alice.ring("bonjour")
        await until(lambda: bool(bob.heard and charlie.heard))
        bob.ring("bonsoir")
        await until(lambda: len(charlie.heard) == 2 and bool(alice.heard))
    assert alice.heard == ["bonsoir"]
    assert bob.heard == ["bonjour"]
    assert charlie.heard == ["bonjour", "bonsoir"]
    assert (alice.backs, bob.backs) == (0, 0)


async def test_the_order_is_kept(alice: Ear, bob: Ear) -> None:
    rung = [f"{number} {'x' * (number % 700)}" for number in range(3000)]
    for at in range(0, len(rung), 100):
        alice.ring(*rung[at : at + 100])
        await asyncio.sleep(0)
    await until(lambda: len(bob.heard) >= len(rung))
    assert bob.heard == rung


async def test_texts_of_every_size_and_script_arrive_as_they_are(alice: Ear, bob: Ear) -> None:
    largest = alice.bell.largest
    rung = [
        "x",
        "",
        "x" * largest,
        "🙂" * (largest // 4),
        "é" * (largest // 2 - 1) + "x",
        "x" * (largest - 1),
        '{"body": "«\u00a0l’été\u00a0»\\n\\u0000 %s $1 \\r"}\r\n:12\x01\x7f',
    ]
    alice.ring(*rung)
    await until(lambda: len(bob.heard) >= len(rung))
    assert bob.heard == rung


@pytest.mark.parametrize("wrong", ["too long", "too long in bytes", "a\0b", "\ud83d"])
async def test_what_cannot_be_carried_is_refused_and_costs_the_others_nothing(
    alice: Ear, bob: Ear, wrong: str
) -> None:
    largest = alice.bell.largest
    long = {"too long": "x" * (largest + 1), "too long in bytes": "🙂" * (largest // 4 + 1)}
    alice.ring("avant")
    if wrong in long:
        assert alice.bell.ring(long[wrong]) is False
    else:
        with pytest.raises(ValueError, match=r"cannot be rung|surrogates"):
            alice.ring(wrong)
    alice.ring("après")
    await until(lambda: len(bob.heard) == 2)
    assert bob.heard == ["avant", "après"]


async def test_equal_texts_are_each_heard(alice: Ear, bob: Ear) -> None:
    rung = ["x" * alice.bell.largest] * 7 + ["y"] * 7
    alice.ring(*rung)
    await until(lambda: len(bob.heard) >= len(rung))
    assert bob.heard == rung


async def test_what_gathers_goes_out_together(alice: Ear, bob: Ear, server: Server) -> None:
    before = await server.calls()
    alice.ring(*(f"{number:0>100}" for number in range(1000)))
    await until(lambda: len(bob.heard) == 1000)
    assert await server.calls() - before < 20


async def test_two_towns_do_not_hear_each_other(alice: Ear, bob: Ear, server: Server, postgres: str) -> None:
    elsewhere = server.addresses(database_url=on(postgres, "postgres"))
    async with listening(*elsewhere) as dave, listening(*elsewhere) as erin:
        alice.ring("ici")
        dave.ring("là-bas")
        await until(lambda: bool(bob.heard and erin.heard))
    assert (alice.heard, bob.heard) == ([], ["ici"])
    assert (dave.heard, erin.heard) == ([], ["là-bas"])


async def test_an_accident_of_a_listener_costs_no_other_ring(alice: Ear, server: Server) -> None:
    heard = []

    def stumble(text: str) -> None:
        heard.append(text)
        if text == "secret":
            raise RuntimeError(text)

    with structlog.testing.capture_logs() as logs:
        async with hung_doorbell(*server.addresses(), stumble, lambda: None):
            alice.ring("avant", "secret", "après")
            await until(lambda: len(heard) == 3)
    assert heard == ["avant", "secret", "après"]
    assert [each["event"] for each in logs] == ["doorbell_accident"]
