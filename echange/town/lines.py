"""One thing to do."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """`act` is the button's word; it goes to `url`, by a form when `posts`."""

    icon: str
    tint: str
    title: str
    detail: str
    act: str
    url: str
    posts: bool = False
