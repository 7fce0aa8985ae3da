import asyncio
import struct
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from echange.database.embedded import EmbeddedPostgres, embedded_postgres
from echange.database.fitness import DatabaseUnfit, check_server


@pytest.fixture
async def old_server() -> AsyncIterator[str]:
    """Something that answers as PostgreSQL 14 does (protocol 3.0: authenticated, a parameter, ready)."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        (length,) = struct.unpack("!I", await reader.readexactly(4))
        await reader.readexactly(length - 4)
        said = b"server_version\x0014.2\x00"
        writer.write(b"R" + struct.pack("!II", 8, 0))
        writer.write(b"S" + struct.pack("!I", 4 + len(said)) + said)
        writer.write(b"Z" + struct.pack("!I", 5) + b"I")
        await writer.drain()
        await reader.readexactly(5)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"postgresql://moi@127.0.0.1:{server.sockets[0].getsockname()[1]}/echange?sslmode=disable"


async def test_a_server_too_old_is_refused_with_the_version_it_takes(old_server: str) -> None:
    with pytest.raises(DatabaseUnfit, match=r"PostgreSQL 14 est trop ancien.*16"):
        await check_server(old_server)


async def test_a_server_that_is_away_is_named_without_its_password(unused_tcp_port: int) -> None:
    with pytest.raises(DatabaseUnfit, match="ne répond pas") as refusal:
        await check_server(f"postgresql://moi:secret@127.0.0.1:{unused_tcp_port}/echange")
    assert "secret" not in str(refusal.value)
    assert f"127.0.0.1:{unused_tcp_port}" in str(refusal.value)


async def test_an_address_that_is_none_is_said_so() -> None:
    with pytest.raises(DatabaseUnfit, match="ECHANGE_DATABASE_URL"):
        await check_server("mysql://localhost/echange")


async def test_a_missing_extension_and_a_missing_database_are_named(tmp_path: Path) -> None:
    async with embedded_postgres(tmp_path) as postgres:
        await check_server(postgres.url)
        with pytest.raises(DatabaseUnfit, match="refuse la connexion"):
            await check_server(postgres.url.replace("/postgres?", "/nulle_part?"))
        await _hide_extensions(postgres)
        with pytest.raises(DatabaseUnfit, match="btree_gist, pg_trgm, unaccent"):
            await check_server(postgres.url)


async def _hide_extensions(postgres: EmbeddedPostgres) -> None:
    raw = await asyncpg.connect(postgres.url)
    await raw.execute("CREATE SCHEMA bare CREATE TABLE pg_available_extensions (name text)")
    await raw.execute("ALTER DATABASE postgres SET search_path = bare, pg_catalog")
    await raw.close()
