"""Two neighbours agree on an exchange, do it, agree on its time, and the hours move."""

from datetime import timedelta

import pytest

from echange.database import execute, fetch_value
from echange.exchanges import refusals
from echange.exchanges.models import Exchange
from echange.exchanges.showing import history_of
from echange.http import Invalid, NotAllowed, NotFound
from echange.http.dates import now
from echange.ledger import prove
from tests.exchanges.twos import (
    accepted,
    balance,
    declared,
    kinds_of,
    proposed,
    settled,
    somebody,
    state_of,
    told,
    transfers,
)
from tests.neighbours import Town


async def test_it_is_proposed_accepted_done_and_settled(orm: None, town: Town) -> None:
    before = await balance(town, "alice"), await balance(town, "bob")
    alice, bob = somebody(town, "alice"), somebody(town, "bob")
    it = await proposed(town)
    assert await it.next_for(alice) == ("acceptance", "decline")
    assert await it.next_for(bob) == ("cancellation",)
    await it.accept(by=alice)
    assert await it.next_for(bob) == ("declaration", "start", "cancellation")
    await it.start(by=bob)
    await it.declare(by=bob, minutes=100)
    assert await it.next_for(alice) == ("confirmation", "dispute")
    assert await it.next_for(bob) == ("retraction", "dispute")
    await it.confirm(by=alice)
    assert (it.state, it.settled_minutes) == ("settled", 100)
    assert await kinds_of(it) == ["proposed", "accepted", "started", "declared", "confirmed"]
    assert (await balance(town, "alice"), await balance(town, "bob")) == (before[0] - 100, before[1] + 100)
    assert await transfers(it) == 1
    assert (await prove()).ok
    assert await told(town, "alice") == ["exchange_proposed", "exchange_declared"]
    assert await told(town, "bob") == ["exchange_accepted", "exchange_settled"]
    assert await it.next_for(alice) == await it.next_for(bob) == ("thanks",)


async def test_the_one_who_receives_may_propose_and_declare_too(orm: None, town: Town) -> None:
    alice, bob = somebody(town, "alice"), somebody(town, "bob")
    it = await proposed(town, by=alice)
    await it.accept(by=bob)
    await it.declare(by=alice, minutes=30)
    with pytest.raises(refusals.NotYourTurn):
        await it.confirm(by=alice)
    await it.confirm(by=bob)
    assert it.settled_minutes == 30


async def test_only_the_other_one_answers_a_proposal(orm: None, town: Town) -> None:
    it = await proposed(town)
    for verb in (it.accept, it.decline):
        with pytest.raises(refusals.NotYourTurn):
            await verb(by=somebody(town, "bob"))
        with pytest.raises(NotAllowed):
            await verb(by=somebody(town, "charlie"))
    with pytest.raises(refusals.NotYourTurn):
        await it.cancel(by=somebody(town, "alice"))
    with pytest.raises(refusals.NotNow):
        await it.declare(by=somebody(town, "alice"), minutes=10)
    assert await kinds_of(it) == ["proposed"]


async def test_a_proposal_is_declined_with_a_word_or_taken_back(orm: None, town: Town) -> None:
    it = await proposed(town)
    await it.decline(by=somebody(town, "alice"), words="J’ai trouvé, merci.")
    assert (await history_of(it))[-1].words == "J’ai trouvé, merci."
    assert await it.next_for(somebody(town, "bob")) == ()
    again = await proposed(town)
    assert again.id != it.id
    await again.cancel(by=somebody(town, "bob"))
    assert await told(town, "bob") == ["exchange_declined"]
    assert await told(town, "alice") == ["exchange_proposed", "exchange_proposed", "exchange_cancelled"]


async def test_another_figure_is_given_once_and_then_only_answered(orm: None, town: Town) -> None:
    alice, bob = somebody(town, "alice"), somebody(town, "bob")
    it = await declared(town, 120)
    await it.confirm(by=alice, minutes=60)
    assert (it.state, it.declared_minutes, it.countered) == ("declared", 60, True)
    with pytest.raises(refusals.NotYourTurn):
        await it.confirm(by=alice)
    with pytest.raises(refusals.AlreadyCountered):
        await it.confirm(by=bob, minutes=90)
    await it.confirm(by=bob, minutes=60)
    assert (it.settled_minutes, await transfers(it)) == (60, 1)
    assert await kinds_of(it) == ["proposed", "accepted", "declared", "countered", "confirmed"]
    assert await told(town, "bob") == ["exchange_accepted", "exchange_countered"]


