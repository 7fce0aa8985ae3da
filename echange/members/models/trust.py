"""Signs of trust, each with who gave it and when; and whom somebody does not want to meet."""

from typing import Any, ClassVar

from tortoise import Model, fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from echange.database import execute, fetch_value, in_transaction
from echange.http import NotAllowed, NotFound, Refusal
from echange.http.promises import kept
from echange.i18n import mark
from echange.members.behalf import end_mandates
from echange.members.models.member import Member
from echange.notifications import forget_between, tell


class TrustInOneself(Refusal):
    code = "oneself"
    sentence = mark("C’est vous : ce signe-là vient toujours de quelqu’un d’autre.")


class NotYetVerified(Refusal):
    code = "not_verified"
    sentence = mark(
        "Pour répondre d’un voisin, il faut d’abord être vérifié soi-même : passez à l’accueil, "
        "ou demandez à deux voisins qui vous connaissent."
    )


class AwayFromOneself(Refusal):
    code = "oneself"
    sentence = mark("C’est vous : on ne s’évite pas soi-même.")


class Verification(Model):
    """The desk has met this member."""

    id = fields.IntField(primary_key=True)
    at = fields.DatetimeField(auto_now_add=True)
    by: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="verifications_given", on_delete=fields.RESTRICT, db_index=True
    )
    member: fields.OneToOneRelation[Member] = fields.OneToOneField(
        "echange.Member", related_name="verification", on_delete=fields.CASCADE
    )

    by_id: int
    member_id: int

    class Meta:
        table = "verification"
        constraints = [CheckConstraint(check="by_id <> member_id", name="verification_by_another")]

    @classmethod
    async def give(cls, member: Member, *, by: int) -> None:
        """Somebody of the desk has met `member`, who is told. Twice counts once. Raises TrustInOneself."""
        with kept({"verification_by_another": TrustInOneself}):
            async with in_transaction():
                given = await fetch_value(
                    """INSERT INTO verification (by_id, member_id) VALUES ($1, $2)
                       ON CONFLICT (member_id) DO NOTHING RETURNING id""",
                    by,
                    member.id,
                )
                if given is not None:
                    await StaffAct.note("verified", "member", member.id, by=by)
                    await tell(member.id, "verified", link=member.url)

    @classmethod
    async def withdraw(cls, member: Member, *, by: int, reason: str) -> None:
        """Take it back, telling the member why. Raises NotFound when there is none, TrustInOneself."""
        if member.id == by:
            raise TrustInOneself
        async with in_transaction():
            if not await cls.filter(member_id=member.id).delete():
                raise NotFound
            await StaffAct.note("verification_withdrawn", "member", member.id, by=by, reason=reason)
            await tell(member.id, "verification_withdrawn", link=member.url, reason=reason)


class Cooptation(Model):
    """A verified neighbour vouches for another."""

    id = fields.IntField(primary_key=True)
    at = fields.DatetimeField(auto_now_add=True)
    by: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="cooptations_given", on_delete=fields.CASCADE, db_index=True
    )
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="cooptations", on_delete=fields.CASCADE
    )

    by_id: int
    member_id: int

    class Meta:
        table = "cooptation"
        constraints = [
            UniqueConstraint(fields=("member_id", "by_id"), name="cooptation_once"),
            CheckConstraint(check="by_id <> member_id", name="cooptation_by_another"),
        ]

    @classmethod
    async def give(cls, member: Member, *, by: int) -> None:
        """A verified neighbour vouches for `member`, who is told; two make them verified. Twice counts once.

        Raises NotYetVerified, TrustInOneself, and NotAllowed for whom a moderator has hidden.
        """
        voucher = await Member.get(id=by)
        if member.id == by:
            raise TrustInOneself
        if voucher.verified_at is None:
            raise NotYetVerified
        if voucher.hidden_at is not None:
            raise NotAllowed
        async with in_transaction():
            given = await fetch_value(
                """INSERT INTO cooptation (by_id, member_id) VALUES ($1, $2)
                   ON CONFLICT (member_id, by_id) DO NOTHING RETURNING id""",
                by,
                member.id,
            )
            if given is None:
                return
            await tell(member.id, "vouched", link=member.url, name=voucher.name, by=by)
            if member.verified_at is None and await _is_verified(member.id):
                await tell(member.id, "trusted", link=member.url)

    @classmethod
    async def withdraw(cls, member: Member, *, by: int) -> None:
        """Vouch no more; the member is told if it costs them their sign, not by whom."""
        async with in_transaction():
            taken = await cls.filter(member_id=member.id, by_id=by).delete()
            if taken and member.verified_at is not None and not await _is_verified(member.id):
                await tell(member.id, "trusted_no_more", link=member.url)


