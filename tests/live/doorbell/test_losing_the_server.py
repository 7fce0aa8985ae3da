"""A server that is away, comes back, or hangs: nobody waits, nothing grows, and the return is told."""

import asyncio
import os
import signal
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import structlog

from echange.database.embedded import EmbeddedPostgres
from echange.live.doorbell import bell
from tests.live.doorbell.cable import Cable
from tests.live.doorbell.ears import Ear, hears, listening
from tests.live.doorbell.servers import Server, Started
from tests.live.waiting import until

MIB = 1024 * 1024


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Silence is noticed after half a second rather than five."""
    monkeypatch.setattr(bell, "BEAT", 0.25)


@pytest.fixture
async def beforehand() -> "set[asyncio.Task[Any]]":
    """What ran before the test: nothing of its own."""
    return asyncio.all_tasks() - {asyncio.current_task()}


@contextmanager
def told() -> Iterator[Callable[[str], bool]]:
    """Whether a thing was logged since."""
    with structlog.testing.capture_logs() as logs:
        yield lambda event: any(each["event"] == event for each in logs)


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


async def lose_and_find(cable: Cable, far: Ear) -> None:
    before = far.backs
    with told() as logged:
        await cable.cut()
        await until(lambda: logged("doorbell_away"))
    await cable.mend()
    await until(lambda: far.backs > before)


async def test_a_cut_line_is_replaced_and_the_return_told(alice: Ear, cable: Cable, server: Server) -> None:
    await cable.mend()
    async with listening(*server.addresses(cable.port)) as far:
        with told() as logged:
            await cable.cut()
            await until(lambda: logged("doorbell_away"))
            far.ring("perdu")
            alice.ring("perdu aussi")
            assert far.backs == 0
            await cable.mend()
            await until(lambda: far.backs == 1)
            assert logged("doorbell_back")
        await hears(far, alice)
        await hears(alice, far)
        assert "perdu" not in alice.heard
        assert far.backs == 1
    assert alice.backs == 0


async def test_a_silent_server_is_left_for_a_new_connection(
    alice: Ear, cable: Cable, server: Server, hasty: None
) -> None:
    await cable.mend()
    async with listening(*server.addresses(cable.port)) as far:
        with told() as logged:
            cable.freeze()
            await until(lambda: logged("doorbell_away"))
        cable.thaw()
        await until(lambda: far.backs == 1)
        await hears(far, alice)
        await hears(alice, far)


async def test_a_server_away_at_the_start_is_waited_for_behind_the_scenes(
    alice: Ear, cable: Cable, server: Server
) -> None:
    async with listening(*server.addresses(cable.port)) as far:
        far.ring("perdu")
        await cable.mend()
        await until(lambda: far.backs == 1)
        await hears(far, alice)
        await hears(alice, far)


async def test_so_is_one_that_hangs_at_the_start(alice: Ear, cable: Cable, server: Server) -> None:
    await cable.mend()
    cable.freeze()
    async with listening(*server.addresses(cable.port)) as far:
        far.ring("perdu")
        cable.thaw()
        await until(lambda: far.backs == 1)
        await hears(far, alice)
        await hears(alice, far)


@pytest.mark.parametrize("how", ["cut", "silent"])
async def test_rings_meanwhile_take_no_memory(cable: Cable, server: Server, how: str) -> None:
    await cable.mend()
    async with listening(*server.addresses(cable.port)) as far:
        text = "x" * far.bell.largest
        if how == "silent":
            cable.freeze()
        else:
            with told() as logged:
                await cable.cut()
                await until(lambda: logged("doorbell_away"))
        tracemalloc.start()
        try:
            for _ in range(4):
                far.ring(*([text] * (8 * MIB // len(text))))
                # Longer than one step of the loop: the wire takes what it can.
                await asyncio.sleep(0.05)
            assert tracemalloc.get_traced_memory()[1] < 12 * MIB
        finally:
            tracemalloc.stop()
            cable.thaw()


async def test_nothing_is_left_behind_by_many_losses(
    beforehand: "set[asyncio.Task[Any]]", cable: Cable, server: Server, hasty: None
) -> None:
    await cable.mend()
    async with listening(*server.addresses(cable.port)) as far:
        seen = []
        for _ in range(5):
            await lose_and_find(cable, far)
            seen.append((len(asyncio.all_tasks()), open_files()))
        # What ends a connection may itself end a moment later; a leak never does.
        await until(lambda: (len(asyncio.all_tasks()), open_files()) == seen[0])
    await cable.cut()
    assert asyncio.all_tasks() - beforehand == {asyncio.current_task()}


async def test_a_killed_listener_is_replaced(
    alice: Ear, bob: Ear, connection: asyncpg.Connection, server: Server
) -> None:
    if isinstance(server, Started):
        server.kill()
        server.start()
    else:
        own = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1"
        assert len(await connection.fetch(own, "echange doorbell")) == 2
    await until(lambda: alice.backs >= 1 and bob.backs >= 1)
    await hears(alice, bob)
    await hears(bob, alice)


async def test_postgresql_killed_and_started_again_is_found_again(tmp_path: Path) -> None:
    postgres = await EmbeddedPostgres.start(tmp_path)
    try:
        async with listening(None, postgres.url) as one, listening(None, postgres.url) as other:
            assert postgres.pid is not None
            os.kill(postgres.pid, signal.SIGKILL)
            await until(lambda: one.backs >= 1 and other.backs >= 1)
            await hears(one, other)
            await hears(other, one)
    finally:
        await postgres.stop()


async def test_logs_tell_the_kind_of_trouble_and_neither_address_nor_text(
    cable: Cable, server: Server
) -> None:
    url, database_url = server.addresses(cable.port)
    logs: list[Any]
    with structlog.testing.capture_logs() as logs:
        async with listening(url, database_url) as far:
            far.ring("secret")
    assert [each["event"] for each in logs] == ["doorbell_away"]
    assert logs[0]["why"].isidentifier()
    assert set(logs[0]) == {"event", "why", "log_level"}
