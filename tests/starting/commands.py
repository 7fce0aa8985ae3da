"""The `echange` command in processes of its own, as people start it."""

import os
import re
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from echange.database.embedded_cluster import postmaster_pid

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0


@dataclass
class Echange:
    """The command line with settings of its own and nothing of the environment's."""

    data_dir: Path
    settings: dict[str, str] = field(default_factory=dict)
    started: list["Serving"] = field(default_factory=list)

    def __call__(self, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*words),
            env=self.environment(settings),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )

    def serve(self, *words: str, **settings: str) -> "Serving":
        """Start a server on a free port; it is there once its address is printed."""
        process = subprocess.Popen(
            self.command("serve", *words),
            env=self.environment({"ECHANGE_PORT": "0", **settings}),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        serving = Serving(process)
        self.started.append(serving)
        serving.wait_open()
        return serving

    def postgres_pid(self) -> int:
        """The running PostgreSQL's process, 0 in the instant it has none."""
        return postmaster_pid(self.data_dir / "postgresql") or 0

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "echange.cli", *words]

    def environment(self, settings: dict[str, str]) -> dict[str, str]:
        own = {name: value for name, value in os.environ.items() if not name.startswith("ECHANGE_")}
        return {**own, "ECHANGE_DATA_DIR": str(self.data_dir), **self.settings, **settings}


class Serving:
    """A server at work and what it has printed so far."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.said = ""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def url(self) -> str:
        found = re.search(r"http://127\.0\.0\.1:\d+", self.said)
        assert found, self.said
        return found[0]

    def wait_open(self) -> None:
        end = time.monotonic() + PATIENCE
        while "Ctrl-C" not in self.said:
            assert self.process.poll() is None, self.said
            assert time.monotonic() < end, self.said
            time.sleep(0.02)

    def get(self, path: str) -> int:
        """The status a GET is answered with."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as refusal:
            return refusal.code

    def end(self) -> int:
        """Ask it to stop; its exit code."""
        if self.process.poll() is None:
            self.process.terminate()
        code = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        assert self.process.stdout
        self.process.stdout.close()
        return code

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.said += line


def eventually(true: Callable[[], bool]) -> bool:
    """Whether it becomes true; patient, as machines are busy."""
    end = time.monotonic() + PATIENCE
    while not true() and time.monotonic() < end:
        time.sleep(0.02)
    return true()


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
