"""A photo as pages show it: the addresses of its files."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

# The width in pixels that a browser without `srcset` gets at most.
USUAL_WIDTH: Final = 640


@dataclass(frozen=True, slots=True)
class Shot:
    """`url` is the usual width, `full` the largest."""

    id: int
    url: str
    full: str
    srcset: str
    width: int
    height: int
    alt: str


def shot_of(
    photo_id: int, width: int, height: int, widths: Iterable[int], alt: str, address: Callable[[int], str]
) -> Shot:
    """A photo whose file of one width, in pixels, lies at `address`."""
    there = sorted(widths)
    usual = max((one for one in there if one <= USUAL_WIDTH), default=there[0])
    srcset = ", ".join(f"{address(one)} {one}w" for one in there)
    return Shot(photo_id, address(usual), address(there[-1]), srcset, width, height, alt)
