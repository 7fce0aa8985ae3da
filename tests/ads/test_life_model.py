"""The life of an annonce through its verbs, in any order: what is allowed, and what the row then says."""

from dataclasses import dataclass
from typing import Final

import asyncpg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from echange.ads import Ad
from echange.ads.lasting import expire, release_waiting, warn
from echange.ads.models import AdEvent, Closure
from echange.database import execute
from echange.http import Refusal, Viewer
from tests.neighbours import Town

STEPS: Final = (
    "publish", "release", "hide", "restore", "close", "reopen", "renew", "let it run out",
    "come near the end", "reserve", "set free", "make it standing", "make it end",
    "a day passes", "the clock ticks",
)  # fmt: skip
EVERY_STATE: Final = {"draft", "held", "published", "reserved", "expired", "closed", "hidden"}


@dataclass
class Life:
    """What must be true of a newcomer's annonce; each step says how it is refused, or "" when it is done."""

    published: bool = False
    held: bool = False
    hidden: bool = False
    closed: bool = False
    over: bool = False
    near: bool = False
    reserved: bool = False
    resumes: bool = False
    standing: bool = False

    @property
    def state(self) -> str:
        if not self.published:
            return "draft"
        if self.hidden:
            return "hidden"
        if self.closed:
            return "closed"
        if self.held:
            return "held"
        if self.reserved:
            return "reserved"
        return "expired" if self.over else "published"

    def take(self, step: str) -> str:
        if not self.published and step != "publish":
            if step in {"make it standing", "make it end"}:
                self.standing = step == "make it standing"
            if step == "restore":
                return "not_hidden"
            return "not_published" if step in VERBS else ""
        done: str = getattr(self, "_" + step.replace(" ", "_"))()
        return done

    def _publish(self) -> str:
        if self.published:
            return "already_published"
        self.published = self.held = True
        return ""

    def _release(self) -> str:
        if self.hidden:
            return "hidden"
        if not self.held or self.closed:
            return "not_held"
        self.held = False
        return self._vouch()

    def _hide(self) -> str:
        if self.hidden:
            return "hidden"
        self.hidden = True
        return ""

    def _restore(self) -> str:
        if not self.hidden:
            return "not_hidden"
        self.hidden = self.held = False
        return ""

    def _close(self) -> str:
        if self.closed:
            return "already_closed"
        self.closed, self.resumes, self.reserved = True, self.reserved, False
        return ""

    def _reopen(self) -> str:
        if not self.closed:
            return "not_closed"
        self.closed, self.reserved = False, self.resumes
        return self._vouch() if self.over else ""

    def _renew(self) -> str:
        if self.hidden:
            return "hidden"
        if self.closed:
            return "already_closed"
        soon = self.standing or self.over or self.near
        return self._vouch() if soon and self.state in {"published", "reserved", "expired"} else "too_early"

    def _vouch(self) -> str:
        self.over = self.near = False
        return ""

    def _let_it_run_out(self) -> str:
        self.over = self.over or not self.standing
        return ""

    def _come_near_the_end(self) -> str:
        self.near = not self.over and not self.standing
        return ""

    def _reserve(self) -> str:
        self.reserved = self.reserved or self.state == "published"
        return ""

    def _set_free(self) -> str:
        self.reserved = False
        return ""

    def _make_it_standing(self) -> str:
        if not self.standing:
            self._vouch()
        self.standing = True
        return ""

    def _make_it_end(self) -> str:
        if self.standing:
            self._vouch()
        self.standing = False
        return ""

    def _a_day_passes(self) -> str:
        if self.state == "held":
            self._release()
        return ""

    def _the_clock_ticks(self) -> str:
        return ""


VERBS: Final = {"release", "hide", "restore", "close", "reopen", "renew"}


