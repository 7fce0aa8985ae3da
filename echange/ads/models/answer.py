"""A neighbour's answer to an annonce."""

from typing import Any

from tortoise import Model, fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from echange.ads import promises, queue, refusals
from echange.ads.models.ad import Ad
from echange.ads.seeing import Someone
from echange.chat import Conversation, check_reach
from echange.chat import client_id as new_client_id
from echange.database import execute, fetch_one, in_transaction
from echange.http import Invalid, NotFound
from echange.http.dates import now
from echange.i18n import gettext as _
from echange.members import Member
from echange.notifications import tell


class Answer(Model):
    """A neighbour answered an annonce; `at` is when they last joined its line.

    In a simple annonce they write to its owner in `conversation`. In a fair queue their words wait in `note`,
    and the conversation opens when they accept a promise; `rank` is their place once the queue is open.
    """

    id = fields.IntField(primary_key=True)
    ad: fields.ForeignKeyRelation[Ad] = fields.ForeignKeyField(
        "echange.Ad", related_name="answers", on_delete=fields.CASCADE
    )
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="answers", on_delete=fields.CASCADE, db_index=True
    )
    conversation: fields.ForeignKeyNullableRelation[Conversation] = fields.ForeignKeyField(
        "echange.Conversation", null=True, related_name="answers", on_delete=fields.RESTRICT, db_index=True
    )
    at = fields.DatetimeField(auto_now_add=True)
    note = fields.TextField(default="", db_default="")
    when_text = fields.CharField(max_length=200, default="", db_default="")
    carry = fields.CharField(max_length=10, default="", db_default="")
    withdrawn_at = fields.DatetimeField(null=True)
    rank = fields.IntField(null=True)

    ad_id: int
    member_id: int
    conversation_id: int | None

    class Meta:
        table = "answer"
        constraints = [
            UniqueConstraint(fields=("ad_id", "member_id"), name="answer_once"),
            UniqueConstraint(fields=("ad_id", "rank"), name="answer_rank_once"),
            CheckConstraint(
                check="carry IN ('', 'foot', 'bike', 'car', 'van', 'help')", name="answer_carry_known"
            ),
        ]

    @classmethod
    async def give(
        cls,
        ad: Ad,
        *,
        by: Someone,
        body: str,
        when_text: str = "",
        carry: str = "",
        client_id: str | None = None,
    ) -> "Answer":
        """Answer: in words to the owner at once, or, in a fair queue, by joining its line.

        The first time, or after having left the line, they join it at its end; else their words are added.
        The same `client_id` again changes nothing. Raises OwnAd, AlreadyClosed, Expired, Paused, NotFound,
        Invalid (a fair queue asks for `when_text` and `carry`), and what posting raises.
        """
        async with in_transaction():
            ad = await ad.lock()
            await _check_open(ad, by)
            words: dict[str, Any] = {"note": body, "when_text": when_text, "carry": carry}
            if ad.fair:
                _check_told(when_text, carry)
            # The annonce is locked: nobody adds the same row meanwhile.
            answer = await cls.get_or_none(ad_id=ad.id, member_id=by.id)
            if not ad.fair:
                conversation = await _write(ad, by, client_id, body)
                words["conversation_id"] = conversation.id
            if answer is None:
                answer = await cls.create(ad_id=ad.id, member_id=by.id, at=now(), **words)
            else:
                joins = not await answer.is_in_line()
                if joins:
                    words |= {"at": now(), "withdrawn_at": None}
                elif not ad.fair:
                    # What they write further stands in the conversation.
                    words = {name: said for name, said in words.items() if said and name != "note"}
                await answer.update_from_dict(words).save()
                if not joins:
                    return answer
            await answer._join(ad, by)
            return answer

    async def is_in_line(self) -> bool:
        """Whether they wait for it, or it is promised to them."""
        row = await fetch_one(
            f"""SELECT {queue.IN_LINE} OR EXISTS (
                    SELECT FROM reservation WHERE answer_id = a.id AND ended_at IS NULL) AS yes
                FROM answer a WHERE a.id = $1""",  # noqa: S608 — our own words
            self.id,
        )
        return bool(row and row["yes"])

    async def is_meetable(self) -> bool:
        """Whether its neighbour is here, and neither they nor the owner want to avoid the other."""
        row = await fetch_one(
            f"""SELECT {queue.MEETABLE} AS yes FROM answer a
                JOIN ad d ON d.id = a.ad_id JOIN member m ON m.id = a.member_id WHERE a.id = $1""",  # noqa: S608
            self.id,
        )
        return bool(row and row["yes"])

    async def _join(self, ad: Ad, by: Someone) -> None:
        if not ad.fair:
            link = f"/messages/{self.conversation_id}"
            await tell(ad.owner_id or 0, "answer", link=link, by=by.id, name=by.name, title=ad.title)
            return
        await queue.set_clock(ad)
        if ad.queue_told_at is None:
            link = f"/annonces/{ad.id}/reponses"
            await tell(ad.owner_id or 0, "answer", link=link, by=by.id, name=by.name, title=ad.title)
            await execute("UPDATE ad SET queue_told_at = $2 WHERE id = $1", ad.id, now())
        if ad.queue_opened_at is not None:
            self.rank = await queue.last_place(ad.id)
            await self.save(update_fields=["rank"])
            await promises.pass_on(ad)

    @classmethod
    async def withdraw(cls, ad: Ad, *, by: Someone) -> None:
        """Take one's answer back; what was promised is free again. Raises NotFound when there is none."""
        async with in_transaction():
            ad = await ad.lock()
            answer = await cls.get_or_none(ad_id=ad.id, member_id=by.id, withdrawn_at=None)
            if answer is None:
                raise NotFound
            await answer._leave(ad)
            if not ad.fair and ad.closed_at is None:
                link = f"/messages/{answer.conversation_id}"
                await tell(ad.owner_id or 0, "withdrew", link=link, by=by.id, name=by.name, title=ad.title)

    @classmethod
    async def withdraw_all_of(cls, member_id: int) -> None:
        """Somebody goes away: their answers are taken back without a word, in the caller's transaction."""
        answers = await cls.filter(member_id=member_id, withdrawn_at=None).order_by("ad_id")
        async with in_transaction():
            for answer in answers:
                await answer._leave(await Ad(id=answer.ad_id).lock())

    async def _leave(self, ad: Ad) -> None:
        self.withdrawn_at = now()
        await self.save(update_fields=["withdrawn_at"])
        promised = await promises.current(ad.id)
        if promised is not None and promised.answer_id == self.id:
            await promises.give_up(ad, "withdrawn", by=self.member_id)


