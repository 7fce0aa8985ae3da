"""Several servers of one town, each a process of its own, on a PostgreSQL as durable as people's."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from echange.database.embedded import EmbeddedPostgres
from echange.database.embedded_cluster import is_ready
from tests.starting.commands import Echange, Serving, eventually


@dataclass
class Processes:
    """Servers on one database, and what started them."""

    postgres: EmbeddedPostgres
    commands: list[Echange]

    @property
    def database_url(self) -> str:
        return self.postgres.url

    @property
    def serving(self) -> list[Serving]:
        return [command.started[-1] for command in self.commands]

    @property
    def urls(self) -> list[str]:
        """Of those that have opened; one of them may be gone again."""
        return [each.url for each in self.serving if "Ctrl-C" in each.said]

    def kill_postgres(self) -> None:
        """As `kill -9` does; it is back, by its launcher, when this returns."""
        killed = self.postgres.pid
        assert killed
        os.kill(killed, signal.SIGKILL)
        assert eventually(lambda: self.postgres.pid not in (None, killed) and self._is_ready())

    def kill(self, number: int) -> None:
        """As `kill -9` does, one of the servers."""
        process = self.serving[number].process
        process.kill()
        process.wait()

    def serve_again(self, number: int) -> None:
        """Open a killed one again, on another port."""
        self.commands[number].serve()

    def _is_ready(self) -> bool:
        return is_ready(self.postgres.cluster, self.postgres.pid or 0)


@contextmanager
def serving_together(folder: Path, many: int) -> Iterator[Processes]:
    """This many servers on one database, started together."""
    postgres = EmbeddedPostgres(folder / "postgres")
    postgres.start_now()
    settings = {"ECHANGE_RATE_FACTOR": "0", "ECHANGE_DATABASE_URL": postgres.url}
    commands = [Echange(folder / f"process-{number}", settings) for number in range(many)]
    try:
        with ThreadPoolExecutor(many) as pool:
            list(pool.map(Echange.serve, commands))
        yield Processes(postgres, commands)
    finally:
        with ThreadPoolExecutor(many) as pool:
            list(pool.map(Serving.end, [each for command in commands for each in command.started]))
        postgres.stop_now()
