"""An annonce and its life: draft, published, closed, open again."""

from typing import Any, ClassVar, Final, Protocol

from tortoise import Model, fields
from tortoise.expressions import Q
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint
from tortoise.queryset import QuerySet

from echange.ads import refusals
from echange.ads.addresses import ad_url
from echange.ads.categories import OTHER, suggested_for
from echange.ads.holding import hash_of
from echange.ads.kinds import endings_of
from echange.ads.models.closure import Closure
from echange.ads.models.photo import AdPhoto
from echange.database import in_transaction
from echange.http import Invalid, NotAllowed, NotFound
from echange.http.dates import now
from echange.i18n import gettext as _
from echange.media import Store, take_photo
from echange.members import Member, Organisation, Quartier

MOST_PHOTOS: Final = 6


class Someone(Protocol):
    """A member, or the viewer who is one."""

    @property
    def id(self) -> int: ...

    @property
    def name(self) -> str: ...


class Ad(Model):
    """An annonce. A draft has no `published_at`; somebody signed out holds theirs by `draft_hash` alone.

    Kept by the database, whoever writes: `search` (only ever asked), `has_photo`, `reserved`, `owner_away`,
    and `listed`, whether it stands in lists: published, not closed, expired, held back nor hidden, its owner
    not away. `vouched_at` is when its owner last said that it still holds. Weights are grams, prices cents.
    """

    id = fields.IntField(primary_key=True)
    owner: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "echange.Member", null=True, related_name="ads", on_delete=fields.RESTRICT
    )
    draft_hash: bytes | None = fields.BinaryField(null=True)
    kind = fields.CharField(max_length=20)
    title = fields.CharField(max_length=80)
    body = fields.TextField(default="", db_default="")
    category = fields.CharField(max_length=30, default="", db_default="")
    quartier: fields.ForeignKeyNullableRelation[Quartier] = fields.ForeignKeyField(
        "echange.Quartier", null=True, related_name="ads", on_delete=fields.RESTRICT, db_index=True
    )
    price_text = fields.CharField(max_length=60, default="", db_default="")
    created_at = fields.DatetimeField(auto_now_add=True)
    edited_at = fields.DatetimeField(null=True)
    published_at = fields.DatetimeField(null=True)
    closed_at = fields.DatetimeField(null=True)
    organisation: fields.ForeignKeyNullableRelation[Organisation] = fields.ForeignKeyField(
        "echange.Organisation", null=True, related_name="ads", on_delete=fields.RESTRICT, db_index=True
    )
    condition = fields.CharField(max_length=10, default="", db_default="")
    terms = fields.CharField(max_length=10, default="", db_default="")
    price_cents = fields.IntField(null=True)
    weight_grams = fields.IntField(null=True)
    lend_days = fields.SmallIntField(null=True)
    happened_on = fields.DateField(null=True)
    noindex = fields.BooleanField(default=False, db_default=False)
    fair = fields.BooleanField(default=False, db_default=False)
    standing = fields.BooleanField(default=False, db_default=False)
    vouched_at = fields.DatetimeField(null=True)
    expires_at = fields.DatetimeField(null=True)
    warned_at = fields.DatetimeField(null=True)
    expired_at = fields.DatetimeField(null=True)
    held_at = fields.DatetimeField(null=True)
    hidden_at = fields.DatetimeField(null=True)
    reserved = fields.BooleanField(default=False, db_default=False)
    has_photo = fields.BooleanField(default=False, db_default=False)
    owner_away = fields.BooleanField(default=False, db_default=False)
    listed = fields.BooleanField(generated=True)

    owner_id: int | None
    organisation_id: int | None
    quartier_id: int | None
    photos: fields.ReverseRelation[AdPhoto]
    closure: fields.OneToOneNullableRelation[Closure]

    class Meta:
        table = "ad"
        indexes: ClassVar = [Index(fields=("owner_id", "created_at", "id"), name="ad_of_owner")]
        constraints = [
            CheckConstraint(
                check="kind IN ('give', 'sell', 'swap', 'lend', 'seek', 'service_offered', 'service_sought',"
                " 'lost', 'found')",
                name="ad_kind_known",
            ),
            CheckConstraint(check="length(trim(title)) > 0", name="ad_titled"),
            CheckConstraint(
                check="published_at IS NULL OR (owner_id IS NOT NULL AND quartier_id IS NOT NULL)",
                name="ad_published_by_someone_somewhere",
            ),
            CheckConstraint(
                check="(owner_id IS NULL) = (draft_hash IS NOT NULL)", name="ad_draft_held_by_somebody"
            ),
            CheckConstraint(
                check="closed_at IS NULL OR published_at IS NOT NULL", name="ad_closed_after_publication"
            ),
            CheckConstraint(
                check="condition IN ('', 'new', 'good', 'worn', 'repair')", name="ad_condition_known"
            ),
            CheckConstraint(check="terms IN ('', 'free', 'hours', 'quote')", name="ad_terms_known"),
            CheckConstraint(check="price_cents BETWEEN 0 AND 100000000", name="ad_price_possible"),
            CheckConstraint(check="weight_grams BETWEEN 1 AND 2000000", name="ad_weight_possible"),
            CheckConstraint(check="lend_days BETWEEN 1 AND 365", name="ad_lend_days_possible"),
            CheckConstraint(
                check="NOT standing OR (expires_at IS NULL AND expired_at IS NULL)",
                name="ad_standing_never_expires",
            ),
            CheckConstraint(check="NOT fair OR kind = 'give'", name="ad_fair_when_given"),
        ]

    @classmethod
    def visible_to(cls, viewer: Someone | None, draft_key: str | None = None) -> QuerySet["Ad"]:
        """Published ones, open or closed, for all; drafts for whoever holds them."""
        seen = Q(published_at__isnull=False)
        if viewer is not None:
            seen |= Q(owner_id=viewer.id)
        if draft_key is not None:
            seen |= Q(draft_hash=hash_of(draft_key))
        return cls.filter(seen)

    @property
    def state(self) -> str:
        """draft, published or closed."""
        if self.published_at is None:
            return "draft"
        return "closed" if self.closed_at else "published"

    @property
    def url(self) -> str:
        return ad_url(self.id, self.title)

    def can_be_edited_by(self, viewer: Someone | None, draft_key: str | None = None) -> bool:
        """Whether it is theirs, by account or, for a draft, by its key."""
        if viewer is not None and self.owner_id == viewer.id:
            return True
        return draft_key is not None and self.draft_hash == hash_of(draft_key)

    def can_be_answered_by(self, viewer: Someone | None) -> bool:
        """Whether a message from them to its owner makes sense now."""
        return viewer is not None and self.state == "published" and self.owner_id != viewer.id

    @classmethod
    async def start(cls, *, kind: str, title: str, by: Someone | None, draft_key: str | None = None) -> "Ad":
        """A draft of `by`, or of whoever holds `draft_key` when signed out."""
        if by is not None:
            return await cls.create(kind=kind, title=title, owner_id=by.id)
        if draft_key is None:
            raise NotAllowed
        return await cls.create(kind=kind, title=title, draft_hash=hash_of(draft_key))

    async def edit(self, *, quartier: str | int | None = None, **changes: object) -> None:
        """Change named fields; `quartier` by slug or id. Raises KindIsFixed once published, Invalid."""
        if quartier not in (None, ""):
            changes["quartier_id"] = (await quartier_named(quartier)).id
        if self.published_at is not None:
            if changes.get("kind", self.kind) != self.kind:
                raise refusals.KindIsFixed
            changes["edited_at"] = now()
        if changes:
            await self._write(Ad.filter(id=self.id), NotFound, **changes)

    async def publish(self, *, by: Someone, draft_key: str | None = None) -> None:
        """Show it to the town under the name of `by`; a draft made signed out becomes theirs.

        What was not said is guessed: their own quartier, the category of the title.
        Raises AlreadyPublished, QuartierMissing, NotAllowed.
        """
        if not self.can_be_edited_by(by, draft_key):
            raise NotAllowed
        quartier_id = self.quartier_id or (await Member.get(id=by.id)).quartier_id
        if quartier_id is None:
            raise refusals.QuartierMissing
        await self._write(
            Ad.filter(id=self.id, published_at=None),
            refusals.AlreadyPublished,
            owner_id=by.id,
            draft_hash=None,
            quartier_id=quartier_id,
            category=self.category or suggested_for(self.title) or OTHER,
            published_at=now(),
        )

    async def close(self, *, by: Someone, outcome: str) -> Closure:
        """End it, saying how it went. Raises AlreadyClosed, NotPublished, NotAllowed, Invalid (outcome)."""
        self._check_owner(by)
        if outcome not in dict(endings_of(self.kind)):
            raise Invalid({"outcome": [_("Choisissez une des réponses proposées.")]})
        async with in_transaction():
            open_one = Ad.filter(id=self.id, closed_at=None)
            await self._write(open_one, refusals.AlreadyClosed, closed_at=now())
            return await Closure.create(ad_id=self.id, by_id=by.id, outcome=outcome, at=self.closed_at)

    async def reopen(self, *, by: Someone) -> None:
        """Take its closure back. Raises NotClosed, NotPublished, NotAllowed."""
        self._check_owner(by)
        async with in_transaction():
            closed_one = Ad.filter(id=self.id, closed_at__isnull=False)
            await self._write(closed_one, refusals.NotClosed, closed_at=None)
            await Closure.filter(ad_id=self.id).delete()

    async def add_photo(self, data: bytes, store: Store) -> AdPhoto:
        """Keep a photo after the others. Raises TooManyPhotos, and what `take_photo` raises."""
        await self._next_place()
        photo = await take_photo(data, store)
        try:
            async with in_transaction():
                await self.lock()
                return await AdPhoto.create(
                    ad_id=self.id,
                    name=photo.name,
                    position=await self._next_place(),
                    width=photo.width,
                    height=photo.height,
                    widths=list(photo.widths),
                )
        except BaseException:
            await store.delete(photo.name)
            raise

    async def remove_photos(self, ids: list[int], store: Store) -> None:
        """Forget these of its photos, files included."""
        photos = await AdPhoto.filter(ad_id=self.id, id__in=ids)
        await AdPhoto.filter(ad_id=self.id, id__in=ids).delete()
        for photo in photos:
            await store.delete(photo.name)

    async def remove(self, store: Store) -> None:
        """Forget it, its photos and their files; conversations it opened stay with those who wrote them."""
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

    async def _next_place(self) -> int:
        places: list[int] = [photo.position for photo in await AdPhoto.filter(ad_id=self.id)]
        if len(places) >= MOST_PHOTOS:
            raise refusals.TooManyPhotos
        return max(places, default=-1) + 1

    def _check_owner(self, by: Someone) -> None:
        if self.owner_id != by.id:
            raise NotAllowed
        if self.published_at is None:
            raise refusals.NotPublished

    async def _write(self, rows: QuerySet["Ad"], otherwise: type[Exception], **changes: Any) -> None:  # noqa: ANN401
        # One conditional UPDATE: of two at once, the second finds no row left to change.
        if not await rows.update(**changes):
            raise otherwise
        for name, value in changes.items():
            setattr(self, name, value)


async def quartier_named(name: str | int) -> Quartier:
    """The quartier of this slug or id; raises Invalid."""
    wanted = {"id": name} if isinstance(name, int) else {"slug": name}
    quartier = await Quartier.get_or_none(**wanted)
    if quartier is None:
        raise Invalid({"quartier": [_("Choisissez une des réponses proposées.")]})
    return quartier
