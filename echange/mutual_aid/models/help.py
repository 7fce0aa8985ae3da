"""A help, asked for or offered, and its life: open, full, done, cancelled, expired, hidden."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from tortoise import fields
from tortoise.queryset import QuerySet

from echange.database import in_transaction
from echange.exchanges import Exchange
from echange.http import Invalid, NotAllowed, NotFound, Viewer, hat_of
from echange.http.dates import now
from echange.i18n import gettext as _
from echange.members import Member, note_act
from echange.mutual_aid import newcomers, proposing, refusals
from echange.mutual_aid.details import Details, Slot, quartier_of
from echange.mutual_aid.kinds import OUTCOMES
from echange.mutual_aid.models.help_parts import HelpEvent, HelpRole, HelpSkill, HelpSlot
from echange.mutual_aid.models.help_row import HelpRow
from echange.mutual_aid.parts import tell_parts
from echange.mutual_aid.rota_seeing import myself
from echange.mutual_aid.seeing import actor, persons_of, seen_by
from echange.mutual_aid.spans import RENEWABLE, REOPENABLE, lasts_until
from echange.mutual_aid.telling import match_soon

AGAIN: Final = timedelta(minutes=1)


class Help(HelpRow):
    """A help. What is told of it in several rows: `skills`, `roles`, `slots`."""

    skills: fields.ReverseRelation[HelpSkill]
    roles: fields.ReverseRelation[HelpRole]
    slots: fields.ReverseRelation[HelpSlot]

    # Whoever loaded it coordinates the helpers it is for.
    tended = False

    class Meta(HelpRow.Meta):
        table = "help"
        abstract = False

    @classmethod
    def visible_to(cls, viewer: Viewer | None) -> QuerySet["Help"]:
        """What somebody may see, everywhere: pages, API, cards, proposals go through this."""
        return cls.filter(seen_by(viewer))

    @property
    def state(self) -> str:
        """hidden, done, cancelled, expired, full or open."""
        if self.hidden_at:
            return "hidden"
        if self.ending:
            return self.ending
        # The clock's job may be late: what is past is past.
        if self.expires_at and self.expires_at <= now():
            return "expired"
        return "full" if self.is_full else "open"

    @property
    def is_full(self) -> bool:
        return self.kind == "ask" and self.taken >= self.people

    @property
    def pressing(self) -> str:
        """Its urgency as it stands now: said some days ago, « today » is over."""
        age = now() - self.vouched_at
        if self.urgency == "today" and age < timedelta(days=1):
            return "today"
        return "week" if self.urgency != "calm" and age < timedelta(days=7) else "calm"

    @property
    def url(self) -> str:
        return f"/entraide/{self.id}"

    def can_be_edited_by(self, viewer: Viewer | None) -> bool:
        """Whether it is of whoever they act as (themselves, the person of their mandate), of the organisation
        whose hat they wear, or for helpers whom they coordinate.
        """
        if viewer is None:
            return False
        hat = hat_of(viewer)
        of_theirs = hat is not None and self.organisation_id == hat.id
        return self.tended or of_theirs or self.person_id == myself(viewer)

    def can_be_answered_by(self, viewer: Viewer | None) -> bool:
        """Whether a proposal of theirs makes sense now; nobody answers themselves in another's name."""
        if viewer is None or self.state != "open" or self.person_id in persons_of(viewer):
            return False
        return not self.can_be_edited_by(viewer)

    def can_be_renewed(self) -> bool:
        """Whether saying that it still holds changes anything now."""
        if self.standing:
            return self.state == "open"
        if self.expires_at is None or self.hidden_at or self.ending in {"done", "cancelled"}:
            return False
        return self.expires_at - now() <= RENEWABLE

    def can_be_reopened(self) -> bool:
        """Whether its end may still be taken back."""
        if self.hidden_at or self.ended_at is None or self.ending == "expired":
            return False
        return now() - self.ended_at <= REOPENABLE

    @classmethod
    async def publish(cls, kind: str, details: Details, *, by: Viewer, once: str = "") -> "Help":
        """Ask for a help, or offer one, in the name of who acts; the same `once` again is the same help.

        Raises Paused, Unconfirmed, TooManyHelps, NoLinksYet, GuardianNeeded, QuartierMissing, Invalid,
        OutOfScope.
        """
        me, hat = actor(by), hat_of(by)
        async with in_transaction():
            member = await Member.filter(id=me).select_for_update(no_key=True).get()
            if once and (known := await cls._published_once(me, once)):
                return known
            await newcomers.check_publisher(by, member, details.title, details.body)
            quartier_id = await quartier_of(details, member)
            if quartier_id is None:
                raise refusals.QuartierMissing
            aid = await cls.create(
                kind=kind,
                person_id=me,
                by_id=by.id,
                organisation_id=hat.id if hat else None,
                quartier_id=quartier_id,
                expires_at=lasts_until(kind, details.standing, details.slots),
                **details.columns(kind),
            )
            await tell_parts(aid.id, details, member)
            await HelpEvent.note("published", aid.id, by=by.id, once=once)
            await note_act(by, "help_published", ("help", aid.id))
            await match_soon(aid.id)
            return aid

    async def edit(self, details: Details, *, by: Viewer) -> None:
        """Tell it otherwise. Raises NotAllowed, Over, HiddenHelp, PeopleComing, NoLinksYet, Invalid."""
        self._check_owner(by)
        async with in_transaction():
            member = await Member.filter(id=self.person_id).select_for_update(no_key=True).get()
            aid = await self.lock()
            aid._check_open()
            newcomers.check_links(member, details.title, details.body)
            columns = details.columns(aid.kind)
            if aid.kind == "ask" and columns["people"] < aid.taken:
                raise refusals.PeopleComing
            columns["quartier_id"] = await quartier_of(details, member) or aid.quartier_id
            before = set(await HelpSlot.filter(help_id=self.id).values_list("starts_at", "ends_at"))
            if before != set(details.slots) or columns["standing"] != aid.standing:
                columns["expires_at"] = lasts_until(aid.kind, columns["standing"], details.slots)
            changed = sorted(name for name, value in columns.items() if getattr(aid, name) != value)
            await self._write(**columns)
            await tell_parts(self.id, details, member)
            await HelpEvent.note("edited", self.id, by=by.id, fields=changed)
            await note_act(by, "help_edited", ("help", self.id))
            await match_soon(self.id)

    async def renew(self, *, by: Viewer) -> None:
        """It still holds: its full time again from now. Raises TooEarly, Over, HiddenHelp, NotAllowed."""
        self._check_owner(by)
        async with in_transaction():
            aid = await self.lock()
            if aid.hidden_at:
                raise refusals.HiddenHelp
            if aid.ending in {"done", "cancelled"}:
                raise refusals.Over
            if now() - aid.vouched_at < AGAIN and aid.state in {"open", "full"}:
                # Said twice.
                return
            if not aid.can_be_renewed():
                raise refusals.TooEarly
            await self._write(ended_at=None, ending=None, **self._vouched(await HelpSlot.of(self.id)))
            await HelpEvent.note("renewed", self.id, by=by.id)
            await note_act(by, "help_renewed", ("help", self.id))

    async def close(self, *, by: Viewer, outcome: str) -> None:
        """End it: done or cancelled. Proposals that wait are declined; what was agreed goes on.

        Raises Over when it ended otherwise, NotAllowed, Invalid (outcome).
        """
        self._check_owner(by)
        if outcome not in dict(OUTCOMES[self.kind]):
            raise Invalid({"outcome": [_("Choisissez une des réponses proposées.")]})
        async with in_transaction():
            # Before the help, as whoever says yes to one of them.
            waiting = await self.proposals().select_for_update(no_key=True).order_by("id")
            aid = await self.lock()
            if aid.ending == outcome:
                return
            if aid.ended_at is not None and aid.ending != "expired":
                raise refusals.Over
            await self._write(ended_at=now(), ending=outcome)
            await HelpEvent.note("closed", self.id, by=by.id, outcome=outcome)
            await note_act(by, "help_closed", ("help", self.id), outcome=outcome)
            for proposal in waiting:
                await proposing.decline(aid, proposal, by)

    async def reopen(self, *, by: Viewer) -> None:
        """Take its end back, within thirty days; it lasts anew if its time ran out.

        Raises TooLateToReopen, HiddenHelp, NotAllowed.
        """
        self._check_owner(by)
        async with in_transaction():
            aid = await self.lock()
            if aid.hidden_at:
                raise refusals.HiddenHelp
            if aid.ended_at is None:
                return
            if not aid.can_be_reopened():
                raise refusals.TooLateToReopen
            is_over = aid.expires_at is not None and aid.expires_at <= now()
            await self._write(
                ended_at=None, ending=None, **(self._vouched(await HelpSlot.of(self.id)) if is_over else {})
            )
            await HelpEvent.note("reopened", self.id, by=by.id)
            await note_act(by, "help_reopened", ("help", self.id))

    async def answer(
        self,
        *,
        by: Viewer,
        words: str = "",
        role: str = "",
        starts_at: datetime | None = None,
        minutes: int | None = None,
    ) -> Exchange:
        """Propose oneself for an ask, or ask for what is offered: an exchange to be accepted.

        Proposed twice, it is the same one. Raises OwnHelp, Full, RoleFull, Over, Paused, Unconfirmed,
        NotFound, GuardianNeeded, Unreachable, NoLinksYet, Invalid (role), OutOfScope, and what
        `Exchange.propose` does.
        """
        return await proposing.propose(
            self, by=by, words=words, role=role, starts_at=starts_at, minutes=minutes
        )

    def proposals(self) -> QuerySet[Exchange]:
        """Exchanges about it that wait for a yes."""
        return Exchange.filter(about_kind="help", about_id=self.id, state="proposed")

    async def hide(self, *, by: Viewer) -> None:
        """Let its person and the moderators alone see it. Raises HiddenHelp."""
        async with in_transaction():
            if not await Help.filter(id=self.id, hidden_at=None).update(hidden_at=now()):
                raise refusals.HiddenHelp
            await HelpEvent.note("hidden", self.id, by=by.id)

    async def restore(self, *, by: Viewer) -> None:
        """Show it again. Raises NotHidden."""
        async with in_transaction():
            if not await Help.filter(id=self.id, hidden_at__isnull=False).update(hidden_at=None):
                raise refusals.NotHidden
            await HelpEvent.note("restored", self.id, by=by.id)

    async def lock(self) -> "Help":
        """The row as it is now, held until the transaction ends. Raises NotFound when it is gone."""
        aid = await Help.filter(id=self.id).select_for_update(no_key=True).first()
        if aid is None:
            raise NotFound
        return aid

    @classmethod
    async def _published_once(cls, person_id: int, once: str) -> "Help | None":
        return await cls.filter(
            person_id=person_id, events__kind="published", events__data__contains={"once": once}
        ).first()

    def _vouched(self, slots: Sequence[Slot]) -> dict[str, Any]:
        """What changes when its person says that it holds."""
        to_come = [slot for slot in slots if slot[1] > now()]
        until = lasts_until(self.kind, self.standing, to_come)
        return {"vouched_at": now(), "warned_at": None, "expires_at": until}

    def _check_owner(self, by: Viewer) -> None:
        actor(by)
        if not self.can_be_edited_by(by):
            raise NotAllowed

    def _check_open(self) -> None:
        if self.hidden_at is not None:
            raise refusals.HiddenHelp
        if self.ended_at is not None:
            raise refusals.Over

    async def _write(self, **columns: object) -> None:
        await Help.filter(id=self.id).update(**columns)
        self.update_from_dict(columns)
