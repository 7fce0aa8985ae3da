"""Signatures of devices: ECDSA on P-256 with SHA-256, as browsers make them (W3C Web Cryptography API)."""

from typing import Final

from echange.lending.device_refusals import NotAKey

# r and s, 32 bytes each (IEEE P1363).
LENGTH: Final = 64


def checked_key(key: bytes) -> bytes:
    """A public key on P-256 as SubjectPublicKeyInfo (RFC 5480). Raises NotAKey."""
    _loaded(key)
    return key


def is_signed(content: bytes, signature: bytes, key: bytes) -> bool:
    """Whether whoever has the private half of `key` signed this."""
    # Imported late: a server whose desks never lose their network need not keep the library in memory.
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, utils

    if len(signature) != LENGTH:
        return False
    half = LENGTH // 2
    r, s = (int.from_bytes(part, "big") for part in (signature[:half], signature[half:]))
    public = _loaded(key)
    assert isinstance(public, ec.EllipticCurvePublicKey)  # noqa: S101 — `_loaded` gives no other
    try:
        public.verify(utils.encode_dss_signature(r, s), content, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def _loaded(key: bytes) -> object:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    try:
        public = load_der_public_key(key)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise NotAKey from error
    if not isinstance(public, ec.EllipticCurvePublicKey) or not isinstance(public.curve, ec.SECP256R1):
        raise NotAKey
    return public