async def _write(ad: Ad, by: Someone, client_id: str | None, body: str) -> Conversation:
    conversation = await Conversation.open_about("ad", ad.id, opener=by.id, other=ad.owner_id or 0)
    await conversation.post(
        by=by.id, client_id=client_id or new_client_id(), body=body, hat=getattr(by, "acting_for", None)
    )
    return conversation


async def _check_open(ad: Ad, by: Someone) -> None:
    if ad.owner_id is None or ad.published_at is None:
        raise NotFound
    if ad.owner_id == by.id:
        raise refusals.OwnAd
    between = await fetch_one(
        """SELECT me.away, (you.away AND $3::int IS NULL) AS gone,
                  EXISTS (SELECT FROM block WHERE (by_id, member_id) IN (($1, $2), ($2, $1))) AS blocked,
                  EXISTS (SELECT FROM membership WHERE organisation_id = $3 AND member_id = $1) AS ours
           FROM member me, member you WHERE me.id = $1 AND you.id = $2""",
        by.id,
        ad.owner_id,
        ad.organisation_id,
    )
    if (
        between is None
        or between["blocked"]
        or between["gone"]
        or ad.held_at
        or ad.hidden_at
        or ad.owner_away
    ):
        raise NotFound
    if between["ours"]:
        raise refusals.OwnAd
    if between["away"]:
        raise refusals.Paused
    if ad.organisation_id is None:
        await check_reach(by.id, ad.owner_id)
    if ad.closed_at is not None:
        raise refusals.AlreadyClosed
    if ad.expired_at is not None or (ad.expires_at is not None and ad.expires_at <= now()):
        raise refusals.Expired


def _check_told(when_text: str, carry: str) -> None:
    missing = {}
    if not when_text:
        missing["when_text"] = [_("Dites quand vous pouvez passer.")]
    if not carry:
        missing["carry"] = [_("Choisissez une des réponses proposées.")]
    if missing:
        raise Invalid(missing)
