"""A neighbour's answer to an annonce."""

from tortoise import Model, fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from echange.ads import refusals
from echange.ads.models.ad import Ad, Someone
from echange.chat import Conversation
from echange.chat import client_id as new_client_id
from echange.database import in_transaction
from echange.http import NotFound
from echange.members import Member
from echange.notifications import tell


class Answer(Model):
    """A neighbour answered an annonce; they write to its owner in `conversation`."""

    id = fields.IntField(primary_key=True)
    ad: fields.ForeignKeyRelation[Ad] = fields.ForeignKeyField(
        "echange.Ad", related_name="answers", on_delete=fields.CASCADE
    )
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="answers", on_delete=fields.CASCADE, db_index=True
    )
    conversation: fields.ForeignKeyRelation[Conversation] = fields.ForeignKeyField(
        "echange.Conversation", related_name="answers", on_delete=fields.RESTRICT, db_index=True
    )
    at = fields.DatetimeField(auto_now_add=True)
    when_text = fields.CharField(max_length=200, default="", db_default="")
    carry = fields.CharField(max_length=10, default="", db_default="")
    withdrawn_at = fields.DatetimeField(null=True)

    ad_id: int
    member_id: int
    conversation_id: int

    class Meta:
        table = "answer"
        constraints = [
            UniqueConstraint(fields=("ad_id", "member_id"), name="answer_once"),
            CheckConstraint(
                check="carry IN ('', 'foot', 'bike', 'car', 'van', 'help')", name="answer_carry_known"
            ),
        ]

    @classmethod
    async def give(cls, ad: Ad, *, by: Someone, body: str, client_id: str | None = None) -> "Answer":
        """Write to the owner in the one conversation `by` has about it; the first time they are told.

        The same `client_id` again changes nothing. Raises OwnAd, AlreadyClosed, and what posting raises.
        """
        async with in_transaction():
            ad = await ad.lock()
            owner_id = _check_open(ad, by)
            conversation = await Conversation.open_about("ad", ad.id, opener=by.id, other=owner_id)
            await conversation.post(by=by.id, client_id=client_id or new_client_id(), body=body)
            # The annonce is locked: nobody adds the same row meanwhile.
            known = await cls.get_or_none(ad_id=ad.id, member_id=by.id)
            if known is not None:
                return known
            link = f"/messages/{conversation.id}"
            await tell(owner_id, "answer", link=link, name=by.name, title=ad.title)
            return await cls.create(ad_id=ad.id, member_id=by.id, conversation_id=conversation.id)


def _check_open(ad: Ad, by: Someone) -> int:
    """The owner of an annonce that `by` may answer."""
    if ad.owner_id is None or ad.published_at is None:
        raise NotFound
    if ad.owner_id == by.id:
        raise refusals.OwnAd
    if ad.closed_at is not None:
        raise refusals.AlreadyClosed
    return ad.owner_id
