"""Names that clients give their messages before the server has numbered them."""

import secrets
import time
import uuid


def client_id() -> str:
    """A new UUIDv7 (RFC 9562): by time, then by chance."""
    millis = time.time_ns() // 1_000_000
    version, variant = 0x7 << 76, 0b10 << 62
    bits = millis << 80 | version | secrets.randbits(12) << 64 | variant | secrets.randbits(62)
    return str(uuid.UUID(int=bits))
