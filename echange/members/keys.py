"""Keys that prove who somebody is: handed out once, kept as hashes."""

import hashlib
import secrets


def fresh_key() -> str:
    """256 random bits, safe in addresses and cookies."""
    return secrets.token_urlsafe(32)


def hash_key(key: str) -> bytes:
    """SHA-256: enough for a key that cannot be guessed."""
    return hashlib.sha256(key.encode(errors="replace")).digest()
