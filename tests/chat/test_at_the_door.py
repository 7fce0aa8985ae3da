"""Who may take a socket, and how much they may say at once; foreign origins are test_socket.py's."""

import pytest
from websockets.exceptions import InvalidStatus

from tests.chat.crowd import Raw, arrive, token_of
from tests.chat.sockets import talker
from tests.conftest import Served

LONGEST = 65_536


async def _status(served: Served, cookies: str, token: str | None = None) -> int:
    """What the handshake is refused with; 101 when it is not."""
    headers = {"origin": None, "authorization": f"Bearer {token}"} if token else {}
    try:
        async with talker(served.url, cookies, headers=headers):
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code


async def test_a_session_idle_for_sixty_days_takes_no_socket(served: Served, connection: Raw) -> None:
    (alice,) = await arrive(connection, 1)
    assert await _status(served, alice.cookies) == 101
    await connection.execute("UPDATE session SET seen_at = now() - interval '61 days'")
    assert await _status(served, alice.cookies) == 401


@pytest.mark.parametrize("end", ["DELETE FROM personal_token", "UPDATE member SET leaving_at = now()"])
async def test_a_token_that_has_ended_takes_no_socket(served: Served, connection: Raw, end: str) -> None:
    (alice,) = await arrive(connection, 1)
    token = await token_of(connection, alice)
    assert await _status(served, "", token) == 101
    await connection.execute(end)
    assert await _status(served, "", token) == 401
    # A good session beside a bad token does not mend it.
    assert await _status(served, alice.cookies, token) == 401


async def test_a_frame_of_64_kib_is_read_and_one_byte_more_closes_the_socket(
    served: Served, connection: Raw
) -> None:
    (alice,) = await arrive(connection, 1)
    async with talker(served.url, alice.cookies) as one:
        await one.socket.send('{"type":"' + "x" * (LONGEST - 11) + '"}')
        assert (await one.hears("refusal"))["code"] == "invalid"
        await one.socket.send('{"type":"' + "x" * (LONGEST - 10) + '"}')
        assert (await one.hears("bye"))["code"] == "too_large"
        assert await one.closes() == 1009
