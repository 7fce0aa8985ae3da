"""`dev.py` in a checkout of its own whose lock files ask for nothing, so that no network is needed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STAND_IN = "import sys\nprint('échange', *sys.argv[1:])\n"


class Checkout:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("echange", "tools", "web/node_modules", "web/static/vendor"):
            (folder / name).mkdir(parents=True)
        shutil.copy(ROOT / "dev.py", folder)
        (folder / "echange/cli.py").write_text(STAND_IN)
        for name in (
            "requirements.lock",
            "requirements-dev.lock",
            "web/package-lock.json",
            "tools/vendor.py",
        ):
            (folder / name).touch()
        (folder / "tools/icons.txt").touch()
        (folder / "web/node_modules/.prepared").write_text(self.front_digest())

    def front_digest(self) -> str:
        script = "import dev; print(dev.front_digest(), end='')"
        return subprocess.check_output([sys.executable, "-c", script], cwd=self.folder, text=True)

    def start(self, *words: str, path: str | None = None) -> subprocess.Popen[str]:
        own = {name: value for name, value in os.environ.items() if not name.startswith("ECHANGE_")}
        return subprocess.Popen(
            [sys.executable, self.folder / "dev.py", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**own, **({"PATH": path} if path else {})},
        )

    def run(self, *words: str, path: str | None = None) -> tuple[int, str, str]:
        process = self.start(*words, path=path)
        out, err = process.communicate()
        return process.returncode, out, err


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path / "chez moi à l’été")


def test_the_first_command_prepares_and_the_next_goes_straight_on(checkout: Checkout) -> None:
    code, out, err = checkout.run("echange", "doctor", "--json")
    assert (code, err) == (0, "")
    assert out.startswith("Préparation d’échange")
    assert out.endswith("échange doctor --json\n")
    assert checkout.run("run") == (0, "échange serve --demo\n", "")


def test_a_changed_lock_file_prepares_again(checkout: Checkout) -> None:
    checkout.run("echange")
    (checkout.folder / "requirements.lock").write_text("# another day\n")
    assert "Préparation" in checkout.run("echange")[1]
    assert "Préparation" not in checkout.run("echange")[1]


def test_an_environment_left_half_made_is_made_anew(checkout: Checkout) -> None:
    half = checkout.folder / ".venv/bin"
    half.mkdir(parents=True)
    (half / "python").write_text("half")
    code, out, _ = checkout.run("echange")
    assert code == 0
    assert out.endswith("échange\n")


def test_two_at_once_both_arrive(checkout: Checkout) -> None:
    both = [checkout.start("echange", "doctor") for _ in range(2)]
    said = [process.communicate()[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert all(each.endswith("échange doctor\n") for each in said)
    assert sum("Préparation" in each for each in said) == 1


def test_an_unknown_command_is_answered_with_those_there_are(checkout: Checkout) -> None:
    code, _, err = checkout.run("lance")
    assert code == 1
    assert err.startswith("« lance » n’est pas une commande")
    assert "run, test, check, bench" in err


def test_a_missing_browser_is_named_with_the_way_to_get_it(checkout: Checkout, tmp_path: Path) -> None:
    checkout.run("bench")
    code, out, err = checkout.run("test", path=str(tmp_path))
    assert code == 1, out
    assert "Chromium" in err.splitlines()[0]
    assert "« chromium »" in err


def test_a_missing_server_is_named_with_the_way_to_get_it(checkout: Checkout, tmp_path: Path) -> None:
    checkout.run("bench")
    for name in ("chromium", "nats-server"):
        (tmp_path / name).touch(mode=0o755)
    code, out, err = checkout.run("test", path=str(tmp_path))
    assert code == 1, out
    assert err.startswith("Les épreuves parlent à un vrai redis-server")
    assert "« redis-server »" in err


def test_what_cannot_be_installed_is_said_first_and_without_addresses(checkout: Checkout) -> None:
    (checkout.folder / "requirements.lock").write_text("nulle-part==1 --hash=sha256:00\n")
    code, _, err = checkout.run("echange")
    assert code == 1
    assert err.startswith("Les bibliothèques Python ne s’installent pas")
    assert "http" not in err
    assert not list((checkout.folder / ".venv").glob(".requirements*"))
