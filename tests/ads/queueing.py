"""A cot given through the fair queue, its giver, and its queue once it is open."""

import pytest

from echange.ads import turns
from echange.ads.models import Ad, Answer, Reservation
from echange.members import Member
from tests.ads.crowd import a_day_later, crowd, given, wanted
from tests.neighbours import Town


@pytest.fixture
async def ad(orm: None, town: Town) -> Ad:
    return await given(town["alice"], town.quartiers["les-larris"])


@pytest.fixture
async def owner(orm: None, town: Town) -> Member:
    return await Member.get(id=town["alice"])


async def promised(ad: Ad) -> Reservation:
    return await Reservation.get(ad_id=ad.id, ended_at=None).select_related("answer__member")


async def opened(ad: Ad, n: int) -> list[Member]:
    """The queue, open, with this many neighbours in the order of their places."""
    await wanted(ad, *await crowd(n))
    await a_day_later(ad)
    await turns.tick()
    answers = await Answer.filter(ad_id=ad.id).order_by("rank").select_related("member")
    return [answer.member for answer in answers]
