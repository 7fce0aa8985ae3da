"""Acting in an exchange for somebody else: a person under a mandate, an organisation by its hat."""

import pytest

from echange.database import execute, fetch
from echange.exchanges import refusals
from echange.exchanges.models import Exchange
from echange.exchanges.showing import history_of
from echange.exchanges.sides import hearers_at
from echange.http import NotAllowed, NotFound
from echange.members import OutOfScope
from tests.exchanges.twos import (
    accepted,
    association,
    balance,
    declared,
    for_another,
    hatted,
    kinds_of,
    proposed,
    settled,
    somebody,
    told,
)
from tests.neighbours import Town


async def test_a_helper_acts_for_the_person_and_each_act_is_written_down(orm: None, town: Town) -> None:
    helper = await for_another(town, "charlie", "alice")
    it = await proposed(town)
    assert await it.next_for(helper) == ("acceptance", "decline")
    await it.accept(by=helper)
    await it.declare(by=somebody(town, "bob"), minutes=60)
    await it.confirm(by=helper)
    lines = await history_of(it)
    charlie = next(line.helper for line in lines if line.kind == "accepted")
    assert charlie.startswith("Charlie")
    assert [line.by_id for line in lines] == [town["bob"], town["alice"], town["bob"], town["alice"]]
    acts = await fetch("SELECT what, about_kind, about_id, by_id FROM mandate_act ORDER BY id")
    assert [tuple(act) for act in acts] == [
        ("exchange_accepted", "exchange", it.id, town["charlie"]),
        ("exchange_confirmed", "exchange", it.id, town["charlie"]),
    ]


async def test_what_a_helper_writes_for_the_person_says_so(orm: None, town: Town) -> None:
    helper = await for_another(town, "charlie", "alice")
    it = await proposed(town, by=helper, words="Pourriez-vous venir samedi ?")
    assert it.proposed_by_id == town["alice"]
    rows = await fetch("SELECT by_id, data FROM event WHERE conversation_id = $1", it.conversation_id)
    assert [row["by_id"] for row in rows] == [town["alice"]]
    assert "charlie, pour alice" in rows[0]["data"]
    assert [act["what"] for act in await fetch("SELECT what FROM mandate_act")] == ["exchange_proposed"]


async def test_a_helper_who_is_the_other_one_acts_on_no_side_twice(orm: None, town: Town) -> None:
    helper = await for_another(town, "bob", "alice")
    with pytest.raises(refusals.BothSides):
        await proposed(town, by=helper)
    it = await declared(town)
    assert await it.next_for(helper) == ()
    for act in (it.confirm(by=helper), it.dispute(by=helper, reason="Non.")):
        with pytest.raises(refusals.BothSides):
            await act
    assert (await kinds_of(it))[-1] == "declared"


async def test_one_who_helps_both_acts_for_one_of_them_only(orm: None, town: Town) -> None:
    for_alice = await for_another(town, "charlie", "alice")
    for_bob = await for_another(town, "charlie", "bob")
    it = await proposed(town, by=for_bob)
    with pytest.raises(refusals.BothSides):
        await it.accept(by=for_alice)
    await it.accept(by=somebody(town, "alice"))
    await it.declare(by=somebody(town, "alice"), minutes=30)
    await it.confirm(by=for_bob)
    assert it.settled_minutes == 30


async def test_a_mandate_for_other_things_opens_nothing_here(orm: None, town: Town) -> None:
    helper = await for_another(town, "charlie", "alice", "lending")
    it = await proposed(town)
    assert not await Exchange.visible_to(helper).filter(id=it.id).exists()
    assert await it.next_for(helper) == ()
    for act in (it.accept(by=helper), proposed(town, by=helper, title="Autre")):
        with pytest.raises(OutOfScope):
            await act


async def test_under_a_mandate_ones_own_exchanges_wait(orm: None, town: Town) -> None:
    helper = await for_another(town, "alice", "charlie")
    it = await proposed(town)
    assert await Exchange.visible_to(helper).filter(id=it.id).exists()
    assert await it.next_for(helper) == ()
    with pytest.raises(refusals.InAnotherName):
        await it.accept(by=helper)
    await it.accept(by=somebody(town, "alice"))


