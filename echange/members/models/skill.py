"""What people know how to do."""

from typing import ClassVar, Final

from tortoise import Model, fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from echange.database import execute, fetch_value, in_transaction
from echange.http import Refusal
from echange.i18n import mark
from echange.members.models.member import Member
from echange.members.names import fold
from echange.members.taxonomy import translated_keys

OTHER_FIELD: Final = "autre"
SKILLS_AT_MOST: Final = 12
# « je débute », « à l’aise », « c’est mon métier ou presque »
LEVELS: Final = (1, 2, 3)
TERMS: Final = ("free", "hours", "quote")


class TooManySkills(Refusal):
    code = "too_many_skills"
    sentence = mark("Douze au plus de chaque côté. Retirez-en un pour en ajouter un autre.")


class Skill(Model):
    """A skill of the town's taxonomy. `key` is its name folded (lower case, no accents); so are `synonyms`.

    `proposed_by` is set when a member wrote one that the taxonomy lacked.
    """

    id = fields.IntField(primary_key=True)
    key = fields.CharField(max_length=80)
    name = fields.CharField(max_length=80)
    field = fields.CharField(max_length=40)
    synonyms: list[str] = ArrayField("text", default=list, db_default=[])
    proposed_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "echange.Member", null=True, related_name="proposed_skills", on_delete=fields.SET_NULL, db_index=True
    )

    class Meta:
        table = "skill"
        ordering = ("name",)
        constraints = [UniqueConstraint(fields=("key",), name="skill_key_once")]

    @classmethod
    async def named(cls, name: str, *, by: Member) -> int:
        """The id of the skill with this name or synonym, in the reader's language too.

        One nobody wrote before joins the list.
        """
        key = fold(name)[:80]
        key = dict(translated_keys()).get(key, key)
        known: int | None = await fetch_value(
            "SELECT id FROM skill WHERE key = $1 OR $1 = ANY(synonyms) ORDER BY key <> $1, id LIMIT 1", key
        )
        if known is None:
            await execute(
                """INSERT INTO skill (key, name, field, proposed_by_id) VALUES ($1, $2, $3, $4)
                   ON CONFLICT (key) DO NOTHING""",
                key,
                name[:1].upper() + name[1:],
                OTHER_FIELD,
                by.id,
            )
            known = await fetch_value("SELECT id FROM skill WHERE key = $1", key)
        assert known is not None  # noqa: S101 — written just above, by us or by somebody faster
        return known


class MemberSkill(Model):
    """A skill that a member offers, or looks for when `wanted`."""

    id = fields.IntField(primary_key=True)
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="skills", on_delete=fields.CASCADE
    )
    skill: fields.ForeignKeyRelation[Skill] = fields.ForeignKeyField(
        "echange.Skill", related_name="members", on_delete=fields.RESTRICT
    )
    wanted = fields.BooleanField()
    note = fields.CharField(max_length=160, default="", db_default="")
    level = fields.SmallIntField(null=True)
    terms: list[str] = ArrayField("text", default=list, db_default=[])
    position = fields.SmallIntField(default=0, db_default=0)
    at = fields.DatetimeField(auto_now_add=True)

    member_id: int
    skill_id: int

    class Meta:
        table = "member_skill"
        indexes: ClassVar = [Index(fields=("skill_id", "wanted"), name="member_skill_by_skill")]
        constraints = [
            UniqueConstraint(fields=("member_id", "wanted", "skill_id"), name="member_skill_once"),
            CheckConstraint(check="level BETWEEN 1 AND 3", name="member_skill_level_known"),
            CheckConstraint(
                check="terms <@ ARRAY['free', 'hours', 'quote']", name="member_skill_terms_known"
            ),
        ]

    @classmethod
    async def add(
        cls,
        member: Member,
        name: str,
        *,
        wanted: bool,
        note: str = "",
        level: int | None = None,
        terms: list[str] | None = None,
    ) -> None:
        """Offer or look for a skill; said again, what is told of it changes. Raises TooManySkills."""
        async with in_transaction():
            mine = await cls._all_of(member.id, wanted)
            skill_id = await Skill.named(name, by=member)
            line = next((one for one in mine if one.skill_id == skill_id), None)
            if line is None and len(mine) >= SKILLS_AT_MOST:
                raise TooManySkills
            line = line or cls(
                member_id=member.id,
                skill_id=skill_id,
                wanted=wanted,
                position=mine[-1].position + 1 if mine else 0,
            )
            await line.tell(note=note or line.note, level=level or line.level, terms=terms or line.terms)

    @classmethod
    async def _all_of(cls, member_id: int, wanted: bool) -> "list[MemberSkill]":
        """One side of a profile in its order, locked with its member."""
        await Member.filter(id=member_id).select_for_update(no_key=True).get()
        return await cls.filter(member_id=member_id, wanted=wanted).order_by("position", "id")

    async def tell(self, *, note: str, level: int | None, terms: list[str]) -> None:
        """What is told of it; only what is offered has a level and terms."""
        self.note = note
        self.level = None if self.wanted else level
        self.terms = [] if self.wanted else [one for one in TERMS if one in terms]
        await self.save()

    async def move(self, *, up: bool) -> None:
        """One place up or down among its side; at the end it stays."""
        async with in_transaction():
            mine = await self._all_of(self.member_id, self.wanted)
            here = next((place for place, one in enumerate(mine) if one.id == self.id), None)
            there = None if here is None else here + (-1 if up else 1)
            if here is None or there is None or not 0 <= there < len(mine):
                return
            mine[here], mine[there] = mine[there], mine[here]
            for position, one in enumerate(mine):
                if one.position != position:
                    one.position = position
                    await one.save(update_fields=["position"])

    @classmethod
    async def remove(cls, member_id: int, skill_line_id: int) -> bool:
        """Take a line off this member's profile; whether there was one."""
        return bool(await cls.filter(id=skill_line_id, member_id=member_id).delete())
