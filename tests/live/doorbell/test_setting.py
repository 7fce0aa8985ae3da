"""ECHANGE_DOORBELL_URL: a wrong one is said at the start, in French, without its password."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from echange.config import Settings
from echange.live.doorbell import hung_doorbell
from tests.starting.commands import Echange

RIGHT = [
    "nats://127.0.0.1:4222",
    "nats://moi:secret@nats",
    "redis://:secret@localhost/0",
    "rediss://cache.maville.fr:6380",
]
WRONG = [
    "127.0.0.1:4222",
    "http://127.0.0.1",
    "nats://",
    "redis://:secret@",
    "nats://hôte:port",
    "redis://h:0",
    "nats://h:70000",
    "nats://[::1",
]


@pytest.mark.parametrize("url", RIGHT)
def test_addresses_of_nats_and_redis_are_taken(url: str) -> None:
    assert Settings(doorbell_url=url).doorbell_url == url


@pytest.mark.parametrize("url", WRONG)
def test_another_address_is_refused(url: str) -> None:
    with pytest.raises(ValidationError, match="doit être l’adresse d’un serveur"):
        Settings(doorbell_url=url)


def test_the_command_says_so_in_one_line_and_does_not_open(tmp_path: Path) -> None:
    done = Echange(tmp_path / "var")(
        "serve", ECHANGE_DOORBELL_URL="amqp://moi:secret@127.0.0.1", ECHANGE_PORT="0"
    )
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("ECHANGE_DOORBELL_URL : doit être l’adresse d’un serveur, par exemple nats://")
    assert "secret" not in line


async def test_a_doorbell_of_another_kind_is_refused_before_anything_is_opened() -> None:
    with pytest.raises(ValueError, match="ne connaît pas « amqp:// »"):
        async with hung_doorbell("amqp://127.0.0.1", "postgresql://nowhere/", print, print):
            pass
