"""Places: where neighbours meet, collect and use things, and who looks after them."""

from collections.abc import Sequence
from typing import Any, ClassVar, Final

from tortoise import Model, fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.expressions import Q
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.queryset import QuerySet

from echange import booking
from echange.database import in_transaction
from echange.http import Invalid, NotAllowed, Refusal, Viewer, concierge
from echange.http.dates import now, town_zone
from echange.http.promises import kept
from echange.i18n import gettext as _
from echange.members import Organisation, Quartier, StaffAct, fold, numbered, slug, sounds_like_staff

_SLUGS_TRIED: Final = 8
_TAKEN_ADDRESSES: Final = frozenset({"nouveau"})


class _SlugTaken(Refusal):
    """Somebody was faster; another address is tried."""


class Place(Model):
    """A place of the town, open to all; its hours stand at its booking site.

    `access` are known facts (see `access.py`). An organisation looks after it, else the town's desk.
    """

    id = fields.IntField(primary_key=True)
    slug = fields.CharField(max_length=80)
    name = fields.CharField(max_length=120)
    sort_key = fields.CharField(max_length=140)
    about = fields.TextField(default="", db_default="")
    address = fields.CharField(max_length=200)
    way = fields.CharField(max_length=300, default="", db_default="")
    access: list[str] = ArrayField("text", default=list, db_default=[])
    access_note = fields.CharField(max_length=300, default="", db_default="")
    phone = fields.CharField(max_length=30, default="", db_default="")
    mail = fields.CharField(max_length=200, default="", db_default="")
    created_at = fields.DatetimeField(auto_now_add=True)
    closed_at = fields.DatetimeField(null=True)
    hidden_at = fields.DatetimeField(null=True)
    quartier: fields.ForeignKeyNullableRelation[Quartier] = fields.ForeignKeyField(
        "echange.Quartier", null=True, related_name="places", on_delete=fields.RESTRICT, db_index=True
    )
    organisation: fields.ForeignKeyNullableRelation[Organisation] = fields.ForeignKeyField(
        "echange.Organisation", null=True, related_name="places", on_delete=fields.SET_NULL, db_index=True
    )
    site_id = fields.IntField()

    quartier_id: int | None
    organisation_id: int | None

    class Meta:
        table = "place"
        indexes: ClassVar = [Index(fields=("sort_key", "id"), name="place_sort")]
        constraints = [
            CheckConstraint(
                check="access <@ ARRAY[ 'step_free', 'lift', 'toilet', 'hearing_loop', 'parking', "
                "'tactile', 'quiet', 'sign_language']",
                name="place_access_known",
            ),
            CheckConstraint(
                check="length(trim(name)) > 0",
                name="place_named",
            ),
            UniqueConstraint(fields=("site_id",), name="place_site_once"),
            UniqueConstraint(fields=("slug",), name="place_slug_once"),
        ]

    @property
    def url(self) -> str:
        return f"/lieux/{self.slug}"

    @classmethod
    def visible_to(cls, viewer: Viewer | None) -> QuerySet["Place"]:
        """Open ones; those closed or hidden too for who looks after them, and for the staff."""
        seen = Q(closed_at=None, hidden_at=None)
        if viewer is not None and viewer.roles:
            return cls.all()
        if viewer is not None and viewer.behalf is None and viewer.hats:
            seen |= Q(organisation_id__in=[number for number, _name in viewer.hats])
        return cls.filter(seen)

    @classmethod
    async def make(
        cls,
        *,
        by: Viewer | None,
        name: str,
        address: str,
        organisation_id: int | None = None,
        hours: Sequence[booking.Opening] = (),
        **said: Any,  # noqa: ANN401 — columns of several types
    ) -> "Place":
        """A new place with its hours: of an organisation one speaks for, or of the town by its desk.

        `by` nobody: the house itself, which may all. Raises NotAllowed, Invalid.
        """
        if by is not None and not _keeps(by, organisation_id):
            raise NotAllowed
        _check_name(name, by)
        await _check_there(organisation_id)
        async with in_transaction():
            site_id = await booking.make_site(zone=str(town_zone.get()))
            if hours:
                await booking.set_openings(site_id, hours)
            place = await cls._settle(
                name=name, address=address, organisation_id=organisation_id, site_id=site_id, **said
            )
            if by is not None and organisation_id is None:
                await StaffAct.note("place_made", "place", place.id, by=by.id, name=name)
            return place

    @classmethod
    async def _settle(cls, *, name: str, **said: Any) -> "Place":  # noqa: ANN401 — columns of several types
        wanted = slug(name)[:60].strip("-") or "lieu"
        for attempt in range(wanted in _TAKEN_ADDRESSES or wanted.isdigit(), _SLUGS_TRIED):
            try:
                with kept({"place_slug_once": _SlugTaken}):
                    async with in_transaction():
                        return await cls.create(
                            slug=numbered(wanted, attempt), name=name, sort_key=fold(name)[:140], **said
                        )
            except _SlugTaken:
                continue
        raise Refusal

    async def rewrite(self, *, by: Viewer, **said: Any) -> None:  # noqa: ANN401 — columns of several types
        """Change what is given of it; its address on the site stays. Raises NotAllowed.

        Another organisation takes it over only from who speaks for both. Raises Invalid.
        """
        self._check_kept(by)
        if said.get("name", self.name) != self.name:
            _check_name(said["name"], by)
        if "organisation_id" in said and not _keeps(by, said["organisation_id"]):
            raise NotAllowed
        await _check_there(said.get("organisation_id"))
        async with in_transaction():
            await Place.filter(id=self.id).select_for_update(no_key=True).get()
            self.update_from_dict(said)
            self.sort_key = fold(self.name)[:140]
            await self.save(update_fields=[*said.keys(), "sort_key"])
            await self._note("place_rewritten", by)

    async def close(self, *, by: Viewer) -> None:
        """It stands in no list any more. Raises NotAllowed."""
        self._check_kept(by)
        async with in_transaction():
            if await Place.filter(id=self.id, closed_at=None).update(closed_at=now()):
                await self._note("place_closed", by)

    async def reopen(self, *, by: Viewer) -> None:
        """As it was. Raises NotAllowed."""
        self._check_kept(by)
        async with in_transaction():
            if await Place.filter(id=self.id, closed_at__isnull=False).update(closed_at=None):
                await self._note("place_reopened", by)

    def is_kept_by(self, viewer: Viewer | None) -> bool:
        """Whether they look after it: who speaks for its organisation, the town's desk where it has none."""
        return viewer is not None and _keeps(viewer, self.organisation_id)

    def _check_kept(self, by: Viewer) -> None:
        if not self.is_kept_by(by):
            raise NotAllowed

    async def _note(self, what: str, by: Viewer) -> None:
        if self.organisation_id is None:
            await StaffAct.note(what, "place", self.id, by=by.id, name=self.name)


def _check_name(name: str, by: Viewer | None) -> None:
    """Only the staff calls a place like itself. Raises Invalid."""
    if by is not None and not by.roles and sounds_like_staff(name):
        raise Invalid({"name": [_("Ce nom est celui d’un lieu de la ville : la conciergerie l’ajoute.")]})


async def _check_there(organisation_id: int | None) -> None:
    if organisation_id is not None and not await Organisation.exists(id=organisation_id):
        raise Invalid({"organisation": [_("Choisissez une des réponses proposées.")]})


def _keeps(viewer: Viewer, organisation_id: int | None) -> bool:
    """Never in somebody else's name."""
    if viewer.behalf is not None:
        return False
    if "admin" in viewer.roles or organisation_id is None:
        return concierge.allows(viewer)
    return organisation_id in dict(viewer.hats)
