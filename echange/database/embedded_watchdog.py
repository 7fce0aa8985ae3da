"""A tiny shell that outlives us: when the server dies without a word, it stops PostgreSQL."""

import subprocess
from pathlib import Path
from typing import Final

# It holds the reading end of a pipe whose writing end is ours alone: `read` returns when we are gone, however
# we went. The socket's folder is new at each start, so a successor's PostgreSQL is never mistaken for ours.
SCRIPT: Final = """
ours() {
    { read -r pid; read -r _; read -r _; read -r _; read -r socket; } < "$1/postmaster.pid" || return 1
    [ "$socket" = "$2" ] && kill -0 "$pid"
}

stop() {
    for how in INT QUIT KILL; do
        kill -"$how" "$pid" || return 0
        n=0
        while kill -0 "$pid" && [ "$n" -lt 50 ]; do
            n=$((n + 1))
            sleep 0.1
        done
    done
}

trap '' INT TERM HUP
read -r _
for try in 1 2 3 4 5; do # a PostgreSQL that was just being started writes its pid a little later
    ours "$1" "$2" && stop
    sleep 0.2
done
rm -rf "$2"
"""


def start_watchdog(cluster: Path, socket_dir: Path) -> subprocess.Popen[bytes]:
    """Watch over the PostgreSQL of this cluster and socket until killed."""
    return subprocess.Popen(  # noqa: S603
        ["/bin/sh", "-c", SCRIPT, "echange-watchdog", str(cluster), str(socket_dir)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        start_new_session=True,
    )
