"""A server at work, and the commands beside it."""

import json
import os
import signal
from collections.abc import Iterator

import pytest

from tests.starting.commands import Echange, Serving, alive, eventually


@pytest.fixture(scope="module")
def echange(tmp_path_factory: pytest.TempPathFactory) -> Echange:
    return Echange(tmp_path_factory.mktemp("chez moi à l’été") / "var")


@pytest.fixture(scope="module")
def serving(echange: Echange) -> Iterator[Serving]:
    """One server for the stories below: none of them ends it."""
    opened = echange.serve()
    yield opened
    opened.end()


def test_it_serves_pages_and_doctor_knows_where(echange: Echange, serving: Serving) -> None:
    assert serving.get("/") == 200
    assert serving.get("/readyz") == 200
    state = json.loads(echange("doctor", "--json").stdout)
    assert state["base_url"] == serving.url
    assert state["server_pids"] == [serving.process.pid]
    assert state["data_dir"] == str(echange.data_dir)
    assert alive(state["postgres_pid"])
    assert "échange est ouvert" in echange("doctor").stdout


def test_commands_work_on_the_running_database(echange: Echange, serving: Serving) -> None:
    done = echange("migrate")
    assert (done.returncode, done.stdout) == (0, "La base de données est à jour.\n")
    assert serving.get("/") == 200


def test_a_second_server_on_the_same_data_is_refused_with_the_address_of_the_first(
    echange: Echange, serving: Serving
) -> None:
    done = echange("serve", ECHANGE_PORT="0")
    assert done.returncode == 1
    assert done.stderr == f"échange est déjà ouvert avec ces données : {serving.url}\n"
    assert serving.get("/") == 200


def test_a_killed_postgresql_is_back_without_a_new_start(echange: Echange, serving: Serving) -> None:
    killed = echange.postgres_pid()
    os.kill(killed, signal.SIGKILL)
    assert eventually(lambda: echange.postgres_pid() not in (0, killed))
    assert eventually(lambda: serving.get("/readyz") == 200)
    assert serving.get("/") == 200


def test_a_token_for_nobody_is_refused_in_one_line(echange: Echange, serving: Serving) -> None:
    done = echange("token", "personne@echange.example")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""
