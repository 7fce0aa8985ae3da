"""What happened in an exchange."""

from typing import TYPE_CHECKING, Any, ClassVar

from tortoise import Model, fields
from tortoise.indexes import Index

from echange.members import Member

if TYPE_CHECKING:
    from echange.exchanges.models.exchange import Exchange


class ExchangeEvent(Model):
    """A line of an exchange's history, never changed; replayed, these lines give its state.

    `by` did it, nobody when time did; for `person`, one of the two, when they acted for somebody else. Of
    `data` only `words`, what people wrote, may be taken away, when they leave.
    """

    id = fields.BigIntField(primary_key=True)
    kind = fields.CharField(max_length=20)
    data: dict[str, Any] = fields.JSONField()
    at = fields.DatetimeField(auto_now_add=True)
    exchange: "fields.ForeignKeyRelation[Exchange]" = fields.ForeignKeyField(
        "echange.Exchange", related_name="events", on_delete=fields.RESTRICT
    )
    by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "echange.Member",
        null=True,
        related_name="exchange_events_by",
        on_delete=fields.RESTRICT,
        db_index=True,
    )
    person: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "echange.Member",
        null=True,
        related_name="exchange_events_person",
        on_delete=fields.RESTRICT,
        db_index=True,
    )

    exchange_id: int
    by_id: int | None
    person_id: int | None

    class Meta:
        table = "exchange_event"
        indexes: ClassVar = [Index(fields=("exchange_id", "id"), name="exchange_event_exchange")]

    @property
    def side_id(self) -> int | None:
        """The one of the two for whom it was done; None for what time or a moderator did."""
        return self.person_id or self.by_id
