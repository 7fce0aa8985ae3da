"""Django and psycopg, which échange itself does not use: had on demand, locked by hashes."""

import asyncio
import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.benchmarks.visitors import CannotHave

LOCK: Final = Path(__file__).with_name("django.lock")
PATIENCE: Final = 30.0


async def django_libraries() -> Path:
    """A folder to put on the path. Raises CannotHave, when there is no Internet for one."""
    folder = Path(sys.prefix) / f"django-{hashlib.sha256(LOCK.read_bytes()).hexdigest()[:16]}"
    if not folder.exists():
        await asyncio.to_thread(_install, folder)
    return folder


def _install(folder: Path) -> None:
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix="django-") as fresh:
        target = Path(fresh) / "libraries"
        # Everything needed stands in the lock, or in the environment already.
        words = (
            "install",
            "--quiet",
            "--no-deps",
            "--require-hashes",
            "--target",
            str(target),
            "-r",
            str(LOCK),
        )
        try:
            done = subprocess.run(
                [*_installer(), *words], capture_output=True, text=True, check=False, timeout=PATIENCE
            )
        except subprocess.TimeoutExpired as error:
            raise CannotHave("Django could not be installed in time") from error
        if done.returncode != 0:
            raise CannotHave("Django could not be installed: is this machine connected to the Internet?")
        target.rename(folder)


def _installer() -> list[str]:
    uv = shutil.which("uv")
    if uv and subprocess.run([uv, "--version"], capture_output=True, check=False).returncode == 0:
        return [uv, "pip"]
    return [sys.executable, "-m", "pip"]
