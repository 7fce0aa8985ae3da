"""A letter to one person, before it becomes a mail."""

import secrets
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Self

from echange.mail import addresses

# A header line may hold 998 characters (RFC 5322, 2.1.1), and a link may not be cut.
LONGEST_URL: Final = 900


@dataclass(frozen=True)
class Letter:
    """What one person is told: short paragraphs, at most one action (its words, its link).

    `reason` says why they get it; `unsubscribe_url` answers a bare POST (RFC 8058). Raises BadAddress when
    `to` is not one address, ValueError when a link is not an http one.
    """

    to: str
    subject: str
    paragraphs: tuple[str, ...]
    reason: str
    action: tuple[str, str] | None = None
    unsubscribe_url: str | None = None
    locale: str = "fr"
    # Both stay the same however often it is sent: a reader's mailbox can see that it is the same letter.
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    written_at: str = field(default_factory=lambda: datetime.now(UTC).isoformat())

    def __post_init__(self) -> None:
        addresses.parse(self.to)
        for url in (self.action[1] if self.action else None, self.unsubscribe_url):
            if url is not None:
                _check_url(url)

    def as_dict(self) -> dict[str, Any]:
        """Plain values for a job."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """The same letter again."""
        action = values["action"]
        return cls(
            **{
                **values,
                "paragraphs": tuple(values["paragraphs"]),
                "action": (action[0], action[1]) if action else None,
            }
        )


def _check_url(url: str) -> None:
    is_one_word = url.isascii() and url.isprintable() and not set(url) & set(' <>"')
    if not url.startswith(("https://", "http://")) or not is_one_word or len(url) > LONGEST_URL:
        raise ValueError("not a link for a letter")
