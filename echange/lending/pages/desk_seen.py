"""The part of the desk's pages that stands once for every unit: its condition, accessories and photos."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from echange.http import Bound, Invalid
from echange.http.forms import validate
from echange.http.uploads import chosen_files
from echange.i18n import gettext as _
from echange.lending.conditions import MOST_PHOTOS, Before, Look
from echange.lending.desk_screen_forms import UnitSeenForm
from echange.lending.kinds import CONDITIONS
from echange.lending.models.condition import ConditionPhoto
from echange.lending.models.parts import Accessory
from echange.lending.pieces import Piece
from echange.media import MAX_BYTES

MOST_FILES: Final = 12
MOST_FIELDS: Final = 5000
# Eight photos at their heaviest, and the words.
SEEN_BODY: Final = 8 * MAX_BYTES + 1024 * 1024
_NAMES: Final = ("code", "back", "condition", "words", "damaged", "repair")


@dataclass
class Seen:
    """What was read. `units` go or come back, by what they are called; errors stand at their fields."""

    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    units: dict[int, str] = field(default_factory=dict)
    looks: dict[int, Look] = field(default_factory=dict)
    files: dict[int, list[bytes]] = field(default_factory=dict)

    def with_errors(self, bound: Bound[Any]) -> Bound[Any]:
        """A bound form that shows the words of both."""
        return Bound(values={**bound.values, **self.values}, errors={**bound.errors, **self.errors})


async def read_seen(
    request: Request, pieces: Sequence[Piece], accessories: Mapping[int, Sequence[str]]
) -> Seen:
    """What the page says of these units; those without a code and without a tick stay where they are."""
    form = await request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS)
    seen = Seen()
    for piece in pieces:
        unit = piece.unit_id
        there = [str(one) for one in form.getlist(f"there-{unit}") if not isinstance(one, UploadFile)]
        seen.values[f"there-{unit}"] = there
        told = _told(form, unit, seen)
        if told is None or not (told.code or told.back):
            continue
        seen.units[unit] = told.code or piece.code
        missing: tuple[str, ...] = ()
        if form.get(f"listed-{unit}"):
            missing = tuple(name for name in accessories.get(piece.item_id, ()) if name not in there)
        seen.looks[unit] = Look(told.condition, told.words, missing, told.damaged, told.repair)
        shots = chosen_files(form, f"photos-{unit}")
        if len(shots) > MOST_PHOTOS:
            seen.errors[f"photos-{unit}"] = [_("Quatre photos au plus par exemplaire.")]
        seen.files[unit] = [await file.read(MAX_BYTES + 1) for file in shots[:MOST_PHOTOS]]
    return seen


def _told(form: FormData, unit: int, seen: Seen) -> UnitSeenForm | None:
    said: dict[str, str] = {}
    for name in _NAMES:
        value = form.get(f"{name}-{unit}")
        text = value.encode(errors="replace").decode().strip() if isinstance(value, str) else ""
        seen.values[f"{name}-{unit}"] = text
        if text:
            said[name] = text
    try:
        return validate(UnitSeenForm, said)
    except Invalid as refusal:
        seen.errors |= {f"{name}-{unit}": texts for name, texts in refusal.errors.items()}
        return None


async def accessories_of(pieces: Sequence[Piece]) -> dict[int, list[str]]:
    """What goes with them, by item: « Télécommande », « 2 × Câble »."""
    found: dict[int, list[str]] = defaultdict(list)
    items = {piece.item_id for piece in pieces}
    for one in await Accessory.filter(item_id__in=list(items)).order_by("position", "id"):
        found[one.item_id].append(one.name if one.quantity == 1 else f"{one.quantity} × {one.name}")
    return found


def conditions_offered(current: str) -> list[tuple[str, str]]:
    """The one it is in now comes first, so that nothing need be chosen."""
    offered = [(slug, _(label)) for slug, label in CONDITIONS.items() if slug != "lost"]
    return sorted(offered, key=lambda one: one[0] != current)


def shots_of(photos: Sequence[ConditionPhoto]) -> list[dict[str, Any]]:
    """The addresses of photos: small, and as large as there is."""
    return [
        {
            "small": photo_address(one.report_id, one.id, min(one.widths)),
            "full": photo_address(one.report_id, one.id, max(one.widths)),
            "width": one.width,
            "height": one.height,
        }
        for one in photos
    ]


def photo_address(report_id: int, photo_id: int, width: int) -> str:
    return f"/prets/etats/{report_id}/photos/{photo_id}-{width}.webp"


def before_said(before: Before | None) -> dict[str, Any] | None:
    """How a unit was when it went out."""
    if before is None:
        return None
    report = before.report
    return {
        "condition": _(CONDITIONS[report.condition]),
        "words": report.words,
        "missing": report.missing,
        "photos": shots_of(before.photos),
    }
