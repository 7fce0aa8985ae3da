"""What a socket's no says: whether it is for good, and whose no it is."""

from typing import Any

import orjson
import pytest

from echange.chat import frames
from echange.http import NotFound, Refusal
from echange.http.errors import Broken
from echange.http.refusals import NoRoom, NotAllowed, TooMany, Unavailable
from echange.members import Unreachable


def told(refused: Refusal) -> dict[str, Any]:
    said: dict[str, Any] = orjson.loads(frames.refusal(refused, {"client_id": "one"}).text)
    assert (said.pop("type"), said.pop("client_id")) == ("refusal", "one")
    return said


@pytest.mark.parametrize("accident", [Broken(), NoRoom()])
def test_an_accident_of_ours_asks_to_come_back(accident: Refusal) -> None:
    assert told(accident) == {"code": "unavailable", "retry_ms": 3000}


def test_what_passes_by_itself_says_when() -> None:
    assert told(TooMany(0.25)) == {"code": "rate", "retry_ms": 250}
    assert told(Unavailable(2)) == {"code": "unavailable", "retry_ms": 2000}


@pytest.mark.parametrize(
    ("refused", "code"),
    [(Unreachable(), "unavailable"), (NotAllowed(), "unavailable"), (NotFound(), "not_member")],
)
def test_a_no_for_good_asks_for_nothing(refused: Refusal, code: str) -> None:
    assert told(refused) == {"code": code}
