"""Something lent as its own page shows it: plain values, nothing left to read."""

from collections.abc import Sequence
from dataclasses import dataclass

from echange.booking import Rules
from echange.http import Viewer
from echange.i18n import gettext as _
from echange.i18n import ngettext
from echange.lending.cards import LenderFace, euros, face_of, photo_of
from echange.lending.categories import CATEGORIES, drawing_of
from echange.lending.lengths import length_said
from echange.lending.models.item import Item
from echange.media.shots import Shot
from echange.members import Quartier
from echange.places import Place


@dataclass(frozen=True, slots=True)
class PartLine:
    """So many of an item in a kit; `there`: it is still lent."""

    item_id: int
    title: str
    url: str
    quantity: int
    optional: bool
    there: bool


@dataclass(frozen=True, slots=True)
class ItemDetail:
    """An item on its page. `place` is where it is collected, by name; a lender's own address is told only
    once a loan is agreed. `rules` are the lender's words, `terms` sentences out of the calendar.
    """

    id: int
    kind: str
    title: str
    url: str
    state: str
    body: str
    manual: str
    rules: str
    category: str
    category_label: str
    drawing: str
    who: str
    approval: str
    deposit: str
    value: str
    place: str
    place_url: str
    quartier: str
    training: str
    lender: LenderFace
    lender_id: int
    photos: Sequence[Shot]
    accessories: Sequence[str]
    parts: Sequence[PartLine]
    terms: Sequence[tuple[str, str]]
    is_kit: bool
    on_the_spot: bool
    needs_rereading: bool

    @property
    def photo(self) -> Shot | None:
        return self.photos[0] if self.photos else None


def detail_of(item: Item, viewer: Viewer | None, rules: Rules | None = None) -> ItemDetail:
    """Of an item that was loaded whole."""
    place = place_of(item)
    quartier = quartier_of(item)
    category = CATEGORIES.get(item.category)
    return ItemDetail(
        id=item.id,
        kind=item.kind,
        title=item.title,
        url=item.url,
        state=item.state,
        body=item.body,
        manual=item.manual,
        rules=item.rules,
        category=item.category,
        category_label=_(category.label) if category else "",
        drawing=drawing_of(item.category, item.kind),
        who=item.who,
        approval=item.approval,
        deposit=euros(item.deposit_cents or None),
        value=euros(item.value_cents),
        place=place.name if place else "",
        place_url=f"/lieux/{place.slug}" if place else "",
        quartier=quartier.name if quartier else "",
        training=item.training.name if item.training else "",
        lender=face_of(item.lender, viewer),
        lender_id=item.lender_id,
        photos=photos_of(item),
        accessories=[
            one.name if one.quantity == 1 else f"{one.quantity} {one.name}"
            for one in sorted(item.accessories, key=lambda one: (one.position, one.id))
        ],
        parts=parts_of(item),
        terms=terms_of(item, rules),
        is_kit=item.is_kit,
        on_the_spot=item.on_the_spot,
        needs_rereading=item.needs_rereading,
    )


def place_of(item: Item) -> Place | None:
    """Where it is collected, while that place is there to be seen; of an item that was loaded whole."""
    place = item.place or item.lender.place
    return place if place and place.closed_at is None and place.hidden_at is None else None


def photos_of(item: Item) -> list[Shot]:
    """In their order."""
    return [
        photo_of(item.id, one.id, one.width, one.height, one.widths, one.alt)
        for one in sorted(item.photos, key=lambda one: one.position)
    ]


def parts_of(item: Item) -> list[PartLine]:
    """Of a kit, in their order."""
    return [
        PartLine(
            part.item_id,
            part.item.title,
            part.item.url,
            part.quantity,
            part.optional,
            part.item.withdrawn_at is None and part.item.hidden_at is None,
        )
        for part in sorted(item.parts, key=lambda one: (one.position, one.id))
    ]


def terms_of(item: Item, rules: Rules | None) -> list[tuple[str, str]]:
    """« La règle du prêt » in lines: an icon and a sentence each."""
    lines = []
    if rules is not None and rules.max_minutes is not None:
        lines.append(("clock", _("{length} au plus.").format(length=length_said(rules.max_minutes))))
    if rules is not None and rules.min_minutes > 1:
        lines.append(("clock", _("{length} au moins.").format(length=length_said(rules.min_minutes))))
    if item.renewals and not item.on_the_spot:
        said = ngettext(
            "Prolongeable une fois, si personne n’attend.",
            "Prolongeable {n} fois, si personne n’attend.",
            item.renewals,
        )
        lines.append(("repeat", said.format(n=item.renewals)))
    if rules is not None and rules.lead_open_days:
        said = ngettext(
            "À demander un jour ouvert à l’avance.",
            "À demander {n} jours ouverts à l’avance.",
            rules.lead_open_days,
        )
        lines.append(("hourglass", said.format(n=rules.lead_open_days)))
    if item.deposit_cents:
        said = _("Caution de {n} €, jamais encaissée ici, rendue au retour.")
        lines.append(("scale", said.format(n=euros(item.deposit_cents))))
    lines.append(("users", _who(item)))
    if item.training:
        lines.append(
            ("graduation-cap", _("Il faut la formation « {name} ».").format(name=item.training.name))
        )
    return lines


def _who(item: Item) -> str:
    if item.who == "members":
        return _("Pour les membres de l’association.")
    return _("Pour tous les voisins vérifiés.")


def quartier_of(item: Item) -> Quartier | None:
    """Where it is collected, as far as the town is told; of an item that was loaded whole."""
    lender = item.lender
    for there in (item.place, lender.place, lender.organisation, lender.member):
        if there is not None and there.quartier is not None:
            return there.quartier
    return None
