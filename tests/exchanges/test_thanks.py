"""Words after an exchange: on the profile of whom they are said to, until they or a moderator say no."""

import asyncio

import pytest

from echange.database import execute, fetch_value
from echange.exchanges import given_and_received, practised, refusals, thanks_of
from echange.exchanges.models import Exchange, Thanks
from echange.exchanges.reportable import reportables
from echange.hours.staff import reverse_movement
from echange.http import Invalid, NotAllowed
from echange.http.dates import today
from echange.members import Unreachable
from tests.exchanges.twos import (
    association,
    declared,
    disputed,
    for_another,
    hatted,
    settled,
    somebody,
    told,
)
from tests.neighbours import Town


async def _thanked(town: Town, words: str = "Merci pour l’armoire !") -> Thanks:
    return await Thanks.give(await settled(town), by=somebody(town, "alice"), words=words)


async def test_each_side_thanks_once(orm: None, town: Town) -> None:
    alice, bob = somebody(town, "alice"), somebody(town, "bob")
    it = await settled(town)
    first = await Thanks.give(it, by=alice, words="Merci !")
    assert (await Thanks.give(it, by=alice, words="Merci !")).id == first.id
    with pytest.raises(refusals.AlreadyThanked):
        await Thanks.give(it, by=alice, words="Encore merci !")
    await Thanks.give(it, by=bob, words="Merci à vous.")
    assert await it.next_for(alice) == await it.next_for(bob) == ()
    assert (await told(town, "bob"))[-1] == (await told(town, "alice"))[-1] == "thanks"
    with pytest.raises(NotAllowed):
        await Thanks.give(it, by=somebody(town, "charlie"), words="Bravo")


async def test_nothing_is_said_before_it_is_settled_nor_without_words(orm: None, town: Town) -> None:
    with pytest.raises(refusals.NotNow):
        await Thanks.give(await declared(town), by=somebody(town, "alice"), words="Merci !")
    it = await settled(town)
    for words in ("", "  \n", "a" * 501):
        with pytest.raises(Invalid):
            await Thanks.give(it, by=somebody(town, "alice"), words=words)


async def test_two_clicks_at_once_say_it_once(orm: None, town: Town) -> None:
    it = await settled(town)
    same = [await Exchange.get(id=it.id) for _ in range(8)]
    said = await asyncio.gather(
        *(Thanks.give(one, by=somebody(town, "alice"), words="Merci !") for one in same)
    )
    assert len({one.id for one in said}) == 1
    assert (await told(town, "bob")).count("thanks") == 1


async def test_the_profile_says_it_with_the_year_and_the_field(orm: None, town: Town) -> None:
    skill_id = await fetch_value("SELECT id FROM skill ORDER BY id LIMIT 1")
    thanks = await _thanked(town)
    await execute("UPDATE exchange SET skill_id = $2 WHERE id = $1", thanks.exchange_id, skill_id)
    line = (await thanks_of(town["bob"], None))[0]
    assert (line.words, line.year, line.first_name) == ("Merci pour l’armoire !", today().year, "Alice")
    assert line.field == await fetch_value("SELECT field FROM skill WHERE id = $1", skill_id)
    assert await thanks_of(town["alice"], None) == []
    assert await practised(town["bob"]) == {skill_id: 1}
    assert await practised(town["alice"]) == {}
    assert await given_and_received(town["bob"]) == (90, 0)
    assert await given_and_received(town["alice"]) == (0, 90)
    assert await given_and_received(town["charlie"]) == (0, 0)


async def test_only_what_was_done_and_stands_counts_as_practised_and_given(orm: None, town: Town) -> None:
    skill_id = await fetch_value("SELECT id FROM skill ORDER BY id LIMIT 1")
    moderator = somebody(town, "moderatrice", "moderator")
    offered, undone = await settled(town, 0), await settled(town, 30)
    nothing = await disputed(town)
    await nothing.arbitrate(by=moderator, minutes=0, reason="Personne n’est venu.")
    await execute("UPDATE exchange SET skill_id = $1", skill_id)
    assert await practised(town["bob"]) == {skill_id: 2}, "a gift of one's time is practice too"
    assert await given_and_received(town["bob"]) == (30, 0)
    assert undone.transfer_id is not None
    await reverse_movement(undone.transfer_id, by=moderator, reason="Une erreur.")
    assert await practised(town["bob"]) == {skill_id: 1}
    assert await given_and_received(town["bob"]) == (0, 0)
    assert await given_and_received(town["alice"]) == (0, 0)
    assert offered.settled_minutes == 0


