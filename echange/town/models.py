"""The texts of the house, each version kept."""

from typing import ClassVar

from tortoise import Model, fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint

from echange.database import in_transaction
from echange.members import Member, StaffAct


class TownText(Model):
    """A version of a text, in Markdown; the last one of its slug and language counts."""

    id = fields.IntField(primary_key=True)
    slug = fields.CharField(max_length=40)
    locale = fields.CharField(max_length=2)
    body = fields.TextField()
    at = fields.DatetimeField(auto_now_add=True)
    by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "echange.Member", null=True, related_name="town_texts", on_delete=fields.SET_NULL, db_index=True
    )

    by_id: int | None

    class Meta:
        table = "town_text"
        indexes: ClassVar = [Index(fields=("slug", "locale", "id"), name="town_text_slug")]
        constraints = [CheckConstraint(check="locale IN ('fr', 'en')", name="town_text_locale_known")]

    @classmethod
    async def write(cls, slug: str, locale: str, body: str, *, by: int) -> "TownText":
        """A new version; those before it stay."""
        async with in_transaction():
            text = await cls.create(slug=slug, locale=locale, body=body, by_id=by)
            await StaffAct.note("text_written", "text", text.id, by=by, slug=slug, locale=locale)
            return text
