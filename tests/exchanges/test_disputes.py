"""They do not agree: a moderator without any part in it decides; or they agree after all."""

from typing import Any

import pytest

from echange.database import execute, fetch
from echange.exchanges import refusals
from echange.exchanges.models import Exchange
from echange.exchanges.queries import disputes
from echange.exchanges.showing import history_of
from echange.http import NotAllowed, Viewer
from tests.exchanges.twos import (
    association,
    balance,
    declared,
    disputed,
    for_another,
    hatted,
    kinds_of,
    proposed,
    somebody,
    state_of,
    told,
    transfers,
)
from tests.neighbours import Town


def moderator(town: Town, **more: Any) -> Viewer:
    return somebody(town, "moderatrice", "moderator", **more)


async def test_a_moderator_decides_and_both_are_told_why(orm: None, town: Town) -> None:
    before = await balance(town, "bob")
    it = await disputed(town)
    assert [one.id for one in (await disputes()).items] == [it.id]
    assert await it.next_for(moderator(town)) == ("arbitration",)
    assert await it.next_for(somebody(town, "alice")) == ("confirmation",)
    for _ in range(2):
        await it.arbitrate(by=moderator(town), minutes=75, reason="Entre vos deux chiffres.")
    assert (it.state, it.settled_minutes, it.declared_minutes) == ("settled", 75, 90)
    assert (await kinds_of(it))[-2:] == ["disputed", "arbitrated"]
    assert (await balance(town, "bob") - before, await transfers(it)) == (75, 1)
    last = (await history_of(it))[-1]
    assert (last.words, last.by_id, last.name, last.side) == ("Entre vos deux chiffres.", None, "", None)
    for handle in ("alice", "bob"):
        assert (await told(town, handle))[-1] == "exchange_arbitrated"
    assert (await disputes()).items == []
    acts = await fetch("SELECT what, data FROM staff_act")
    assert [row["what"] for row in acts] == ["exchange_arbitrated"]


async def test_a_moderator_may_decide_that_nothing_moves(orm: None, town: Town) -> None:
    it = await disputed(town)
    await it.arbitrate(by=moderator(town), minutes=0, reason="Rien n’a eu lieu.")
    assert (await state_of(it), await transfers(it)) == ("settled", 0)


async def test_they_may_still_agree_by_themselves(orm: None, town: Town) -> None:
    it = await disputed(town)
    with pytest.raises(refusals.NotNow):
        await it.confirm(by=somebody(town, "alice"), minutes=60)
    await it.confirm(by=somebody(town, "alice"), minutes=90)
    assert it.settled_minutes == 90
    with pytest.raises(refusals.NotNow):
        await it.arbitrate(by=moderator(town), minutes=10, reason="Trop tard.")


async def test_nobody_decides_before_it_is_disputed_nor_without_being_a_moderator(
    orm: None, town: Town
) -> None:
    it = await declared(town)
    with pytest.raises(refusals.NotNow):
        await it.arbitrate(by=moderator(town), minutes=10, reason="Comme cela.")
    await it.dispute(by=somebody(town, "bob"), reason="Elle ne répond pas.")
    for nobody in (somebody(town, "alice"), somebody(town, "concierge", "concierge")):
        with pytest.raises(NotAllowed):
            await it.arbitrate(by=nobody, minutes=10, reason="Comme cela.")
    assert await state_of(it) == "disputed"


async def test_who_is_involved_does_not_decide(orm: None, town: Town) -> None:
    it = await disputed(town)
    party = somebody(town, "alice", "moderator")
    avoided = moderator(town, unseen=frozenset({town["bob"]}))
    for one in (party, avoided):
        assert await it.next_for(one) != ("arbitration",)
        with pytest.raises(refusals.Involved):
            await it.arbitrate(by=one, minutes=10, reason="Comme cela.")
    hat = await association(town, "moderatrice", "bob")
    theirs = await Exchange.propose(
        by=hatted(town, "bob", hat), giver_id=town["bob"], receiver_id=town["alice"],
        title="Tenir la buvette", minutes=60, giver_organisation_id=hat.id,
    )  # fmt: skip
    await theirs.accept(by=somebody(town, "alice"))
    await theirs.declare(by=hatted(town, "bob", hat), minutes=60)
    await theirs.dispute(by=somebody(town, "alice"), reason="Non.")
    with pytest.raises(refusals.Involved):
        await theirs.arbitrate(by=moderator(town), minutes=10, reason="Comme cela.")


async def test_who_acted_for_one_of_them_does_not_decide(orm: None, town: Town) -> None:
    it = await declared(town)
    helper = await for_another(town, "moderatrice", "alice")
    await it.dispute(by=helper, reason="Alice dit une heure.")
    with pytest.raises(refusals.Involved):
        await it.arbitrate(by=moderator(town), minutes=60, reason="Une heure.")
    await it.arbitrate(by=somebody(town, "admin", "admin"), minutes=60, reason="Une heure.")


@pytest.mark.parametrize("person", ["alice", "bob"])
async def test_who_helps_one_of_them_or_is_helped_by_them_does_not_decide(
    orm: None, town: Town, person: str
) -> None:
    it = await disputed(town)
    for helper, helped in (("moderatrice", person), (person, "moderatrice")):
        await for_another(town, helper, helped)
        assert await it.next_for(moderator(town)) == ("arbitration",), "only asked for, not agreed to"
        await execute("UPDATE mandate SET agreed_at = now()")
        assert await it.next_for(moderator(town)) == ()
        with pytest.raises(refusals.Involved):
            await it.arbitrate(by=moderator(town), minutes=60, reason="Une heure.")
        await execute("UPDATE mandate SET ended_at = now()")
    await it.arbitrate(by=moderator(town), minutes=60, reason="Une heure.")


async def test_a_moderator_hears_when_the_hours_are_not_there(orm: None, town: Town) -> None:
    it = await disputed(town)
    with pytest.raises(refusals.ReceiverShort):
        await it.arbitrate(by=moderator(town), minutes=1440, reason="Tout.")
    assert await state_of(it) == "disputed"


async def test_on_a_closed_account_only_nothing_can_be_decided(orm: None, town: Town) -> None:
    hat = await association(town, "bob")
    boss = hatted(town, "bob", hat)
    it = await proposed(town, by=boss, giver_organisation_id=hat.id)
    await it.accept(by=somebody(town, "alice"))
    await it.declare(by=boss, minutes=90)
    await it.dispute(by=somebody(town, "alice"), reason="Non.")
    await execute(
        """UPDATE ledger_account SET closed_at = now()
           WHERE id = (SELECT account_id FROM organisation WHERE id = $1)""",
        hat.id,
    )
    with pytest.raises(refusals.AccountGone):
        await it.arbitrate(by=moderator(town), minutes=60, reason="Une heure.")
    await it.arbitrate(by=moderator(town), minutes=0, reason="L’association a fermé.")
    assert await state_of(it) == "settled"
