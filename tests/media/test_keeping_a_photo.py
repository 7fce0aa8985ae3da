"""Photos on disk: whole or not at all, under names nobody else chooses."""

import os
import resource
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from echange.media import StorageFull, Store
from tests.media.pictures import encoded, noise

NAME = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "media")


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


async def test_a_photo_lies_in_the_folder_of_its_first_letters(store: Store) -> None:
    store.keep(NAME, {320: b"small", 640: b"large"})

    assert store.path(NAME, 640) == store.folder / "01" / f"{NAME}-640.webp"
    assert store.path(NAME, 640).read_bytes() == b"large"
    assert files(store.folder) == [f"{NAME}-320.webp", f"{NAME}-640.webp"]


@pytest.mark.parametrize("name", ["../../etc/passwd", "", NAME + "/..", NAME.upper(), NAME[:-1], NAME + "\n"])
def test_a_name_that_is_not_ours_leads_nowhere(store: Store, name: str) -> None:
    with pytest.raises(ValueError, match="not the name of a photo"):
        store.path(name, 320)


def test_a_width_below_one_leads_nowhere(store: Store) -> None:
    with pytest.raises(ValueError, match="not the name of a photo"):
        store.path(NAME, 0)


async def test_a_deleted_photo_is_gone_in_every_width_and_its_neighbour_stays(store: Store) -> None:
    other = NAME[:-1] + "0"
    store.keep(NAME, {320: b"a", 640: b"b"})
    store.keep(other, {320: b"c"})

    await store.delete(NAME)
    await store.delete(NAME)

    assert files(store.folder) == [f"{other}-320.webp"]


def test_a_folder_that_cannot_be_written_is_no_full_disk(store: Store) -> None:
    store.folder.parent.mkdir(exist_ok=True)
    store.folder.write_text("a file where the folder should be")

    with pytest.raises(OSError, match="media"):
        store.keep(NAME, {320: b"a"})


def test_a_failure_that_is_no_full_disk_is_told_as_it_is_and_leaves_no_file(store: Store) -> None:
    store.path(NAME, 640).parent.mkdir(parents=True)
    store.path(NAME, 640).with_suffix(".part").touch()

    with pytest.raises(FileExistsError):
        store.keep(NAME, {320: b"a", 640: b"b"})
    assert files(store.folder) == []


def test_a_full_disk_is_said_and_leaves_no_file(store: Store) -> None:
    """The kernel refuses to write past the limit, in the middle of the second variant."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(StorageFull) as full:
            store.keep(NAME, {320: bytes(900), 640: bytes(2000)})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert "plus de place" in full.value.message
    assert files(store.folder) == []


TINY_DISK = """
import asyncio, sys
from datetime import timedelta
from pathlib import Path
from echange.media import StorageFull, Store, take_photo
store = Store(Path(sys.argv[1]) / "media")
try:
    asyncio.run(take_photo(sys.stdin.buffer.read(), store))
except StorageFull as full:
    print(full.message)
print(sum(path.is_file() for path in store.folder.rglob("*")), "files")
"""


@pytest.mark.skipif(not shutil.which("unshare"), reason="needs a private mount to fill")
def test_a_really_full_disk_is_said_and_leaves_no_file(tmp_path: Path) -> None:
    mount = 'mount -t tmpfs -o size=32k tmpfs "$1" && exec "$2" -c "$3" "$1"'
    command = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mount, "sh"]
    ran = subprocess.run(
        [*command, str(tmp_path), sys.executable, TINY_DISK],
        input=encoded(noise(1280, 960)),
        capture_output=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        timeout=60,
        check=False,
    )
    if b"mount" in ran.stderr or b"unshare" in ran.stderr:
        pytest.skip("private mounts are not allowed here")

    assert ran.stdout.decode().splitlines()[-1] == "0 files", ran.stderr.decode()
    assert "plus de place" in ran.stdout.decode()


async def test_what_a_power_cut_left_unfinished_is_found_and_forgotten(store: Store) -> None:
    other = NAME[:-1] + "0"
    for name in (NAME, other):
        store.path(name, 320).parent.mkdir(parents=True, exist_ok=True)
        store.path(name, 320).with_suffix(".part").write_bytes(b"half")
    store.file(NAME).with_suffix(".part").write_bytes(b"half")
    for path in store.folder.rglob(f"{NAME}*"):
        os.utime(path, (0, 0))

    assert await store.older_than(timedelta(days=1)) == {NAME}
    await store.delete(NAME)
    assert files(store.folder) == [f"{other}-320.part"]


async def test_what_goes_while_one_looks_for_it_is_no_accident(store: Store) -> None:
    store.keep(NAME, {320: b"a"})
    # Like a file that went: its name is still read, and leads nowhere.
    store.path(NAME, 640).symlink_to(store.folder / "gone")
    os.utime(store.path(NAME, 320), (0, 0))

    assert await store.older_than(timedelta(days=1)) == {NAME}
