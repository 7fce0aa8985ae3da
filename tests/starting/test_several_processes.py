"""`echange serve --workers 2`: one town, two processes that serve it, and the one that keeps them."""

import asyncio
import json
import os
import signal
import socket
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from echange.demo.neighbours import NEIGHBOURS
from echange.running import find_running
from tests.conftest import on
from tests.jobs.workers import until
from tests.neighbours import settle_at
from tests.starting.commands import Echange, Serving, alive, eventually

TWO = ("--workers", "2")


@pytest.fixture(scope="module")
def echange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Echange]:
    """One town for the stories below, with neighbours in it."""
    command = Echange(tmp_path_factory.mktemp("several") / "var")
    try:
        command.serve(*TWO)
        asyncio.run(settle_at(database_url(command)))
        yield command
    finally:
        for each in command.started:
            each.end()


@pytest.fixture
def serving(echange: Echange) -> Serving:
    """Its server, opened again when a story has ended it."""
    if echange.started[-1].process.poll() is not None:
        echange.serve(*TWO)
    return echange.started[-1]


@pytest.fixture
def newcomer(tmp_path: Path) -> Iterator[Echange]:
    command = Echange(tmp_path / "var")
    yield command
    for each in command.started:
        each.end()


def database_url(echange: Echange) -> str:
    running = find_running(echange.data_dir)
    assert running
    return running.database_url


def who_serves(echange: Echange) -> list[int]:
    running = find_running(echange.data_dir)
    return running.server_pids if running else []


def test_doctor_names_the_processes_that_serve(echange: Echange, serving: Serving) -> None:
    state = json.loads(echange("doctor", "--json").stdout)
    assert len(state["server_pids"]) == 2
    assert serving.process.pid not in state["server_pids"]
    assert all(map(alive, state["server_pids"]))
    assert state["base_url"] == serving.url
    assert alive(state["postgres_pid"])


def test_a_second_server_on_the_same_data_is_refused(echange: Echange, serving: Serving) -> None:
    done = echange("serve", *TWO, ECHANGE_PORT="0")
    assert done.returncode == 1
    assert done.stderr == f"échange est déjà ouvert avec ces données : {serving.url}\n"


@pytest.mark.parametrize("words", [(), TWO])
def test_the_shared_port_is_taken_for_others(
    serving: Serving, newcomer: Echange, words: tuple[str, ...]
) -> None:
    port = urlsplit(serving.url).port
    done = newcomer("serve", *words, ECHANGE_PORT=str(port))
    assert done.returncode == 1
    assert f"Le port {port} est déjà pris" in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux deals connections out, and shows them")
