"""What becomes of somebody's loans when they leave échange for good."""

from typing import Any

from echange.database import execute, fetch, fetch_one
from echange.i18n import gettext as _
from echange.i18n import ngettext
from echange.lending import freeing
from echange.lending.life import BEFORE
from echange.lending.models.loan import Loan


class LoansBelongings:
    """What was lent and came back stays with the other side; words go, and what had not begun ends."""

    async def told(self, member_id: int) -> list[str]:
        """What is said before."""
        row = await fetch_one(
            """SELECT count(*) FILTER (WHERE n.state = ANY($2::text[])) AS before,
                      count(*) FILTER (WHERE n.state = 'out' AND n.borrower_id = $1) AS out
               FROM loan n JOIN lender l ON l.id = n.lender_id
               WHERE n.borrower_id = $1 OR l.member_id = $1""",
            member_id,
            list(BEFORE),
        )
        before, out = row or (0, 0)
        sentences = []
        if before:
            sentences.append(
                ngettext(
                    "Votre prêt à venir est annulé, et l’autre personne prévenue.",
                    "Vos {n} prêts à venir sont annulés, et les autres personnes prévenues.",
                    before,
                ).format(n=before)
            )
        if out:
            sentences.append(
                _("Vous avez encore chez vous ce que vous avez emprunté : rapportez-le avant de partir.")
            )
        return sentences

    async def forget(self, member_id: int, store: Any) -> None:  # noqa: ANN401 — nothing of it is a file
        """In the caller's transaction."""
        rows = await fetch(
            """SELECT n.id FROM loan n JOIN lender l ON l.id = n.lender_id
               WHERE (n.borrower_id = $1 OR l.member_id = $1) AND n.state = ANY($2::text[]) ORDER BY n.id""",
            member_id,
            list(BEFORE),
        )
        for row in rows:
            it = await Loan.get(id=row["id"])
            await it.lock()
            held = it.state == "held"
            await it.move("cancelled", data={"why": "gone"})
            await freeing.free(it)
            if not held and it.borrower_id != member_id:
                await it.tell("borrower", "loan_called_off")
            elif not held:
                await it.tell("lender", "loan_cancelled")
        await execute(
            "UPDATE loan_event SET data = data - 'words' WHERE by_id = $1 AND data ? 'words'", member_id
        )
        await execute("DELETE FROM refused_ask WHERE member_id = $1", member_id)
        await execute("UPDATE loan SET purpose = '' WHERE borrower_id = $1 AND purpose <> ''", member_id)


belongings = LoansBelongings()
