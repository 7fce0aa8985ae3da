"""The fair queue through its verbs in any order, beside a model of its published rule."""

from dataclasses import dataclass, field
from random import Random
from typing import Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from echange.ads import promises, queue, turns
from echange.ads.models import Ad, Answer, Reservation
from echange.database import execute, fetch, fetch_value
from echange.http import Refusal
from echange.members import Member
from tests.ads.crowd import a_day_later, crowd, wanted
from tests.ads.crowd import given as given_away
from tests.neighbours import Town

NEIGHBOURS: Final = 7
STEPS: Final = (
    "answers", "withdraws", "says yes", "says no", "stays silent", "does not come", "is released",
    "is blocked", "goes away", "comes back", "the clock ticks",
)  # fmt: skip


@dataclass
class Model:
    """`line`: who waits, in order. Each step moves it as the rule says."""

    line: list[int]
    promised: int | None = None
    accepted: bool = False
    away: set[int] = field(default_factory=set)
    blocked: set[int] = field(default_factory=set)
    withdrawn: set[int] = field(default_factory=set)
    gone: set[int] = field(default_factory=set)

    def meets(self, who: int) -> bool:
        return who not in self.away | self.blocked

    def settle(self) -> None:
        if self.promised is not None and not self.meets(self.promised):
            self.leave()

    def leave(self) -> None:
        if self.promised is not None:
            self.gone.add(self.promised)
        self.promised, self.accepted = None, False
        self.pass_on()

    def pass_on(self) -> None:
        if self.promised is None:
            self.promised = next((who for who in self.line if self.meets(who)), None)
            if self.promised is not None:
                self.line.remove(self.promised)

    def take(self, step: str, who: int) -> None:
        self.settle()
        match step:
            case "answers" if self.meets(who) and who != self.promised and who not in self.line:
                self.line.append(who)
                self.gone.discard(who)
                self.withdrawn.discard(who)
                self.pass_on()
            case "withdraws" if who not in self.withdrawn and self.is_known(who):
                self.withdrawn.add(who)
                if who == self.promised:
                    self.leave()
                elif who in self.line:
                    self.line.remove(who)
            case "says yes":
                self.accepted = self.promised is not None
            case "says no" | "is released":
                if self.promised is not None:
                    self.leave()
            case "stays silent" if self.promised is not None and not self.accepted:
                self.leave()
            case "does not come" if self.accepted:
                self.leave()
            case "is blocked":
                self.blocked.add(who)
            case "goes away":
                self.away.add(who)
            case "comes back":
                self.away.discard(who)
            case "the clock ticks":
                self.pass_on()

    def is_known(self, who: int) -> bool:
        return who in self.line or who == self.promised or who in self.gone | self.withdrawn


@dataclass
class Street:
    """The same steps in the real town."""

    ad: Ad
    owner: Member
    people: list[Member]

    async def take(self, step: str, who: int) -> None:
        await promises.settle(self.ad.id)
        promise = (
            await Reservation.filter(ad_id=self.ad.id, ended_at=None).select_related("answer__member").first()
        )
        one = self.people[who]
        try:
            match step:
                case "answers":
                    await wanted(self.ad, one)
                case "withdraws":
                    await Answer.withdraw(self.ad, by=one)
                case "says yes" if promise:
                    await promise.accept(by=promise.answer.member)
                case "says no" if promise:
                    await promise.decline(by=promise.answer.member)
                case "is released" if promise:
                    await promise.release(by=self.owner)
                case "does not come" if promise:
                    await promise.fall_through(by=self.owner)
                case "stays silent":
                    await execute(
                        "UPDATE reservation SET answer_by = now() - interval '1 s' WHERE ended_at IS NULL"
                    )
                    await promises.settle(self.ad.id)
                case "is blocked":
                    await execute(
                        "INSERT INTO block (by_id, member_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                        self.owner.id,
                        one.id,
                    )
                case "goes away" | "comes back":
                    at = "now()" if step == "goes away" else "NULL"
                    await execute(f"UPDATE member SET paused_at = {at} WHERE id = $1", one.id)
                case "the clock ticks":
                    await turns.tick()
        except Refusal:
            # What the rule refuses changes nothing: the comparison tells.
            return

    async def is_as(self, model: Model, step: str) -> None:
        """One promise at most, to whom the rule says; the line in the order of the rule."""
        rows = await fetch(
            """SELECT a.member_id, r.accepted_at IS NOT NULL AS accepted FROM reservation r
               JOIN answer a ON a.id = r.answer_id WHERE r.ad_id = $1 AND r.ended_at IS NULL""",
            self.ad.id,
        )
        ids = [one.id for one in self.people]
        said = [(ids.index(row["member_id"]), row["accepted"]) for row in rows]
        expected = [] if model.promised is None else [(model.promised, model.accepted)]
        assert said == expected, step
        line = [ids.index(member_id) for member_id in await queue.all_in_line(self.ad.id)]
        assert line == [who for who in model.line if model.meets(who)], step
        assert await fetch_value("SELECT reserved FROM ad WHERE id = $1", self.ad.id) == bool(rows)


