"""Which mail server, from its address."""

from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import unquote, urlsplit

PORTS: Final = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}


@dataclass(frozen=True)
class MailServer:
    """Where letters are handed over. TLS certificates are verified."""

    host: str
    port: int
    tls: bool
    starttls: bool
    username: str | None
    password: str | None

    @classmethod
    def from_url(cls, url: str) -> Self:
        """From `smtp://`, `smtps://` or `smtp+starttls://user:password@host:port`. Raises ValueError."""
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname:
            raise ValueError("ECHANGE_MAIL_URL : par exemple smtps://nom:motdepasse@mail.maville.fr:465")
        return cls(
            host=parts.hostname,
            port=parts.port or PORTS[parts.scheme],
            tls=parts.scheme == "smtps",
            starttls=parts.scheme == "smtp+starttls",
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
        )
