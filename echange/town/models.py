"""The texts of the house, each version kept."""

from typing import ClassVar

from tortoise import Model, fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint

from echange.database import fetch_value, in_transaction
from echange.http import Refusal
from echange.i18n import mark
from echange.members import Member, StaffAct


class RewrittenMeanwhile(Refusal):
    code = "rewritten_meanwhile"
    sentence = mark(
        "Quelqu’un de l’équipe a réécrit ce texte entre-temps. Rien n’est perdu : comparez, puis décidez."
    )


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
    async def write(cls, slug: str, locale: str, body: str, *, by: int, seen: int) -> "TownText":
        """A new version in place of `seen`, the one its writer read; those before it stay.

        Version 0 is the text that comes with échange. Raises RewrittenMeanwhile.
        """
        async with in_transaction():
            await fetch_value("SELECT pg_advisory_xact_lock(hashtext($1))", f"text {slug} {locale}")
            last = await cls.filter(slug=slug, locale=locale).order_by("-id").first()
            if (last.id if last else 0) != seen:
                raise RewrittenMeanwhile
            text = await cls.create(slug=slug, locale=locale, body=body, by_id=by)
            await StaffAct.note("text_written", "text", text.id, by=by, slug=slug, locale=locale)
            return text
