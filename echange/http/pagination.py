"""Pages by cursor: a list goes on from the last row seen, whatever was added meanwhile."""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Generic, TypeVar

from pydantic import Field

from echange.http.forms import Form
from echange.http.refusals import Invalid
from echange.i18n import gettext as _

T = TypeVar("T")
Position = tuple[datetime, int]
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class PageQuery(Form):
    """`?limit=&cursor=` of every list."""

    limit: int = Field(default=20, ge=1, le=100)
    cursor: str = Field(default="", max_length=100)

    def position(self) -> Position | None:
        """Where the last page ended; raises Invalid for a cursor that is not ours."""
        return decode(self.cursor) if self.cursor else None


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows and the cursor that goes on after them, or None at the end."""

    items: Sequence[T]
    next: str | None


def cut(rows: Sequence[T], limit: int, position: Callable[[T], Position]) -> Page[T]:
    """A page out of `limit + 1` rows read: the last one only tells that there is more."""
    items = rows[:limit]
    return Page(items, encode(position(items[-1])) if len(rows) > limit else None)


def encode(position: Position) -> str:
    """A position as text for an address."""
    instant, identifier = position
    micros = (instant - EPOCH) // timedelta(microseconds=1)
    return base64.urlsafe_b64encode(f"{micros}.{identifier}".encode()).decode().rstrip("=")


def decode(cursor: str) -> Position:
    """The position told by `encode`; raises Invalid."""
    try:
        micros, identifier = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().split(".")
        instant = EPOCH + timedelta(microseconds=int(micros))
        number = int(identifier)
    except (binascii.Error, ValueError, OverflowError, OSError, UnicodeDecodeError) as error:
        raise Invalid({"cursor": [_("Cette suite de liste n’existe pas.")]}) from error
    if not 0 <= number <= 2_147_483_647:
        raise Invalid({"cursor": [_("Cette suite de liste n’existe pas.")]})
    return instant, number
