"""An annonce as it is pinned on the conversations about it: its state, and the next step of whoever looks."""

from collections.abc import Sequence
from typing import Final

from echange.ads.categories import drawing_of
from echange.ads.models import Ad, Reservation
from echange.ads.showing import photos_of
from echange.chat import Card, CardAction
from echange.http import Viewer
from echange.http.dates import day, hour
from echange.i18n import gettext as _


class AdSubject:
    """Annonces to talk about."""

    kind = "ad"

    async def cards(self, ids: Sequence[int], viewer: Viewer) -> dict[int, Card]:
        """The cards of these annonces; those gone or hidden are missing."""
        ads = await Ad.visible_to(viewer).filter(id__in=list(ids)).prefetch_related("photos")
        reserved = [ad.id for ad in ads if ad.reserved]
        promises = await Reservation.filter(ad_id__in=reserved, ended_at=None).select_related(
            "answer", "answer__member"
        )
        by_ad = {promise.ad_id: promise for promise in promises}
        return {ad.id: _card(ad, by_ad.get(ad.id), viewer) for ad in ads}

    async def counterpart(self, about_id: int, viewer: Viewer) -> int | None:
        """The owner of an open annonce of somebody else; not in a fair queue, where each has their turn."""
        ad = await Ad.visible_to(viewer).get_or_none(id=about_id)
        return ad.owner_id if ad and ad.can_be_answered_by(viewer) and not ad.fair else None


def _card(ad: Ad, promise: Reservation | None, viewer: Viewer) -> Card:
    ours = ad.can_be_edited_by(viewer)
    mine = promise is not None and promise.answer.member_id == viewer.id
    state, text = _state(ad, mine=mine)
    return Card(
        kind=ad.kind,
        title=ad.title,
        url=ad.url,
        state=state,
        state_text=text,
        next_step=_next_step(ad, promise, viewer, ours=ours, mine=mine),
        actions=_actions(ad, promise, viewer, ours=ours, mine=mine),
        drawing=drawing_of(ad.category),
        photo=next(iter(photos_of(ad)), None),
    )


def _state(ad: Ad, *, mine: bool) -> tuple[str, str]:
    if ad.state == "reserved":
        return "reserved", _("Réservé pour vous") if mine else _("Réservé")
    return (ad.state, "") if ad.state in {"closed", "expired"} else ("", "")


def _next_step(ad: Ad, promise: Reservation | None, viewer: Viewer, *, ours: bool, mine: bool) -> str:
    if ad.closed_at:
        return _("Vous pouvez la rouvrir depuis sa page.") if ours else _("Cette annonce est terminée.")
    if ad.state == "expired":
        return _("Prolongez-la si elle sert encore.") if ours else _("Cette annonce a expiré.")
    if promise is not None and mine:
        return _meeting_step(promise, viewer) if promise.accepted else _("Dites oui ou non.")
    if promise is not None and ours:
        return _promised_step(promise, viewer)
    if ad.state == "reserved":
        return _("Si cela se libère, vous serez prévenu.")
    if ours:
        return _("Réservez pour cette personne, ou dites quand c’est réglé.")
    return _("Convenez ensemble du jour et du lieu.")


def _promised_step(promise: Reservation, viewer: Viewer) -> str:
    """With the name: the card stands on the conversations with those who wait, too."""
    name = promise.answer.member.name
    if not promise.accepted:
        return _("C’est le tour de {name}, qui n’a pas encore dit oui.").format(name=name)
    return _("Réservé pour {name}. {step}").format(name=name, step=_meeting_step(promise, viewer))


def _meeting_step(promise: Reservation, viewer: Viewer) -> str:
    if promise.meet_at is None:
        return _("Proposez un rendez-vous.")
    if promise.meet_agreed_at is not None:
        return _("Rendez-vous {day} à {hour}, {where}.").format(
            day=day(promise.meet_at), hour=hour(promise.meet_at), where=promise.meet_where
        )
    if promise.can_be_agreed_by(viewer):
        return _("Rendez-vous proposé {day} à {hour}.").format(
            day=day(promise.meet_at), hour=hour(promise.meet_at)
        )
    return _("Votre proposition attend une réponse.")


def _actions(
    ad: Ad, promise: Reservation | None, viewer: Viewer, *, ours: bool, mine: bool
) -> tuple[CardAction, ...]:
    base = f"/annonces/{ad.id}"
    if ad.closed_at or ad.state == "expired":
        return ()
    if promise is None:
        if not ours:
            return ()
        return (CardAction(_("Voir les réponses"), f"{base}/reponses", icon="users"),)
    if not (ours or mine):
        return ()
    if mine and not promise.accepted:
        return (
            CardAction(_("Oui, je le prends"), f"{base}/reservation/oui", "post", primary=True, icon="check"),
            CardAction(_("Non"), f"{base}/reservation/non", "post"),
        )
    meeting = CardAction(_("Rendez-vous"), f"{base}/reservation", icon="calendar-days")
    if promise.can_be_agreed_by(viewer):
        agree = CardAction(
            _("C’est d’accord"), f"{base}/rendez-vous/accord", "post", primary=True, icon="check"
        )
        return (agree, meeting)
    if promise.meet_at is None:
        return (
            CardAction(_("Proposer un créneau"), f"{base}/reservation", primary=True, icon="calendar-plus"),
        )
    if ours and promise.meet_agreed_at is not None:
        done = CardAction(_("Remis"), f"{base}/reservation/remise", "post", primary=True, icon="handshake")
        return (done, meeting)
    return (meeting,)


subject: Final = AdSubject()
