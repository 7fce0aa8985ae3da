"""A promise of an annonce to one neighbour."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import ClassVar, Final

from tortoise import Model, fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint

from echange.ads import promises, refusals
from echange.ads.carrying import CARRIES
from echange.ads.models.ad import Ad
from echange.ads.models.answer import Answer
from echange.ads.seeing import Someone
from echange.chat import Conversation, client_id
from echange.database import in_transaction
from echange.http import NotAllowed, NotFound
from echange.http.dates import day, hour, now
from echange.http.promises import kept
from echange.i18n import gettext as _
from echange.members import Member
from echange.notifications import tell

ENDINGS: Final = ("done", "released", "withdrawn", "declined", "silent", "fell_through", "closed")
MEET_WITHIN: Final = timedelta(days=92)
REMINDED_BEFORE: Final = timedelta(hours=24)


class Reservation(Model):
    """A promise to whoever gave `answer`, until it ends; the database keeps them to one at a time.

    `by` promised it, or the queue itself when nobody. In a fair queue the neighbour says yes before
    `answer_by`, and `accepted_at` tells when; elsewhere they have said so before. `meet_at`, `meet_where`:
    the appointment `meet_by` proposed, agreed by the other side at `meet_agreed_at`. `reminded_at`: both were
    told the day before; `nudged_at`: the giver was asked how it went.
    """

    id = fields.IntField(primary_key=True)
    at = fields.DatetimeField(auto_now_add=True)
    answer_by = fields.DatetimeField(null=True)
    accepted_at = fields.DatetimeField(null=True)
    meet_at = fields.DatetimeField(null=True)
    meet_where = fields.CharField(max_length=200, default="", db_default="")
    meet_agreed_at = fields.DatetimeField(null=True)
    reminded_at = fields.DatetimeField(null=True)
    nudged_at = fields.DatetimeField(null=True)
    ended_at = fields.DatetimeField(null=True)
    ending = fields.CharField(max_length=20, null=True)
    by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "echange.Member", null=True, related_name="promises", on_delete=fields.RESTRICT, db_index=True
    )
    meet_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "echange.Member", null=True, related_name="meetings", on_delete=fields.SET_NULL, db_index=True
    )
    ad: fields.ForeignKeyRelation[Ad] = fields.ForeignKeyField(
        "echange.Ad", related_name="reservations", on_delete=fields.CASCADE
    )
    answer: fields.ForeignKeyRelation[Answer] = fields.ForeignKeyField(
        "echange.Answer", related_name="reservations", on_delete=fields.CASCADE, db_index=True
    )

    by_id: int | None
    meet_by_id: int | None
    ad_id: int
    answer_id: int

    class Meta:
        table = "reservation"
        indexes: ClassVar = [Index(fields=("ad_id", "id"), name="reservation_ad")]
        constraints = [
            CheckConstraint(
                check="ending IN ('done', 'released', 'withdrawn', 'declined', 'silent', 'fell_through',"
                " 'closed')",
                name="reservation_ending_known",
            ),
            CheckConstraint(check="(ended_at IS NULL) = (ending IS NULL)", name="reservation_ended_somehow"),
        ]

    @classmethod
    async def of(cls, ad: Ad, viewer: Someone) -> "Reservation":
        """The promise under way, for its two sides; raises NotFound for anybody else.

        One whose time is over is passed on first.
        """
        await promises.settle(ad.id)
        promise = await cls.filter(ad_id=ad.id, ended_at=None).select_related("answer__member").first()
        if promise is None or not (promise.is_for(viewer) or ad.can_be_edited_by(viewer)):
            raise NotFound
        return promise

    def is_for(self, viewer: Someone) -> bool:
        """Whether it was promised to them."""
        return self.answer.member_id == viewer.id

    @property
    def accepted(self) -> bool:
        return self.accepted_at is not None

    @classmethod
    async def promise(
        cls, ad: Ad, *, by: Someone, answer_id: int | None = None, member_id: int | None = None
    ) -> "Reservation":
        """Reserve it for the neighbour of an answer.

        Raises AlreadyReserved, QueueDecides, AlreadyClosed, HiddenAd, AwayOwner, Expired, NotAllowed,
        NotFound.
        """
        _check_side(ad, by)
        async with in_transaction():
            ad = await ad.lock()
            _check_shown(ad)
            if ad.fair:
                raise refusals.QueueDecides
            answer = await cls._chosen(ad, answer_id, member_id)
            with kept({"reservation_one_at_a_time": refusals.AlreadyReserved}):
                promise_id = await promises.promise(ad, answer.id, answer.member_id, by=by.id)
        return await cls.get(id=promise_id).select_related("answer__member")

    @classmethod
    async def _chosen(cls, ad: Ad, answer_id: int | None, member_id: int | None) -> Answer:
        wanted = {"id": answer_id} if answer_id is not None else {"member_id": member_id}
        answer = await Answer.get_or_none(ad_id=ad.id, withdrawn_at=None, **wanted)
        if answer is None or not await answer.is_meetable():
            raise NotFound
        return answer

    async def accept(self, *, by: Someone) -> int:
        """Say yes: the conversation with the giver opens, with the answer's words. Its id.

        Raises PromiseOver, TooLate, NotAllowed, and what posting raises.
        """
        async with self._held() as ad:
            if self.answer.member_id != by.id:
                raise NotAllowed
            if not self.accepted:
                if self.answer_by is not None and self.answer_by <= now():
                    raise refusals.TooLate
                self.accepted_at = now()
                await self.save(update_fields=["accepted_at"])
                await self._open_conversation(ad)
                link = f"/annonces/{ad.id}/reservation"
                await tell(ad.owner_id or 0, "accepted", link=link, by=by.id, name=by.name, title=ad.title)
        return self.answer.conversation_id or 0

    async def decline(self, *, by: Someone) -> None:
        """Leave it to the next one; after a yes this is giving up. Raises PromiseOver, NotAllowed."""
        async with self._held() as ad:
            if self.answer.member_id != by.id:
                raise NotAllowed
            await promises.give_up(ad, "withdrawn" if self.accepted else "declined", by=by.id)

    async def release(self, *, by: Someone) -> None:
        """Its owner takes the promise back. Raises PromiseOver, NotAllowed."""
        async with self._held() as ad:
            _check_side(ad, by)
            await promises.end(ad, "released", by=by.id)
            await tell(self.answer.member_id, "released", link=ad.url, by=ad.owner_id, title=ad.title)
            await promises.free(ad)

    async def fall_through(self, *, by: Someone) -> None:
        """They did not come. Raises PromiseOver, NotYetAccepted, NotAllowed."""
        async with self._held() as ad:
            _check_side(ad, by)
            if not self.accepted:
                raise refusals.NotYetAccepted
            await promises.end(ad, "fell_through", by=by.id)
            await tell(self.answer.member_id, "missed", link=ad.url, by=ad.owner_id, title=ad.title)
            await promises.free(ad)

    async def meet(self, *, by: Someone, at: datetime, where: str) -> None:
        """Propose when and where to meet; the other side agrees, or proposes something else.

        Raises PromiseOver, NotYetAccepted, NotInTheFuture, NotAllowed.
        """
        if not now() < at < now() + MEET_WITHIN:
            raise refusals.NotInTheFuture
        async with self._held() as ad:
            self._check_one_of_both(ad, by)
            self.meet_at, self.meet_where, self.meet_by_id = at, where, by.id
            self.meet_agreed_at = self.reminded_at = None
            await self.save()
            words = _("Je propose {day} à {hour}, {where}.").format(day=day(at), hour=hour(at), where=where)
            await self._say(ad, by, words)
            await self._tell_other(ad, by, "meeting_proposed")

    async def agree(self, *, by: Someone) -> None:
        """Agree to what the other side proposed. Raises PromiseOver, NothingToAgree, NotAllowed."""
        async with self._held() as ad:
            self._check_one_of_both(ad, by)
            if not self.can_be_agreed_by(by) or self.meet_at is None:
                raise refusals.NothingToAgree
            self.meet_agreed_at = now()
            if self.meet_at <= now() + REMINDED_BEFORE:
                self.reminded_at = now()
            await self.save()
            words = _("C’est d’accord pour {day} à {hour}.").format(
                day=day(self.meet_at), hour=hour(self.meet_at)
            )
            await self._say(ad, by, words)
            await self._tell_other(ad, by, "meeting_agreed")

    def can_be_agreed_by(self, viewer: Someone) -> bool:
        """Whether the other side's proposal waits for them."""
        if self.meet_at is None or self.meet_agreed_at is not None:
            return False
        return self.is_for(viewer) != (self.meet_by_id == self.answer.member_id)

    @classmethod
    async def end_for(cls, ad: Ad, ending: str) -> None:
        """The annonce ends: `done` when somebody got it, else `closed`. All who answered are told, kindly.

        In the caller's transaction.
        """
        await promises.conclude(await ad.lock(), ending)

    @classmethod
    async def resume_for(cls, ad: Ad) -> None:
        """The closing is being undone: the promise that ended with it stands again.

        In the caller's transaction, before `closed_at` is emptied.
        """
        await promises.resume(await ad.lock())

    @asynccontextmanager
    async def _held(self) -> AsyncIterator[Ad]:
        """The annonce, locked, while this promise is still the one under way; raises PromiseOver."""
        async with in_transaction():
            ad = await Ad(id=self.ad_id).lock()
            fresh = (
                await Reservation.filter(id=self.id, ended_at=None).select_related("answer__member").first()
            )
            if fresh is None or ad.closed_at is not None:
                raise refusals.PromiseOver
            for name in ("accepted_at", "answer_by", "meet_at", "meet_where", "meet_by_id", "meet_agreed_at"):
                setattr(self, name, getattr(fresh, name))
            self.answer = fresh.answer
            yield ad

    def _check_one_of_both(self, ad: Ad, by: Someone) -> None:
        if self.answer.member_id != by.id:
            _check_side(ad, by)
        if not self.accepted:
            raise refusals.NotYetAccepted

    async def _open_conversation(self, ad: Ad) -> None:
        answer = self.answer
        if answer.conversation_id is not None:
            return
        conversation = await Conversation.open_about(
            "ad", ad.id, opener=answer.member_id, other=ad.owner_id or 0
        )
        answer.conversation_id = conversation.id
        await answer.save(update_fields=["conversation_id"])
        told = [answer.note]
        if answer.when_text:
            told.append(_("Quand je peux passer : {when}").format(when=answer.when_text))
        if answer.carry:
            told.append(_("Comment je l’emporte : {carry}").format(carry=_(CARRIES[answer.carry]).lower()))
        await conversation.post(by=answer.member_id, client_id=client_id(), body="\n".join(told))

    async def _say(self, ad: Ad, by: Someone, words: str) -> None:
        # A manager who wears the hat takes no part in the conversation of whoever published.
        if self.answer.conversation_id and by.id in {ad.owner_id, self.answer.member_id}:
            conversation = await Conversation.get(id=self.answer.conversation_id)
            await conversation.post(by=by.id, client_id=client_id(), body=words)

    async def _tell_other(self, ad: Ad, by: Someone, kind: str) -> None:
        other = (ad.owner_id or 0) if self.answer.member_id == by.id else self.answer.member_id
        at = self.meet_at.isoformat() if self.meet_at else ""
        link = f"/annonces/{ad.id}/reservation"
        await tell(other, kind, link=link, by=by.id, name=by.name, title=ad.title, meet=at)


def _check_side(ad: Ad, by: Someone) -> None:
    if not ad.can_be_edited_by(by):
        raise NotAllowed


def _check_shown(ad: Ad) -> None:
    # Whoever it is promised to must be able to read it.
    if ad.closed_at is not None:
        raise refusals.AlreadyClosed
    if ad.hidden_at is not None:
        raise refusals.HiddenAd
    if ad.owner_away:
        raise refusals.AwayOwner
    if ad.expired_at is not None or (ad.expires_at is not None and ad.expires_at <= now()):
        raise refusals.Expired
