"""The parts of town: the finest public place there is."""

from tortoise import Model, fields
from tortoise.migrations.constraints import UniqueConstraint


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
