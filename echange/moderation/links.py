"""Where letters and notices of this room lead."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass

from starlette.requests import HTTPConnection

from echange.config import Settings


@dataclass(frozen=True, slots=True)
class Links:
    """`home` is our own origin.

    A report's key is made from its number and our secret: 256 bits nobody guesses, and the same again when
    its outcome is told.
    """

    home: str
    secret: str

    def key(self, report_id: int) -> str:
        """What lets somebody without an account follow their report."""
        digest = hmac.digest(self.secret.encode(), f"report {report_id}".encode(), hashlib.sha256)
        return urlsafe_b64encode(digest).decode().rstrip("=")

    def receipt(self, report_id: int) -> str:
        """The page of a report, as a path."""
        return f"/signalements/{self.key(report_id)}"


def hash_of(key: str) -> bytes:
    """What is stored of a report's key."""
    return hashlib.sha256(key.encode()).digest()


def links_of(connection: HTTPConnection) -> Links:
    """Those of the running application."""
    settings: Settings = connection.app.state.settings
    home = settings.base_url or f"http://127.0.0.1:{settings.port}"
    return Links(home, connection.app.state.secret)
