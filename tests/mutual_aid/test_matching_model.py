"""Whatever happens in a street, in any order: nobody is told too often, nor of what is not for them."""

from datetime import timedelta
from typing import Any, Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from echange.database import execute, fetch, fetch_value
from echange.http import NotFound, Refusal
from echange.members import Block
from echange.mutual_aid import Help, first_visit_wishes
from echange.mutual_aid.matching_mine import dismiss, take_back
from echange.mutual_aid.telling import climb_on, go_on, match
from echange.mutual_aid.telling_desk import suggest
from tests.mutual_aid.helps import Connection
from tests.mutual_aid.matches import NIGHT, NOON, knows, leak, looker, plumber
from tests.neighbours import Town

PEOPLE: Final = 4
STEPS: Final = (
    "asks", "asks", "offers", "is told", "the clock", "at night", "five hours", "a day", "not for me",
    "for me again", "blocks", "pauses", "comes back", "is young", "grows up", "hidden", "shown", "over",
    "looks for it", "the desk",
)  # fmt: skip
FITTING: Final = ("help_fits", "help_spread", "help_widened", "help_suggested", "skill_found")
CHILD: Final = "2100-01-01"


class Street:
    """Four plumbers, Alice, and helps; each step is taken as people and the clock would."""

    def __init__(self, connection: Connection, town: Town, people: list[int]) -> None:
        self.connection = connection
        self.town = town
        self.people = people
        self.seen = 0

    async def take(self, step: str, who: int) -> None:
        one = self.people[who]
        aid = await Help.filter(ended_at=None).order_by("-id").first()
        match step:
            case "asks" | "offers":
                made = await leak(self.town, kind="ask" if step == "asks" else "offer")
                # Whoever of the street says it, without a newcomer's limits.
                await execute("UPDATE help SET person_id = $2, by_id = $2 WHERE id = $1", made.id, one)
            case "is told" if aid:
                await matched(aid)
            case "the clock":
                await climb_on(moment=NOON)
                await go_on(moment=NOON)
                await first_visit_wishes.go_on(moment=NOON)
            case "at night":
                before = await self.told()
                await climb_on(moment=NIGHT)
                await go_on(moment=NIGHT)
                await first_visit_wishes.go_on(moment=NIGHT)
                assert await self.told() == before
            case "five hours":
                await later(timedelta(hours=5))
            case "a day":
                await later(timedelta(days=1, minutes=1))
            case "not for me" if aid and aid.person_id != one:
                await dismiss(aid, by=looker(one))
            case "for me again" if aid:
                await take_back(aid.id, by=looker(one))
            case "blocks" if aid and aid.person_id != one:
                await Block.put(aid.person_id, by=one)
            case "pauses" | "comes back":
                since = "now()" if step == "pauses" else "NULL"
                await execute(f"UPDATE member SET paused_at = {since} WHERE id = $1", one)
            case "is young" | "grows up":
                until = f"'{CHILD}'" if step == "is young" else "NULL"
                await execute(f"UPDATE member SET minor_until = {until} WHERE id = $1", one)
            case "hidden" | "shown" if aid:
                since = "now()" if step == "hidden" else "NULL"
                await execute(f"UPDATE help SET hidden_at = {since} WHERE id = $1", aid.id)
            case "over" if aid:
                await execute("UPDATE help SET ended_at = now(), ending = 'done' WHERE id = $1", aid.id)
            case "looks for it":
                await execute("DELETE FROM member_skill WHERE member_id = $1 AND wanted", one)
                await knows(self.connection, one, wanted=True)
                await execute(
                    """UPDATE member_skill SET at = now() + interval '1 s'
                       WHERE member_id = $1 AND NOT wanted""",
                    self.people[who - 1],
                )
            case "the desk" if aid:
                try:
                    await suggest(aid, one, by=looker(self.town["concierge"], roles=frozenset({"concierge"})))
                except (Refusal, NotFound):
                    return

    async def told(self) -> int:
        count: int = await fetch_value("SELECT count(*) FROM notice WHERE kind = ANY($1)", list(FITTING))
        return count

    async def is_sound(self, step: str) -> None:
        """Seen from outside, by what stands in the notices and what is true of people now."""
        for row in await fetch(
            "SELECT * FROM notice WHERE kind = ANY($1) AND id > $2", list(FITTING), self.seen
        ):
            self.seen = max(self.seen, row["id"])
            if row["kind"] in {"help_fits", "help_suggested"}:
                await self._is_for(row, step)
            elif row["kind"] == "skill_found":
                await self._may_meet(row["member_id"], await _by(row), step)
        most = await fetch_value(
            """SELECT max(count) FROM (
                   SELECT count(*) OVER (PARTITION BY member_id ORDER BY at
                                         RANGE BETWEEN interval '23:59:59' PRECEDING AND CURRENT ROW) AS count
                   FROM notice WHERE kind = ANY($1)) per_day""",
            list(FITTING),
        )
        assert (most or 0) <= 3, step

    async def _is_for(self, row: Any, step: str) -> None:
        aid = await Help.get(id=int(row["link"].rpartition("/")[2]))
        assert aid.hidden_at is None, step
        assert aid.ended_at is None, step
        assert aid.person_id != row["member_id"], step
        told = await fetch_value(
            "SELECT count(*) FROM notice WHERE member_id = $1 AND link = $2 AND kind = 'help_fits'",
            row["member_id"],
            row["link"],
        )
        assert told <= 1, f"{step}: told twice"
        dismissed = await fetch_value(
            """SELECT EXISTS (SELECT FROM help_match x JOIN help h ON h.id = x.help_id
                              WHERE x.member_id = $1 AND x.dismissed_at IS NOT NULL AND h.kind = $2)""",
            row["member_id"],
            aid.kind,
        )
        assert not dismissed or row["kind"] == "help_suggested", f"{step}: all ask for the same skill"
        await self._may_meet(row["member_id"], aid.person_id, step)

    async def _may_meet(self, one: int, other: int, step: str) -> None:
        people = await fetch(
            "SELECT away, minor_until IS NOT NULL AS young FROM member WHERE id IN ($1, $2)", one, other
        )
        assert not any(row["away"] for row in people), step
        assert len({row["young"] for row in people}) == 1, f"{step}: a minor and an unknown adult"
        blocked = (
            "SELECT EXISTS (SELECT FROM block WHERE $1 IN (by_id, member_id) AND $2 IN (by_id, member_id))"
        )
        assert not await fetch_value(blocked, one, other), step


