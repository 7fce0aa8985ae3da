"""Texts packed for the way: bounded, in order, and nonsense is told from them."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as some

from echange.live.doorbell.parcels import LONGEST_BATCH, LONGEST_QUEUE, OVERHEAD, Outbox, encode, unpack

NAME = b"0123456789ab"
LETTERS = some.characters(exclude_categories=["Cs"], exclude_characters="\0")
TEXTS = some.lists(some.text(LETTERS, max_size=60))


async def all_payloads(outbox: Outbox, texts: int) -> list[bytes]:
    payloads: list[bytes] = []
    while sum(len(unpack(each)) for each in payloads) < texts:
        payloads += await outbox.take()
    return payloads


@given(TEXTS)
async def test_what_is_packed_is_unpacked_in_order_and_no_payload_is_too_long(texts: list[str]) -> None:
    outbox = Outbox(NAME, 60 * 4 + OVERHEAD)
    for text in texts:
        outbox.add(encode(text))
    payloads = await all_payloads(outbox, len(texts))
    assert [text for payload in payloads for text in unpack(payload)] == texts
    assert max(map(len, payloads), default=0) <= 60 * 4 + OVERHEAD
    assert len(set(payloads)) == len(payloads)


async def test_a_beat_is_a_payload_without_texts() -> None:
    outbox = Outbox(NAME, 7_999)
    outbox.beat()
    (payload,) = await outbox.take()
    assert payload.startswith(NAME)
    assert unpack(payload) == []


@pytest.mark.parametrize("size", [1, 1_000, 100_000])
async def test_the_oldest_make_room_for_the_newest(size: int) -> None:
    outbox = Outbox(NAME, 256 * 1024)
    count = 2 * LONGEST_QUEUE // (size + 64)
    for number in range(count):
        outbox.add(f"{number:0>{size}}".encode())
    payloads = await outbox.take()
    assert sum(map(len, payloads)) < LONGEST_BATCH + 256 * 1024
    kept = [int(text[-9:]) for payload in payloads for text in unpack(payload)]
    while kept[-1] < count - 1:
        kept += [int(text[-9:]) for payload in await outbox.take() for text in unpack(payload)]
    assert kept == list(range(kept[0], count))
    assert kept[0] > count // 3


async def test_what_was_cleared_does_not_go_out() -> None:
    outbox = Outbox(NAME, 7_999)
    outbox.add(b"perdu")
    outbox.clear()
    outbox.add(b"reste")
    assert [unpack(each) for each in await outbox.take()] == [["reste"]]


@given(some.binary(max_size=80))
def test_nonsense_is_a_value_error_at_worst(noise: bytes) -> None:
    with suppress(ValueError):
        unpack(NAME + b"00000001" + noise)


@pytest.mark.parametrize("noise", [b"-00001", b"00000", b"000002x", b"000001\xff", b"nonsense"])
def test_a_payload_cut_short_or_of_somebody_else_is_refused(noise: bytes) -> None:
    with pytest.raises(ValueError, match=r"cut short|invalid|codec"):
        unpack(NAME + b"00000001" + noise)
