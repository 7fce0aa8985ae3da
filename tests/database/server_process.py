"""A server reduced to its PostgreSQL, in a process of its own, so that tests can kill it."""

import asyncio
import sys
from pathlib import Path

from echange.database.embedded import EmbeddedPostgres
from echange.database.fitness import DatabaseUnfit


async def main(data_dir: Path) -> None:
    postgres = await EmbeddedPostgres.start(data_dir)
    print(postgres.url, postgres.pid, postgres.socket_dir, flush=True)  # noqa: T201
    await asyncio.Event().wait()


if __name__ == "__main__":
    try:
        asyncio.run(main(Path(sys.argv[1])))
    except DatabaseUnfit as refusal:
        sys.exit(str(refusal))
