"""What becomes of what somebody lends when they leave échange for good."""

from typing import Final

from echange.database import execute, fetch_value
from echange.http.dates import now
from echange.i18n import ngettext
from echange.lending.models.calendar_key import CalendarKey
from echange.lending.models.importing import LendingImport
from echange.lending.models.item import Item
from echange.lending.models.lender import Lender
from echange.lending.models.photo import ItemPhoto
from echange.lending.models.training import Trained
from echange.lending.refusals import InAKit, WasLent
from echange.lending.removing import erase
from echange.media import Store


class LentBelongings:
    """Their things with photos and codes, and what they were trained for. What was lent keeps its name alone,
    for those who borrowed it; an organisation's or a place's things stay.
    """

    async def told(self, member_id: int) -> list[str]:
        """What is said before: what stands now will be gone."""
        count: int = await fetch_value(
            """SELECT count(*) FROM item i JOIN lender l ON l.id = i.lender_id
               WHERE l.member_id = $1 AND i.withdrawn_at IS NULL""",
            member_id,
        )
        if not count:
            return []
        return [
            ngettext(
                "Votre objet prêté est retiré du catalogue, puis effacé avec ses photos.",
                "Vos {n} objets prêtés sont retirés du catalogue, puis effacés avec leurs photos.",
                count,
            ).format(n=count)
        ]

    async def forget(self, member_id: int, store: Store) -> None:
        """In the caller's transaction where there is one."""
        await Trained.filter(member_id=member_id).delete()
        await CalendarKey.revoke(member_id)
        await LendingImport.filter(by_id=member_id).delete()
        await execute("UPDATE item SET by_id = NULL WHERE by_id = $1", member_id)
        lender = await Lender.get_or_none(member_id=member_id)
        if lender is None:
            return
        await Lender.filter(id=lender.id).update(address="", directions="")
        # Kits first: what is in one cannot be erased.
        for item in sorted(await Item.filter(lender_id=lender.id), key=lambda one: not one.is_kit):
            await _forget(item, store)


async def _forget(item: Item, store: Store) -> None:
    photos = await ItemPhoto.filter(item_id=item.id)
    await ItemPhoto.filter(item_id=item.id).delete()
    try:
        await erase(item)
    except (WasLent, InAKit):
        await Item.filter(id=item.id).update(
            withdrawn_at=item.withdrawn_at or now(), body="", manual="", rules="", value_cents=None
        )
    for photo in photos:
        await store.delete(photo.name)


belongings: Final = LentBelongings()
