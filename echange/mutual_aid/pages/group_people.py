"""Who is in a group of helpers: taken in, or off it, by who looks after it."""

from starlette.requests import Request
from starlette.responses import Response

from echange.http import (
    NotFound,
    member,
    page,
    read_form,
    read_query,
    redirect,
    render,
    signed_in,
)
from echange.i18n import gettext as _
from echange.mutual_aid.group_forms import HelperForm
from echange.mutual_aid.groups import HelperLine, helpers_of
from echange.mutual_aid.pages.groups import GROUP, led_group
from echange.mutual_aid.rota_forms import MemberQuery


async def accept_helper(request: Request) -> Response:
    """POST /associations/les-fetes-de-la-redoute/benevoles/4/accueil"""
    group, organisation = await led_group(request)
    form = await _helper_form(request)
    try:
        await group.accept(form, by=signed_in(request))
    except NotFound:
        said = _("Cette personne ne demande plus à venir.")
        return redirect(request, f"{organisation.url}/benevoles/{group.id}", say=said, kind="info")
    return redirect(
        request,
        f"{organisation.url}/benevoles/{group.id}",
        say=_("Bienvenue à cette personne : elle est prévenue."),
    )


async def ask_removal(request: Request) -> Response:
    """GET /associations/les-fetes-de-la-redoute/benevoles/4/retrait?membre=12"""
    group, organisation = await led_group(request)
    query = read_query(request, MemberQuery).data
    people = await helpers_of(group, signed_in(request), asking=True)
    there = next((one for one in people if query and one.id == query.membre), None)
    if there is None:
        raise NotFound
    url = f"{organisation.url}/benevoles/{group.id}"
    context = {**_removal(there), "action": f"{url}/retrait", "member": there.id, "back": url}
    return render(request, "mutual_aid/take_off.html", context)


def _removal(one: HelperLine) -> dict[str, str]:
    if one.accepted:
        return {
            "question": _("Retirer {name} du groupe ?").format(name=one.name),
            "meaning": _("Cette personne est prévenue. Elle pourra redemander à aider."),
            "verb": _("Retirer du groupe"),
        }
    return {
        "question": _("Dire non à {name} ?").format(name=one.name),
        "meaning": _("Cette personne est prévenue. Elle pourra redemander à aider."),
        "verb": _("Dire non"),
    }


async def remove_helper(request: Request) -> Response:
    """POST /associations/les-fetes-de-la-redoute/benevoles/4/retrait"""
    group, organisation = await led_group(request)
    await group.remove(await _helper_form(request), by=signed_in(request))
    return redirect(
        request,
        f"{organisation.url}/benevoles/{group.id}",
        say=_("C’est fait : cette personne est prévenue."),
    )


async def _helper_form(request: Request) -> int:
    bound = await read_form(request, HelperForm)
    if bound.data is None or bound.data.member is None:
        raise NotFound
    return bound.data.member


routes = [
    page(GROUP + "/accueil", accept_helper, who=member, methods=("POST",)),
    page(GROUP + "/retrait", ask_removal, who=member),
    page(GROUP + "/retrait", remove_helper, who=member, methods=("POST",)),
]
