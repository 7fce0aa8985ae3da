"""How units were when they went out and came back, with photos."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from echange.http import Invalid, Viewer
from echange.lending.models.condition import ConditionPhoto, ConditionReport
from echange.lending.models.unit import Unit
from echange.media import PhotoRefused, StorageFull, Store, StoredPhoto, take_photo

if TYPE_CHECKING:
    from echange.lending.models.loan import Loan

MOST_PHOTOS: Final = 4
Photos = Mapping[int, Sequence[StoredPhoto]]


@dataclass(frozen=True, slots=True)
class Look:
    """What is seen of a unit. `missing`: accessories by their names. `damaged` opens a case about it.

    Until the day `repair_until`, it is set aside for repair.
    """

    condition: str | None = None
    words: str = ""
    missing: tuple[str, ...] = ()
    damaged: bool = False
    repair_until: date | None = None


@dataclass(frozen=True, slots=True)
class Before:
    """How a unit was when it went out with a loan."""

    report: ConditionReport
    photos: Sequence[ConditionPhoto]


async def with_photos(
    store: Store, files: Mapping[int, Sequence[bytes]], act: Callable[[Photos], Awaitable[bool]]
) -> bool:
    """Keep photos of units, then `act` with them; where it does nothing or says no, they are forgotten.

    Raises Invalid at `photos-<unit>` for one that is no photo.
    """
    kept: dict[int, list[StoredPhoto]] = {}
    done = False
    try:
        for unit, shots in files.items():
            kept[unit] = []
            for data in shots[:MOST_PHOTOS]:
                kept[unit].append(await _kept(data, unit, store))
        done = await act(kept)
        return done
    finally:
        if not done:
            for photos in kept.values():
                for photo in photos:
                    await store.delete(photo.name)


async def _kept(data: bytes, unit: int, store: Store) -> StoredPhoto:
    try:
        return await take_photo(data, store)
    except (PhotoRefused, StorageFull) as error:
        raise Invalid({f"photos-{unit}": [error.message]}) from error


async def write_reports(
    it: "Loan",
    units: Sequence[int],
    moment: str,
    at: datetime,
    by: Viewer,
    looks: Mapping[int, Look],
    photos: Photos,
) -> dict[int, ConditionReport]:
    """One report a unit, in the caller's transaction; its condition is then that of the unit."""
    written = {}
    for unit in await Unit.filter(id__in=list(units)).order_by("id"):
        look = looks.get(unit.id, Look())
        report = await ConditionReport.create(
            moment=moment,
            condition=look.condition or unit.condition,
            words=look.words,
            missing=list(look.missing),
            at=at,
            unit_id=unit.id,
            loan_id=it.id,
            by_id=by.id,
        )
        if report.condition != unit.condition:
            await Unit.filter(id=unit.id).update(condition=report.condition)
        for photo in photos.get(unit.id, ()):
            await ConditionPhoto.create(
                name=photo.name,
                width=photo.width,
                height=photo.height,
                widths=list(photo.widths),
                report_id=report.id,
            )
        written[unit.id] = report
    return written


async def departures_of(it: "Loan") -> dict[int, Before]:
    """How its units were when they went out, by unit."""
    reports = (
        await ConditionReport.filter(loan_id=it.id, moment="out").order_by("id").prefetch_related("photos")
    )
    return {one.unit_id: Before(one, list(one.photos)) for one in reports}


async def reports_of(it: "Loan") -> list[ConditionReport]:
    """All that was seen of its units, the first first, with photos and units."""
    seen = ConditionReport.filter(loan_id=it.id).order_by("at", "id")
    return list(await seen.prefetch_related("photos", "unit"))
