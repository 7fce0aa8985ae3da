"""Which addresses a letter can go to."""

import re
from email.headerregistry import Address
from email.utils import parseaddr
from typing import Final

# The rule of browsers for <input type=email> (HTML Living Standard, 4.10.5.1.5), after IDNA for the domain.
_LABEL: Final = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_ADDRESS: Final = re.compile(rf"([a-zA-Z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}})@({_LABEL}(?:\.{_LABEL})*)")
# C0, C1, and what Unicode or Python take for the end of a line.
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# RFC 5321, 4.5.3.1.3, without its angle brackets.
LONGEST: Final = 254


class BadAddress(ValueError):
    """No letter can go to this address."""


def is_address(text: str) -> bool:
    """Whether a letter can go there; the domain may hold accents, the part before the @ may not."""
    try:
        parse(text)
    except BadAddress:
        return False
    return True


def mailbox_of(text: str) -> str:
    """One way to write an address out of all that lead to its mailbox; raises BadAddress."""
    return parse(text).addr_spec.lower()


def parse(text: str, name: str = "") -> Address:
    """One bare address, its domain in ASCII. Raises BadAddress; a line break can never pass."""
    local, _, domain = text.rpartition("@")
    try:
        ascii_domain = domain if domain.isascii() else domain.encode("idna").decode()
    except UnicodeError as error:
        raise BadAddress(text) from error
    found = _ADDRESS.fullmatch(f"{local}@{ascii_domain}")
    if found is None or len(found[0]) > LONGEST:
        raise BadAddress(text)
    return Address(one_line(name), username=found[1], domain=found[2])


def parse_sender(text: str) -> Address:
    """« Name <address> », or a bare address."""
    name, address = parseaddr(one_line(text))
    return parse(address, name)


def one_line(text: str) -> str:
    """Text fit for a header: line breaks and other control characters become spaces."""
    return _CONTROLS.sub(" ", text).strip()
