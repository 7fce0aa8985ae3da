"""What those of a group of helpers are told."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from echange.database import fetch, fetch_value
from echange.http import Viewer
from echange.i18n import gettext as _
from echange.i18n import mark
from echange.members import Member, Organisation
from echange.notifications import Kind, tell, tell_all

if TYPE_CHECKING:
    from echange.mutual_aid.models.group import HelperGroup
    from echange.mutual_aid.models.help import Help


async def coordinates(group: "HelperGroup", organisation: Organisation, by: Viewer) -> None:
    """Somebody is its coordinator now."""
    await _tell(
        group, group.coordinator_id, "helper_group_yours", by=by.id, name=by.name, of=organisation.name
    )


async def asked(group: "HelperGroup", member: Member) -> None:
    """The coordinator hears who asks to help."""
    await _tell(group, group.coordinator_id, "helper_asks", by=member.id, name=member.name)


async def left(group: "HelperGroup", member_id: int) -> None:
    """The coordinator hears who helps no more."""
    member = await Member.get(id=member_id)
    await _tell(group, group.coordinator_id, "helper_left", by=member_id, name=member.name)


async def tell_helper(group: "HelperGroup", kind: str, member_id: int) -> None:
    """Tell one of those who help, or asked to."""
    await _tell(group, member_id, kind)


async def help_wanted(group: "HelperGroup", aid: "Help", but: int) -> None:
    """Its helpers hear first of a help that is for them."""
    rows = await fetch(
        """SELECT m.id FROM member m JOIN helper h ON h.member_id = m.id
           WHERE h.group_id = $1 AND h.accepted_at IS NOT NULL AND NOT m.away AND m.id NOT IN ($2, $3)
             AND NOT EXISTS (SELECT FROM block WHERE (by_id, member_id) IN ((m.id, $2), ($2, m.id)))
           ORDER BY m.id""",
        group.id,
        aid.person_id,
        but,
    )
    if rows:
        ids = [row["id"] for row in rows]
        await tell_all(ids, "help_for_group", link=aid.url, title=aid.title, group=group.name)


async def _tell(group: "HelperGroup", member_id: int, kind: str, **data: object) -> None:
    if await fetch_value("SELECT away FROM member WHERE id = $1", member_id):
        return
    slug = await fetch_value("SELECT slug FROM organisation WHERE id = $1", group.organisation_id)
    link = f"/associations/{slug}/benevoles/{group.id}"
    await tell(member_id, kind, link=link, group=group.name, **data)


def _said(sentence: str) -> Callable[[Mapping[str, Any]], str]:
    def say(data: Mapping[str, Any]) -> str:
        known = ("group", "name", "of", "title")
        return _(sentence).format(**{name: data.get(name, "") for name in known})

    return say


kinds: Final = (
    Kind(
        "helper_asks",
        _said(mark("{name} voudrait aider avec « {group} »")),
        label=mark("Quelqu’un voudrait aider dans mon groupe"),
        mail=True,
    ),
    Kind(
        "helper_accepted",
        _said(mark("Vous faites partie des bénévoles « {group} »")),
        label=mark("Une réponse d’un groupe de bénévoles"),
        mail=True,
    ),
    Kind(
        "helper_refused",
        _said(mark("« {group} » ne peut pas vous accueillir pour le moment")),
        label=mark("Une réponse d’un groupe de bénévoles"),
    ),
    Kind(
        "helper_removed",
        _said(mark("Vous ne faites plus partie des bénévoles « {group} »")),
        label=mark("Je ne fais plus partie d’un groupe de bénévoles"),
    ),
    Kind(
        "helper_left",
        _said(mark("{name} ne fait plus partie de « {group} »")),
        label=mark("Quelqu’un quitte mon groupe de bénévoles"),
    ),
    Kind(
        "helper_group_yours",
        _said(mark("{name} vous confie les bénévoles « {group} » ({of})")),
        label=mark("Un groupe de bénévoles m’est confié"),
        mail=True,
    ),
    Kind(
        "helper_group_closed",
        _said(mark("Le groupe de bénévoles « {group} » est fermé")),
        label=mark("Un de mes groupes de bénévoles ferme"),
    ),
    Kind(
        "help_for_group",
        _said(mark("« {group} » cherche de l’aide : « {title} »")),
        label=mark("Un coup de main pour mon groupe de bénévoles"),
        mail=True,
    ),
)