async def opened(town: Town, people: list[Member]) -> tuple[Street, Model]:
    """An open queue of all these people, and what the rule says of it."""
    await execute("DELETE FROM ad")
    await execute("DELETE FROM block")
    await execute("UPDATE member SET paused_at = NULL WHERE paused_at IS NOT NULL")
    ad = await given_away(town["alice"], town.quartiers["les-larris"])
    await wanted(ad, *people)
    await a_day_later(ad)
    await turns.tick()
    ids = [one.id for one in people]
    seed = str(await fetch_value("SELECT queue_seed FROM ad WHERE id = $1", ad.id))
    in_order = sorted(ids, key=lambda member_id: queue.lot(seed, ad.id, member_id))
    model = Model([ids.index(member_id) for member_id in in_order])
    model.pass_on()
    return Street(await Ad.get(id=ad.id), await Member.get(id=town["alice"]), people), model


# A hundred runs by default: 12 here, for each step writes; ten thousand with --long: 1 250.
@settings(
    max_examples=settings().max_examples // 8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, NEIGHBOURS - 1)), max_size=25))
async def test_whatever_happens_there_is_one_promise_to_whom_the_rule_says(
    orm: None, town: Town, steps: list[tuple[str, int]]
) -> None:
    people = await Member.filter(handle__startswith="voisin-").order_by("id") or await crowd(NEIGHBOURS)
    place, model = await opened(town, people)
    await place.is_as(model, "the queue opens")
    for step, who in steps:
        await place.take(step, who)
        model.take(step, who)
        await place.is_as(model, f"{step} ({who})")


async def test_eighty_eight_random_fates_end_in_one_gift_or_an_empty_line(orm: None, town: Town) -> None:
    chance = Random(88)
    people = await crowd(88)
    place, model = await opened(town, people)
    fates = [
        "says no",
        "stays silent",
        "is released",
        "does not come",
        "is blocked",
        "goes away",
        "withdraws",
    ]
    for _ in range(500):
        if model.promised is None:
            break
        who = model.promised
        step = chance.choice(fates)
        if step == "does not come":
            await place.take("says yes", who)
            model.take("says yes", who)
        await place.take(step, who)
        model.take(step, who)
        if step in {"is blocked", "goes away"}:
            await place.take("the clock ticks", who)
            model.take("the clock ticks", who)
        await place.is_as(model, step)
    assert model.promised is None
    assert await queue.all_in_line(place.ad.id) == []
    # Each had their turn once, in the order of their places.
    turns_taken = await fetch(
        """SELECT a.rank FROM reservation r JOIN answer a ON a.id = r.answer_id
           WHERE r.ad_id = $1 ORDER BY r.id""",
        place.ad.id,
    )
    assert [row["rank"] for row in turns_taken] == list(range(1, 89))
    told = "SELECT count(*) FROM notice WHERE member_id = $1 AND kind = 'line_empty'"
    assert await fetch_value(told, place.owner.id) == 1
