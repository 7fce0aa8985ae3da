"""What becomes of what somebody wrote at the desk, or in answer to it, when they leave échange for good."""

from typing import Final

from echange.database import execute
from echange.lending.models.condition import ConditionPhoto
from echange.media import Store

_WORDS: Final = (
    """UPDATE incident i SET answer = '', answered_at = NULL FROM loan n
       WHERE n.id = i.loan_id AND n.borrower_id = $1 AND i.answered_at IS NOT NULL""",
    "UPDATE incident SET words = '' WHERE by_id = $1 AND words <> ''",
    "UPDATE incident SET decision_words = '' WHERE decided_by_id = $1 AND decision_words <> ''",
    "UPDATE condition_report SET words = '' WHERE by_id = $1 AND words <> ''",
    "UPDATE deposit SET words = '' WHERE by_id = $1 AND words <> ''",
)


class DeskBelongings:
    """Words go; that something was damaged, decided, taken or returned stays with the other side. Photos of
    their own things go with them.
    """

    async def told(self, member_id: int) -> list[str]:
        """Nothing that stands now ends with it."""
        return []

    async def forget(self, member_id: int, store: Store) -> None:
        """In the caller's transaction where there is one."""
        for statement in _WORDS:
            await execute(statement, member_id)
        photos = await ConditionPhoto.filter(report__unit__item__lender__member_id=member_id)
        await ConditionPhoto.filter(id__in=[photo.id for photo in photos]).delete()
        for photo in photos:
            await store.delete(photo.name)


belongings: Final = DeskBelongings()
