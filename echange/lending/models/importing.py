"""A list of equipment that somebody takes in."""

from typing import Any, Final

from tortoise import Model, fields

from echange.database import execute
from echange.http import Viewer
from echange.lending.import_columns import NAMES, guessed
from echange.lending.import_table import Table, read_table, text_of
from echange.lending.models.lender import Lender
from echange.lending.seeing import actor
from echange.members import Member

KEPT_HOURS: Final = 24


class LendingImport(Model):
    """A list as it was sent, until it is taken in or a day has passed.

    `mapping` is for each of our columns its place in the list, from 0.
    """

    id = fields.IntField(primary_key=True)
    content = fields.TextField()
    mapping: dict[str, Any] = fields.JSONField()
    at = fields.DatetimeField(auto_now_add=True)
    done_at = fields.DatetimeField(null=True)
    lender: fields.ForeignKeyRelation[Lender] = fields.ForeignKeyField(
        "echange.Lender", related_name="lending_imports", on_delete=fields.CASCADE, db_index=True
    )
    by: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="lending_imports_by", on_delete=fields.CASCADE, db_index=True
    )

    lender_id: int
    by_id: int

    class Meta:
        table = "lending_import"

    @classmethod
    async def start(cls, lender: Lender, data: bytes, *, by: Viewer) -> "LendingImport":
        """Keep a list, its columns guessed by their headings. Raises NotASheet, TooManyLines, OutOfScope."""
        text = text_of(data)
        table = read_table(text)
        return await cls.create(
            content=text, mapping=guessed(table.heads), lender_id=lender.id, by_id=actor(by)
        )

    @property
    def table(self) -> Table:
        return read_table(self.content)

    async def map(self, places: dict[str, int]) -> None:
        """Say which column is which; names we do not know are left out."""
        self.mapping = {name: place for name, place in places.items() if name in NAMES and place >= 0}
        await self.save(update_fields=["mapping"])


async def forget_old_lists(_: dict[str, Any] | None = None) -> None:
    """Lists that nobody took in, and those that were: nothing of them is needed any more."""
    await execute(
        """DELETE FROM lending_import
           WHERE at < now() - make_interval(hours => $1) OR done_at < now() - interval '1 hour'""",
        KEPT_HOURS,
    )