async def _by(row: Any) -> int:
    other: int = await fetch_value("SELECT (data ->> 'by')::int FROM notice WHERE id = $1", row["id"])
    return other


async def matched(aid: Help) -> None:
    await match(aid.id)


async def later(time: timedelta) -> None:
    """All that was, was so much earlier."""
    await execute("UPDATE notice SET at = at - $1::interval", time)
    await execute("UPDATE help_telling SET at = at - $1::interval", time)
    await execute("UPDATE help_match SET told_at = told_at - $1::interval", time)
    await execute(
        """UPDATE help SET published_at = published_at - i, vouched_at = vouched_at - i,
                           widened_at = widened_at - i, staff_told_at = staff_told_at - i
           FROM (SELECT $1::interval AS i) earlier""",
        time,
    )


async def street(connection: Connection, town: Town) -> Street:
    """Swept between two stories."""
    for table in ("help", "notice", "help_telling", "skill_match", "block"):
        await execute(f"DELETE FROM {table}")
    people = [row["id"] for row in await fetch("SELECT id FROM member WHERE handle LIKE 'p%' ORDER BY id")]
    people = people or [await plumber(connection, f"p{n}") for n in range(PEOPLE)]
    await execute("UPDATE member SET paused_at = NULL, minor_until = NULL WHERE id = ANY($1)", people)
    await execute("DELETE FROM member_skill WHERE wanted AND member_id = ANY($1)", people)
    return Street(connection, town, people)


# A hundred runs by default: 12 here, for each step writes; ten thousand with --long: 1 250.
@settings(
    max_examples=settings().max_examples // 8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, PEOPLE - 1)), max_size=30))
async def test_whatever_happens_nobody_is_told_too_often_nor_of_what_is_not_for_them(
    orm: None, connection: Connection, town: Town, steps: list[tuple[str, int]]
) -> None:
    place = await street(connection, town)
    for step, who in steps:
        await place.take(step, who)
        await place.is_sound(f"{step} ({who})")


async def test_a_busy_day_is_a_story_in_which_people_are_told(
    orm: None, connection: Connection, town: Town
) -> None:
    place = await street(connection, town)
    for step, who in [("asks", 0), ("the clock", 0), ("asks", 1), ("asks", 2), ("asks", 3), ("the clock", 0),
                      ("looks for it", 1), ("the clock", 0), ("a day", 0), ("the clock", 0), ("a day", 0),
                      ("asks", 0), ("the clock", 0), ("the desk", 2)]:  # fmt: skip
        await place.take(step, who)
        await place.is_sound(step)
    kinds = {row["kind"] for row in await fetch("SELECT DISTINCT kind FROM notice")}
    assert kinds >= {"help_fits", "help_spread"}
    assert await place.told() > 12
