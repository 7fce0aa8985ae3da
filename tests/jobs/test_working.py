"""Jobs are done, tried again, taken over, and kept when they cannot be done."""

import asyncio
import logging
import os
import signal
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from echange.database.embedded import EmbeddedPostgres, embedded_postgres
from echange.database.migrate import FOLDER as MIGRATIONS
from echange.jobs import Abandoned, Postponed, Worker, enqueue
from echange.jobs.retries import PATIENT_TRIES, TRIES, pause_before_next_try
from tests.jobs.workers import Connection, Diary, make_due, until, waiting

SCHEMA = MIGRATIONS / "0002_jobs.sql"
HOUR = timedelta(hours=1)
SOON = timedelta(milliseconds=50)


async def test_a_failed_job_is_tried_again_after_a_pause(
    orm: None, database_url: str, connection: Connection
) -> None:
    diary = Diary(RuntimeError("not yet"), RuntimeError("not yet"))
    await enqueue("note", {"n": 1})
    async with Worker(database_url, {"note": diary}, poll=SOON):
        for seconds in (10, 20):
            await until(lambda: _is_tried_again(connection))
            job = await connection.fetchrow("SELECT execute_after - updated AS pause FROM pgqueuer")
            assert job is not None
            assert job["pause"] == timedelta(seconds=seconds)
            assert not diary.done
            await make_due(connection)
        await until(lambda: bool(diary.done))

    assert diary.calls == 3


async def test_a_job_that_never_succeeds_is_kept_as_failed_and_logged(
    orm: None, database_url: str, connection: Connection, caplog: pytest.LogCaptureFixture
) -> None:
    diary = Diary(*[RuntimeError("broken \0 for good")] * (TRIES + 1))
    await enqueue("note", {"n": 1})
    with caplog.at_level(logging.WARNING, "echange.jobs"):
        async with Worker(database_url, {"note": diary}, poll=SOON):
            while not await waiting(connection, "failed"):
                await make_due(connection)
                await asyncio.sleep(0.02)

    assert diary.calls == TRIES
    assert "has failed for good" in caplog.text
    told = await connection.fetchval("SELECT traceback FROM pgqueuer_log WHERE status = 'failed'")
    assert "RuntimeError" in told
    assert "broken  for good" in told


async def test_a_job_that_cannot_succeed_is_not_tried_again(
    orm: None, database_url: str, connection: Connection
) -> None:
    diary = Diary(Abandoned("the address does not exist"))
    await enqueue("note", {})
    async with Worker(database_url, {"note": diary}):
        await until(lambda: _has_failed(connection))

    assert diary.calls == 1


def test_the_pause_doubles_up_to_an_hour() -> None:
    pauses = [pause_before_next_try(n, Postponed()) for n in range(PATIENT_TRIES)]

    assert pauses[:3] == [timedelta(seconds=10), timedelta(seconds=20), timedelta(seconds=40)]
    assert set(pauses[9:-1]) == {HOUR}
    assert pauses[-1] is None
    assert timedelta(days=3) < sum((pause for pause in pauses if pause), timedelta()) < timedelta(days=4)


@pytest.mark.parametrize(("error", "tries"), [(ValueError(), 8), (Postponed(), 81), (Abandoned(), 1)])
def test_how_often_a_job_is_tried_depends_on_why_it_failed(error: Exception, tries: int) -> None:
    assert sum(pause_before_next_try(n, error) is not None for n in range(100)) == tries - 1


async def test_a_few_jobs_are_done_at_once_and_no_more(orm: None, database_url: str) -> None:
    running, most, done = 0, 0, 0

    async def busy(payload: dict[str, Any]) -> None:
        nonlocal running, most, done
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.01)
        running -= 1
        done += 1

    for n in range(12):
        await enqueue("busy", {"n": n})
    async with Worker(database_url, {"busy": busy}, at_once=3, poll=HOUR):
        await until(lambda: done == 12)

    assert most == 3


