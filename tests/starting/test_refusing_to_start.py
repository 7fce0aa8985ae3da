"""What stops échange from opening is one French line and an exit code, never a traceback."""

import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.starting.commands import Echange


@pytest.fixture
def echange(tmp_path: Path) -> Echange:
    return Echange(tmp_path / "var")


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def said(done: subprocess.CompletedProcess[str]) -> str:
    """The one line of a refusal."""
    assert "Traceback" not in done.stderr + done.stdout
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


WRONG = {
    "ECHANGE_PORT": ("huit mille", "doit être un nombre entier"),
    "ECHANGE_POOL_SIZE": ("1", "doit valoir au moins 2"),
    "ECHANGE_RATE_FACTOR": ("vite", "doit être un nombre"),
    "ECHANGE_BASE_URL": ("echange.maville.fr", "doit être une origine"),
    "ECHANGE_SECRET_KEY": ("court", "doit compter au moins 32 caractères"),
    "ECHANGE_TIMEZONE": ("Mars/Olympe", "fuseau horaire inconnu"),
}


def test_each_wrong_setting_is_named_on_a_line_of_its_own(echange: Echange) -> None:
    done = echange("serve", **{variable: value for variable, (value, _) in WRONG.items()})
    assert done.returncode == 2
    lines = dict(line.split(" : ", 1) for line in done.stderr.splitlines())
    assert lines.keys() == WRONG.keys()
    for variable, (_, reason) in WRONG.items():
        assert reason in lines[variable]


def test_free_rates_are_refused_on_a_public_address(echange: Echange) -> None:
    done = echange("serve", ECHANGE_RATE_FACTOR="0", ECHANGE_BASE_URL="https://echange.maville.fr")
    assert done.returncode == 2
    assert "ECHANGE_RATE_FACTOR" in said(done)


def test_a_taken_port_is_said_with_the_setting_that_changes_it(echange: Echange, taken_port: int) -> None:
    done = echange("serve", ECHANGE_PORT=str(taken_port))
    assert done.returncode == 1
    assert f"Le port {taken_port} est déjà pris" in said(done)
    assert "ECHANGE_PORT" in said(done)
    assert not (echange.data_dir / "postgresql").exists()


def test_an_unknown_host_is_said(echange: Echange) -> None:
    done = echange("serve", ECHANGE_HOST="198.51.100.7", ECHANGE_PORT="0")
    assert done.returncode == 1
    assert "ECHANGE_HOST" in said(done)


@pytest.mark.parametrize("command", ["serve", "migrate"])
def test_a_data_folder_where_nothing_can_be_written_is_said(tmp_path: Path, command: str) -> None:
    (tmp_path / "file").touch()
    done = Echange(tmp_path / "file" / "var")(command, ECHANGE_PORT="0")
    assert done.returncode == 1
    assert "Impossible d’écrire dans le dossier de données" in said(done)
    assert "ECHANGE_DATA_DIR" in said(done)


@pytest.mark.parametrize("command", ["serve", "migrate"])
def test_an_unreachable_database_is_said_without_its_password(
    echange: Echange, unused_tcp_port: int, command: str
) -> None:
    url = f"postgresql://moi:secret@127.0.0.1:{unused_tcp_port}/echange"
    done = echange(command, ECHANGE_DATABASE_URL=url, ECHANGE_PORT="0")
    assert done.returncode == 1
    assert "PostgreSQL ne répond pas" in said(done)
    assert "secret" not in said(done)


@pytest.mark.parametrize("words", [("serve", "--demo"), ("demo",)])
def test_the_demo_town_is_refused_on_a_public_address(echange: Echange, words: tuple[str, ...]) -> None:
    done = echange(*words, ECHANGE_BASE_URL="https://echange.maville.fr", ECHANGE_PORT="0")
    assert done.returncode == 2
    assert "ville d’essai" in said(done)


def test_doctor_says_that_nothing_runs_and_starts_nothing(echange: Echange) -> None:
    done = echange("doctor")
    assert done.returncode == 0
    assert "échange est fermé" in done.stdout
    assert not echange.data_dir.exists()
