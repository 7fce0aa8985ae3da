"""How long a help lasts, what ends it, and what brings it back."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from echange.database import execute, fetch_value
from echange.exchanges import Exchange
from echange.http import Invalid, NotAllowed, Refusal
from echange.http.dates import now
from echange.http.viewer import Behalf
from echange.members import OutOfScope
from echange.mutual_aid import Help, refusals
from echange.mutual_aid.details import Details
from echange.mutual_aid.lasting import expire, finish, go_on, warn
from echange.mutual_aid.loading import told_of, whole
from echange.mutual_aid.queries import Search, find, recent_helps
from tests.mutual_aid.helps import Connection, asked, days, notices, somebody, state_of
from tests.neighbours import Town


async def listed(town: Town, handle: str = "bob") -> list[str]:
    return [card.title for card in await recent_helps(somebody(town, handle), 20)]


async def move(aid: Help, column: str, to: str) -> None:
    await execute(f"UPDATE help SET {column} = now() + interval '{to}' WHERE id = $1", aid.id)


async def accepted(aid: Help, town: Town, handle: str = "bob", role: str = "") -> Exchange:
    exchange = await aid.answer(by=somebody(town, handle), words="Je viens.", role=role)
    await exchange.accept(by=somebody(town, "alice"))
    return exchange


async def settled(exchange: Exchange, town: Town, handle: str = "bob", minutes: int = 30) -> None:
    await exchange.declare(by=somebody(town, handle), minutes=minutes)
    await exchange.confirm(by=somebody(town, "alice"))


async def test_it_lasts_as_its_kind_and_its_moments_say(orm: None, town: Town) -> None:
    calm, offer = await asked(town), await asked(town, kind="offer")
    standing = await asked(town, kind="offer", standing=True)
    saturday = (days(40), days(40) + timedelta(hours=2))
    dated = await asked(town, slots=(saturday,))
    assert calm.expires_at is not None
    assert offer.expires_at is not None
    assert abs(calm.expires_at - days(30)) < timedelta(minutes=1)
    assert abs(offer.expires_at - days(60)) < timedelta(minutes=1)
    assert standing.expires_at is None
    assert dated.expires_at == saturday[1] + timedelta(days=14)


async def test_an_ask_never_stands_for_ever_and_an_offer_looks_for_nobody(orm: None, town: Town) -> None:
    ask = await asked(town, standing=True, people=3)
    offer = await asked(town, kind="offer", people=3, urgency="today")
    assert (ask.standing, ask.people) == (False, 3)
    assert (offer.people, offer.urgency) == (1, "calm")


async def test_people_are_enough_for_the_roles(orm: None, town: Town) -> None:
    aid = await asked(town, people=1, roles=(("Porter", 2), ("Conduire", 1)))
    assert aid.people == 3


async def test_three_days_before_its_end_its_person_is_told_once(
    orm: None, town: Town, connection: Connection
) -> None:
    aid = await asked(town)
    await warn()
    assert await notices(connection, "help_expiring") == []
    with pytest.raises(refusals.TooEarly):
        await (await _later(aid)).renew(by=somebody(town, "alice"))
    await move(aid, "expires_at", "2 days")
    await warn()
    await warn()
    assert await notices(connection, "help_expiring") == [town["alice"]]
    await (await Help.get(id=aid.id)).renew(by=somebody(town, "alice"))
    fresh = await Help.get(id=aid.id)
    assert fresh.expires_at is not None
    assert fresh.expires_at > days(29)
    assert fresh.warned_at is None


async def _later(aid: Help) -> Help:
    await move(aid, "vouched_at", "-1 hour")
    return await Help.get(id=aid.id)


async def test_past_its_day_it_expires_tells_and_may_be_renewed(
    orm: None, town: Town, connection: Connection
) -> None:
    aid = await asked(town)
    await move(aid, "expires_at", "-1 minute")
    assert await state_of(aid) == "expired", "even when the clock is late"
    assert await listed(town) == []
    await expire()
    await expire()
    assert await notices(connection, "help_expired") == [town["alice"]]
    late = await Help.get(id=aid.id)
    assert late.ending == "expired"
    with pytest.raises(refusals.Over):
        await late.answer(by=somebody(town, "bob"), words="Je peux ?")
    await late.renew(by=somebody(town, "alice"))
    assert await state_of(aid) == "open"
    assert await listed(town) == ["Déplacer une armoire"]


async def test_a_standing_offer_is_asked_every_ninety_days_and_never_ends(
    orm: None, town: Town, connection: Connection
) -> None:
    aid = await asked(town, kind="offer", standing=True)
    await go_on()
    assert await notices(connection, "help_standing") == []
    await move(aid, "vouched_at", "-91 days")
    await go_on()
    await go_on()
    assert await notices(connection, "help_standing") == [town["alice"]]
    assert await state_of(aid) == "open"
    await (await Help.get(id=aid.id)).renew(by=somebody(town, "alice"))
    assert now() - (await Help.get(id=aid.id)).vouched_at < timedelta(minutes=1)


async def test_somebody_in_pause_is_not_reminded(orm: None, town: Town, connection: Connection) -> None:
    aid = await asked(town)
    await move(aid, "expires_at", "2 days")
    await execute("UPDATE member SET paused_at = now() WHERE id = $1", town["alice"])
    await warn()
    await move(aid, "expires_at", "-1 day")
    await expire()
    assert await connection.fetchval("SELECT count(*) FROM notice WHERE kind LIKE 'help%'") == 0


async def test_with_all_its_helpers_it_is_full_and_done_once_all_is_settled(orm: None, town: Town) -> None:
    aid = await asked(town, people=2)
    first = await accepted(aid, town, "bob")
    assert await state_of(aid) == "open"
    second = await accepted(aid, town, "charlie")
    assert await state_of(aid) == "full"
    assert await listed(town, "redoute") == []
    with pytest.raises(refusals.Full):
        await aid.answer(by=somebody(town, "redoute"), words="Moi aussi ?")
    await settled(first, town, "bob")
    await finish()
    assert await state_of(aid) == "full"
    await settled(second, town, "charlie")
    await finish()
    assert await state_of(aid) == "done"


async def test_a_place_given_up_is_free_again(orm: None, town: Town) -> None:
    aid = await asked(town)
    exchange = await accepted(aid, town)
    assert await state_of(aid) == "full"
    await exchange.cancel(by=somebody(town, "bob"))
    assert await state_of(aid) == "open"
    assert (await Help.get(id=aid.id)).taken == 0
    await accepted(aid, town, "charlie")
    assert await state_of(aid) == "full"


async def test_a_role_takes_no_more_than_it_needs(orm: None, town: Town) -> None:
    aid = await asked(town, people=3, roles=(("Conduire", 1),))
    await accepted(aid, town, "bob", role="Conduire")
    with pytest.raises(refusals.RoleFull):
        await aid.answer(by=somebody(town, "charlie"), words="Je conduis.", role="Conduire")
    with pytest.raises(Invalid):
        await aid.answer(by=somebody(town, "charlie"), words="Je chante.", role="Chanter")
    await aid.answer(by=somebody(town, "charlie"), words="Je porte.")


async def test_of_twenty_said_yes_to_at_once_exactly_as_many_come_as_were_asked(
    orm: None, town: Town, connection: Connection
) -> None:
    aid = await asked(town, people=3)
    ids = await connection.fetch(
        """INSERT INTO member (handle, name, sort_key, email, confirmed_at, verified_at)
           SELECT 'voisin-' || n, 'Voisin ' || n, 'voisin', 'v' || n || '@echange.example', now(), now()
           FROM generate_series(1, 20) n RETURNING id, handle"""
    )
    crowd = Town({**town.ids, **{row["handle"]: row["id"] for row in ids}}, town.quartiers)
    proposals = [await aid.answer(by=somebody(crowd, row["handle"]), words="Moi.") for row in ids]

    async def accept(proposal: Exchange) -> str:
        try:
            await proposal.accept(by=somebody(town, "alice"))
        except Refusal as refusal:
            return refusal.code
        return "yes"

    answers = await asyncio.gather(*(accept(proposal) for proposal in proposals))
    assert Counter(answers) == {"yes": 3, "full": 17}
    assert await connection.fetchval("SELECT count(*) FROM exchange WHERE state = 'accepted'") == 3
    assert (await Help.get(id=aid.id)).taken == 3


async def test_the_database_itself_takes_nobody_too_many(orm: None, town: Town) -> None:
    aid = await asked(town)
    await accepted(aid, town)
    with pytest.raises(Exception, match="has its helpers"):
        await execute(
            """INSERT INTO exchange (about_kind, about_id, title, minutes, giver_id, receiver_id,
                   proposed_by_id, state)
               VALUES ('help', $1, 'En douce', 30, $2, $3, $2, 'accepted')""",
            aid.id,
            town["charlie"],
            town["alice"],
        )


async def test_proposing_twice_is_proposing_once(orm: None, town: Town, connection: Connection) -> None:
    aid = await asked(town, people=2)
    both = await asyncio.gather(*(aid.answer(by=somebody(town, "bob"), words="Moi.") for _ in range(2)))
    assert both[0].id == both[1].id
    await both[0].accept(by=somebody(town, "alice"))
    again = await aid.answer(by=somebody(town, "bob"), words="Toujours moi.")
    assert again.id == both[0].id
    assert await connection.fetchval("SELECT count(*) FROM exchange") == 1


async def test_ending_it_declines_who_waits_and_leaves_what_was_agreed(orm: None, town: Town) -> None:
    aid = await asked(town, people=3)
    agreed = await accepted(aid, town, "bob")
    waiting = await aid.answer(by=somebody(town, "charlie"), words="Moi ?")
    await aid.close(by=somebody(town, "alice"), outcome="done")
    assert (await Exchange.get(id=waiting.id)).state == "declined"
    assert (await Exchange.get(id=agreed.id)).state == "accepted"
    await aid.close(by=somebody(town, "alice"), outcome="done")
    with pytest.raises(refusals.Over):
        await aid.close(by=somebody(town, "alice"), outcome="cancelled")
    with pytest.raises(Invalid):
        await aid.close(by=somebody(town, "alice"), outcome="expired")
    events = "SELECT count(*) FROM help_event WHERE kind = 'closed'"
    assert await fetch_value(events) == 1, "said twice, written once"


async def test_an_end_may_be_taken_back_for_thirty_days(orm: None, town: Town) -> None:
    alice = somebody(town, "alice")
    aid = await asked(town)
    await aid.close(by=alice, outcome="cancelled")
    await aid.reopen(by=alice)
    await aid.reopen(by=alice)
    assert await state_of(aid) == "open"
    await aid.close(by=alice, outcome="done")
    await move(aid, "ended_at", "-31 days")
    with pytest.raises(refusals.TooLateToReopen):
        await (await Help.get(id=aid.id)).reopen(by=alice)


async def test_only_its_person_changes_it(orm: None, town: Town) -> None:
    aid = await asked(town)
    for verb in (
        aid.renew(by=somebody(town, "bob")),
        aid.close(by=somebody(town, "bob"), outcome="done"),
        aid.reopen(by=somebody(town, "bob")),
        aid.edit(Details("Volé", 60), by=somebody(town, "bob")),
    ):
        with pytest.raises(NotAllowed):
            await verb


async def test_it_cannot_be_made_smaller_than_who_already_comes(orm: None, town: Town) -> None:
    alice = somebody(town, "alice")
    aid = await asked(town, people=2)
    await accepted(aid, town, "bob")
    await accepted(aid, town, "charlie")
    with pytest.raises(refusals.PeopleComing):
        await aid.edit(Details("Déplacer une armoire", 90, people=1), by=alice)
    await aid.edit(Details("Déplacer une armoire", 90, people=3), by=alice)
    assert await state_of(aid) == "open"


async def test_corrected_it_keeps_what_is_not_touched(orm: None, town: Town) -> None:
    slot = (days(2), days(2) + timedelta(hours=1))
    aid = await asked(town, skills=("Déménagement",), roles=(("Porter", 1),), slots=(slot,))
    before = told_of(await whole(Help.filter(id=aid.id)).get())
    await aid.edit(before, by=somebody(town, "alice"))
    assert told_of(await whole(Help.filter(id=aid.id)).get()) == before
    assert before.skills == ("Déménagement",)
    assert before.slots == (slot,)


async def test_the_most_pressing_come_first_and_offers_last(orm: None, town: Town) -> None:
    await asked(town, kind="offer", title="Ancienne offre")
    await asked(town, title="Calme")
    await asked(town, title="Samedi", slots=((days(3), days(3.1)),))
    await asked(town, title="Cette semaine", urgency="week")
    await asked(town, title="Vite", urgency="today")
    await asked(town, kind="offer", title="Nouvelle offre")
    order = ["Vite", "Samedi", "Cette semaine", "Calme", "Nouvelle offre", "Ancienne offre"]
    assert await listed(town) == order
    seen, after = list[str](), None
    while True:
        page = await find(Search(), 2, after, None)
        seen += [card.title for card in page.items]
        if page.next is None:
            break
        after = (page.items[-1].order, page.items[-1].id)
    assert seen == order


async def test_today_is_over_after_a_day(orm: None, town: Town) -> None:
    aid = await asked(town, urgency="today")
    assert aid.pressing == "today"
    await move(aid, "vouched_at", "-2 days")
    assert (await Help.get(id=aid.id)).pressing == "week"
    await move(aid, "vouched_at", "-8 days")
    assert (await Help.get(id=aid.id)).pressing == "calm"


async def test_who_acts_for_somebody_asks_in_their_name_and_it_is_written_down(orm: None, town: Town) -> None:
    mandate = await fetch_value(
        """INSERT INTO mandate (scopes, days, consent, ends_at, person_id, helper_id, made_by_id)
           VALUES ('{help}', 31, 'signed', now() + interval '31 days', $1, $2, $1) RETURNING id""",
        town["alice"],
        town["bob"],
    )
    bob = somebody(town, "bob")
    for_alice = type(bob)(
        **{
            **{name: getattr(bob, name) for name in ("id", "name", "handle", "confirmed")},
            "behalf": Behalf(town["alice"], "Alice", mandate, frozenset({"help"})),
        }
    )
    aid = await Help.publish("ask", Details("Mes courses", 60, quartier="les-larris"), by=for_alice)
    assert (aid.person_id, aid.by_id) == (town["alice"], town["bob"])
    await aid.close(by=for_alice, outcome="cancelled")
    assert await fetch_value("SELECT array_agg(what ORDER BY id) FROM mandate_act") == [
        "help_published",
        "help_closed",
    ]
    with pytest.raises(NotAllowed):
        await aid.reopen(by=bob)
    narrow = Behalf(town["alice"], "Alice", mandate, frozenset({"lending"}))
    elsewhere = type(bob)(id=bob.id, name="bob", handle="bob", confirmed=True, behalf=narrow)
    with pytest.raises(OutOfScope):
        await Help.publish("ask", Details("Mes courses", 60, quartier="les-larris"), by=elsewhere)


async def test_opened_again_it_is_not_done_again_within_a_day(orm: None, town: Town) -> None:
    aid = await asked(town)
    await settled(await accepted(aid, town), town)
    await finish()
    assert await state_of(aid) == "done"
    await (await Help.get(id=aid.id)).reopen(by=somebody(town, "alice"))
    await finish()
    assert await state_of(aid) == "full"
    await execute("UPDATE help_event SET at = at - interval '25 hours'")
    await finish()
    assert await state_of(aid) == "done"


async def test_whoever_still_waits_hears_that_it_is_done(
    orm: None, town: Town, connection: Connection
) -> None:
    aid, expired = await asked(town), await asked(town)
    late = await aid.answer(by=somebody(town, "charlie"), words="Moi ?")
    patient = await expired.answer(by=somebody(town, "charlie"), words="Moi ?")
    await settled(await accepted(aid, town), town)
    await move(expired, "expires_at", "-1 day")
    await go_on()
    await go_on()
    assert (await Exchange.get(id=late.id)).state == "declined"
    assert await notices(connection, "exchange_declined") == [town["charlie"]]
    assert (await Exchange.get(id=patient.id)).state == "proposed", "it may be prolonged"
    await patient.accept(by=somebody(town, "alice"))
