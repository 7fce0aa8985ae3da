"""The parts of town: the finest public place there is."""

from tortoise import Model, fields
from tortoise.migrations.constraints import UniqueConstraint

from echange.http import Invalid
from echange.i18n import gettext as _


class Quartier(Model):
    """A part of town, as data; `confirmed` once the town has agreed with its name."""

    id = fields.IntField(primary_key=True)
    slug = fields.CharField(max_length=60)
    name = fields.CharField(max_length=80)
    position = fields.SmallIntField()
    confirmed = fields.BooleanField(default=False, db_default=False)

    class Meta:
        table = "quartier"
        ordering = ("position",)
        constraints = [UniqueConstraint(fields=("slug",), name="quartier_slug_once")]

    @classmethod
    async def called(cls, slug: str) -> "Quartier | None":
        """The one a form names, None for none; raises Invalid for one there is not."""
        if not slug:
            return None
        quartier = await cls.get_or_none(slug=slug)
        if quartier is None:
            raise Invalid({"quartier": [_("Choisissez une des réponses proposées.")]})
        return quartier
