"""A day of a rota and who comes: signing up, waiting, swapping, calling off. Said twice, it counts once."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from tortoise.expressions import Q, Subquery
from tortoise.queryset import QuerySet

from echange.database import fetch_value, in_transaction
from echange.http import NotAllowed, NotFound, Viewer
from echange.http.dates import now
from echange.members import Member, note_act
from echange.mutual_aid import newcomers, refusals, rota_notices, rota_refusals
from echange.mutual_aid.models.help import Help
from echange.mutual_aid.models.shift_row import ShiftOffer, ShiftRow, ShiftSignup
from echange.mutual_aid.rota_queries import comes_elsewhere, may_be_asked, next_in_line
from echange.mutual_aid.rota_seeing import may_run, myself
from echange.mutual_aid.seeing import actor, persons_of, seen_by

__all__ = ["Shift", "ShiftOffer", "ShiftSignup"]


class Shift(ShiftRow):
    """A shift. Never more come than it has places, the database sees to it; others wait in their order."""

    class Meta(ShiftRow.Meta):
        table = "shift"
        abstract = False

    @classmethod
    def visible_to(cls, viewer: Viewer | None) -> QuerySet["Shift"]:
        """Those of helps that they see, those they come to or are asked to, those they coordinate."""
        seen = Q(slot__help_id__in=Subquery(Help.filter(seen_by(viewer)).values("id")))
        if viewer is not None:
            me = myself(viewer)
            own = ShiftSignup.filter(member_id=me, ended_at=None)
            asked = ShiftOffer.filter(member_id=me, answered_at=None)
            seen |= Q(id__in=Subquery(own.values("shift_id"))) | Q(id__in=Subquery(asked.values("shift_id")))
        return cls.filter(seen)

    @classmethod
    async def to_come(cls, slot_id: int) -> list["Shift"]:
        """A slot's shifts that have not begun nor been called off, locked in their order."""
        still = cls.filter(slot_id=slot_id, starts_at__gt=now(), cancelled_at=None)
        return await still.select_for_update(no_key=True).order_by("id")

    @classmethod
    async def with_people(cls, shifts: Sequence["Shift"]) -> list["Shift"]:
        """Those of them that somebody comes to."""
        ids = [shift.id for shift in shifts]
        signups = await ShiftSignup.filter(shift_id__in=ids, ended_at=None, waiting=False)
        taken = {one.shift_id for one in signups}
        return [shift for shift in shifts if shift.id in taken]

    async def come(self, *, by: Viewer) -> ShiftSignup:
        """Sign up: instead of who looks for a swap, else for a free place, else on the waiting list.

        Raises ShiftStarted, ShiftCancelled, Over, HiddenHelp, OwnShift, ElsewhereThen, Paused, Unconfirmed,
        NotFound, Unreachable, GuardianNeeded, OutOfScope.
        """
        me = actor(by)
        async with in_transaction():
            member = await Member.filter(id=me).select_for_update(no_key=True).get()
            aid = await self.help_of()
            shift = await self.lock()
            if known := await shift.signup_of(me):
                return known
            await shift._check_comer(aid, member, by)
            signup, instead_of = await shift._place(me)
            await ShiftOffer.filter(shift_id=shift.id, member_id=me).update(answered_at=now())
            await note_act(by, "shift_taken", ("help", aid.id))
            await rota_notices.came(aid, shift, signup, instead_of)
            return signup

    async def leave(self, *, by: Viewer) -> None:
        """Come no more, or wait no more: the next in line comes. Raises ShiftStarted, OutOfScope."""
        async with self._mine(by) as (aid, shift, mine):
            if mine is None:
                return
            await shift._check_to_come()
            after = await shift._free(mine, aid)
            if not mine.waiting:
                await rota_notices.left(aid, shift, mine.member_id, after)
            await note_act(by, "shift_left", ("help", aid.id))

    async def ask_swap(self, *, by: Viewer) -> bool:
        """Look for somebody to come instead; who asks comes unless somebody does. Whether somebody who waited
        does so at once; the others are asked. Raises NotComing, ShiftStarted, ShiftCancelled.
        """
        async with self._mine(by) as (aid, shift, mine):
            if mine is None or mine.waiting:
                raise rota_refusals.NotComing
            await shift._check_to_come()
            if after := await shift._free(mine, aid, only_if_followed=True):
                await rota_notices.left(aid, shift, mine.member_id, after)
                return True
            if mine.swap_at is None:
                await ShiftSignup.filter(id=mine.id).update(swap_at=now())
                await rota_notices.swap_asked(aid, shift, mine.member_id)
                await note_act(by, "shift_swap_asked", ("help", aid.id))
            return False

    async def keep(self, *, by: Viewer) -> None:
        """Come after all. Raises NotComing when somebody else does already."""
        async with self._mine(by) as (_aid, _shift, mine):
            if mine is None or mine.waiting:
                raise rota_refusals.NotComing
            await ShiftSignup.filter(id=mine.id).update(swap_at=None)

    async def cancel(self, *, by: Viewer, reason: str) -> None:
        """Call it off; whoever comes or waits is told why. Raises NotAllowed, ShiftStarted."""
        async with self._run(by) as (aid, shift):
            if shift.cancelled_at is not None:
                return
            await shift._check_to_come()
            await Shift.filter(id=shift.id).update(cancelled_at=now(), cancelled_for=reason)
            await shift._tell_all_of(aid, "shift_cancelled", reason, but=by.id)
            await note_act(by, "shift_cancelled", ("help", aid.id))

    async def restore(self, *, by: Viewer) -> None:
        """It takes place after all; its people are told.

        Raises NotAllowed, ShiftStarted, SlotOver, Over, HiddenHelp.
        """
        async with self._run(by) as (aid, shift):
            if shift.cancelled_at is None:
                return
            if shift.has_begun:
                raise rota_refusals.ShiftStarted
            _check_open(aid)
            if await fetch_value("SELECT ended_at FROM rota_slot WHERE id = $1", shift.slot_id):
                raise rota_refusals.SlotOver
            await Shift.filter(id=shift.id).update(cancelled_at=None, cancelled_for="")
            await shift._tell_all_of(aid, "shift_restored", but=by.id)
            await note_act(by, "rota_changed", ("help", aid.id))

    async def call_off(self, *, by: Viewer, reason: str) -> None:
        """For good, as part of a change of the rota, in the caller's transaction, the shift being locked."""
        aid = await self.help_of()
        await Shift.filter(id=self.id).update(cancelled_at=now(), cancelled_for=reason)
        await self._tell_all_of(aid, "shift_cancelled", reason, but=by.id)

    async def release(self, *, by: Viewer, member_id: int) -> None:
        """Take somebody off it, who is told; the next in line comes. Raises NotAllowed, ShiftStarted."""
        async with self._run(by) as (aid, shift):
            theirs = await shift.signup_of(member_id)
            if theirs is None:
                return
            await shift._check_to_come()
            await shift._free(theirs, aid)
            await rota_notices.released(aid, shift, member_id)
            await note_act(by, "shift_freed", ("help", aid.id))

    async def offer_to(self, member_id: int, *, by: Viewer) -> ShiftOffer:
        """Propose it to somebody of the group, or who came before; they say yes or no.

        Raises NotAllowed, NotOneOfThem, ShiftStarted, ShiftCancelled.
        """
        async with self._run(by) as (aid, shift):
            await shift._check_to_come()
            if member_id not in await may_be_asked(aid, shift.id):
                if known := await ShiftOffer.get_or_none(shift_id=shift.id, member_id=member_id):
                    return known
                raise rota_refusals.NotOneOfThem
            offer = await ShiftOffer.create(shift_id=shift.id, member_id=member_id, by_id=by.id)
            await rota_notices.offered(aid, shift, member_id, by)
            await note_act(by, "shift_offered", ("help", aid.id))
            return offer

    async def answer(self, *, by: Viewer, yes: bool) -> ShiftSignup | None:
        """Say yes or no to a shift proposed to oneself. Raises NoOffer, and what `come` does."""
        async with in_transaction():
            # Members before shifts, as everywhere.
            await Member.filter(id=actor(by)).select_for_update(no_key=True).get()
            await self.lock()
            offer = await ShiftOffer.get_or_none(shift_id=self.id, member_id=actor(by))
            if offer is None:
                raise rota_refusals.NoOffer
            if yes:
                return await self.come(by=by)
            if offer.answered_at is None:
                await ShiftOffer.filter(id=offer.id).update(answered_at=now())
                await rota_notices.declined(await self.help_of(), self, offer)
            return None

    async def drop(self, signup: ShiftSignup, aid: Help) -> None:
        """Somebody is gone from échange, or apart from whose help it is: the next in line comes. In the
        caller's transaction, the shift being locked.
        """
        after = await self._free(signup, aid)
        if not signup.waiting and not self.has_begun:
            await rota_notices.left(aid, self, signup.member_id, after)

    async def fill(self) -> None:
        """Who waits takes the places that stand free: they came elsewhere then, and do no more. In the
        caller's transaction, the shift being locked.
        """
        aid = await self.help_of()
        here = ShiftSignup.filter(shift_id=self.id, ended_at=None, waiting=False)
        for _place in range(self.people - await here.count()):
            after = await next_in_line(self.id, aid.person_id)
            if after is None:
                return
            await self._give_place(after, aid)
            await rota_notices.came(aid, self, await ShiftSignup.get(id=after[0]), None)

    async def help_of(self) -> Help:
        """The help it is for."""
        return await Help.get(rota__shifts__id=self.id)

    async def lock(self) -> "Shift":
        """It as it is now, held until the transaction ends. Raises NotFound when it is gone."""
        shift = await Shift.filter(id=self.id).select_for_update(no_key=True).first()
        if shift is None:
            raise NotFound
        return shift

    async def signup_of(self, member_id: int) -> ShiftSignup | None:
        """How somebody stands to it."""
        return await ShiftSignup.get_or_none(shift_id=self.id, member_id=member_id, ended_at=None)

    @asynccontextmanager
    async def _mine(self, by: Viewer) -> AsyncIterator[tuple[Help, "Shift", ShiftSignup | None]]:
        me = actor(by)
        async with in_transaction():
            aid = await self.help_of()
            shift = await self.lock()
            yield aid, shift, await shift.signup_of(me)

    @asynccontextmanager
    async def _run(self, by: Viewer) -> AsyncIterator[tuple[Help, "Shift"]]:
        async with in_transaction():
            aid = await self.help_of()
            if not await may_run(aid, by):
                raise NotAllowed
            yield aid, await self.lock()

    async def _check_to_come(self) -> None:
        if self.cancelled_at is not None:
            raise rota_refusals.ShiftCancelled
        if self.has_begun:
            raise rota_refusals.ShiftStarted

    async def _check_comer(self, aid: Help, member: Member, by: Viewer) -> None:
        await self._check_to_come()
        _check_open(aid)
        if aid.person_id in persons_of(by):
            raise rota_refusals.OwnShift
        newcomers.check_ready(member)
        await newcomers.check_between(by, member, aid.person_id)
        if await comes_elsewhere(member.id, self.starts_at, self.ends_at):
            raise rota_refusals.ElsewhereThen

    async def _place(self, member_id: int) -> tuple[ShiftSignup, int | None]:
        """Their place, and whom they replace."""
        here = ShiftSignup.filter(shift_id=self.id, ended_at=None, waiting=False)
        asking = await here.filter(swap_at__isnull=False).order_by("swap_at", "id").first()
        if asking is not None:
            await asking.end()
        waiting = asking is None and await here.count() >= self.people
        signup = await ShiftSignup.create(shift_id=self.id, member_id=member_id, waiting=waiting)
        return signup, asking.member_id if asking else None

    async def _free(self, signup: ShiftSignup, aid: Help, *, only_if_followed: bool = False) -> int | None:
        """End a signup; the first in line takes the place and is told: who it is."""
        after = None if signup.waiting else await next_in_line(self.id, aid.person_id)
        if after is None and only_if_followed:
            return None
        await signup.end()
        return await self._give_place(after, aid) if after else None

    async def _give_place(self, after: tuple[int, int], aid: Help) -> int:
        signup_id, member_id = after
        await ShiftSignup.filter(id=signup_id).update(waiting=False)
        await rota_notices.your_turn(aid, self, member_id)
        return member_id

    async def _tell_all_of(self, aid: Help, kind: str, reason: str = "", *, but: int = 0) -> None:
        others = [member_id for member_id in await ShiftSignup.all_of(self.id) if member_id != but]
        await rota_notices.tell_people(aid, self, kind, others, reason)


def _check_open(aid: Help) -> None:
    if aid.hidden_at is not None:
        raise refusals.HiddenHelp
    if aid.ended_at is not None:
        raise refusals.Over
