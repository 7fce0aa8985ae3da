"""One order for everybody: that of the numbers, whatever the clocks say."""

import re

import httpx

from tests.chat.crowd import Raw, acks, events, seqs
from tests.chat.groups import events as events_over_http
from tests.chat.sockets import signed_in
from tests.conftest import Served
from tests.neighbours import Town


async def test_what_one_socket_does_in_a_row_arrives_in_that_row(
    served: Served, talk: int, town: Town
) -> None:
    """Plain words go with all others', the rest one by one: nothing overtakes anything."""
    trap = "Écrivez-moi plutôt sur whatsapp"
    async with signed_in(served, "alice") as alice, signed_in(served, "bob") as bob:
        await bob.hello()
        for number in range(0, 40, 5):
            await alice.say("send", conversation=talk, client_id=f"message-{number}", body="un")
            await alice.say("send", conversation=talk, client_id=f"message-{number + 1}", body=trap)
            await alice.say(
                "edit", conversation=talk, client_id=f"message-{number + 2}", target=number + 1, body="deux"
            )
            await alice.say(
                "react", conversation=talk, client_id=f"message-{number + 3}", target=number + 1,
                emoji="🎉", on=True,
            )  # fmt: skip
            await alice.say("delete", conversation=talk, client_id=f"message-{number + 4}", target=number + 1)
        told = await events(bob, 40)
        acked = await acks(alice, 40)
    assert [event["seq"] for event in told] == list(range(1, 41))
    assert [event["client_id"] for event in told] == [f"message-{number}" for number in range(40)]
    assert list(acked) == [f"message-{number}" for number in range(40)]


async def test_a_clock_set_back_an_hour_changes_no_order(
    served: Served, talk: int, town: Town, alice: httpx.AsyncClient, connection: Raw
) -> None:
    await connection.execute(
        """INSERT INTO event (conversation_id, seq, kind, by_id, client_id, data, at)
           SELECT $1, n, 'message', $2, 'client-' || n, jsonb_build_object('body', 'mot ' || n),
                  now() + interval '1 hour' FROM generate_series(1, 3) n""",
        talk,
        town["alice"],
    )
    await connection.execute(
        """UPDATE conversation SET head = 3, said_seq = 3, last_at = now() + interval '1 hour'
           WHERE id = $1""",
        talk,
    )
    async with signed_in(served, "bob") as bob:
        for number in (4, 5):
            await bob.send(talk, f"client-{number}", f"mot {number}")
        await bob.hello(**{f"c{talk}": 0})
        assert await seqs(bob, 5) == [1, 2, 3, 4, 5]
        times = [event["at"] for event in await events(bob, 5)]
        assert times[2] > times[4] > times[3]
    assert [event["seq"] for event in await events_over_http(alice, talk)] == [1, 2, 3, 4, 5]
    page = await alice.get(f"/messages/{talk}")
    assert re.findall(r'id="m(\d)"', page.text) == ["1", "2", "3", "4", "5"]