async def test_an_avoided_helper_proposes_nothing_in_the_name_of_another(orm: None, town: Town) -> None:
    from echange.database import execute

    await execute("INSERT INTO block (by_id, member_id) VALUES ($1, $2)", town["bob"], town["charlie"])
    with pytest.raises(NotFound):
        await proposed(town, by=await for_another(town, "charlie", "alice"))


async def test_an_organisation_pays_when_its_hat_is_worn(orm: None, town: Town) -> None:
    hat = await association(town, "alice", "charlie")
    await execute("UPDATE organisation SET verified_at = now()")
    before = await balance(town, "alice")
    it = await proposed(town, by=hatted(town, "alice", hat), receiver_organisation_id=hat.id)
    await it.accept(by=somebody(town, "bob"))
    await it.declare(by=somebody(town, "bob"), minutes=60)
    for stranger in (somebody(town, "charlie"), somebody(town, "alice")):
        assert it.side_of(stranger) is None
        with pytest.raises(NotAllowed):
            await it.confirm(by=stranger)
    colleague = hatted(town, "charlie", hat)
    assert await Exchange.visible_to(colleague).filter(id=it.id).exists()
    await it.confirm(by=colleague)
    rows = await fetch(
        """SELECT a.kind, e.minutes FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id
           WHERE e.transfer_id = $1 ORDER BY e.minutes""",
        it.transfer_id,
    )
    assert [tuple(row) for row in rows] == [("organisation", -60), ("member", 60)]
    assert await balance(town, "alice") == before
    assert (await history_of(it))[0].name == "Les Fêtes"


async def test_everybody_who_speaks_for_the_organisation_is_told(orm: None, town: Town) -> None:
    hat = await association(town, "alice", "charlie", "redoute", "admin", "concierge")
    await execute("UPDATE membership SET role = 'member' WHERE member_id = $1", town["redoute"])
    await execute("INSERT INTO block (by_id, member_id) VALUES ($1, $2)", town["admin"], town["bob"])
    await execute("UPDATE member SET paused_at = now() WHERE id = $1", town["concierge"])
    it = await proposed(town, by=hatted(town, "alice", hat), receiver_organisation_id=hat.id)
    assert await told(town, "bob") == ["exchange_proposed"], "on the other side there is one alone"
    await it.accept(by=somebody(town, "bob"))
    for handle in ("alice", "charlie"):
        assert await told(town, handle) == ["exchange_accepted"], handle
    for nobody in ("redoute", "admin", "concierge"):
        assert await told(town, nobody) == [], nobody
    await execute("UPDATE membership SET role = 'member' WHERE member_id = $1", town["alice"])
    await it.cancel(by=somebody(town, "bob"))
    assert await told(town, "alice") == ["exchange_accepted"], "she does not speak for it any more"
    assert await told(town, "charlie") == ["exchange_accepted", "exchange_cancelled"]
    await execute("UPDATE member SET paused_at = now() WHERE id = $1", town["charlie"])
    assert await hearers_at(it, "receiver") == [town["alice"]], "nobody to hear it: who stood for it does"


async def test_nobody_spends_the_hours_of_an_organisation_without_its_hat(orm: None, town: Town) -> None:
    hat = await association(town, "charlie")
    with pytest.raises(refusals.NotTheirs):
        await proposed(town, by=somebody(town, "alice"), receiver_organisation_id=hat.id)
    with pytest.raises(refusals.NotTheirs):
        await proposed(town, receiver_organisation_id=hat.id)
    with pytest.raises(refusals.NotTheirs):
        await proposed(town, by=hatted(town, "bob", hat), receiver_organisation_id=hat.id)
    own = await association(town, "alice", "bob", slug="entre-nous")
    with pytest.raises(refusals.WithOneself):
        await proposed(
            town, by=hatted(town, "bob", own), giver_organisation_id=own.id, receiver_organisation_id=own.id
        )


async def test_the_words_of_a_confirmed_one_show_no_helper(orm: None, town: Town) -> None:
    it = await settled(town)
    assert {line.helper for line in await history_of(it)} == {""}
    assert (await accepted(town, title="Autre")).state == "accepted"
