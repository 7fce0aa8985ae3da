"""The ledger: transfers a second by 32 clients over 100 accounts; the page of an account with 10 000 entries.

`transfers` is `ledger.move` in one process with the pool of the app and the chain sealed meanwhile, beside
PostgreSQL's own `pgbench` (tpcb-like, scale 50, 32 clients) on the same server. `statement-10000` is `/temps`
of a signed-in member, from asking to the last byte, against nothing.
"""

import asyncio
import random
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlsplit, urlunsplit

import asyncpg
import httpx

from echange import ledger
from echange.database import fetch_value, open_pools
from echange.database.embedded import embedded_postgres
from echange.database.embedded_account import choose_account, find_binaries
from echange.database.migrate import migrate
from echange.demo.neighbours import ALICE
from echange.members.keys import fresh_key, hash_key
from tests.benchmarks.bench import Bench, Line, Skipped, Wrong, in_turn
from tests.benchmarks.workshop import Workshop, free_port

CLIENTS: Final = 32
ACCOUNTS: Final = 100
SCALE: Final = 50
SECONDS: Final = 4
ROUNDS: Final = 3
ENTRIES: Final = 10_000
ASKED: Final = 40


async def transfers(workshop: Workshop) -> AsyncIterator[Line | Skipped]:
    async with _two_databases(workshop) as (ours, theirs), open_pools(ours, pool_size=CLIENTS):
        async with ledger.Sealer().running():
            accounts = await _accounts(ours)
            await _move_for(accounts, 1)
            value, against = await in_turn(
                ROUNDS, lambda: _move_for(accounts, SECONDS), lambda: _pgbench(workshop, theirs)
            )
        proof = await ledger.prove()
        if not proof.ok:
            raise Wrong(f"the books do not add up: {proof}")
        yield Line(value, "transfers/s", ROUNDS, "pgbench", against, {"transfers": proof.transfers})


@asynccontextmanager
async def _two_databases(workshop: Workshop) -> AsyncIterator[tuple[str, str]]:
    async with embedded_postgres(workshop.folder / "ledger") as server:
        urls = [urlunsplit(urlsplit(server.url)._replace(path=f"/{name}")) for name in ("ours", "pgbench")]
        raw = await asyncpg.connect(server.url)
        await raw.execute("CREATE DATABASE ours")
        await raw.execute("CREATE DATABASE pgbench")
        await migrate(urls[0])
        await _run_pgbench(workshop, urls[1], "-i", "-q", "-s", str(SCALE))
        await raw.execute("CHECKPOINT")
        await raw.close()
        yield urls[0], urls[1]


async def _accounts(url: str) -> list[int]:
    raw = await asyncpg.connect(url)
    rows = await raw.fetch(
        "INSERT INTO ledger_account (kind, floor, ceiling) SELECT 'member', -600, 3600"
        " FROM generate_series(1, $1) RETURNING id",
        ACCOUNTS,
    )
    await raw.close()
    return [row["id"] for row in rows]


async def _move_for(accounts: list[int], seconds: float) -> float:
    """Transfers a second, refused ones not counted: who has reached a limit is given back next time."""
    chance = random.Random(time.monotonic_ns())
    until = time.perf_counter() + seconds
    moved = 0

    async def client(name: str) -> None:
        nonlocal moved
        turn = 0
        while time.perf_counter() < until:
            giver, taker = chance.sample(accounts, 2)
            turn += 1
            try:
                await ledger.move("gift", {giver: -5, taker: 5}, key=f"{name} {turn}")
            except (ledger.BelowFloor, ledger.AboveCeiling):
                continue
            moved += 1

    started = time.perf_counter()
    await asyncio.gather(*(client(f"{started} {number}") for number in range(CLIENTS)))
    return moved / (time.perf_counter() - started)


async def _pgbench(workshop: Workshop, url: str) -> float:
    told = await _run_pgbench(workshop, url, "-n", "-c", str(CLIENTS), "-j", "2", "-T", str(SECONDS))
    found = re.search(r"tps = ([0-9.]+)", told)
    if found is None:
        raise Wrong(f"pgbench did not say how many: {told[-200:]}")
    return float(found[1])


async def _run_pgbench(workshop: Workshop, url: str, *words: str) -> str:
    binary: Path = find_binaries(choose_account(workshop.folder)) / "bin/pgbench"
    parts = urlsplit(url)
    host = parse_qs(parts.query)["host"][0]
    process = await asyncio.create_subprocess_exec(
        str(binary), "-h", host, "-U", parts.username or "echange", *words, parts.path.lstrip("/"),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    out, _ = await process.communicate()
    if process.returncode:
        raise Wrong(f"pgbench ended with {process.returncode}: {out.decode()[-200:]}")
    return out.decode()


async def statement(workshop: Workshop) -> AsyncIterator[Line | Skipped]:
    url = await workshop.town(0)
    key = await _lived_long(url)
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    settings = {
        "ECHANGE_DATABASE_URL": url, "ECHANGE_PORT": str(port), "ECHANGE_BASE_URL": address,
        "ECHANGE_RATE_FACTOR": "0",
    }  # fmt: skip
    async with (
        workshop.server(port, "/readyz", "-m", "echange.cli", "serve", **settings),
        httpx.AsyncClient(base_url=address, cookies={"session": key}) as client,
    ):
        taken = sorted([await _one_statement(client) for _ in range(ASKED)][ASKED // 4 :])
        yield Line(taken[len(taken) // 2], "ms", len(taken), also={"p99": taken[-1]})


async def _one_statement(client: httpx.AsyncClient) -> float:
    started = time.perf_counter()
    page = await client.get("/temps")
    if page.status_code != 200:
        raise Wrong(f"/temps answered {page.status_code}")
    return 1000 * (time.perf_counter() - started)


async def _lived_long(url: str) -> str:
    """A member with that many entries, signed in; the key of their session."""
    key = fresh_key()
    async with open_pools(url, pool_size=4):
        alice = await fetch_value("SELECT account_id FROM member WHERE handle = $1", ALICE.handle)
        fund = (await ledger.fund()).id
        await fetch_value(
            """SELECT count(move_minutes(
                   'gift', 'bench ' || n, ARRAY[$1::int, $2::int], ARRAY[-m, m], '', NULL, NULL))
               FROM (SELECT n, CASE WHEN n % 2 = 0 THEN 5 ELSE -5 END AS m
                     FROM generate_series(1, $3) n) AS turns""",
            fund,
            alice,
            ENTRIES,
        )
        await fetch_value(
            """INSERT INTO session (member_id, key_hash)
               SELECT id, $2 FROM member WHERE handle = $1 RETURNING id""",
            ALICE.handle,
            hash_key(key),
        )
    return key


bench: Final = Bench(
    "ledger",
    {"statement-10000": statement, "transfers": transfers},
    usual=("statement-10000", "transfers"),
)
