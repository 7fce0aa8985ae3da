import asyncio
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest

from echange.database.embedded import EmbeddedPostgres, FolderInUse, embedded_postgres
from echange.database.fitness import DatabaseUnfit, check_server
from tests.starting.commands import alive, eventually

ROOT = Path(__file__).parents[2]
SERVER = Path(__file__).with_name("server_process.py")


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose cluster was made and stopped cleanly."""
    data_dir = tmp_path_factory.mktemp("made-once")
    postgres = EmbeddedPostgres(data_dir)
    postgres.start_now()
    postgres.stop_now()
    return data_dir


@pytest.fixture
def data_dir(made_once: Path, tmp_path: Path) -> Path:
    """A data folder of this test's own, already started once."""
    return shutil.copytree(made_once, tmp_path / "var", symlinks=True)


@pytest.fixture
async def own(data_dir: Path) -> AsyncIterator[EmbeddedPostgres]:
    async with embedded_postgres(data_dir) as running:
        yield running


@dataclass
class Server:
    process: subprocess.Popen[str]
    url: str
    postgres_pid: int
    socket_dir: Path


@pytest.fixture
def start_server(data_dir: Path) -> Iterator[Callable[[], Server]]:
    started: list[subprocess.Popen[str]] = []

    def start() -> Server:
        process = subprocess.Popen(
            [sys.executable, SERVER, data_dir],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        started.append(process)
        assert process.stdout
        url, pid, socket_dir = process.stdout.readline().split()
        return Server(process, url, int(pid), Path(socket_dir))

    yield start
    for process in started:
        process.terminate()
        process.communicate()


async def value(url: str, sql: str) -> object:
    raw = await asyncpg.connect(url, timeout=5)
    try:
        return await raw.fetchval(sql)
    finally:
        await raw.close()


async def value_once_back(url: str, sql: str) -> object:
    end = time.monotonic() + 20
    while True:
        try:
            return await value(url, sql)
        except (OSError, asyncpg.PostgresError):
            assert time.monotonic() < end, "PostgreSQL did not come back"
            await asyncio.sleep(0.02)


async def test_the_first_start_makes_a_database_that_knows_accents_and_keeps_its_promises(
    own: EmbeddedPostgres,
) -> None:
    assert await value(own.url, "SELECT lower('ÉCHANGE À LA REDOUTE')") == "échange à la redoute"
    assert await value(own.url, "SELECT datlocprovider FROM pg_database LIMIT 1") == b"b"
    assert await value(own.url, "SHOW server_encoding") == "UTF8"
    assert await value(own.url, "SHOW fsync") == "on"
    assert await value(own.url, "SHOW synchronous_commit") == "on"
    await check_server(own.url)


async def test_nobody_else_can_reach_it(own: EmbeddedPostgres) -> None:
    assert await value(own.url, "SHOW listen_addresses") == ""
    assert stat.S_IMODE(own.socket_dir.stat().st_mode) == 0o700
    assert stat.S_IMODE(own.cluster.stat().st_mode) == 0o700


async def test_the_data_are_kept_from_one_start_to_the_next(data_dir: Path) -> None:
    async with embedded_postgres(data_dir) as first:
        await value(first.url, "CREATE TABLE kept AS SELECT 'la perceuse' AS what")
    async with embedded_postgres(data_dir) as second:
        assert await value(second.url, "SELECT what FROM kept") == "la perceuse"


async def test_a_stop_leaves_neither_process_nor_socket_and_can_be_said_twice(data_dir: Path) -> None:
    postgres = await EmbeddedPostgres.start(data_dir)
    pid = postgres.pid
    assert pid is not None
    await postgres.stop()
    await postgres.stop()
    assert not alive(pid)
    assert not postgres.socket_dir.exists()
    assert postgres.pid is None


async def test_a_private_folder_with_spaces_and_accents_will_do(made_once: Path, tmp_path: Path) -> None:
    private = tmp_path / "chez moi à l’été"
    private.mkdir(mode=0o700)
    shutil.copytree(made_once, private / "var")
    async with embedded_postgres(private / "var") as postgres:
        assert await value(postgres.url, "SELECT 1") == 1


async def test_a_folder_deeper_than_a_socket_path_may_be_long_will_do(
    made_once: Path, tmp_path: Path
) -> None:
    deep = tmp_path / ("profond" * 20) / "var"
    shutil.copytree(made_once, deep)
    async with embedded_postgres(deep) as postgres:
        assert await value(postgres.url, "SELECT 1") == 1


async def test_postgresql_killed_comes_back_at_the_same_address_with_what_was_committed(
    own: EmbeddedPostgres,
) -> None:
    await value(own.url, "CREATE TABLE kept AS SELECT 'la perceuse' AS what")
    for _ in range(2):
        killed = own.pid
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        assert eventually(lambda: own.pid != killed)  # noqa: B023 — asked at once
        assert await value_once_back(own.url, "SELECT what FROM kept") == "la perceuse"


async def test_a_killed_server_takes_its_postgresql_along(start_server: Callable[[], Server]) -> None:
    server = start_server()
    assert alive(server.postgres_pid)
    server.process.kill()
    assert eventually(lambda: not alive(server.postgres_pid))
    assert eventually(lambda: not server.socket_dir.exists())


async def test_a_server_started_right_after_a_kill_finds_its_data(start_server: Callable[[], Server]) -> None:
    first = start_server()
    await value(first.url, "CREATE TABLE kept AS SELECT 'la perceuse' AS what")
    first.process.kill()
    second = start_server()
    assert await value(second.url, "SELECT what FROM kept") == "la perceuse"
    assert eventually(lambda: not first.socket_dir.exists())
    assert alive(second.postgres_pid)


async def test_a_second_server_on_the_same_folder_is_refused_and_harms_nothing(
    own: EmbeddedPostgres,
) -> None:
    with pytest.raises(FolderInUse, match="échange tourne déjà"):
        await EmbeddedPostgres.start(own.data_dir)
    assert await value(own.url, "SELECT 1") == 1


async def test_a_pid_file_that_names_a_stranger_is_set_aside(data_dir: Path) -> None:
    lines = [str(os.getpid()), str(data_dir / "postgresql"), "0", "5432", "/tmp/nulle-part", "", "", "ready"]
    (data_dir / "postgresql/postmaster.pid").write_text("\n".join(lines))
    async with embedded_postgres(data_dir) as postgres:
        assert await value(postgres.url, "SELECT 1") == 1
    assert alive(os.getpid())


async def test_a_database_half_made_when_the_power_went_is_made_anew(tmp_path: Path) -> None:
    half = tmp_path / "postgresql.new-12"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    async with embedded_postgres(tmp_path) as postgres:
        assert await value(postgres.url, "SELECT 1") == 1
    assert not half.exists()


async def test_data_of_another_major_version_are_refused_untouched(data_dir: Path) -> None:
    (data_dir / "postgresql/PG_VERSION").write_text("15\n")
    with pytest.raises(DatabaseUnfit, match="viennent de PostgreSQL 15"):
        await EmbeddedPostgres.start(data_dir)
    assert (data_dir / "postgresql/base").is_dir()


async def test_a_postgresql_that_cannot_start_says_why_and_frees_the_folder(data_dir: Path) -> None:
    settings = data_dir / "postgresql/postgresql.auto.conf"
    settings.write_text("nonsense = yes\n")
    with pytest.raises(DatabaseUnfit, match="n’a pas démarré"):
        await EmbeddedPostgres.start(data_dir)
    settings.write_text("")
    async with embedded_postgres(data_dir) as postgres:
        assert await value(postgres.url, "SELECT 1") == 1
