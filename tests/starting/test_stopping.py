"""The server as people start, stop and kill it."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from echange.running import find_running
from tests.starting.commands import Echange, alive, eventually


@pytest.fixture(scope="module")
def echange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Echange]:
    """One data folder for the stories below: a first start is slow."""
    command = Echange(tmp_path_factory.mktemp("starting") / "var")
    yield command
    for serving in command.started:
        serving.end()


@pytest.fixture
def newcomer(tmp_path: Path) -> Iterator[Echange]:
    command = Echange(tmp_path / "var")
    yield command
    for serving in command.started:
        serving.end()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_signal_closes_everything_quietly(echange: Echange, how: signal.Signals) -> None:
    opened = echange.serve()
    postgres_pid = echange.postgres_pid()
    opened.process.send_signal(how)
    assert opened.end() == 0
    assert "Traceback" not in opened.said
    assert not alive(postgres_pid)
    assert find_running(echange.data_dir) is None


def test_a_killed_server_leaves_nothing_behind_and_opens_again(echange: Echange) -> None:
    killed = echange.serve()
    postgres_pid = echange.postgres_pid()
    killed.process.kill()
    assert eventually(lambda: not alive(postgres_pid))
    assert find_running(echange.data_dir) is None
    again = echange.serve()
    assert again.get("/readyz") == 200
    assert again.end() == 0


def test_the_demo_town_is_there_before_it_says_it_is_open_and_is_loaded_once(
    newcomer: Echange,
) -> None:
    first = newcomer.serve("--demo")
    assert "bonjour-fontenay" in first.said
    assert str(newcomer.data_dir / "outbox") in first.said
    assert first.get("/readyz") == 200
    token = newcomer("token", "alice@echange.example")
    assert token.returncode == 0
    assert len(token.stdout.split()) == 1
    assert first.end() == 0
    again = newcomer.serve("--demo")
    assert again.get("/readyz") == 200
    assert again.end() == 0
