"""Photos and files on disk: `media/ab/ab…-640.webp`, `attachments/ab/ab….file`, whole or not at all."""

import asyncio
import errno
import os
import re
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Final

from echange.i18n import gettext as _

NAME: Final = re.compile(r"[0-9a-f]{32}")
FULL: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class StorageFull(Exception):
    """There is no room left; nothing of what was to be kept was."""

    @property
    def message(self) -> str:
        return _(
            "La photo n’a pas pu être enregistrée : il n’y a plus de place ici. "
            "Réessayez plus tard ou publiez sans photo."
        )


class Store:
    """A local folder of photos and files, in 256 sub-folders by the first two letters of their name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str, width: int) -> Path:
        """Where the variant of this width lies, there or not. ValueError when the name is not one of ours."""
        if not NAME.fullmatch(name) or width < 1:
            raise ValueError("not the name of a photo")
        return self.folder / name[:2] / f"{name}-{width}.webp"

    def file(self, name: str) -> Path:
        """Where a file that is no photo lies, there or not. ValueError when the name is not one of ours."""
        if not NAME.fullmatch(name):
            raise ValueError("not the name of a file")
        return self.folder / name[:2] / f"{name}.file"

    def keep(self, name: str, variants: Mapping[int, bytes]) -> None:
        """Write all variants, or none; raises StorageFull when there is no room. Blocks: for a thread."""
        _keep({self.path(name, width): content for width, content in variants.items()})

    def keep_file(self, name: str, content: bytes) -> None:
        """Write a file as it is, or nothing; raises StorageFull. Blocks: for a thread."""
        _keep({self.file(name): content})

    async def delete(self, name: str) -> None:
        """Forget every variant of a photo, or a file, and what of them a power cut left unfinished.

        One that is gone already is no error.
        """
        await asyncio.to_thread(self._delete, name)

    def _delete(self, name: str) -> None:
        for path in self.file(name).parent.glob(f"{name}[-.]*"):
            path.unlink(missing_ok=True)

    async def older_than(self, age: timedelta) -> set[str]:
        """The names under which something has lain here for longer than this."""
        return await asyncio.to_thread(self._older_than, time.time() - age.total_seconds())

    def _older_than(self, instant: float) -> set[str]:
        names: set[str] = set()
        for path in self.folder.glob("[0-9a-f][0-9a-f]/*"):
            name = NAME.match(path.name)
            # What goes while we look is no more to be found.
            with suppress(FileNotFoundError):
                if name and path.stat().st_mtime < instant:
                    names.add(name[0])
        return names


def _keep(paths: Mapping[Path, bytes]) -> None:
    try:
        next(iter(paths)).parent.mkdir(parents=True, exist_ok=True)
        _write_all(paths)
    except OSError as error:
        if error.errno in FULL:
            raise StorageFull from error
        raise


def _write_all(paths: Mapping[Path, bytes]) -> None:
    try:
        for path, content in paths.items():
            _write(_unfinished(path), content)
        for path in paths:
            _unfinished(path).rename(path)
        _sync_folder(path.parent)
    except BaseException:
        for path in paths:
            path.unlink(missing_ok=True)
            _unfinished(path).unlink(missing_ok=True)
        raise


def _unfinished(path: Path) -> Path:
    return path.with_suffix(".part")


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make the new names themselves survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