async def test_its_subject_removes_it_at_once_and_may_put_it_back(orm: None, town: Town) -> None:
    thanks = await _thanked(town)
    for nobody in (somebody(town, "alice"), somebody(town, "moderatrice", "moderator")):
        with pytest.raises(NotAllowed):
            await thanks.remove(by=nobody)
    for _ in range(2):
        await thanks.remove(by=somebody(town, "bob"))
    assert await thanks_of(town["bob"], None) == []
    await thanks.put_back(by=somebody(town, "bob"))
    assert len(await thanks_of(town["bob"], None)) == 1


async def test_who_avoids_the_author_reads_nothing_of_them(orm: None, town: Town) -> None:
    await _thanked(town)
    charlie = somebody(town, "charlie", unseen=frozenset({town["alice"]}))
    assert await thanks_of(town["bob"], charlie) == []
    await execute("UPDATE member SET paused_at = now() WHERE id = $1", town["alice"])
    line = (await thanks_of(town["bob"], None))[0]
    assert (line.name, line.url) == ("", "")
    await execute("UPDATE member SET hidden_at = now() WHERE id = $1", town["alice"])
    assert await thanks_of(town["bob"], None) == []


async def test_who_is_avoided_is_not_thanked(orm: None, town: Town) -> None:
    it = await settled(town)
    await execute("INSERT INTO block (by_id, member_id) VALUES ($1, $2)", town["bob"], town["alice"])
    with pytest.raises(Unreachable):
        await Thanks.give(it, by=somebody(town, "alice"), words="Merci !")


async def test_a_helper_thanks_for_the_person_but_never_themselves(orm: None, town: Town) -> None:
    it = await settled(town)
    with pytest.raises(refusals.BothSides):
        await Thanks.give(it, by=await for_another(town, "bob", "alice"), words="Merci à moi !")
    thanks = await Thanks.give(it, by=await for_another(town, "charlie", "alice"), words="Merci !")
    assert (thanks.by_id, thanks.member_id) == (town["alice"], town["bob"])


async def test_what_was_given_for_an_organisation_is_its_own(orm: None, town: Town) -> None:
    hat = await association(town, "bob")
    boss = hatted(town, "bob", hat)
    it = await Exchange.agreed(
        by=boss, giver_id=town["bob"], receiver_id=town["alice"], title="Prêter main-forte", minutes=60,
        giver_organisation_id=hat.id,
    )  # fmt: skip
    await it.declare(by=boss, minutes=60)
    await it.confirm(by=somebody(town, "alice"))
    assert await given_and_received(town["bob"]) == (0, 0)
    assert await given_and_received(town["alice"]) == (0, 60)


async def test_a_moderator_hides_it_and_shows_it_again(orm: None, town: Town) -> None:
    thanks = await _thanked(town)
    room = reportables[0]
    moderator = somebody(town, "moderatrice", "moderator")
    seen = await room.seen_by(somebody(town, "charlie"), thanks.id)
    assert seen is not None
    assert (seen.owner_id, seen.excerpt) == (town["alice"], "Merci pour l’armoire !")
    assert seen.involved == {town["alice"], town["bob"]}
    assert (await room.evidence(thanks.id))["text"] == "Merci pour l’armoire !"
    await room.hide(thanks.id, by=moderator)
    assert await thanks_of(town["bob"], None) == []
    assert await room.seen_by(somebody(town, "charlie"), thanks.id) is None
    assert (await room.named([thanks.id]))[thanks.id].hidden
    await room.show(thanks.id, by=moderator)
    assert len(await thanks_of(town["bob"], None)) == 1
    avoiding = somebody(town, "charlie", unseen=frozenset({town["bob"]}))
    assert await room.seen_by(avoiding, thanks.id) is None
    assert await room.at("/membres/bob") is None
