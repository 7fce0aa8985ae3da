"""Acting for somebody: their mandate."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, Final, Literal

from tortoise import Model, fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint

from echange.database import execute, fetch_value, in_transaction
from echange.http import NotAllowed, Refusal, Viewer
from echange.http.dates import now
from echange.http.promises import kept
from echange.i18n import mark
from echange.members.models.member import Member
from echange.members.models.trust import StaffAct
from echange.notifications import tell

Scope = Literal["help", "lending", "appointments"]
State = Literal["asked", "running", "lapsed", "over", "ended"]
DAYS: Final = (1, 31, 182, 365)
ASKED_FOR: Final = timedelta(days=14)
DESK: Final = frozenset({"concierge", "admin"})
_APART: Final = """
    SELECT EXISTS (SELECT FROM block
                   WHERE (by_id = $1 AND member_id = $2) OR (by_id = $2 AND member_id = $1))"""


class MandateRunning(Refusal):
    code = "mandate_running"
    sentence = mark(
        "Il y a déjà un mandat entre ces deux personnes. Mettez-y fin avant d’en faire un nouveau."
    )


class MandateForOneself(Refusal):
    code = "oneself"
    sentence = mark("On n’a pas besoin de mandat pour soi-même.")


class MandateImpossible(Refusal):
    """Somebody is leaving or hidden, or wants nothing to do with the other: nobody is told which."""

    code = "mandate_impossible"
    sentence = mark("Ce mandat n’est pas possible en ce moment entre ces deux personnes.")


class MandateOver(Refusal):
    code = "mandate_over"
    sentence = mark("Ce mandat est terminé. Pour continuer, il en faut un nouveau.")


@dataclass(frozen=True, slots=True)
class Terms:
    """What a mandate is for, for how many days, and why, in a few words."""

    days: int
    scopes: tuple[Scope, ...]
    words: str = ""


class Mandate(Model):
    """`person` lets `helper` act for them, or the desk where nobody is named.

    In force from the agreement of both (signed or spoken at the desk: at once) until somebody ends it, or
    until `ends_at`, `days` days later. One asked online lapses unanswered after fourteen days.
    """

    id = fields.IntField(primary_key=True)
    scopes: list[str] = ArrayField("text")
    days = fields.SmallIntField()
    consent = fields.CharField(max_length=10)
    words = fields.CharField(max_length=300, default="", db_default="")
    starts_at = fields.DatetimeField(auto_now_add=True)
    ends_at = fields.DatetimeField()
    agreed_at = fields.DatetimeField(null=True)
    ended_at = fields.DatetimeField(null=True)
    person: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="mandates_person", on_delete=fields.CASCADE
    )
    helper: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "echange.Member", null=True, related_name="mandates_helper", on_delete=fields.CASCADE
    )
    made_by: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="mandates_made_by", on_delete=fields.RESTRICT, db_index=True
    )
    ended_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "echange.Member",
        null=True,
        related_name="mandates_ended_by",
        on_delete=fields.SET_NULL,
        db_index=True,
    )

    person_id: int
    helper_id: int | None
    made_by_id: int
    ended_by_id: int | None

    class Meta:
        table = "mandate"
        indexes: ClassVar = [
            Index(fields=("helper_id", "id"), name="mandate_helper"),
            Index(fields=("person_id", "id"), name="mandate_person"),
        ]
        constraints = [
            CheckConstraint(
                check="consent IN ('signed', 'spoken', 'online')",
                name="mandate_consent_known",
            ),
            CheckConstraint(
                check="days IN (1, 31, 182, 365)",
                name="mandate_days_known",
            ),
            CheckConstraint(
                check="ends_at > starts_at",
                name="mandate_ends",
            ),
            CheckConstraint(
                check="helper_id <> person_id",
                name="mandate_for_another",
            ),
            CheckConstraint(
                check="scopes <> '{}' AND scopes <@ ARRAY['help', 'lending', 'appointments']",
                name="mandate_scopes_known",
            ),
        ]

    @property
    def url(self) -> str:
        return f"/moi/mandats/{self.id}"

    @classmethod
    async def sign(
        cls, person_id: int, helper_id: int | None, terms: Terms, *, consent: str, by: Viewer
    ) -> "Mandate":
        """At the desk, with the person there: in force at once; both are told. The same said twice is one.

        Raises MandateForOneself (nobody of the desk lets themselves act), MandateImpossible, MandateRunning.
        """
        if by.id in (person_id, helper_id):
            raise MandateForOneself
        async with in_transaction():
            mandate, fresh = await cls._make(person_id, helper_id, terms, consent, by.id)
            if fresh:
                await StaffAct.note("mandate_made", "member", person_id, by=by.id, mandate=mandate.id)
                await mandate._tell("mandate_signed", [person_id, helper_id], by.id)
        return mandate

    @classmethod
    async def ask(cls, *, person_id: int, helper_id: int, terms: Terms, by: Viewer) -> "Mandate":
        """One of the two asks the other, who is told and may agree. The same asked twice is asked once.

        Raises MandateForOneself, MandateImpossible, MandateRunning.
        """
        async with in_transaction():
            mandate, fresh = await cls._make(person_id, helper_id, terms, "online", by.id)
            if fresh:
                kind = "mandate_entrusted" if by.id == person_id else "mandate_offered"
                await mandate._tell(kind, [person_id, helper_id], by.id)
        return mandate

    @classmethod
    async def _make(
        cls, person_id: int, helper_id: int | None, terms: Terms, consent: str, by: int
    ) -> "tuple[Mandate, bool]":
        if person_id == helper_id:
            raise MandateForOneself
        with kept({"mandate_one_at_a_time": MandateRunning}):
            async with in_transaction():
                await _hold(person_id, helper_id)
                if known := await cls._running(person_id, helper_id):
                    if known.says(terms, consent, by):
                        return known, False
                    raise MandateRunning
                at = now()
                lasts = ASKED_FOR if consent == "online" else timedelta(days=terms.days)
                return await cls.create(
                    person_id=person_id,
                    helper_id=helper_id,
                    days=terms.days,
                    scopes=sorted(terms.scopes),
                    words=terms.words,
                    consent=consent,
                    made_by_id=by,
                    starts_at=at,
                    ends_at=at + lasts,
                    agreed_at=None if consent == "online" else at,
                ), True

    @classmethod
    async def _running(cls, person_id: int, helper_id: int | None) -> "Mandate | None":
        # Time ends a mandate without anybody's doing; its row makes room for the next one here.
        await execute(
            """UPDATE mandate SET ended_at = ends_at WHERE person_id = $1
               AND helper_id IS NOT DISTINCT FROM $2 AND ended_at IS NULL AND ends_at <= now()""",
            person_id,
            helper_id,
        )
        return await cls.get_or_none(person_id=person_id, helper_id=helper_id, ended_at=None)

    def says(self, terms: Terms, consent: str, by: int) -> bool:
        """Whether this is just what somebody says once more."""
        mine = (self.days, sorted(self.scopes), self.words, self.consent, self.made_by_id)
        return mine == (terms.days, sorted(terms.scopes), terms.words, consent, by)

    def state(self) -> State:
        """asked → running → ended (by somebody) or over (by its date); asked → ended or lapsed."""
        agreed = self.agreed_at is not None
        if self.ended_at is not None and self.ended_at < self.ends_at:
            return "ended"
        if self.ends_at <= now():
            return "over" if agreed else "lapsed"
        return "running" if agreed else "asked"

    def awaits(self, member_id: int) -> bool:
        """Whether this member is the one who has to answer."""
        is_other = member_id in (self.person_id, self.helper_id) and member_id != self.made_by_id
        return is_other and self.state() == "asked"

    async def agree(self, *, by: Viewer) -> None:
        """The one who was asked says yes: it runs from now on. Said twice, it counts once.

        Raises NotAllowed for anybody else, MandateOver.
        """
        async with in_transaction():
            mine = await self._held()
            if by.id == mine.made_by_id or by.id not in (mine.person_id, mine.helper_id):
                raise NotAllowed
            if mine.state() == "running":
                return
            if mine.state() != "asked":
                raise MandateOver
            at = now()
            mine.starts_at = mine.agreed_at = at
            mine.ends_at = at + timedelta(days=mine.days)
            await mine.save(update_fields=["starts_at", "agreed_at", "ends_at"])
            await mine._tell("mandate_agreed", [mine.made_by_id], by.id)

    async def end(self, *, by: Viewer) -> None:
        """Either side, or the desk, ends it now, or says no to what was asked; the others are told.

        Ended already, or over, it stays so. Raises NotAllowed for anybody else.
        """
        async with in_transaction():
            mine = await self._held()
            is_party = by.id in (mine.person_id, mine.helper_id)
            if not is_party and not by.roles & DESK:
                raise NotAllowed
            before = mine.state()
            if before not in ("asked", "running"):
                return
            mine.ended_at = now()
            mine.ended_by_id = by.id
            await mine.save(update_fields=["ended_at", "ended_by_id"])
            if not is_party:
                await StaffAct.note("mandate_ended", "member", mine.person_id, by=by.id, mandate=mine.id)
            told = [mine.person_id, mine.helper_id or mine.made_by_id]
            await mine._tell("mandate_ended" if before == "running" else "mandate_declined", told, by.id)

    async def _held(self) -> "Mandate":
        return await Mandate.filter(id=self.id).select_for_update(no_key=True).get()

    async def _tell(self, kind: str, members: Sequence[int | None], by: int) -> None:
        name = (await Member.get(id=by)).name
        person = (await Member.get(id=self.person_id)).name
        for one in sorted({one for one in members if one is not None} - {by}):
            told = {"name": name, "person": person, "you": one == self.person_id, "by": by}
            await tell(one, kind, link=self.url, desk=self.helper_id is None, **told)


async def _hold(person_id: int, helper_id: int | None) -> None:
    """Lock those who make a mandate, in the order of their ids; raises MandateImpossible."""
    wanted = sorted(one for one in (person_id, helper_id) if one is not None)
    found = (
        await Member.filter(id__in=wanted, leaving_at=None, hidden_at=None)
        .order_by("id")
        .select_for_update(no_key=True)
    )
    if len(found) != len(wanted) or await fetch_value(_APART, person_id, helper_id):
        raise MandateImpossible
