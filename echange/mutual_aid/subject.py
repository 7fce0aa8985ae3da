"""A help as it is pinned on the conversations about it."""

from collections.abc import Sequence
from typing import Final

from echange.chat import Card, CardAction
from echange.http import Viewer
from echange.i18n import gettext as _
from echange.mutual_aid.kinds import ENDINGS, TAGS
from echange.mutual_aid.models import Help

DRAWING: Final = "basket"


class HelpSubject:
    """Helps to talk about."""

    kind = "help"

    async def cards(self, ids: Sequence[int], viewer: Viewer) -> dict[int, Card]:
        """The cards of these helps; those gone or hidden are missing."""
        helps = await Help.visible_to(viewer).filter(id__in=list(ids))
        return {aid.id: _card(aid, viewer) for aid in helps}

    async def counterpart(self, about_id: int, viewer: Viewer) -> int | None:
        """Whose open help it is, when it is somebody else's."""
        aid = await Help.visible_to(viewer).get_or_none(id=about_id)
        return aid.person_id if aid and aid.can_be_answered_by(viewer) else None


def _card(aid: Help, viewer: Viewer) -> Card:
    ours = aid.can_be_edited_by(viewer)
    state, text = _state(aid)
    return Card(
        kind=TAGS[aid.kind],
        title=aid.title,
        url=aid.url,
        state=state,
        state_text=text,
        next_step=_next_step(aid, ours),
        actions=_actions(aid, ours),
        drawing=DRAWING,
    )


def _state(aid: Help) -> tuple[str, str]:
    if aid.state in ENDINGS:
        return "closed", _(ENDINGS[aid.state])
    if aid.state == "full":
        return "accepted", _("Complet")
    return ("hidden", _("Masqué")) if aid.state == "hidden" else ("", "")


def _next_step(aid: Help, ours: bool) -> str:
    if aid.state == "open" and ours:
        return _("Dites oui à une proposition, ou dites quand c’est fait.")
    if aid.state == "open" and aid.kind == "ask":
        return _("Proposez votre aide depuis sa page.")
    if aid.state == "open":
        return _("Demandez cette aide depuis sa page.")
    if aid.state == "full":
        return _("Assez de voisins ont dit oui.")
    return _("Vous pouvez le rouvrir depuis sa page.") if ours else _("Ce coup de main est terminé.")


def _actions(aid: Help, ours: bool) -> tuple[CardAction, ...]:
    if aid.state != "open" or ours:
        return (CardAction(_("Voir la page"), aid.url, icon="eye"),)
    label = _("Je peux aider") if aid.kind == "ask" else _("J’en aurais besoin")
    return (CardAction(label, f"{aid.url}#proposer", primary=True, icon="hand-heart"),)


subject: Final = HelpSubject()