class Neighbours:
    """Alice, newly here, a moderator, and Bob who answers."""

    def __init__(self, town: Town) -> None:
        self.alice = Viewer(id=town["alice"], name="Alice", handle="alice", confirmed=True)
        self.bob = Viewer(id=town["bob"], name="Bob", handle="bob", confirmed=True)
        self.moderator = Viewer(id=town["moderatrice"], name="M", handle="moderatrice", confirmed=True)

    async def take(self, step: str, life: Life, ad_id: int) -> str:
        """Take a step for good; the code of its refusal, or ""."""
        ad = await Ad.get(id=ad_id)
        try:
            match step:
                case "publish":
                    await ad.publish(by=self.alice)
                case "release" | "hide" | "restore":
                    await getattr(ad, step)(by=self.moderator)
                case "close":
                    await ad.close(by=self.alice, outcome="done")
                case "reopen" | "renew":
                    await getattr(ad, step)(by=self.alice)
                case "make it standing" | "make it end":
                    await ad.edit(by=self.alice, standing=step == "make it standing")
                case _:
                    await self._happen(step, life, ad)
        except Refusal as refusal:
            return refusal.code
        return ""

    async def _happen(self, step: str, life: Life, ad: Ad) -> None:
        match step:
            case "let it run out" if ad.expires_at:
                await execute("UPDATE ad SET expires_at = now() - interval '1 hour' WHERE id = $1", ad.id)
            case "come near the end" if ad.expires_at and not life.over:
                await execute("UPDATE ad SET expires_at = now() + interval '6 days' WHERE id = $1", ad.id)
            case "reserve" if ad.state == "published":
                await execute(
                    """WITH one AS (INSERT INTO answer (ad_id, member_id) VALUES ($1, $2)
                           ON CONFLICT (ad_id, member_id) DO UPDATE SET note = '' RETURNING id)
                       INSERT INTO reservation (ad_id, answer_id, accepted_at)
                       SELECT $1, id, now() FROM one""",
                    ad.id,
                    self.bob.id,
                )
            case "set free":
                await execute(
                    """UPDATE reservation SET ended_at = now(), ending = 'released'
                       WHERE ad_id = $1 AND ended_at IS NULL""",
                    ad.id,
                )
            case "a day passes":
                await execute("UPDATE ad SET held_at = held_at - interval '1 day' WHERE id = $1", ad.id)
                await release_waiting()
            case "the clock ticks":
                await expire()
                await warn("secret")


async def _check(ad_id: int, life: Life, neighbours: Neighbours) -> None:
    ad = await Ad.get(id=ad_id)
    assert ad.state == life.state
    stands = life.published and not (life.held or life.hidden or life.closed)
    assert ad.listed == (stands and ad.expired_at is None)
    if ad.state in {"published", "reserved"}:
        assert ad.listed, "what is open stands in the lists"
    if ad.expired_at is not None:
        assert life.over
    assert (ad.expires_at is None) == (life.standing or not life.published)
    assert await Closure.filter(ad_id=ad_id).count() == int(life.closed)
    others_see = ad.state in {"published", "reserved", "expired", "closed"} and not life.held
    assert await Ad.visible_to(neighbours.bob).filter(id=ad_id).exists() == others_see
    assert await Ad.visible_to(neighbours.alice).filter(id=ad_id).exists()
    assert ad.can_be_answered_by(neighbours.bob) == (ad.state in {"published", "reserved"})


@given(steps=st.lists(st.sampled_from(STEPS), max_size=24))
@settings(
    max_examples=settings().max_examples // 4,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_any_life_stays_sound(
    orm: None, connection: "asyncpg.Connection[asyncpg.Record]", town: Town, steps: list[str]
) -> None:
    await connection.execute("DELETE FROM ad")
    await connection.execute("UPDATE member SET verified_at = NULL WHERE id = $1", town["alice"])
    neighbours, life = Neighbours(town), Life()
    ad = await Ad.start(kind="lend", title="Perceuse", by=neighbours.alice)
    noted = 0
    for step in steps:
        expected = life.take(step)
        assert await neighbours.take(step, life, ad.id) == expected, step
        await _check(ad.id, life, neighbours)
        now_noted = await AdEvent.filter(ad_id=ad.id).count()
        assert now_noted >= noted, "the history only grows"
        if step in VERBS and not expected:
            assert now_noted > noted, f"{step} is written down"
        noted = now_noted


# From a draft to each state, and back to where neighbours answer.
ROADS: Final = {
    "held": (["publish"], ["release"]),
    "published": (["publish", "release"], []),
    "reserved": (["publish", "release", "reserve"], ["set free"]),
    "expired": (["publish", "release", "let it run out", "the clock ticks"], ["renew"]),
    "closed": (["publish", "release", "close"], ["reopen"]),
    "hidden": (["publish", "release", "hide"], ["restore"]),
}


async def test_every_state_is_reached_and_left(orm: None, town: Town) -> None:
    await execute("UPDATE member SET verified_at = NULL WHERE id = $1", town["alice"])
    neighbours = Neighbours(town)
    assert ROADS.keys() | {"draft"} == EVERY_STATE
    for state, (there, back) in ROADS.items():
        await execute("DELETE FROM ad")
        ad = await Ad.start(kind="lend", title="Perceuse", by=neighbours.alice)
        life = Life()
        for step in [*there, *back]:
            assert await neighbours.take(step, life, ad.id) == life.take(step) == ""
            if step == there[-1]:
                assert (await Ad.get(id=ad.id)).state == state
        assert (await Ad.get(id=ad.id)).state == "published"
