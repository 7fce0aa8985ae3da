"""A loan as it is pinned on its conversation: where it stands, and the next step of whoever looks."""

from collections.abc import Sequence
from typing import Final

from echange.chat import Card, CardAction
from echange.http import Viewer
from echange.http.dates import day, hour
from echange.i18n import gettext as _
from echange.lending.categories import drawing_of
from echange.lending.life import OVER, Side
from echange.lending.loan_people import deciders_of
from echange.lending.models.loan import Loan
from echange.lending.pages.loan_screen import state_of


class LoanSubject:
    """Loans to talk about."""

    kind = "loan"

    async def cards(self, ids: Sequence[int], viewer: Viewer) -> dict[int, Card]:
        found = await Loan.visible_to(viewer).filter(id__in=list(ids)).select_related("item")
        return {it.id: _card(it, await it.side_of(viewer)) for it in found}

    async def counterpart(self, about_id: int, viewer: Viewer) -> int | None:
        """Who decides, for whoever borrows: that conversation is theirs both, and there is only one."""
        it = await Loan.visible_to(viewer).get_or_none(id=about_id)
        if it is None or viewer.id != it.borrower_id:
            return None
        people = [one for one in await deciders_of(it.lender_id, it.item_id) if one != viewer.id]
        return people[0] if people else None


def _card(it: Loan, side: Side | None) -> Card:
    look, word = state_of(it)
    return Card(
        kind="lend",
        title=it.item.title,
        url=it.url,
        state=look,
        state_text=word,
        next_step=_next_step(it, side),
        actions=_actions(it, side),
        drawing=drawing_of(it.item.category, it.item.kind),
    )


def _next_step(it: Loan, side: Side | None) -> str:
    start = _("{day} à {hour}").format(day=day(it.starts_at), hour=hour(it.starts_at))
    end = _("{day} à {hour}").format(day=day(it.ends_at), hour=hour(it.ends_at))
    here = it.item.on_the_spot
    if it.is_late:
        return (_("C’était à libérer {when}.") if here else _("Il était attendu {when}.")).format(when=end)
    match it.state:
        case "held":
            return _("Gardé jusqu’à la confirmation.")
        case "requested":
            return _("Dites oui ou non.") if side == "lender" else _("Votre demande attend une réponse.")
        case "approved" | "ready":
            return (_("Rendez-vous {when}.") if here else _("Retrait {when}.")).format(when=start)
        case "at_risk":
            return _("Ces dates ne tiennent plus : d’autres sont à choisir.")
        case "out":
            return (_("À libérer {when}.") if here else _("Retour {when}.")).format(when=end)
        case state if state in OVER:
            return ""
        case _:
            return _("Rendu : il reste à clore ce prêt.")


def _actions(it: Loan, side: Side | None) -> tuple[CardAction, ...]:
    see = CardAction(_("Voir le prêt"), it.url)
    if side == "lender" and it.state == "requested":
        yes = CardAction(_("C’est d’accord"), f"{it.url}/accord", "post", primary=True, icon="check")
        return (yes, see)
    return (see,)


subject: Final = LoanSubject()