async def test_who_gave_a_figure_may_take_it_back_before_it_is_answered(orm: None, town: Town) -> None:
    alice, bob = somebody(town, "alice"), somebody(town, "bob")
    it = await declared(town)
    with pytest.raises(refusals.NotYourTurn):
        await it.take_back(by=alice)
    with pytest.raises(refusals.FigureGiven):
        await it.declare(by=bob, minutes=30)
    with pytest.raises(refusals.FigureWaits):
        await it.declare(by=alice, minutes=30)
    with pytest.raises(refusals.NotNow):
        await it.cancel(by=bob)
    await it.take_back(by=bob)
    assert (it.state, it.declared_minutes, it.declared_by_id) == ("under_way", None, None)
    await it.declare(by=alice, minutes=30)
    assert await kinds_of(it) == ["proposed", "accepted", "declared", "taken_back", "declared"]


async def test_a_figure_is_taken_back_though_the_same_two_have_proposed_again(orm: None, town: Town) -> None:
    help_ = {"about": ("help", 4_321), "starts_at": now() + timedelta(days=1)}
    it = await accepted(town, **help_)
    await it.declare(by=somebody(town, "bob"), minutes=60)
    again = await proposed(town, **help_)
    assert again.id != it.id
    await it.take_back(by=somebody(town, "bob"))
    await again.accept(by=somebody(town, "alice"))
    assert (await state_of(it), await state_of(again)) == ("under_way", "accepted")
    for one in (it, again):
        await one.declare(by=somebody(town, "bob"), minutes=20)
        await one.take_back(by=somebody(town, "bob"))
    assert (await state_of(it), await state_of(again)) == ("under_way", "under_way")


async def test_a_yes_to_a_figure_that_stands_no_more_moves_nothing(orm: None, town: Town) -> None:
    alice, bob = somebody(town, "alice"), somebody(town, "bob")
    it = await declared(town)
    stale = await Exchange.get(id=it.id)
    await it.take_back(by=bob)
    await it.declare(by=bob, minutes=240)
    with pytest.raises(refusals.NotNow):
        await stale.confirm(by=alice, seen=90)
    assert (await kinds_of(it))[-1] == "declared", "nor is it another figure"
    for _ in range(2):
        await stale.confirm(by=alice, seen=240)
    with pytest.raises(refusals.NotNow):
        await stale.confirm(by=alice, seen=90)
    assert (await state_of(it), await transfers(it)) == ("settled", 1)


async def test_what_was_offered_is_settled_without_any_transfer(orm: None, town: Town) -> None:
    it = await settled(town, 0)
    assert (it.settled_minutes, it.transfer_id, await transfers(it)) == (0, None, 0)


async def test_a_double_click_acts_once(orm: None, town: Town) -> None:
    alice, bob = somebody(town, "alice"), somebody(town, "bob")
    it = await proposed(town)
    assert (await proposed(town)).id == it.id
    for _ in range(2):
        await it.accept(by=alice)
    for _ in range(2):
        await it.start(by=bob)
    for _ in range(2):
        await it.declare(by=bob, minutes=90)
    for _ in range(2):
        await it.confirm(by=alice, minutes=60)
    for _ in range(2):
        await it.confirm(by=bob, minutes=60)
    await it.confirm(by=bob)
    with pytest.raises(refusals.NotNow):
        await it.confirm(by=bob, minutes=90)
    assert await kinds_of(it) == ["proposed", "accepted", "started", "declared", "countered", "confirmed"]
    other = await proposed(town, title="Autre chose")
    for _ in range(2):
        await other.decline(by=alice)
    third = await accepted(town, title="Encore autre chose")
    await third.declare(by=bob, minutes=20)
    for _ in range(2):
        await third.take_back(by=bob)
    await third.declare(by=bob, minutes=20)
    for _ in range(2):
        await third.dispute(by=alice, reason="Non.")
    fourth = await accepted(town, title="Quatre")
    for _ in range(2):
        await fourth.cancel(by=alice)
    assert await kinds_of(other) == ["proposed", "declined"]
    assert (await kinds_of(third))[2:] == ["declared", "taken_back", "declared", "disputed"]
    assert await kinds_of(fourth) == ["proposed", "accepted", "cancelled"]


async def test_who_has_not_enough_hours_is_told_what_can_be_done(orm: None, town: Town) -> None:
    alice, bob = somebody(town, "alice"), somebody(town, "bob")
    it = await declared(town, 1440)
    with pytest.raises(refusals.ReceiverShort) as refused:
        await it.confirm(by=alice)
    assert "fonds de solidarité" in refused.value.title
    assert "Alice" in refused.value.title
    assert (await state_of(it), await transfers(it)) == ("declared", 0)
    assert (await kinds_of(it))[-1] == "declared"
    await it.confirm(by=alice, minutes=60)
    await it.confirm(by=bob)
    assert await state_of(it) == "settled"


