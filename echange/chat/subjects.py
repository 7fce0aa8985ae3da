"""What a conversation may be about. Each room that ties conversations to its things brings a Subject."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from echange.http import Viewer


@dataclass(frozen=True, slots=True)
class CardAction:
    """What the viewer can do about a thing: a link, or a button that posts. One of a card is `primary`."""

    label: str
    url: str
    method: Literal["get", "post"] = "get"
    primary: bool = False
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A thing as it is pinned on its conversation.

    `kind` and `state` are those of the shared tags (`kind_tag`, `state_tag`); `state` is empty when all is
    ordinary, `state_text` says it in other words than the tag's own. `next_step` is a sentence for the
    viewer, who may take the `actions`. `photo` is what `picture()` takes, else the `drawing`.
    """

    kind: str
    title: str
    url: str
    state: str = ""
    state_text: str = ""
    next_step: str = ""
    actions: tuple[CardAction, ...] = ()
    drawing: str = "boxes"
    photo: Any = None


class Subject(Protocol):
    """One kind of thing to talk about."""

    kind: str

    async def cards(self, ids: Sequence[int], viewer: Viewer) -> dict[int, Card]:
        """The cards that this viewer may see, in one look-up; what is gone or hidden is missing."""
        ...

    async def counterpart(self, about_id: int, viewer: Viewer) -> int | None:
        """The member whom this viewer may write to about it, or None when there is nothing to write about."""
        ...


class Subjects:
    """Every kind of thing, by name."""

    def __init__(self, subjects: Iterable[Subject]) -> None:
        self._by_kind = {subject.kind: subject for subject in subjects}

    async def cards(self, things: Iterable[tuple[str, int]], viewer: Viewer) -> dict[tuple[str, int], Card]:
        """The cards of things named by kind and id, one look-up a kind."""
        wanted: dict[str, list[int]] = {}
        for kind, about_id in things:
            wanted.setdefault(kind, []).append(about_id)
        found: dict[tuple[str, int], Card] = {}
        for kind, ids in wanted.items():
            if subject := self._by_kind.get(kind):
                cards = await subject.cards(ids, viewer)
                found.update({(kind, about_id): card for about_id, card in cards.items()})
        return found

    async def counterpart(self, kind: str, about_id: int, viewer: Viewer) -> int | None:
        """Whom to write to about a thing, or None."""
        subject = self._by_kind.get(kind)
        return await subject.counterpart(about_id, viewer) if subject else None