def test_connections_are_dealt_out(echange: Echange, serving: Serving) -> None:
    before = {pid: _sockets(pid) for pid in who_serves(echange)}
    with ExitStack() as stack:
        for _ in range(100):
            visitor = stack.enter_context(socket.create_connection(_place(serving)))
            visitor.sendall(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n")
            assert visitor.recv(15) == b"HTTP/1.1 200 OK"
        got = [_sockets(pid) - many for pid, many in before.items()]
    # Less than a fifth for one of the two would come once in ten thousand million times.
    assert min(got) >= 20, got


def test_a_killed_process_is_replaced_and_the_other_serves_on_meanwhile(
    echange: Echange, serving: Serving
) -> None:
    killed, other = who_serves(echange)
    os.kill(killed, signal.SIGKILL)
    assert eventually(lambda: who_serves(echange) == [other])
    answers: Counter[int] = Counter()

    def is_replaced() -> bool:
        answers[serving.get("/healthz")] += 1
        return len(who_serves(echange)) == 2

    with _no_start_possible(echange):
        assert eventually(lambda: not is_replaced() and serving.said.count('"process_ended"') >= 2)
    assert eventually(is_replaced)
    assert answers.keys() == {200}
    assert other in who_serves(echange)
    assert killed not in who_serves(echange)
    assert {serving.get("/readyz") for _ in range(20)} == {200}


async def test_each_regular_job_is_done_once(echange: Echange, serving: Serving) -> None:
    raw = await asyncpg.connect(database_url(echange))
    try:
        # Those whose own hour is far: nothing but this makes them due.
        due = await raw.fetch(
            """UPDATE pgqueuer SET execute_after = now() WHERE id IN (
                   SELECT id FROM pgqueuer WHERE dedupe_key LIKE 'every %'
                   AND execute_after > now() + interval '10 minutes' FOR UPDATE)
               RETURNING id, entrypoint"""
        )
        assert len(due) > 2
        names = [row["entrypoint"] for row in due]
        await until(lambda: _are_done(raw, due))
        # Planned again by whoever did it, or by the other at its next look.
        await until(lambda: _wait_once(raw, names))
        assert await _count(raw, "pgqueuer_log", names, _ids(due)) == dict.fromkeys(names, 1)
    finally:
        await raw.close()


def test_a_stop_closes_sockets_as_restarting_and_leaves_nothing(echange: Echange, serving: Serving) -> None:
    pids, postgres_pid = who_serves(echange), echange.postgres_pid()
    token = echange("token", "alice@echange.example").stdout.strip()
    url = serving.url.replace("http", "ws") + "/live"
    closed: list[int] = []
    said_before = len(serving.said)
    with ExitStack() as stack:
        sockets = [
            stack.enter_context(connect(url, additional_headers={"authorization": f"Bearer {token}"}))
            for _ in range(6)
        ]
        listening = [threading.Thread(target=_listen, args=(each, closed)) for each in sockets]
        for thread in listening:
            thread.start()
        assert serving.end() == 0
        for thread in listening:
            thread.join()
    assert closed == [1012] * 6
    assert "Traceback" not in serving.said[said_before:]
    assert not any(map(alive, [*pids, postgres_pid]))
    assert find_running(echange.data_dir) is None


def test_every_process_of_a_peopled_demo_town_says_it_is_ready(echange: Echange) -> None:
    echange.started[-1].end()
    again = echange.serve(*TWO, "--demo")
    # Each connection is dealt to one of the two.
    assert {again.get("/readyz") for _ in range(20)} == {200}
    assert asyncio.run(_fetch_value(database_url(echange), "SELECT count(*) FROM member")) == len(NEIGHBOURS)


def test_everything_goes_when_the_one_that_keeps_them_is_killed(echange: Echange, serving: Serving) -> None:
    pids, postgres_pid = who_serves(echange), echange.postgres_pid()
    serving.process.kill()
    assert eventually(lambda: not any(map(alive, [*pids, postgres_pid])))
    assert find_running(echange.data_dir) is None


def test_what_keeps_all_from_starting_ends_the_start(newcomer: Echange, postgres: str) -> None:
    url = _fresh_database(postgres, "never_served")
    with _no_start_possible(newcomer):
        done = newcomer("serve", *TWO, ECHANGE_PORT="0", ECHANGE_DATABASE_URL=url)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "échange n’a pas pu ouvrir : la cause est écrite plus haut."
    assert find_running(newcomer.data_dir) is None


def test_more_than_our_postgresql_can_serve_is_refused_with_the_setting_that_helps(newcomer: Echange) -> None:
    done = newcomer("serve", ECHANGE_WORKERS="40", ECHANGE_PORT="0")
    assert done.returncode == 1
    assert "ECHANGE_DATABASE_URL" in done.stderr
    assert not (newcomer.data_dir / "postgresql").exists()


def test_two_servers_open_one_database_together_and_one_outlives_the_other(
    newcomer: Echange, tmp_path: Path, postgres: str
) -> None:
    newcomer.settings["ECHANGE_DATABASE_URL"] = _fresh_database(postgres, "together")
    neighbour = Echange(tmp_path / "beside", newcomer.settings)
    both = ((newcomer, ()), (neighbour, TWO))
    opening = [threading.Thread(target=each.serve, args=words) for each, words in both]
    for thread in opening:
        thread.start()
    for thread in opening:
        thread.join()
    (one,), (other,) = newcomer.started, neighbour.started
    try:
        assert one.get("/readyz") == other.get("/readyz") == 200
        assert "Traceback" not in one.said + other.said
        pids = who_serves(neighbour)
        other.process.kill()
        assert eventually(lambda: not any(map(alive, pids)))
        assert one.get("/readyz") == 200
    finally:
        other.end()


@contextmanager
def _no_start_possible(echange: Echange) -> Iterator[None]:
    """A file where a process looks for a folder when it starts, and only then."""
    cache = echange.data_dir / "cache"
    away = cache.with_name("cache-away")
    cache.mkdir(parents=True, exist_ok=True)
    cache.rename(away)
    cache.touch()
    yield
    cache.unlink()
    away.rename(cache)


def _place(serving: Serving) -> tuple[str, int]:
    parts = urlsplit(serving.url)
    assert parts.hostname
    assert parts.port
    return parts.hostname, parts.port


def _sockets(pid: int) -> int:
    """How many sockets a process has open."""
    found = 0
    for each in Path(f"/proc/{pid}/fd").iterdir():
        try:
            found += str(each.readlink()).startswith("socket:")
        except FileNotFoundError:
            continue
    return found


def _listen(line: ClientConnection, closed: list[int]) -> None:
    try:
        while True:
            line.recv()
    except ConnectionClosed as end:
        closed.append(end.rcvd.code if end.rcvd else 0)


def _fresh_database(postgres: str, name: str) -> str:
    asyncio.run(_create(postgres, name))
    return on(postgres, name)


async def _create(postgres: str, name: str) -> None:
    raw = await asyncpg.connect(postgres)
    try:
        await raw.execute(f"CREATE DATABASE {name}")
    finally:
        await raw.close()


async def _fetch_value(url: str, sql: str) -> int:
    raw = await asyncpg.connect(url)
    try:
        return int(await raw.fetchval(sql))
    finally:
        await raw.close()


async def _are_done(raw: "asyncpg.Connection[asyncpg.Record]", jobs: list[asyncpg.Record]) -> bool:
    return not await raw.fetch("SELECT FROM pgqueuer WHERE id = ANY($1)", _ids(jobs))


async def _wait_once(raw: "asyncpg.Connection[asyncpg.Record]", names: list[str]) -> bool:
    waiting = await _count(raw, "pgqueuer", names)
    assert max(waiting.values(), default=0) <= 1, waiting
    return len(waiting) == len(names)


def _ids(rows: list[asyncpg.Record]) -> list[int]:
    return [row["id"] for row in rows]


async def _count(
    raw: "asyncpg.Connection[asyncpg.Record]", table: str, names: list[str], ids: list[int] | None = None
) -> dict[str, int]:
    of_these = "TRUE" if ids is None else "status = 'successful' AND job_id = ANY($2)"
    rows = await raw.fetch(
        f"SELECT entrypoint, count(*) AS n FROM {table} WHERE entrypoint = ANY($1) AND {of_these} GROUP BY 1",
        names,
        *([] if ids is None else [ids]),
    )
    return {row["entrypoint"]: row["n"] for row in rows}