class Block(Model):
    """`by` wants nothing to do with `member`: neither meets the other anywhere any more."""

    id = fields.IntField(primary_key=True)
    at = fields.DatetimeField(auto_now_add=True)
    by: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="blocks", on_delete=fields.CASCADE
    )
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="blocked_by", on_delete=fields.CASCADE, db_index=True
    )

    by_id: int
    member_id: int

    class Meta:
        table = "block"
        constraints = [
            UniqueConstraint(fields=("by_id", "member_id"), name="block_once"),
            CheckConstraint(check="by_id <> member_id", name="block_of_another"),
        ]

    @classmethod
    async def put(cls, member_id: int, *, by: int) -> None:
        """`by` wants nothing more to do with somebody, nor vouches for them; nobody is told.

        What the one was told of the other is forgotten, and neither acts for the other any more. Raises
        NotFound, AwayFromOneself.
        """
        with kept({"block_of_another": AwayFromOneself}):
            async with in_transaction():
                if not await Member.exists(id=member_id, left_at=None):
                    raise NotFound
                await execute(
                    """INSERT INTO block (by_id, member_id) VALUES ($1, $2)
                       ON CONFLICT (by_id, member_id) DO NOTHING""",
                    by,
                    member_id,
                )
                await Cooptation.filter(member_id=member_id, by_id=by).delete()
                await end_mandates(by, with_=member_id)
                await forget_between(by, member_id)

    @classmethod
    async def lift(cls, member_id: int, *, by: int) -> None:
        """They may meet again, unless the other one blocks too; lifted twice is lifted."""
        await cls.filter(member_id=member_id, by_id=by).delete()


class StaffAct(Model):
    """What somebody of the staff did, or the command line when `by` is nobody. Never changed afterwards."""

    id = fields.BigIntField(primary_key=True)
    what = fields.CharField(max_length=40)
    about_kind = fields.CharField(max_length=20)
    about_id = fields.IntField()
    data: dict[str, Any] = fields.JSONField()
    at = fields.DatetimeField(auto_now_add=True)
    by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "echange.Member", null=True, related_name="staff_acts", on_delete=fields.RESTRICT, db_index=True
    )

    by_id: int | None

    class Meta:
        table = "staff_act"
        indexes: ClassVar = [Index(fields=("about_kind", "about_id", "id"), name="staff_act_about")]

    @classmethod
    async def note(cls, what: str, about_kind: str, about_id: int, *, by: int | None, **data: object) -> None:
        """Write an act down, in the caller's transaction; `data` is plain JSON."""
        await cls.create(what=what, about_kind=about_kind, about_id=about_id, by_id=by, data=data)


async def hold_signs() -> None:
    """Until the transaction ends nobody else counts anew who is verified.

    Asked for before the row of a member whose word is about to end: counting locks such rows afterwards.
    """
    await execute("SELECT pg_advisory_xact_lock(hashtext('recompute_trust'))")


async def _is_verified(member_id: int) -> bool:
    return await Member.exists(id=member_id, verified_at__isnull=False)
