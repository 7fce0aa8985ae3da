"""Waits beside a bench for its end, however it comes, then ends what it left running and removes its folder.

A program of its own, run by file name: it reads lines `process PID`, `ended PID`, `folder PATH`.
"""

import os
import shutil
import signal
import sys
import time
from contextlib import suppress

PATIENCE = 5.0


def main() -> None:
    processes: set[int] = set()
    folders: list[str] = []
    for line in sys.stdin:
        what, _, which = line.rstrip("\n").partition(" ")
        if what == "process":
            processes.add(int(which))
        elif what == "ended":
            processes.discard(int(which))
        else:
            folders.append(which)
    for how in (signal.SIGTERM, signal.SIGKILL):
        _end(processes, how)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def _end(processes: set[int], how: signal.Signals) -> None:
    for pid in processes:
        with suppress(ProcessLookupError):
            os.kill(pid, how)
    end = time.monotonic() + PATIENCE
    while any(map(_alive, processes)) and time.monotonic() < end:
        time.sleep(0.05)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


if __name__ == "__main__":
    main()
