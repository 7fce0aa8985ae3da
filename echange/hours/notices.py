"""What this room tells members."""

from collections.abc import Mapping
from typing import Any, Final

from echange.database import fetch
from echange.hours.forms import To, ToOrganisation
from echange.http import Viewer
from echange.http.durations import said
from echange.i18n import gettext as _
from echange.i18n import mark
from echange.members import speakers_of
from echange.notifications import Kind, tell, tell_all

PAGE: Final = "/temps"


async def gift_made(to: To, *, by: Viewer, minutes: int, words: str) -> None:
    """Whoever receives hours hears of it: a member, or those who speak for an organisation."""
    if isinstance(to, ToOrganisation):
        others = sorted(await speakers_of(to.organisation) - {by.id})
        link = f"{PAGE}?organisation={to.organisation}"
        await tell_all(others, "hours_gift", link=link, minutes=minutes, words=words, **_giver(by))
    elif to != "fund":
        await tell(int(to), "hours_gift", link=PAGE, minutes=minutes, words=words, **_giver(by))


async def gift_taken_back(legs: Mapping[int, int], *, by: Viewer) -> None:
    """Whoever had received it hears of it."""
    taker = {account: minutes for account, minutes in legs.items() if minutes > 0}
    for members, link, minutes in await _holders(taker):
        await tell_all(
            [one for one in members if one != by.id],
            "hours_taken_back",
            link=link,
            minutes=minutes,
            **_giver(by),
        )


async def reversed_by_staff(legs: Mapping[int, int], *, reason: str) -> None:
    """Both sides of a transfer undone by the staff read why."""
    for members, link, minutes in await _holders(legs):
        await tell_all(members, "hours_reversed", link=link, minutes=-minutes, reason=reason)


async def given_in_solidarity(member_id: int, *, minutes: int, reason: str) -> None:
    """The member hears of it."""
    await tell(member_id, "hours_solidarity", link=PAGE, minutes=minutes, reason=reason)


async def limits_changed(account_id: int, *, reason: str) -> None:
    """Whoever holds the account hears of it."""
    for members, link, _minutes in await _holders({account_id: 0}):
        await tell_all(members, "hours_limits", link=link, reason=reason)


async def account_ended(organisation_id: int, name: str, slug: str, *, minutes: int) -> None:
    """Whoever owns an organisation that has closed hears what became of its hours, owed ones below zero."""
    rows = await fetch(
        "SELECT member_id FROM membership WHERE organisation_id = $1 AND role = 'owner' ORDER BY id",
        organisation_id,
    )
    owners = [row["member_id"] for row in rows]
    await tell_all(owners, "hours_ended", link=f"/associations/{slug}", organisation=name, minutes=minutes)


def _giver(by: Viewer) -> dict[str, object]:
    # Under a hat the organisation gives; a block between two people does not take that away.
    return {"name": by.acting_for.name} if by.acting_for else {"name": by.name, "by": by.id}


async def _holders(legs: Mapping[int, int]) -> list[tuple[list[int], str, int]]:
    """Of each account: whom to tell, where they see it, its minutes. The town and the fund hear nothing."""
    rows = await fetch(
        """SELECT a.id AS account, m.id AS member, o.id AS organisation FROM unnest($1::int[]) a (id)
           LEFT JOIN member m ON m.account_id = a.id AND m.left_at IS NULL
           LEFT JOIN organisation o ON o.account_id = a.id ORDER BY a.id""",
        list(legs),
    )
    told = []
    for row in rows:
        minutes = legs[row["account"]]
        if row["member"] is not None:
            told.append(([row["member"]], PAGE, minutes))
        elif row["organisation"] is not None:
            speakers = sorted(await speakers_of(row["organisation"]))
            told.append((speakers, f"{PAGE}?organisation={row['organisation']}", minutes))
    return told


def _minutes(data: Mapping[str, Any]) -> str:
    return said(int(data.get("minutes", 0)))


def _gift(data: Mapping[str, Any]) -> str:
    if data.get("words"):
        return _("{name} vous offre {duration} : « {words} »").format(
            name=data.get("name", ""), duration=_minutes(data), words=data["words"]
        )
    return _("{name} vous offre {duration}").format(name=data.get("name", ""), duration=_minutes(data))


def _taken_back(data: Mapping[str, Any]) -> str:
    return _("{name} a repris son don de {duration}").format(
        name=data.get("name", ""), duration=_minutes(data)
    )


def _reversed(data: Mapping[str, Any]) -> str:
    return _("L’équipe a annulé un mouvement d’heures ({duration} sur votre compte) : {reason}").format(
        duration=_minutes(data), reason=_reason(data)
    )


def _solidarity(data: Mapping[str, Any]) -> str:
    return _("Le fonds de solidarité vous donne {duration} : {reason}").format(
        duration=_minutes(data), reason=_reason(data)
    )


def _limits(data: Mapping[str, Any]) -> str:
    return _("L’équipe a changé les limites de votre compte d’heures : {reason}").format(reason=_reason(data))


def _ended(data: Mapping[str, Any]) -> str:
    minutes = int(data.get("minutes", 0))
    sentence = (
        _("« {name} » a fermé il y a un mois : ce qui lui restait ({duration}) va au fonds de solidarité")
        if minutes > 0
        else _("« {name} » a fermé il y a un mois : sa dette ({duration}) est effacée")
    )
    return sentence.format(name=data.get("organisation", ""), duration=said(abs(minutes)))


def _reason(data: Mapping[str, Any]) -> str:
    return str(data.get("reason", "")).rstrip(".")


kinds: Final = (
    Kind("hours_gift", _gift, label=mark("On m’offre des heures"), mail=True),
    Kind("hours_taken_back", _taken_back, label=mark("Un don d’heures est repris")),
    Kind("hours_reversed", _reversed, label=mark("L’équipe annule un mouvement d’heures"), mail=True),
    Kind(
        "hours_solidarity", _solidarity, label=mark("Le fonds de solidarité me donne des heures"), mail=True
    ),
    Kind("hours_limits", _limits, label=mark("Les limites de mon compte d’heures changent"), mail=True),
    Kind("hours_ended", _ended, label=mark("Les heures d’une association fermée"), mail=True),
)
