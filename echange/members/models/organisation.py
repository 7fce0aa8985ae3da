"""Associations, professionals and services of the town, and what becomes of them."""

from typing import Any, ClassVar, Final

from tortoise import Model, fields
from tortoise.expressions import Q, Subquery
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.queryset import QuerySet

from echange import notifications
from echange.database import execute, in_transaction
from echange.http import Invalid, NotAllowed, Refusal, Viewer
from echange.http.dates import now
from echange.http.promises import kept
from echange.i18n import gettext as _
from echange.i18n import mark
from echange.members.models.member import Member
from echange.members.models.membership import OWNER, SPEAKERS, Membership
from echange.members.models.quartier import Quartier
from echange.members.models.trust import StaffAct
from echange.members.names import fold, numbered, slug, sounds_like_staff

ASSOCIATION, PROFESSIONAL, MUNICIPAL = "association", "professional", "municipal"
KINDS: Final = (ASSOCIATION, PROFESSIONAL, MUNICIPAL)
# What the desk has checked: once changed, it must be checked again.
PROVEN: Final = ("name", "rna", "siret")
_SLUGS_TRIED: Final = 8
_TAKEN_ADDRESSES: Final = frozenset({"nouvelle"})


class AddressUnconfirmed(Refusal):
    code = "address_unconfirmed"
    sentence = mark("Confirmez d’abord votre adresse e-mail : le lien est dans le mail de bienvenue.")


class NumberMissing(Refusal):
    code = "number_missing"
    sentence = mark("Il faut d’abord son numéro RNA ou SIRET. Demandez-le à un de ses responsables.")


class NumberTaken(Refusal):
    code = "number_taken"
    sentence = mark(
        "Une autre organisation vérifiée porte déjà ce numéro. Comparez les deux pages avant de décider."
    )


class ChangedMeanwhile(Refusal):
    code = "changed_meanwhile"
    sentence = mark("Son nom ou un de ses numéros vient de changer. Relisez, puis vérifiez de nouveau.")


class OwnOrganisation(Refusal):
    code = "own_organisation"
    sentence = mark("Vous en faites partie : demandez à quelqu’un d’autre de l’équipe.")


class NobodyToAnswer(Refusal):
    code = "nobody_to_answer"
    sentence = mark("Elle n’a plus de responsable : elle ne peut pas rouvrir.")


class _SlugTaken(Refusal):
    """Somebody was faster; another address is tried."""


