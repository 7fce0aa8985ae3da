"""What time does: silences are reminded, then ended; who goes keeps nobody waiting."""

from datetime import timedelta

import pytest

from echange.database import execute, in_transaction
from echange.exchanges.clock import tick
from echange.exchanges.models import Exchange, ExchangeEvent
from echange.exchanges.privacy import belongings
from echange.exchanges.showing import history_of
from echange.http.dates import now
from tests.exchanges.twos import (
    accepted,
    days_earlier,
    declared,
    disputed,
    kinds_of,
    proposed,
    settled,
    somebody,
    state_of,
    told,
)
from tests.neighbours import Town


async def _pass(it: Exchange, days: float) -> None:
    await days_earlier(it, days)
    await tick()
    await tick()


async def test_a_proposal_is_reminded_once_and_ends_after_two_weeks(orm: None, town: Town) -> None:
    it = await proposed(town)
    await _pass(it, 6.9)
    assert await told(town, "alice") == ["exchange_proposed"]
    await _pass(it, 0.2)
    await _pass(it, 6)
    assert await told(town, "alice") == ["exchange_proposed", "exchange_reminder"]
    assert await told(town, "bob") == []
    await _pass(it, 1)
    assert await kinds_of(it) == ["proposed", "expired"]
    assert (await told(town, "alice"))[-1] == (await told(town, "bob"))[-1] == "exchange_expired"
    assert (await ExchangeEvent.filter(exchange_id=it.id).order_by("-id").first().values("by_id")) == {
        "by_id": None
    }


async def test_two_days_after_the_day_agreed_both_are_asked_how_long(orm: None, town: Town) -> None:
    it = await accepted(town, starts_at=now() + timedelta(days=5))
    await _pass(it, 6.5)
    assert "exchange_how_long" not in await told(town, "bob")
    await _pass(it, 0.6)
    await _pass(it, 30)
    for handle in ("alice", "bob"):
        assert (await told(town, handle)).count("exchange_how_long") == 1
    await _pass(it, 28.1)
    assert await kinds_of(it) == ["proposed", "accepted", "expired"]


async def test_without_a_day_they_are_asked_after_two_weeks(orm: None, town: Town) -> None:
    it = await accepted(town)
    await _pass(it, 13.9)
    assert "exchange_how_long" not in await told(town, "alice")
    await _pass(it, 0.2)
    assert (await told(town, "alice")).count("exchange_how_long") == 1
    await it.start(by=somebody(town, "bob"))
    await _pass(it, 59)
    assert (await told(town, "alice")).count("exchange_how_long") == 1
    assert await state_of(it) == "under_way"
    await _pass(it, 1.1)
    assert await state_of(it) == "expired"
    assert (await told(town, "bob"))[-1] == "exchange_expired"


async def test_a_figure_is_reminded_twice_then_moderators_get_it(orm: None, town: Town) -> None:
    it = await declared(town)
    for days, times in ((2.9, 0), (0.2, 1), (3, 1), (1, 2), (6, 2)):
        await _pass(it, days)
        assert (await told(town, "alice")).count("exchange_to_confirm") == times
    assert "exchange_to_confirm" not in await told(town, "bob")
    await _pass(it, 1)
    assert (await kinds_of(it))[-2:] == ["declared", "handed_over"]
    last = (await history_of(it))[-1]
    assert (last.why, last.by_id) == ("silence", None)
    assert (await told(town, "alice"))[-1] == (await told(town, "bob"))[-1] == "exchange_handed_over"
    assert await it.__class__.visible_to(somebody(town, "moderatrice", "moderator")).count() == 1
    fresh = await Exchange.get(id=it.id)
    await fresh.confirm(by=somebody(town, "alice"))
    assert await state_of(it) == "settled"


async def test_a_late_first_reminder_is_not_given_twice(orm: None, town: Town) -> None:
    it = await declared(town)
    await _pass(it, 8)
    await _pass(it, 5)
    assert (await told(town, "alice")).count("exchange_to_confirm") == 1


async def test_another_figure_gives_the_first_one_time_to_answer(orm: None, town: Town) -> None:
    it = await declared(town)
    await _pass(it, 10)
    await it.confirm(by=somebody(town, "alice"), minutes=30)
    await _pass(it, 10)
    assert await state_of(it) == "declared"
    assert (await told(town, "bob")).count("exchange_to_confirm") == 1


@pytest.mark.parametrize("column", ["leaving_at", "hidden_at"])
async def test_who_goes_or_is_hidden_keeps_nobody_waiting(orm: None, town: Town, column: str) -> None:
    open_ones = [await proposed(town, title="Une"), await accepted(town, title="Autre")]
    figure = await declared(town)
    over = await settled(town, 10)
    await execute(f"UPDATE member SET {column} = now() WHERE id = $1", town["bob"])
    await tick()
    await tick()
    assert [await state_of(it) for it in open_ones] == ["cancelled", "cancelled"]
    assert (await state_of(figure), await state_of(over)) == ("disputed", "settled")
    told_to = await told(town, "alice")
    assert told_to.count("exchange_gone") == 2
    assert told_to.count("exchange_handed_over") == 1
    assert "exchange_gone" not in await told(town, "bob")
    assert (await history_of(open_ones[0]))[-1].why == (await history_of(figure))[-1].why == "gone"


async def test_who_only_pauses_keeps_their_exchanges(orm: None, town: Town) -> None:
    it = await accepted(town)
    await execute("UPDATE member SET paused_at = now() WHERE id = $1", town["bob"])
    await tick()
    assert await state_of(it) == "accepted"


async def test_in_the_end_words_place_and_thanks_go_and_what_happened_stays(orm: None, town: Town) -> None:
    from echange.exchanges.models import Thanks

    it = await accepted(town, title="Chez moi", place="12 rue des Lilas", words="Sonnez fort.")
    dispute = await disputed(town)
    done = await settled(town, 10)
    await Thanks.give(done, by=somebody(town, "alice"), words="Merci Bob")
    await Thanks.give(done, by=somebody(town, "bob"), words="Merci Alice")
    sentences = " ".join(await belongings.told(town["bob"]))
    assert "est annulé" in sentences
    assert "la modération tranche" in sentences
    assert "mercis" in sentences
    async with in_transaction():
        await belongings.forget(town["bob"], None)
    assert (await state_of(it), await state_of(dispute)) == ("cancelled", "disputed")
    fresh = await Exchange.get(id=it.id)
    assert (fresh.place, fresh.title) == ("", "Chez moi")
    assert [line.words for line in await history_of(it)] == ["", "", ""]
    # Alice's own words stay hers.
    assert "C’était une heure." in [line.words for line in await history_of(dispute)]
    assert await Thanks.all().count() == 0
    assert (await kinds_of(done))[-1] == "confirmed"


async def test_nothing_is_said_where_there_is_nothing(orm: None, town: Town) -> None:
    assert await belongings.told(town["charlie"]) == []
