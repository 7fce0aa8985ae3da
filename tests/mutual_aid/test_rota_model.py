"""A shift through its verbs in any order, beside a model of its rule: who comes, who waits, who swaps."""

from dataclasses import dataclass, field
from typing import Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from echange.database import execute, fetch
from echange.http import Refusal, Viewer
from echange.members import Member
from echange.mutual_aid.models import Shift
from echange.mutual_aid.rota_life import drop_gone
from tests.mutual_aid.helps import somebody
from tests.mutual_aid.rotas import crowd, on_rota
from tests.neighbours import Town

NEIGHBOURS: Final = 6
STEPS: Final = (
    "comes", "comes", "leaves", "looks for a swap", "keeps it", "is taken off", "goes away", "comes back",
    "it is called off", "it takes place after all",
)  # fmt: skip


@dataclass
class Model:
    """`coming` in the order of their signing up, `waiting` in theirs; `asking` for a swap too."""

    places: int
    coming: list[int] = field(default_factory=list)
    waiting: list[int] = field(default_factory=list)
    asking: list[int] = field(default_factory=list)
    away: set[int] = field(default_factory=set)
    off: bool = False

    def take(self, step: str, who: int) -> None:
        match step:
            case "comes" if not self.off and who not in self.away and who not in self.coming + self.waiting:
                self.come(who)
            case "leaves" | "is taken off" if not self.off:
                self.go(who)
            case "looks for a swap" if not self.off and who in self.coming:
                if self.waiting:
                    self.go(who)
                elif who not in self.asking:
                    self.asking.append(who)
            case "keeps it" if who in self.asking:
                self.asking.remove(who)
            case "goes away":
                self.away.add(who)
                self.go(who)
            case "comes back":
                self.away.discard(who)
            case "it is called off":
                self.off = True
            case "it takes place after all":
                self.off = False

    def come(self, who: int) -> None:
        if self.asking:
            self.coming.remove(self.asking.pop(0))
            self.coming.append(who)
        elif len(self.coming) < self.places:
            self.coming.append(who)
        else:
            self.waiting.append(who)

    def go(self, who: int) -> None:
        if who in self.waiting:
            self.waiting.remove(who)
        elif who in self.coming:
            self.coming.remove(who)
            if who in self.asking:
                self.asking.remove(who)
            if self.waiting:
                self.coming.append(self.waiting.pop(0))


@dataclass
class Street:
    """The same steps in the real town."""

    shift: Shift
    alice: Viewer
    people: list[Viewer]

    async def take(self, step: str, who: int) -> None:
        one = self.people[who]
        try:
            match step:
                case "comes":
                    await self.shift.come(by=one)
                case "leaves":
                    await self.shift.leave(by=one)
                case "looks for a swap":
                    await self.shift.ask_swap(by=one)
                case "keeps it":
                    await self.shift.keep(by=one)
                case "is taken off":
                    await self.shift.release(by=self.alice, member_id=one.id)
                case "goes away" | "comes back":
                    at = "now()" if step == "goes away" else "NULL"
                    await execute(f"UPDATE member SET paused_at = {at} WHERE id = $1", one.id)
                    await drop_gone()
                case "it is called off":
                    await self.shift.cancel(by=self.alice, reason="Malade")
                case "it takes place after all":
                    await self.shift.restore(by=self.alice)
        except Refusal:
            # What the rule refuses changes nothing: the comparison tells.
            return

    async def is_as(self, model: Model, step: str) -> None:
        ids = [one.id for one in self.people]
        rows = await fetch(
            """SELECT member_id, waiting, swap_at FROM shift_signup
               WHERE shift_id = $1 AND ended_at IS NULL ORDER BY id""",
            self.shift.id,
        )
        coming = [ids.index(row["member_id"]) for row in rows if not row["waiting"]]
        assert len(coming) <= model.places, step
        assert sorted(coming) == sorted(model.coming), step
        assert [ids.index(row["member_id"]) for row in rows if row["waiting"]] == model.waiting, step
        asking = sorted((row["swap_at"], ids.index(row["member_id"])) for row in rows if row["swap_at"])
        assert [who for _at, who in asking] == model.asking, step


# A hundred runs by default: 12 here, for each step writes; ten thousand with --long: 1 250.
@settings(
    max_examples=settings().max_examples // 8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    places=st.integers(1, 3),
    steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, NEIGHBOURS - 1)), max_size=25),
)
async def test_whatever_happens_places_order_and_swaps_hold(
    orm: None, town: Town, places: int, steps: list[tuple[str, int]]
) -> None:
    await execute("DELETE FROM help")
    await execute("UPDATE member SET paused_at = NULL WHERE paused_at IS NOT NULL")
    known = await Member.filter(handle__startswith="voisin-").order_by("id")
    people = [Viewer(one.id, one.name, one.handle, confirmed=True) for one in known] or await crowd(
        NEIGHBOURS
    )
    _aid, _slot, shifts = await on_rota(town, people=places)
    street, model = Street(shifts[0], somebody(town, "alice"), people), Model(places)
    for step, who in steps:
        await street.take(step, who)
        model.take(step, who)
        await street.is_as(model, f"{step} ({who})")
