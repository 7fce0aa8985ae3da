"""The note a running server leaves in its data folder, so that commands find its PostgreSQL."""

import asyncio
import json
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

from echange.config import Settings
from echange.database.embedded import EmbeddedPostgres, embedded_postgres
from echange.database.filelock import hold, is_held
from echange.database.fitness import check_server

# In bytes, of the note; two long paths and the numbers of many processes fit in.
LENGTH: Final = 4096


class CannotStart(Exception):
    """échange cannot start; the message is one French line that names the setting to change."""


@dataclass(frozen=True)
class Running:
    """A server at work: where it answers, what it uses, which processes it is."""

    base_url: str
    database_url: str
    server_pids: list[int]
    data_dir: str
    cluster: str | None = None

    @contextmanager
    def noted(self) -> Iterator[Callable[[list[int]], None]]:
        """Leave the note for the time of the block; a second server on the same folder leaves none.

        What is given corrects it when other processes serve.
        """
        path = Path(self.data_dir) / "run.json"
        held = hold(path)
        if held is None:
            yield lambda pids: None
            return
        try:
            os.ftruncate(held, 0)
            self._write(held, self.server_pids)
            yield lambda pids: self._write(held, pids)
        finally:
            path.unlink(missing_ok=True)
            os.close(held)

    def _write(self, held: int, pids: list[int]) -> None:
        # Always as long, in one write: whoever reads meanwhile finds a whole note.
        note = json.dumps(asdict(replace(self, server_pids=pids))).encode()
        os.pwrite(held, note.ljust(LENGTH), 0)


def find_running(data_dir: Path) -> Running | None:
    """The server whose data folder this is, if it is alive."""
    path = data_dir.resolve() / "run.json"
    if not is_held(path):
        return None
    try:
        return Running(**json.loads(path.read_text()))
    except (OSError, ValueError):
        return None


def check_free(data_dir: Path) -> None:
    """Make the data folder, or raise CannotStart, also when another server is at work there."""
    check_writable(data_dir)
    if running := find_running(data_dir):
        raise CannotStart(f"échange est déjà ouvert avec ces données : {running.base_url}")


def check_writable(folder: Path) -> None:
    """Make the data folder, or raise CannotStart."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise CannotStart(
            f"Impossible d’écrire dans le dossier de données {folder} ({error.strerror}) : "
            "choisissez-en un autre avec ECHANGE_DATA_DIR."
        ) from error


@asynccontextmanager
async def usable_database(settings: Settings) -> AsyncIterator[str]:
    """The address of the PostgreSQL in use, or of one started for the time of the block.

    Raises DatabaseUnfit or CannotStart.
    """
    if settings.database_url:
        await check_server(settings.database_url)
        yield settings.database_url
    elif running := find_running(settings.data_dir):
        yield running.database_url
    else:
        check_writable(settings.data_dir)
        async with embedded_postgres(settings.data_dir) as postgres:
            yield postgres.url


@asynccontextmanager
async def own_database(
    settings: Settings, meanwhile: Callable[[], None]
) -> AsyncIterator[tuple[str, EmbeddedPostgres | None]]:
    """The PostgreSQL a server works with: the one of the settings, else its own. Raises DatabaseUnfit.

    `meanwhile` runs here while PostgreSQL starts in a thread and processes of its own.
    """
    if settings.database_url:
        await check_server(settings.database_url)
        meanwhile()
        yield settings.database_url, None
        return
    starting = asyncio.create_task(EmbeddedPostgres.start(settings.data_dir))
    await asyncio.sleep(0)
    try:
        meanwhile()
        postgres = await starting
        yield postgres.url, postgres
    finally:
        await (await starting).stop()
