"""What becomes of somebody's annonces when they leave échange for good."""

from typing import Final

from echange.ads.models import Ad, Answer, Favourite
from echange.database import execute, fetch_one
from echange.i18n import gettext as _
from echange.i18n import ngettext
from echange.media import Store


class AdsBelongings:
    """Annonces with their photos, drafts, answers, favourites."""

    async def told(self, member_id: int) -> list[str]:
        """What is said before: what stands now will be gone."""
        row = await fetch_one(
            """SELECT count(*) FILTER (WHERE published_at IS NOT NULL) AS published,
                      count(*) FILTER (WHERE published_at IS NULL) AS drafts,
                      (SELECT count(*) FROM answer WHERE member_id = $1 AND withdrawn_at IS NULL) AS answers
               FROM ad WHERE owner_id = $1 AND organisation_id IS NULL""",
            member_id,
        )
        published, drafts, answers = row or (0, 0, 0)
        sentences = []
        if published:
            sentences.append(
                ngettext(
                    "Votre annonce est retirée tout de suite, puis effacée avec ses photos.",
                    "Vos {n} annonces sont retirées tout de suite, puis effacées avec leurs photos.",
                    published,
                ).format(n=published)
            )
        if drafts:
            sentences.append(
                ngettext("Votre brouillon est effacé.", "Vos {n} brouillons sont effacés.", drafts).format(
                    n=drafts
                )
            )
        if answers:
            sentences.append(_("Vos réponses aux annonces des autres sont retirées."))
        return sentences

    async def forget(self, member_id: int, store: Store) -> None:
        """Their organisations' annonces pass to somebody who speaks for them; all else is erased."""
        await Answer.withdraw_all_of(member_id)
        await Favourite.filter(member_id=member_id).delete()
        await execute(
            """UPDATE ad SET owner_id = heir.member_id
               FROM (SELECT DISTINCT ON (organisation_id) organisation_id, member_id FROM membership
                     WHERE role IN ('owner', 'manager') AND member_id <> $1
                     ORDER BY organisation_id, role = 'owner' DESC, id) heir
               WHERE ad.owner_id = $1 AND ad.organisation_id = heir.organisation_id""",
            member_id,
        )
        for ad in await Ad.filter(owner_id=member_id).order_by("id"):
            await ad.remove(store)


belongings: Final = AdsBelongings()
