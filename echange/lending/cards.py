"""Things lent as lists show them: plain values, nothing left to read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from echange.http import Viewer
from echange.http.excerpts import beginning_of
from echange.i18n import gettext as _
from echange.i18n import ngettext
from echange.lending.addresses import item_url, photo_url
from echange.lending.categories import drawing_of
from echange.lending.models.lender import Lender
from echange.media.shots import Shot, shot_of
from echange.members import Face, first_name


@dataclass(frozen=True, slots=True)
class LenderFace(Face):
    """Who lends: a neighbour (by first name to those signed out), an organisation, or a place."""

    id: int
    lender_id: int
    name: str
    handle: str
    kind: str | None = None
    verified: bool = False
    photo: str = ""

    @property
    def url(self) -> str:
        if self.kind == "place":
            return f"/lieux/{self.handle}"
        return f"/associations/{self.handle}" if self.kind else f"/membres/{self.handle}"


@dataclass(frozen=True, slots=True)
class ItemCard:
    """A thing in a list. `units` can be lent, `free` of them at the dates that were asked for, if any were.

    `where` is a place or a quartier in words.
    """

    id: int
    kind: str
    title: str
    summary: str
    category: str
    state: str
    where: str
    who: str
    approval: str
    deposit_cents: int
    units: int
    published_at: datetime | None
    order: datetime
    lender: LenderFace
    photo: Shot | None
    free: int | None = None

    @property
    def url(self) -> str:
        return item_url(self.id, self.title)

    @property
    def drawing(self) -> str:
        return drawing_of(self.category, self.kind)

    @property
    def deposit(self) -> str:
        """« 80 » euros; nothing for none."""
        return euros(self.deposit_cents or None)

    @property
    def kept_by(self) -> str:
        """« 3 exemplaires »; nothing for a single one, or a kit."""
        if self.units < 2 or self.kind == "kit":
            return ""
        return ngettext("{n} exemplaire", "{n} exemplaires", self.units).format(n=self.units)

    @property
    def free_said(self) -> str:
        """« 2 libres sur 3 » at the dates asked for."""
        if self.free is None:
            return ""
        if self.kind == "kit" or self.units < 2:
            return _("Libre") if self.free else _("Pris")
        return ngettext("{n} libre sur {all}", "{n} libres sur {all}", self.free).format(
            n=self.free, all=self.units
        )


def face_of(lender: Lender, viewer: Viewer | None) -> LenderFace:
    """Of a lender that was loaded with its member, organisation or place."""
    if lender.organisation is not None:
        one = lender.organisation
        return LenderFace(one.id, lender.id, one.name, one.slug, one.kind, one.verified_at is not None)
    if lender.place is not None:
        return LenderFace(lender.place.id, lender.id, lender.place.name, lender.place.slug, "place")
    member = lender.member
    if member is None:
        raise ValueError("a lender is somebody")
    verified = member.verified_at is not None
    return LenderFace(member.id, lender.id, name_for(member.name, viewer), member.handle, verified=verified)


def name_for(name: str, viewer: Viewer | None) -> str:
    """A neighbour's name as this viewer reads it: to those signed out the first name alone."""
    return name if viewer else first_name(name)


def photo_of(item_id: int, photo_id: int, width: int, height: int, widths: Iterable[int], alt: str) -> Shot:
    """A photo of a thing."""
    return shot_of(photo_id, width, height, widths, alt, lambda one: photo_url(item_id, photo_id, one))


def card_of(row: Any, viewer: Viewer | None) -> ItemCard:  # noqa: ANN401 — a record of asyncpg
    """A card out of a row of `queries.CARD`."""
    photo = None
    if row["photo_id"]:
        widths: Sequence[int] = orjson.loads(row["widths"])
        photo = photo_of(row["id"], row["photo_id"], row["width"], row["height"], widths, row["alt"])
    return ItemCard(
        id=row["id"],
        kind=row["kind"],
        title=row["title"],
        summary=beginning_of(row["body"]),
        category=row["category"],
        state=row["state"],
        where=row["place"] or row["quartier"] or "",
        who=row["who"],
        approval=row["approval"],
        deposit_cents=row["deposit_cents"],
        units=row["units"],
        published_at=row["published_at"],
        order=row["place_in_list"],
        lender=_lender_of(row, viewer),
        photo=photo,
    )


def _lender_of(row: Any, viewer: Viewer | None) -> LenderFace:  # noqa: ANN401 — a record of asyncpg
    if row["organisation_id"]:
        return LenderFace(
            row["organisation_id"], row["lender_id"], row["called"], row["slug"], row["sort"], row["proven"]
        )
    if row["lending_place_id"]:
        return LenderFace(
            row["lending_place_id"], row["lender_id"], row["lending_place"], row["lending_slug"], "place"
        )
    name = name_for(row["name"], viewer)
    return LenderFace(row["member_id"], row["lender_id"], name, row["handle"], verified=row["verified"])


def euros(cents: int | None) -> str:
    """« 80 », « 12,50 »; "" for None."""
    if cents is None:
        return ""
    whole, rest = divmod(cents, 100)
    return f"{whole},{rest:02}" if rest else str(whole)
