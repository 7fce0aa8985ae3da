"""An exchange as it is pinned on its conversation: where it stands, and the next step of whoever looks."""

from collections.abc import Sequence
from typing import Final

from echange.chat import Card, CardAction
from echange.exchanges.life import Side, other_side
from echange.exchanges.models import Exchange
from echange.exchanges.sides import member_at
from echange.http import Viewer
from echange.http.dates import day, hour
from echange.http.durations import said
from echange.i18n import gettext as _


class ExchangeSubject:
    """Exchanges to talk about."""

    kind = "exchange"

    async def cards(self, ids: Sequence[int], viewer: Viewer) -> dict[int, Card]:
        found = await Exchange.visible_to(viewer).filter(id__in=list(ids))
        return {it.id: _card(it, it.side_of(viewer)) for it in found}

    async def counterpart(self, about_id: int, viewer: Viewer) -> int | None:
        """The other one, for whoever proposed: that conversation is theirs both, and there is only one."""
        it = await Exchange.visible_to(viewer).get_or_none(id=about_id)
        if it is None or viewer.id != it.proposed_by_id:
            return None
        side = it.side_of(viewer)
        return member_at(it, other_side(side)) if side else None


def _card(it: Exchange, side: Side | None) -> Card:
    state, text = _state(it)
    return Card(
        kind="exchange",
        title=it.title,
        url=it.url,
        state=state,
        state_text=text,
        next_step=_next_step(it, side),
        actions=_actions(it, side),
        drawing="board",
    )


def _state(it: Exchange) -> tuple[str, str]:
    match it.state:
        case "proposed":
            return "waiting", _("Proposé")
        case "accepted":
            return "accepted", _("C’est d’accord")
        case "under_way":
            return "accepted", _("En cours")
        case "declared":
            return "waiting", _("À confirmer")
        case "settled":
            return "thanks", said(it.settled_minutes or 0)
        case "disputed":
            return "late", _("Désaccord")
        case "declined":
            return "closed", _("Refusé")
        case "cancelled":
            return "closed", _("Annulé")
        case _:
            return "expired", _("Sans suite")


def _next_step(it: Exchange, side: Side | None) -> str:
    if side is None:
        return ""
    mine = side in it.standing.awaited()
    match it.state:
        case "proposed":
            if mine:
                return _("Temps proposé : {minutes}. Dites oui ou non.").format(minutes=said(it.minutes))
            return _("Votre proposition attend une réponse.")
        case "accepted" | "under_way":
            return _agreed_step(it)
        case "declared":
            figure = said(it.declared_minutes or 0)
            if mine:
                return _("Temps noté : {minutes}. Confirmez, ou donnez votre chiffre.").format(minutes=figure)
            return _("Vous avez noté {minutes} : l’autre personne doit confirmer.").format(minutes=figure)
        case "disputed":
            return _("La modération va trancher. Vous pouvez encore vous mettre d’accord.")
        case "settled":
            return _("C’est compté. Un merci fait toujours plaisir.")
        case _:
            return _("Vous pouvez le proposer à nouveau depuis sa page.")


def _agreed_step(it: Exchange) -> str:
    if it.starts_at is None:
        return _("Convenez du moment ; une fois fait, notez combien de temps cela a pris.")
    return _("C’est pour {day} à {hour}. Une fois fait, notez combien de temps cela a pris.").format(
        day=day(it.starts_at), hour=hour(it.starts_at)
    )


def _actions(it: Exchange, side: Side | None) -> tuple[CardAction, ...]:
    expected = next(iter(it.standing.verbs(side)), "") if side else ""
    if expected == "acceptance":
        yes = CardAction(_("C’est d’accord"), f"{it.url}/accord", "post", primary=True, icon="check")
        return (yes, CardAction(_("Voir la proposition"), it.url))
    label = {
        "declaration": _("C’est fait : noter le temps"),
        "confirmation": _("Confirmer le temps"),
        "thanks": _("Dire merci"),
    }.get(expected)
    return (CardAction(label, it.url, primary=True, icon="check"),) if label else ()


subject: Final = ExchangeSubject()
