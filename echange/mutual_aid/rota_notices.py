"""What those of a rota are told."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from echange.database import fetch
from echange.http import Viewer
from echange.http.dates import day, hour
from echange.i18n import gettext as _
from echange.i18n import mark
from echange.members import Member
from echange.mutual_aid.rota_queries import who_could_swap
from echange.mutual_aid.rota_seeing import keepers
from echange.notifications import Kind, tell, tell_all

if TYPE_CHECKING:
    from echange.mutual_aid.models.help import Help
    from echange.mutual_aid.models.shift import Shift
    from echange.mutual_aid.models.shift_row import ShiftOffer, ShiftSignup


async def came(aid: "Help", shift: "Shift", signup: "ShiftSignup", instead_of: int | None) -> None:
    """Whose rota it is hears who comes; who looked for a swap hears that it is done."""
    name = await _name(signup.member_id)
    if instead_of is not None:
        await _tell([instead_of], aid, shift, "shift_swapped", by=signup.member_id, name=name)
    if not signup.waiting:
        told = await keepers(aid, but=signup.member_id)
        await _tell(told, aid, shift, "shift_taken", by=signup.member_id, name=name)


async def left(aid: "Help", shift: "Shift", member_id: int, after: int | None) -> None:
    """Whose rota it is hears who does not come, and who comes instead."""
    name, other = await _name(member_id), await _name(after) if after else ""
    told = [one for one in await keepers(aid, but=member_id) if one != after]
    await _tell(told, aid, shift, "shift_left", by=member_id, name=name, other=other)


async def your_turn(aid: "Help", shift: "Shift", member_id: int) -> None:
    """Who waited has the place now."""
    await _tell([member_id], aid, shift, "shift_yours")


async def swap_asked(aid: "Help", shift: "Shift", member_id: int) -> None:
    """The others of the rota and of its group are asked to come instead."""
    told = await who_could_swap(aid, shift.id, member_id)
    await _tell(told, aid, shift, "shift_swap", by=member_id, name=await _name(member_id))


async def released(aid: "Help", shift: "Shift", member_id: int) -> None:
    """Somebody was taken off the shift."""
    await tell_people(aid, shift, "shift_released", [member_id])


async def offered(aid: "Help", shift: "Shift", member_id: int, by: Viewer) -> None:
    """A shift is proposed to somebody."""
    await _tell([member_id], aid, shift, "shift_offered", by=by.id, name=by.name)


async def declined(aid: "Help", shift: "Shift", offer: "ShiftOffer") -> None:
    """Who proposed it hears the no."""
    if not await Member.exists(id=offer.by_id, away=True):
        name = await _name(offer.member_id)
        await _tell([offer.by_id], aid, shift, "shift_declined", by=offer.member_id, name=name)


async def tell_people(
    aid: "Help", shift: "Shift", kind: str, member_ids: Sequence[int], reason: str = ""
) -> None:
    """Tell those of them who are here something of the shift."""
    rows = await fetch(
        "SELECT id FROM member WHERE id = ANY($1::int[]) AND NOT away ORDER BY id", list(member_ids)
    )
    await _tell([row["id"] for row in rows], aid, shift, kind, reason=reason)


async def _tell(member_ids: Sequence[int], aid: "Help", shift: "Shift", kind: str, **data: object) -> None:
    if not member_ids:
        return
    about = {"title": aid.title, "at": shift.starts_at.isoformat(), **data}
    # A shift that is gone leaves its rota.
    link = f"/entraide/{aid.id}/planning" if kind == "shift_cancelled" else shift.url
    if len(member_ids) == 1:
        await tell(member_ids[0], kind, link=link, **about)
    else:
        await tell_all(member_ids, kind, link=link, **about)


async def _name(member_id: int) -> str:
    member = await Member.get_or_none(id=member_id)
    return member.name if member else ""


def _said(sentence: str, with_reason: str = "") -> Callable[[Mapping[str, Any]], str]:
    """The sentence of a kind: {title}, {when}, {name}, {other}, {reason} are known."""

    def say(data: Mapping[str, Any]) -> str:
        at = datetime.fromisoformat(str(data["at"]))
        when = _("{day} à {hour}").format(day=day(at), hour=hour(at))
        chosen = with_reason if with_reason and (data.get("reason") or data.get("other")) else sentence
        return _(chosen).format(
            title=data.get("title", ""),
            when=when,
            name=str(data.get("name", "")).split(" ")[0],
            other=str(data.get("other", "")).split(" ")[0],
            reason=data.get("reason", ""),
        )

    return say


kinds: Final = (
    Kind(
        "shift_taken",
        _said(mark("{name} vient {when} : « {title} »")),
        label=mark("Quelqu’un vient à un créneau de mon planning"),
    ),
    Kind(
        "shift_left",
        _said(
            mark("{name} ne peut plus venir {when} : « {title} »"),
            mark("{name} ne peut plus venir {when}, {other} vient à sa place : « {title} »"),
        ),
        label=mark("Quelqu’un ne vient plus à un créneau de mon planning"),
        mail=True,
    ),
    Kind(
        "shift_yours",
        _said(mark("Une place s’est libérée : vous venez {when}, « {title} »")),
        label=mark("Une place s’est libérée pour moi"),
        mail=True,
    ),
    Kind(
        "shift_swap",
        _said(mark("{name} cherche quelqu’un pour venir à sa place {when} : « {title} »")),
        label=mark("Quelqu’un cherche à échanger un créneau"),
        mail=True,
    ),
    Kind(
        "shift_swapped",
        _said(mark("{name} vient à votre place {when} : « {title} »")),
        label=mark("Quelqu’un prend le créneau que je voulais échanger"),
        mail=True,
    ),
    Kind(
        "shift_cancelled",
        _said(
            mark("Le créneau du {when} est annulé : « {title} »"),
            mark("Le créneau du {when} est annulé : « {title} » ({reason})"),
        ),
        label=mark("Un créneau où je viens est annulé"),
        mail=True,
    ),
    Kind(
        "shift_restored",
        _said(mark("Le créneau du {when} a finalement lieu : « {title} »")),
        label=mark("Un créneau annulé a finalement lieu"),
        mail=True,
    ),
    Kind(
        "shift_released",
        _said(mark("On ne compte plus sur vous {when} : « {title} »")),
        label=mark("On ne compte plus sur moi à un créneau"),
        mail=True,
    ),
    Kind(
        "shift_offered",
        _said(mark("{name} vous propose de venir {when} : « {title} »")),
        label=mark("Un créneau m’est proposé"),
        mail=True,
    ),
    Kind(
        "shift_declined",
        _said(mark("{name} ne pourra pas venir {when} : « {title} »")),
        label=mark("Une réponse à un créneau que je propose"),
    ),
    Kind(
        "shift_tomorrow",
        _said(mark("Vous venez {when} : « {title} »")),
        label=mark("Rappel la veille d’un créneau"),
        mail=True,
    ),
    Kind(
        "shift_thanks",
        _said(mark("Merci de votre aide {when} : « {title} »")),
        label=mark("Un créneau où j’aidais est fini"),
    ),
    Kind(
        "shift_unsettled",
        _said(
            mark(
                "L’échange du {when} n’a pas pu s’ouvrir tout seul : voyez avec la conciergerie, « {title} »"
            )
        ),
        label=mark("Un créneau n’a pas pu devenir un échange"),
        mail=True,
    ),
)
