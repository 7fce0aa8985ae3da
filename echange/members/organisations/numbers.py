"""National numbers of organisations."""

import re
from typing import Final

_RNA: Final = re.compile(r"W[0-9]{9}")
_SIRET: Final = re.compile(r"[0-9]{14}")
_LA_POSTE: Final = "356000000"


def is_rna(number: str) -> bool:
    """An association's number in the Répertoire national des associations: W and nine digits."""
    return _RNA.fullmatch(number) is not None


def is_siret(number: str) -> bool:
    """A SIRET: fourteen digits whose Luhn sum is a multiple of ten (ISO/IEC 7812-1, annex B).

    La Poste (SIREN 356 000 000) outgrew that key: INSEE lets the plain sum of its digits be a multiple of
    five instead, its head office keeping the ordinary key.
    """
    if not _SIRET.fullmatch(number):
        return False
    digits = [int(digit) for digit in number]
    if number.startswith(_LA_POSTE) and sum(digits) % 5 == 0:
        return True
    return _luhn(digits) % 10 == 0


def _luhn(digits: list[int]) -> int:
    doubled = [digit * 2 if place % 2 else digit for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled)
