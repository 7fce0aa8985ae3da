"""The list of quartiers in the admin's hands: added to, renamed, and confirmed by the town."""

from collections.abc import Iterable
from typing import Final

from echange.database import execute, fetch_value, in_transaction
from echange.http import NotFound, Refusal
from echange.i18n import gettext as _
from echange.i18n import mark
from echange.members.models import Quartier, StaffAct
from echange.members.names import fold, slug

TO_CONFIRM: Final = mark("La liste des quartiers est à confirmer par la ville.")
SLUG_LENGTH: Final = 60


class QuartierTaken(Refusal):
    code = "quartier_taken"
    sentence = mark("Ce nom est déjà dans la liste.")


class RenamedMeanwhile(Refusal):
    code = "renamed_meanwhile"
    sentence = mark("Quelqu’un vient de renommer ce quartier : il s’appelle maintenant « {name} ». Relisez.")


def quartiers_note(confirmed: Iterable[bool]) -> str:
    """What is said beside the list, of which each name is confirmed or not; "" once all are."""
    return "" if all(confirmed) else _(TO_CONFIRM)


async def add_quartier(name: str, *, by: int) -> Quartier:
    """One more at the end of the list, to be confirmed. Raises QuartierTaken."""
    async with in_transaction():
        await _hold_list()
        await _check_free(name)
        last = await Quartier.all().order_by("-position").first()
        added = await Quartier.create(
            slug=await _free_slug(name), name=name, position=last.position + 1 if last else 1
        )
        await StaffAct.note("quartier_added", "quartier", added.id, by=by)
        return added


async def rename_quartier(quartier_id: int, name: str, *, by: int, seen: str) -> None:
    """Call it `name` instead of `seen`, the name that was read; its addresses stay.

    The town confirms a new name anew. Raises QuartierTaken, RenamedMeanwhile, NotFound.
    """
    async with in_transaction():
        quartier = await _held(quartier_id, seen)
        if name == quartier.name:
            return
        await _check_free(name, besides=quartier.id)
        quartier.name, quartier.confirmed = name, False
        await quartier.save(update_fields=["name", "confirmed"])
        await StaffAct.note("quartier_renamed", "quartier", quartier.id, by=by, was=seen, name=name)


async def confirm_quartier(quartier_id: int, *, by: int, seen: str) -> None:
    """The town agrees with `seen`, the name that was read. Raises RenamedMeanwhile, NotFound."""
    await _set_confirmed(quartier_id, True, by=by, seen=seen)


async def unconfirm_quartier(quartier_id: int, *, by: int, seen: str) -> None:
    """It does not after all. Raises RenamedMeanwhile, NotFound."""
    await _set_confirmed(quartier_id, False, by=by, seen=seen)


async def _set_confirmed(quartier_id: int, confirmed: bool, *, by: int, seen: str) -> None:
    async with in_transaction():
        quartier = await _held(quartier_id, seen)
        if quartier.confirmed == confirmed:
            return
        quartier.confirmed = confirmed
        await quartier.save(update_fields=["confirmed"])
        what = "quartier_confirmed" if confirmed else "quartier_unconfirmed"
        await StaffAct.note(what, "quartier", quartier.id, by=by)


async def _held(quartier_id: int, seen: str) -> Quartier:
    await _hold_list()
    quartier = await Quartier.get_or_none(id=quartier_id)
    if quartier is None:
        raise NotFound
    if quartier.name != seen:
        raise RenamedMeanwhile(name=quartier.name)
    return quartier


async def _hold_list() -> None:
    # Two names are compared with all the others: one change of the list at a time.
    await execute("SELECT pg_advisory_xact_lock(hashtext('quartiers'))")


async def _check_free(name: str, besides: int = 0) -> None:
    others = await Quartier.exclude(id=besides).values_list("name", flat=True)
    if fold(name) in {fold(str(other)) for other in others}:
        raise QuartierTaken


async def _free_slug(name: str) -> str:
    """An address of its own: one that was renamed keeps the address of its old name."""
    wanted = slug(name)[:SLUG_LENGTH].strip("-") or "quartier"
    if not await Quartier.exists(slug=wanted):
        return wanted
    n: int = await fetch_value("SELECT max(id) + 1 FROM quartier")
    return f"{wanted[: SLUG_LENGTH - 12].strip('-')}-{n}"
