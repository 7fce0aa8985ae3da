"""An annonce and its life: draft, held back, published, reserved, expired, closed, hidden."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from tortoise.queryset import QuerySet

from echange.ads import refusals
from echange.ads.addresses import ad_url
from echange.ads.categories import OTHER, suggested_for
from echange.ads.fitting import fitted
from echange.ads.holding import hash_of
from echange.ads.kinds import endings_of
from echange.ads.models.ad_row import AdRow
from echange.ads.models.closure import Closure
from echange.ads.models.event import AdEvent
from echange.ads.models.photo import AdPhoto
from echange.ads.newcomers import is_newcomer, is_proven
from echange.ads.quartiers import quartier_named
from echange.ads.seeing import REREADING, Someone, hat_of, seen_by
from echange.database import fetch_value, in_transaction
from echange.http import Invalid, NotAllowed, NotFound, Viewer
from echange.http.dates import now
from echange.i18n import gettext as _
from echange.media import Store
from echange.members import Member
from echange.notifications import tell

LASTS: Final = timedelta(days=60)
# How long before its end an annonce may be made to last longer.
RENEWABLE: Final = timedelta(days=14)


class Ad(AdRow):
    """An annonce. A draft has no `published_at`; somebody signed out holds theirs by `draft_hash` alone."""

    class Meta(AdRow.Meta):
        table = "ad"
        abstract = False

    @classmethod
    def visible_to(cls, viewer: Someone | None, draft_key: str | None = None) -> QuerySet["Ad"]:
        """What somebody may see, everywhere: pages, API, photos, cards, answers go through this."""
        return cls.filter(seen_by(viewer, draft_key))

    @property
    def state(self) -> str:
        """draft, hidden, closed, held, reserved, expired or published."""
        if self.published_at is None:
            return "draft"
        if self.hidden_at:
            return "hidden"
        if self.closed_at:
            return "closed"
        if self.held_at:
            return "held"
        if self.reserved:
            return "reserved"
        # The clock's job may be late: what is past is past.
        if self.expired_at or (self.expires_at and self.expires_at <= now()):
            return "expired"
        return "published"

    @property
    def url(self) -> str:
        return ad_url(self.id, self.title)

    def can_be_edited_by(self, viewer: Someone | None, draft_key: str | None = None) -> bool:
        """Whether it is theirs: by account, by the hat they wear, or for a draft by its key."""
        if viewer is not None and (self.owner_id == viewer.id or self._is_under_hat_of(viewer)):
            return True
        return draft_key is not None and self.draft_hash == hash_of(draft_key)

    def can_be_answered_by(self, viewer: Someone | None) -> bool:
        """Whether a message from them to its owner makes sense now."""
        if viewer is None or self.owner_id == viewer.id or self._is_under_hat_of(viewer):
            return False
        is_away = isinstance(viewer, Viewer) and viewer.away
        return self.state in {"published", "reserved"} and not is_away and not self.owner_away

    def can_be_released_by(self, viewer: Someone | None) -> bool:
        """Whether it waits for somebody of the staff, and they may be the one."""
        if not isinstance(viewer, Viewer) or self.can_be_edited_by(viewer):
            return False
        return self.state == "held" and not viewer.roles.isdisjoint(REREADING)

    def can_be_renewed(self) -> bool:
        """Whether saying that it still holds changes anything now."""
        if self.standing:
            return self.state in {"published", "reserved"}
        soon = self.expires_at is not None and self.expires_at - now() <= RENEWABLE
        return self.state == "expired" or (soon and self.state in {"published", "reserved"})

    @classmethod
    async def start(cls, *, kind: str, title: str, by: Someone | None, draft_key: str | None = None) -> "Ad":
        """A draft of a member, or else of the browser that holds `draft_key`."""
        if by is not None:
            return await cls.create(kind=kind, title=title, owner_id=by.id)
        if draft_key is None:
            raise ValueError("a draft belongs to somebody")
        return await cls.create(kind=kind, title=title, draft_hash=hash_of(draft_key))

    async def edit(
        self, *, by: Someone | None = None, quartier: str | int | None = None, **changes: object
    ) -> None:
        """Change named fields; `quartier` by slug or id. What its kind does not have is emptied.

        Raises KindIsFixed once published, QueueIsFixed once somebody answered, Invalid.
        """
        if quartier not in (None, ""):
            changes["quartier_id"] = (await quartier_named(quartier)).id
        async with in_transaction():
            # As it is now: somebody may have published or answered it since it was read.
            ad = await self.lock()
            changes = fitted(changes, kind=ad.kind, price_text=ad.price_text)
            if ad.published_at is not None:
                changes = {name: value for name, value in changes.items() if getattr(ad, name) != value}
                await ad._check_correction(changes)
            if not changes:
                return
            if ad.published_at is not None:
                await AdEvent.note("edited", self.id, by=by.id if by else None, fields=sorted(changes))
                changes["edited_at"] = now()
                if "standing" in changes:
                    changes |= ad._vouched(standing=bool(changes["standing"]))
            await self._write(Ad.filter(id=self.id), NotFound, **changes)

    async def publish(self, *, by: Someone, draft_key: str | None = None, under_hat: bool = True) -> None:
        """Show it to the town in the name of `by`, or of the organisation whose hat they wear.

        What was not said is guessed: their own quartier, the category of the title. A draft made signed out
        becomes theirs. A newcomer's first ones are held back for a moderator, or a day.
        Raises AlreadyPublished, QuartierMissing, AwayOwner, NotAllowed.
        """
        if not self.can_be_edited_by(by, draft_key):
            raise NotAllowed
        hat = hat_of(by) if under_hat else None
        async with in_transaction():
            member = await Member.filter(id=by.id).select_for_update(no_key=True).get()
            quartier_id = self.quartier_id or member.quartier_id
            if member.away:
                raise refusals.AwayOwner
            if quartier_id is None:
                raise refusals.QuartierMissing
            held = not (hat and await is_proven(hat.id)) and await is_newcomer(member)
            await self._write(
                Ad.filter(id=self.id, published_at=None),
                refusals.AlreadyPublished,
                owner_id=by.id,
                draft_hash=None,
                organisation_id=hat.id if hat else None,
                quartier_id=quartier_id,
                category=self.category or suggested_for(self.title) or OTHER,
                published_at=now(),
                held_at=now() if held else None,
                **self._vouched(),
            )
            await AdEvent.note("published", self.id, by=by.id, organisation=hat.id if hat else None)
            if held:
                await AdEvent.note("held", self.id)

    async def release(self, *, by: Someone | None) -> None:
        """Let a newcomer's annonce into the lists, by a moderator or the clock; its owner is told.

        Raises NotHeld, HiddenAd, AddressUnconfirmed, NotPublished.
        """
        self._check_owner(None)
        if self.hidden_at is not None:
            raise refusals.HiddenAd
        async with in_transaction():
            owner = await Member.get(id=self.owner_id)
            if owner.confirmed_at is None:
                raise refusals.AddressUnconfirmed
            waiting = Ad.filter(id=self.id, held_at__isnull=False, hidden_at=None, closed_at=None)
            await self._write(waiting, refusals.NotHeld, held_at=None, published_at=now(), **self._vouched())
            await AdEvent.note("released", self.id, by=by.id if by else None)
            await tell(owner.id, "ad_released", link=self.url, title=self.title)

    async def hide(self, *, by: Someone) -> None:
        """Let its owner and the moderators alone see it. Raises HiddenAd, NotPublished."""
        self._check_owner(None)
        async with in_transaction():
            await self._write(Ad.filter(id=self.id, hidden_at=None), refusals.HiddenAd, hidden_at=now())
            await AdEvent.note("hidden", self.id, by=by.id)

    async def restore(self, *, by: Someone) -> None:
        """Show it again; a moderator has read it, so it waits no more. Raises NotHidden."""
        async with in_transaction():
            hidden = Ad.filter(id=self.id, hidden_at__isnull=False)
            await self._write(hidden, refusals.NotHidden, hidden_at=None, held_at=None)
            await AdEvent.note("restored", self.id, by=by.id)

    async def renew(self, *, by: Someone | None = None) -> None:
        """Its owner says that it still holds: 60 days more from now, or one more word for a standing offer.

        `by` is nobody for the signed link of a mail.
        Raises TooEarly, AlreadyClosed, HiddenAd, NotPublished, NotAllowed.
        """
        self._check_owner(by)
        async with in_transaction():
            ad = await self.lock()
            ad._check_open()
            if not ad.can_be_renewed():
                raise refusals.TooEarly
            await self._write(Ad.filter(id=self.id), NotFound, **ad._vouched())
            await AdEvent.note("renewed", self.id, by=by.id if by else self.owner_id)

    async def close(self, *, by: Someone, outcome: str, weight_grams: int | None = None) -> Closure:
        """End it, saying how it went, and what it weighed when given; a promise ends with it.

        Raises AlreadyClosed, NotPublished, NotAllowed, Invalid (outcome).
        """
        from echange.ads.models.reservation import Reservation

        self._check_owner(by)
        if outcome not in dict(endings_of(self.kind)):
            raise Invalid({"outcome": [_("Choisissez une des réponses proposées.")]})
        async with in_transaction():
            await self._write(Ad.filter(id=self.id, closed_at=None), refusals.AlreadyClosed, closed_at=now())
            await Reservation.end_for(self, "closed" if outcome == "withdrawn" else "done")
            await AdEvent.note("closed", self.id, by=by.id, outcome=outcome)
            return await Closure.create(
                ad_id=self.id,
                by_id=by.id,
                outcome=outcome,
                weight_grams=weight_grams if outcome == "given" else None,
                at=self.closed_at,
            )

    async def reopen(self, *, by: Someone) -> None:
        """Take its closure back; it lasts anew if its time ran out.

        Raises NotClosed, NotPublished, NotAllowed.
        """
        from echange.ads.models.reservation import Reservation

        self._check_owner(by)
        async with in_transaction():
            if (await self.lock()).closed_at is None:
                raise refusals.NotClosed
            await Reservation.resume_for(self)
            is_over = self.expires_at is not None and self.expires_at <= now()
            await self._write(
                Ad.filter(id=self.id), NotFound, closed_at=None, **(self._vouched() if is_over else {})
            )
            await Closure.filter(ad_id=self.id).delete()
            await AdEvent.note("reopened", self.id, by=by.id)

    async def remove(self, store: Store) -> None:
        """Forget it, its photos and their files; conversations it opened stay with those who wrote them.

        Whoever it was promised to, or waited, hears of it.
        """
        from echange.ads.models.reservation import Reservation

        async with in_transaction():
            ad = await self.lock()
            if ad.published_at is not None and ad.closed_at is None:
                await Reservation.end_for(ad, "closed")
            names = await AdPhoto.filter(ad_id=self.id).values_list("name", flat=True)
            await Ad.filter(id=self.id).delete()
        for name in names:
            await store.delete(str(name))

    async def lock(self) -> "Ad":
        """The row as it is now, held until the transaction ends. Raises NotFound when it is gone."""
        ad = await Ad.filter(id=self.id).select_for_update(no_key=True).first()
        if ad is None:
            raise NotFound
        return ad

    def _is_under_hat_of(self, viewer: Someone) -> bool:
        hat = hat_of(viewer)
        return hat is not None and self.organisation_id == hat.id

    def _check_owner(self, by: Someone | None) -> None:
        if by is not None and not self.can_be_edited_by(by):
            raise NotAllowed
        if self.published_at is None:
            raise refusals.NotPublished

    def _check_open(self) -> None:
        if self.hidden_at is not None:
            raise refusals.HiddenAd
        if self.closed_at is not None:
            raise refusals.AlreadyClosed

    async def _check_correction(self, changes: Mapping[str, Any]) -> None:
        if "kind" in changes:
            raise refusals.KindIsFixed
        if "fair" in changes and await fetch_value(
            "SELECT EXISTS (SELECT FROM answer WHERE ad_id = $1)", self.id
        ):
            raise refusals.QueueIsFixed

    def _vouched(self, *, standing: bool | None = None) -> dict[str, Any]:
        """What changes when its owner says that it holds."""
        lasts = self.standing if standing is None else standing
        return {
            "vouched_at": now(),
            "expires_at": None if lasts else now() + LASTS,
            "expired_at": None,
            "warned_at": None,
        }

    async def _write(self, rows: QuerySet["Ad"], otherwise: type[Exception], **changes: Any) -> None:  # noqa: ANN401
        # One conditional UPDATE: of two at once, the second finds no row left to change.
        if not await rows.update(**changes):
            raise otherwise
        for name, value in changes.items():
            setattr(self, name, value)