class Organisation(Model):
    """An association, a professional or a service of the town.

    `rna` is an association's national number, W and nine digits; `siret` fourteen digits with a Luhn key.
    Anybody may claim a number; only a verified organisation keeps it for itself. `away` is kept by the
    database: closed, or hidden by a moderator; its annonces are then in no list.
    """

    id = fields.IntField(primary_key=True)
    slug = fields.CharField(max_length=80)
    name = fields.CharField(max_length=120)
    sort_key = fields.CharField(max_length=140)
    kind = fields.CharField(max_length=20, default="association", db_default="association")
    rna = fields.CharField(max_length=10, null=True)
    siret = fields.CharField(max_length=14, null=True)
    headline = fields.CharField(max_length=120, default="", db_default="")
    about = fields.TextField(default="", db_default="")
    website = fields.CharField(max_length=200, default="", db_default="")
    quartier: fields.ForeignKeyNullableRelation[Quartier] = fields.ForeignKeyField(
        "echange.Quartier", null=True, related_name="organisations", on_delete=fields.RESTRICT, db_index=True
    )
    created_at = fields.DatetimeField(auto_now_add=True)
    verified_at = fields.DatetimeField(null=True)
    verified_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "echange.Member",
        null=True,
        related_name="verified_organisations",
        on_delete=fields.SET_NULL,
        db_index=True,
    )
    hidden_at = fields.DatetimeField(null=True)
    closed_at = fields.DatetimeField(null=True)
    away = fields.BooleanField(generated=True)

    quartier_id: int | None
    verified_by_id: int | None

    class Meta:
        table = "organisation"
        indexes: ClassVar = [Index(fields=("sort_key", "id"), name="organisation_sort")]
        constraints = [
            UniqueConstraint(fields=("slug",), name="organisation_slug_once"),
            CheckConstraint(check="rna ~ '^W[0-9]{9}$'", name="organisation_rna_shape"),
            CheckConstraint(check="siret ~ '^[0-9]{14}$'", name="organisation_siret_shape"),
            CheckConstraint(
                check="kind IN ('association', 'professional', 'municipal')", name="organisation_kind_known"
            ),
            CheckConstraint(
                check="rna IS NULL OR kind = 'association'", name="organisation_rna_of_associations"
            ),
        ]

    @property
    def url(self) -> str:
        return f"/associations/{self.slug}"

    @classmethod
    def visible_to(cls, viewer: Viewer | None) -> QuerySet["Organisation"]:
        """Open ones; those closed or hidden too for who speaks for them, and for the staff."""
        if viewer is None:
            return cls.filter(away=False)
        if viewer.roles:
            return cls.all()
        mine = Membership.filter(member_id=viewer.id, role__in=SPEAKERS)
        return cls.filter(Q(away=False) | Q(id__in=Subquery(mine.values("organisation_id"))))

    @classmethod
    async def found(
        cls, *, by: Viewer, kind: str, name: str, quartier: Quartier | None = None, **said: str | None
    ) -> "Organisation":
        """A new one, its founder being its owner. Raises AddressUnconfirmed, Invalid.

        A service of the town is founded by an admin only.
        """
        if not by.confirmed:
            raise AddressUnconfirmed
        _check(kind, name, said.get("rna"), by)
        async with in_transaction():
            organisation = await cls._settle(kind=kind, name=name, quartier=quartier, **said)
            await Membership.create(organisation=organisation, member_id=by.id, role=OWNER)
            if kind == MUNICIPAL:
                await StaffAct.note("organisation_founded", "organisation", organisation.id, by=by.id)
        return organisation

    @classmethod
    async def _settle(cls, *, name: str, **said: Any) -> "Organisation":  # noqa: ANN401 — columns of several types
        wanted = slug(name)[:60].strip("-") or "organisation"
        for attempt in range(wanted in _TAKEN_ADDRESSES, _SLUGS_TRIED):
            try:
                with kept({"organisation_slug_once": _SlugTaken}):
                    async with in_transaction():
                        return await cls.create(
                            slug=numbered(wanted, attempt), name=name, sort_key=fold(name)[:140], **said
                        )
            except _SlugTaken:
                continue
        raise Refusal

    async def rewrite(self, *, by: Viewer, **said: Any) -> None:  # noqa: ANN401 — columns of several types
        """Change what is given of it, its address stays; a new name or number loses the desk's sign."""
        async with in_transaction():
            await self._hold()
            _check(self.kind, said.get("name", self.name), said.get("rna", self.rna), by)
            if any(said.get(name, getattr(self, name)) != getattr(self, name) for name in PROVEN):
                self.verified_at = self.verified_by_id = None
            self.update_from_dict(said)
            self.sort_key = fold(self.name)[:140]
            await self.save(
                update_fields=[*said.keys() - {"quartier"}, "quartier_id", "sort_key", *_VERIFICATION]
            )

    async def close(self) -> None:
        """It stands in no list any more, nor do its annonces; whoever was invited cannot come in."""
        async with in_transaction():
            await self._hold()
            self.closed_at = self.closed_at or now()
            await self.save(update_fields=["closed_at"])
            await execute("DELETE FROM invitation WHERE organisation_id = $1", self.id)

    async def reopen(self) -> None:
        """As it was before it closed; raises NobodyToAnswer when all its owners are gone."""
        async with in_transaction():
            await self._hold()
            if not await Membership.exists(organisation_id=self.id, role=OWNER):
                raise NobodyToAnswer
            self.closed_at = None
            await self.save(update_fields=["closed_at"])

    async def verify(self, *, by: Viewer, name: str, rna: str, siret: str) -> None:
        """The desk has checked that it is who it says: this name, these numbers; its owners are told.

        Raises ChangedMeanwhile, OwnOrganisation, NumberMissing, NumberTaken.
        """
        with kept({"organisation_rna_once": NumberTaken, "organisation_siret_once": NumberTaken}):
            async with in_transaction():
                await self._hold()
                await self._check_verifier(by)
                if (name, rna, siret) != (self.name, self.rna or "", self.siret or ""):
                    raise ChangedMeanwhile
                if self.kind != MUNICIPAL and not (self.rna or self.siret):
                    raise NumberMissing
                if self.verified_at is None:
                    self.verified_at, self.verified_by_id = now(), by.id
                    await self.save(update_fields=_VERIFICATION)
                    await StaffAct.note(
                        "organisation_verified", "organisation", self.id, by=by.id,
                        name=self.name, rna=self.rna, siret=self.siret,
                    )  # fmt: skip
                    await self._tell_owners("organisation_verified")

    async def withdraw_verification(self, *, by: Viewer, reason: str) -> None:
        """The sign is taken back, and its owners are told why. Raises OwnOrganisation."""
        async with in_transaction():
            await self._hold()
            await self._check_verifier(by)
            if self.verified_at is not None:
                self.verified_at = self.verified_by_id = None
                await self.save(update_fields=_VERIFICATION)
                await StaffAct.note(
                    "organisation_unverified", "organisation", self.id, by=by.id, reason=reason
                )
                await self._tell_owners("organisation_unverified", reason=reason)

    async def _check_verifier(self, by: Viewer) -> None:
        if by.roles.isdisjoint({"concierge", "admin"}):
            raise NotAllowed
        if await Membership.exists(organisation_id=self.id, member_id=by.id):
            raise OwnOrganisation

    async def _tell_owners(self, kind: str, **data: Any) -> None:  # noqa: ANN401 — plain JSON
        for part in await Membership.filter(organisation_id=self.id, role=OWNER).order_by("id"):
            await notifications.tell(part.member_id, kind, link=self.url, organisation=self.name, **data)

    async def _hold(self) -> None:
        """Lock it, and look again."""
        await Organisation.filter(id=self.id).select_for_update(no_key=True).get()
        await self.refresh_from_db(
            fields=[*PROVEN, "kind", "slug", "closed_at", "quartier_id", *_VERIFICATION]
        )


_VERIFICATION: Final = ["verified_at", "verified_by_id"]


def _check(kind: str, name: str, rna: str | None, by: Viewer) -> None:
    """What only the staff may say; raises Invalid with its errors by field."""
    errors: dict[str, list[str]] = {}
    is_admin = "admin" in by.roles
    if kind == MUNICIPAL and not is_admin:
        errors["kind"] = [_("Un service de la ville est inscrit par l’administration.")]
    if kind != MUNICIPAL and not is_admin and sounds_like_staff(name):
        errors["name"] = [
            _("Ce nom ressemble trop à celui de l’équipe ou de la ville. La conciergerie peut vous aider.")
        ]
    if rna and kind != ASSOCIATION:
        errors["rna"] = [_("Seule une association a un numéro RNA.")]
    if errors:
        raise Invalid(errors)
