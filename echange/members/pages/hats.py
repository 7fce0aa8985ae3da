"""The hat: for whom a browser or a program acts, changed in one gesture."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from echange.database import execute
from echange.http import (
    GuardedRoute,
    Invalid,
    NotFound,
    Viewer,
    local_path,
    member,
    page,
    read_form,
    redirect,
    signed_in,
)
from echange.i18n import gettext as _
from echange.members.behalf import HatWorn
from echange.members.organisations.forms import HatForm


async def change_hat(request: Request) -> Response:
    """POST /moi/casquette: for an organisation of mine, or for nobody but me"""
    viewer = signed_in(request)
    bound = await read_form(request, HatForm)
    if bound.data is None:
        raise Invalid(bound.errors)
    await put_on(viewer, bound.data.organisation)
    name = dict(viewer.hats).get(bound.data.organisation or 0)
    say = (
        _("Vous agissez maintenant pour {name}.").format(name=name)
        if name
        else _("Vous agissez de nouveau en votre nom.")
    )
    return redirect(request, local_path(bound.data.suite, "/moi"), say=say)


async def put_on(viewer: Viewer, organisation_id: int | None) -> None:
    """Act for an organisation one may speak for, or for nobody.

    Raises NotFound, HatWorn while one acts for somebody under a mandate.
    """
    if organisation_id is not None and viewer.behalf is not None:
        raise HatWorn(name=viewer.behalf.name)
    table, key = ("session", viewer.session_id) if viewer.session_id else ("personal_token", viewer.token_id)
    changed = await execute(
        f"""UPDATE {table} SET acting_for_id = $1,
                mandate_id = CASE WHEN $1::int IS NULL THEN mandate_id END
            WHERE id = $2 AND ($1::int IS NULL OR EXISTS (
                SELECT FROM membership p JOIN organisation o ON o.id = p.organisation_id
                WHERE o.id = $1 AND p.member_id = $3 AND p.role IN ('owner', 'manager') AND NOT o.away))""",  # noqa: S608 — our own words
        organisation_id,
        key,
        viewer.id,
    )
    if not changed:
        raise NotFound


routes: Final[list[GuardedRoute]] = [page("/moi/casquette", change_hat, who=member, methods=("POST",))]