@pytest.mark.parametrize(("above", "fund", "declined"), [("fund", 60, 0), ("decline", 0, 60)])
async def test_what_is_above_the_ceiling_goes_where_its_giver_said(
    orm: None, town: Town, above: str, fund: int, declined: int
) -> None:
    await execute("UPDATE member SET above_ceiling = $2 WHERE id = $1", town["bob"], above)
    await execute(
        "UPDATE ledger_account SET ceiling = 150 WHERE id = (SELECT account_id FROM member WHERE id = $1)",
        town["bob"],
    )
    it = await settled(town, 90)
    last = (await history_of(it))[-1]
    assert (last.minutes, last.to_fund, last.declined) == (90, fund, declined)
    assert await balance(town, "bob") == 150
    assert await fetch_value("SELECT balance FROM ledger_account WHERE kind = 'fund'") == fund


async def test_several_helpers_settle_each_on_their_own(orm: None, town: Town) -> None:
    alice = somebody(town, "alice")
    pair = []
    for handle in ("bob", "charlie"):
        it = await Exchange.propose(
            by=somebody(town, handle), giver_id=town[handle], receiver_id=alice.id, title="Déménager",
            minutes=60, about=("request", 7),
        )  # fmt: skip
        await it.accept(by=alice)
        pair.append(it)
    await pair[0].declare(by=somebody(town, "bob"), minutes=60)
    await pair[0].confirm(by=alice)
    assert [await state_of(it) for it in pair] == ["settled", "accepted"]
    await pair[1].declare(by=alice, minutes=30)
    await pair[1].confirm(by=somebody(town, "charlie"))
    assert [await transfers(it) for it in pair] == [1, 1]
    assert await balance(town, "bob") - await balance(town, "charlie") == 30


async def test_what_was_agreed_elsewhere_is_accepted_from_the_start(orm: None, town: Town) -> None:
    it = await Exchange.agreed(
        by=somebody(town, "bob"),
        giver_id=town["bob"],
        receiver_id=town["alice"],
        title="Permanence",
        minutes=120,
    )
    assert await kinds_of(it) == ["proposed", "accepted"]
    assert await told(town, "alice") == ["exchange_agreed"]
    await it.declare(by=somebody(town, "alice"), minutes=120)
    await it.confirm(by=somebody(town, "bob"))
    assert await transfers(it) == 1


async def test_nonsense_is_refused_kindly(orm: None, town: Town) -> None:
    with pytest.raises(refusals.WithOneself):
        await proposed(town, receiver_id=town["bob"])
    with pytest.raises(NotAllowed):
        await proposed(town, by=somebody(town, "charlie"))
    with pytest.raises(NotFound):
        await proposed(town, receiver_id=987654)
    for wrong in ({"minutes": -1}, {"minutes": 1441}, {"title": " "}):
        with pytest.raises(Invalid):
            await proposed(town, **wrong)
    it = await accepted(town)
    for minutes in (-1, 1441):
        with pytest.raises(Invalid):
            await it.declare(by=somebody(town, "bob"), minutes=minutes)


async def test_nobody_proposes_to_whom_they_may_not_meet_but_what_is_under_way_is_finished(
    orm: None, town: Town
) -> None:
    it = await accepted(town)
    await execute("INSERT INTO block (by_id, member_id) VALUES ($1, $2)", town["alice"], town["bob"])
    blocked = frozenset({town["alice"]})
    for by in ("bob", "alice"):
        with pytest.raises(NotFound):
            await proposed(town, by=somebody(town, by), title="Encore")
    assert await Exchange.visible_to(somebody(town, "bob", unseen=blocked)).filter(id=it.id).exists()
    await it.declare(by=somebody(town, "bob"), minutes=30)
    await it.confirm(by=somebody(town, "alice"))
    assert await transfers(it) == 1


async def test_who_is_paused_proposes_nothing_and_is_proposed_nothing(orm: None, town: Town) -> None:
    await execute("UPDATE member SET paused_at = now() WHERE id = $1", town["bob"])
    with pytest.raises(refusals.Paused):
        await proposed(town)
    with pytest.raises(NotFound):
        await proposed(town, by=somebody(town, "alice"))


async def test_a_strangers_exchange_is_seen_by_nobody_else(orm: None, town: Town) -> None:
    it = await declared(town)
    seen = [
        await Exchange.visible_to(viewer).filter(id=it.id).exists()
        for viewer in (
            somebody(town, "alice"), somebody(town, "bob"), somebody(town, "charlie"), None,
            somebody(town, "moderatrice", "moderator"), somebody(town, "concierge", "concierge"),
        )
    ]  # fmt: skip
    assert seen == [True, True, False, False, False, False]
    await it.dispute(by=somebody(town, "alice"), reason="Non.")
    moderator = somebody(town, "moderatrice", "moderator")
    assert await Exchange.visible_to(moderator).filter(id=it.id).exists()
