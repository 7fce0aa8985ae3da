"""The files of an embedded PostgreSQL: made whole or not at all, and freed of whoever still holds them."""

import os
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from echange.database.embedded_account import Account, locale_name
from echange.database.fitness import DatabaseUnfit

USER: Final = "echange"
MAJOR: Final = "18"
LAST_SHUTDOWN: Final = ((signal.SIGINT, 10.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))


def ensure_cluster(cluster: Path, binaries: Path, account: Account) -> None:
    """Make the cluster unless it exists; a half-made one (a kill during initdb) never bears its name."""
    for leftover in cluster.parent.glob(f"{cluster.name}.new-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    if cluster.exists():
        account.own(cluster)
        _check_major(cluster)
        return
    fresh = cluster.with_name(f"{cluster.name}.new-{os.getpid()}")
    fresh.mkdir(mode=0o700)
    account.own(fresh)
    _initdb(fresh, binaries, account)
    fresh.rename(cluster)


def _check_major(cluster: Path) -> None:
    major = (cluster / "PG_VERSION").read_text().strip()
    if major != MAJOR:
        raise DatabaseUnfit(
            f"Les données de {cluster} viennent de PostgreSQL {major} ; "
            f"cette version d’échange apporte PostgreSQL {MAJOR}."
        )


def _initdb(fresh: Path, binaries: Path, account: Account) -> None:
    command = [
        *account.prefix,
        str(binaries / "bin/initdb"),
        f"--pgdata={fresh}",
        f"--username={USER}",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        f"--locale={locale_name()}",
        "--lc-messages=C",
        "--no-instructions",
    ]
    done = subprocess.run(command, **account.popen, check=False, capture_output=True, text=True, cwd="/")  # noqa: S603
    if done.returncode != 0:
        shutil.rmtree(fresh, ignore_errors=True)
        raise DatabaseUnfit(f"PostgreSQL n’a pas pu préparer ses données : {last_line(done.stderr)}")


def end_leftover(cluster: Path) -> None:
    """Stop the PostgreSQL that a killed server left on this cluster, and drop a pid file that lies."""
    pid = postmaster_pid(cluster)
    if pid is None:
        return
    for how, patience in LAST_SHUTDOWN:
        if not _serves(pid, cluster):
            break
        with suppress(ProcessLookupError):
            os.kill(pid, how)
        _wait_gone(pid, cluster, patience)
    # The number may since belong to a stranger, which PostgreSQL would take for a living postmaster.
    (cluster / "postmaster.pid").unlink(missing_ok=True)


def postmaster_pid(cluster: Path) -> int | None:
    """The process PostgreSQL's own pid file names, alive or not."""
    lines = _pid_file(cluster)
    return int(lines[0]) if lines and lines[0].isdigit() else None


def is_ready(cluster: Path, pid: int) -> bool:
    """Whether that postmaster takes connections, by the last line of its pid file (as pg_ctl reads it)."""
    lines = _pid_file(cluster)
    return len(lines) > 7 and lines[0] == str(pid) and lines[7].startswith("ready")


def _pid_file(cluster: Path) -> list[str]:
    try:
        return (cluster / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []


def _serves(pid: int, cluster: Path) -> bool:
    return f"postgres -D {cluster} -k" in _command_line(pid)


def _command_line(pid: int) -> str:
    if Path("/proc/self/cmdline").exists():
        try:
            return os.fsdecode(Path(f"/proc/{pid}/cmdline").read_bytes()).replace("\0", " ")
        except OSError:
            return ""
    asked = ["ps", "-o", "command=", "-p", str(pid)]
    return subprocess.run(asked, check=False, capture_output=True, text=True).stdout  # noqa: S603


def _wait_gone(pid: int, cluster: Path, patience: float) -> None:
    end = time.monotonic() + patience
    while _serves(pid, cluster) and time.monotonic() < end:
        time.sleep(0.02)


def last_line(text: str) -> str:
    """The last line PostgreSQL said, which names the cause."""
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "sans explication"