async def test_two_workers_do_each_job_once(orm: None, database_url: str) -> None:
    diary = Diary()
    async with (
        Worker(database_url, {"note": diary}, poll=SOON),
        Worker(database_url, {"note": diary}, poll=SOON),
    ):
        await asyncio.gather(*(enqueue("note", {"n": n}) for n in range(40)))
        await until(lambda: len(diary.done) >= 40)

    assert sorted(entry["n"] for entry in diary.done) == list(range(40))


async def test_a_stop_lets_a_short_job_finish_and_takes_no_other(
    orm: None, database_url: str, connection: Connection
) -> None:
    started, may_end, ended = asyncio.Event(), asyncio.Event(), []

    async def short(payload: dict[str, Any]) -> None:
        started.set()
        await may_end.wait()
        ended.append(payload["n"])

    for n in (1, 2):
        await enqueue("short", {"n": n})
    async with Worker(database_url, {"short": short}, at_once=1) as worker:
        await started.wait()
        stopping = asyncio.create_task(worker.stop())
        await asyncio.sleep(0)
        may_end.set()
        await stopping

    assert ended == [1]
    assert await waiting(connection) == 1


async def test_a_stop_puts_a_long_job_back(
    orm: None, database_url: str, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("echange.jobs.worker.GRACE_SECONDS", 0.05)
    started = asyncio.Event()

    async def long(payload: dict[str, Any]) -> None:
        started.set()
        await asyncio.sleep(3600)

    await enqueue("long", {})
    async with Worker(database_url, {"long": long}):
        await started.wait()

    assert await waiting(connection) == 1


async def test_a_worker_that_never_ran_stops_at_once(database_url: str) -> None:
    await Worker(database_url, {}).stop()


WORKER_THAT_HANGS = """
import asyncio, sys
from echange.jobs import Worker

async def hang(payload):
    print("started", flush=True)
    await asyncio.sleep(3600)

asyncio.run(Worker(sys.argv[1], {"note": hang}).run())
"""


async def test_a_job_of_a_killed_process_is_taken_again(
    orm: None, database_url: str, connection: Connection
) -> None:
    await enqueue("note", {"n": 1})
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", WORKER_THAT_HANGS, database_url,
        stdout=asyncio.subprocess.PIPE, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert process.stdout is not None
    assert await process.stdout.readline() == b"started\n"
    process.kill()
    await process.communicate()
    assert await waiting(connection, "picked") == 1

    diary = Diary()
    async with Worker(database_url, {"note": diary}, poll=SOON, stale=timedelta(seconds=1)):
        await until(lambda: bool(diary.done))


async def test_a_long_job_whose_worker_lives_is_not_taken_by_another(
    orm: None, database_url: str, connection: Connection
) -> None:
    others, may_end = Diary(), asyncio.Event()
    started = asyncio.Event()

    async def long(payload: dict[str, Any]) -> None:
        started.set()
        await may_end.wait()

    stale = timedelta(milliseconds=400)
    await enqueue("note", {})
    async with Worker(database_url, {"note": long}, stale=stale):
        await started.wait()
        async with Worker(database_url, {"note": others}, poll=SOON, stale=stale):
            await asyncio.sleep(1.2)
            assert not others.calls
        may_end.set()


async def test_work_goes_on_when_postgresql_was_killed_and_what_was_done_meanwhile_is_done_once(
    tmp_path: Path,
) -> None:
    async with embedded_postgres(tmp_path) as postgres:
        await _prepare(postgres)
        diary, may_end = Diary(), asyncio.Event()

        async def slow(payload: dict[str, Any]) -> None:
            await diary(payload)
            await may_end.wait()

        async with Worker(postgres.url, {"slow": slow, "note": diary}, poll=SOON, stale=timedelta(seconds=2)):
            await _ask(postgres, "slow")
            await until(lambda: diary.calls == 1)
            killed = postgres.pid
            assert killed is not None
            os.kill(killed, signal.SIGKILL)
            may_end.set()
            await until(lambda: postgres.pid not in {None, killed})
            await until(lambda: _answers(postgres))
            await _ask(postgres, "note")
            await until(lambda: diary.calls == 2)
            await until(lambda: _nothing_waits(postgres))

        assert diary.calls == 2


async def test_a_worker_started_before_postgresql_waits_for_it(tmp_path: Path) -> None:
    async with embedded_postgres(tmp_path) as postgres:
        diary = Diary()
        # The table it looks for is not there yet either.
        async with Worker(postgres.url, {"note": diary}, poll=SOON):
            await asyncio.sleep(0.1)
            await _prepare(postgres)
            await _ask(postgres, "note")
            await until(lambda: bool(diary.done))


async def test_a_regular_job_is_done_again_and_again(
    orm: None, database_url: str, connection: Connection
) -> None:
    diary = Diary(RuntimeError("the first time fails"))
    period = timedelta(milliseconds=200)
    async with Worker(database_url, {"sweep": diary}, every={"sweep": period}, poll=SOON):
        await until(lambda: diary.calls == 1)
        await make_due(connection)
        await until(lambda: len(diary.done) >= 3)


async def test_a_regular_job_waits_once_however_many_workers_plan_it(
    orm: None, database_url: str, connection: Connection
) -> None:
    every = {"sweep": timedelta(days=1)}
    diary = Diary()
    async with (
        Worker(database_url, {"sweep": diary}, every=every),
        Worker(database_url, {"sweep": diary}, every=every),
    ):
        await until(lambda: _one_waits(connection))

    job = await connection.fetchrow("SELECT dedupe_key, execute_after FROM pgqueuer")
    assert job is not None
    assert job["execute_after"].hour in {23, 0}
    assert not diary.calls


async def test_old_history_and_old_failures_are_forgotten(
    orm: None, database_url: str, connection: Connection
) -> None:
    for age in (1, 40):
        when = timedelta(days=age)
        await connection.execute(
            "INSERT INTO pgqueuer (priority, status, entrypoint, updated)"
            " VALUES (0, 'failed', 'x', now() - $1::interval)",
            when,
        )
        await connection.execute(
            "INSERT INTO pgqueuer_log (job_id, status, priority, entrypoint, created)"
            " VALUES (1, 'failed', 0, 'x', now() - $1::interval)",
            when,
        )
    async with Worker(database_url, {"note": Diary()}):
        await until(lambda: _one_is_left(connection))

    assert await connection.fetchval("SELECT count(*) FROM pgqueuer_log") == 1


async def test_the_tables_are_those_pgqueuer_expects_without_its_trigger(connection: Connection) -> None:
    from pgqueuer.queries import Queries

    plan = await Queries.from_asyncpg_connection(connection).plan_upgrade()

    assert [statement for statement in plan.statements if "fn_pgqueuer_changed" not in statement] == []
    assert (
        await connection.fetchval("SELECT count(*) FROM pg_trigger WHERE tgrelid = 'pgqueuer'::regclass") == 0
    )


async def _is_tried_again(connection: Connection) -> bool:
    return bool(await connection.fetchval("SELECT execute_after > now() AND status = 'queued' FROM pgqueuer"))


async def _has_failed(connection: Connection) -> bool:
    return await waiting(connection, "failed") == 1


async def _one_waits(connection: Connection) -> bool:
    return await waiting(connection) == 1


async def _one_is_left(connection: Connection) -> bool:
    return await waiting(connection, "failed") == 1


async def _prepare(postgres: EmbeddedPostgres) -> None:
    raw = await asyncpg.connect(postgres.url)
    await raw.execute(SCHEMA.read_text())
    await raw.close()


async def _ask(postgres: EmbeddedPostgres, name: str) -> None:
    from pgqueuer.queries import Queries

    raw = await asyncpg.connect(postgres.url)
    await Queries.from_asyncpg_connection(raw).enqueue(name, b"{}")
    await raw.close()


async def _answers(postgres: EmbeddedPostgres) -> bool:
    try:
        raw = await asyncpg.connect(postgres.url)
    except (OSError, asyncpg.PostgresError):
        return False
    await raw.close()
    return True


async def _nothing_waits(postgres: EmbeddedPostgres) -> bool:
    raw = await asyncpg.connect(postgres.url)
    left = await raw.fetch("SELECT FROM pgqueuer")
    await raw.close()
    return not left
