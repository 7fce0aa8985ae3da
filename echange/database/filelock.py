"""A file held by a living process: the system frees it at death, whatever the death."""

import fcntl
import os
import time
from pathlib import Path
from typing import Final

# Whoever merely asks `is_held` holds the file for an instant.
INSTANT: Final = 0.5


def hold(path: Path) -> int | None:
    """Hold this file until the descriptor is closed; None when another process has it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    end = time.monotonic() + INSTANT
    while not _locked(descriptor):
        if time.monotonic() > end:
            os.close(descriptor)
            return None
        time.sleep(0.02)
    return descriptor


def is_held(path: Path) -> bool:
    """Whether a living process holds this file."""
    try:
        descriptor = os.open(path, os.O_RDWR)
    except OSError:
        return False
    try:
        return not _locked(descriptor)
    finally:
        os.close(descriptor)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
