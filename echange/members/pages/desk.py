"""Of the staff, for the staff: who is who, an account given back, and the book of what was done."""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from echange.http import (
    Bound,
    NotFound,
    Rate,
    Refusal,
    admin,
    anyone,
    blank,
    concierge,
    page,
    read_form,
    read_query,
    redirect,
    refused_form,
    render,
    signed_in,
    staff,
)
from echange.http.pagination import PageQuery
from echange.i18n import gettext as _
from echange.i18n import mark
from echange.live import hub_of
from echange.members.account import recovery, roles
from echange.members.acts import act_said, details_said
from echange.members.desk import Account, Act, account_of, acts, acts_about, find_accounts
from echange.members.forms import AccessForm, AccountsQuery, RecoverForm
from echange.members.mandates.queries import mandates_for
from echange.members.models import RECOVER, ROLES, MailKey
from echange.members.pages.door import home_of, let_in, spare_mailbox, way_of
from echange.members.passwords import WeakPassword
from echange.members.roles import OPENS, role_name
from echange.members.trust import trust_of
from echange.notifications.kinds import kinds_of
from echange.notifications.models import Notice

NO_STORE: Final = {"cache-control": "no-store"}
UNNAMED: Final = {
    "ad": mark("annonce nº {n}"),
    "conversation": mark("conversation nº {n}"),
    "help": mark("coup de main nº {n}"),
    "transfer": mark("mouvement nº {n}"),
}


async def show_office(request: Request) -> Response:
    """GET /administration: what one's roles open."""
    mine = [role for role in ROLES if role in signed_in(request).roles]
    context = {"roles": [{"name": role_name(role), "opens": _(OPENS[role])} for role in mine]}
    return render(request, "members/office.html", context)


async def find_members(request: Request) -> Response:
    """GET /administration/membres?q=."""
    query = read_query(request, AccountsQuery).data or AccountsQuery()
    found = await find_accounts(query.q) if query.q else []
    context = {"q": query.q, "accounts": [_shown(account) for account in found]}
    return render(request, "members/accounts.html", context)


async def show_account(request: Request) -> Response:
    """GET /administration/membres/{id}."""
    return await _account_page(request, blank(AccessForm))


async def offer_access(request: Request) -> Response:
    """POST /administration/membres/{id}/acces."""
    bound = await read_form(request, AccessForm)
    if bound.data is None:
        return await _account_page(request, bound)
    spare_mailbox(request, bound.data.email)
    member_id = int(request.path_params["id"])
    try:
        await recovery.offer_access(
            member_id,
            by=signed_in(request),
            address=bound.data.email,
            how=bound.data.how,
            home=home_of(request),
        )
    except NotFound:
        raise
    except Refusal as refusal:
        at = "email" if isinstance(refusal, recovery.AddressOfAnother) else ""
        return await _account_page(request, bound.refuse(refusal, at=at))
    if (await account_of(member_id)).kept:
        said = _("Un mail est parti à cette adresse : son lien sert un jour.")
        return redirect(request, f"/administration/membres/{member_id}", say=said)
    said = _("Un mail est parti à la nouvelle adresse : son lien sert un jour. L’ancienne est prévenue.")
    return redirect(request, f"/administration/membres/{member_id}", say=said)


async def _account_page(request: Request, bound: Bound[AccessForm]) -> Response:
    account = await account_of(int(request.path_params["id"]))
    me = signed_in(request)
    context: dict[str, Any] = {
        "form": bound,
        "account": _shown(account),
        "person": {"url": account.profile_url},
        "trust": await trust_of(account.id, me),
        "is_me": account.id == me.id,
        "may_give_access": account.id != me.id and (not account.roles or "admin" in me.roles),
        "roles": [
            {"key": role, "name": role_name(role), "opens": _(OPENS[role]), "held": role in account.roles}
            for role in ROLES
        ],
        "acts": [_told(act) for act in await acts_about("member", account.id)],
        "mandates": await mandates_for(account.id, me),
        "to_tell": await _to_tell(request, account),
    }
    answer = refused_form if bound.errors else render
    return answer(request, "members/account.html", context)


async def _to_tell(request: Request, account: Account) -> list[dict[str, Any]]:
    """What somebody without a mailbox was told and has not heard yet; of others the desk reads nothing."""
    if not account.kept:
        return []
    kinds = kinds_of(request)
    return [
        {"id": one.id, "sentence": kinds[one.kind].sentence(one.data), "at": one.at}
        for one in await Notice.filter(member_id=account.id, read_at=None).order_by("id")
    ]


async def show_recovery(request: Request) -> Response:
    """GET /acces/{key}."""
    return await _recovery_page(request, blank(RecoverForm))


async def recover(request: Request) -> Response:
    """POST /acces/{key}: whoever follows it holds the new mailbox, and is let in."""
    bound = await read_form(request, RecoverForm)
    if bound.data is None:
        return await _recovery_page(request, bound)
    try:
        owner = await recovery.recover(request.path_params["key"], bound.data.password)
    except WeakPassword as refusal:
        return await _recovery_page(request, bound.refuse(refusal, at="password"))
    hub_of(request).end_member(owner.id)
    said = _("Vous voilà de retour. Vos anciens appareils sont déconnectés.")
    return await let_in(request, redirect(request, way_of(owner, "/"), say=said), owner)


async def _recovery_page(request: Request, bound: Bound[RecoverForm]) -> Response:
    key = await MailKey.find(request.path_params["key"], RECOVER)
    context = {"form": bound, "name": key.member.name, "email": key.address}
    if bound.errors:
        return refused_form(request, "members/recover.html", context)
    return render(request, "members/recover.html", context, headers=NO_STORE)


async def show_team(request: Request) -> Response:
    """GET /administration/equipe."""
    people = [
        {
            "id": one.id,
            "name": one.name,
            "url": one.url,
            "initials": one.initials,
            "tint": one.tint,
            "since": one.since,
            "roles": [{"key": role, "name": role_name(role)} for role in one.roles],
        }
        for one in await roles.team()
    ]
    return render(request, "members/team.html", {"people": people})


async def ask_to_grant(request: Request) -> Response:
    """GET /administration/membres/{id}/roles/{role}."""
    return await _ask_page(request, giving=True)


async def ask_to_revoke(request: Request) -> Response:
    """GET /administration/membres/{id}/roles/{role}/retrait."""
    return await _ask_page(request, giving=False)


async def _ask_page(request: Request, *, giving: bool) -> Response:
    account, role = await account_of(int(request.path_params["id"])), _role(request)
    if (role in account.roles) == giving:
        raise NotFound
    context = {
        "giving": giving,
        "name": account.name,
        "role": role_name(role),
        "opens": _(OPENS[role]),
        "url": account.url,
        "is_me": account.id == signed_in(request).id,
    }
    return render(request, "members/role_ask.html", context)


async def grant(request: Request) -> Response:
    """POST /administration/membres/{id}/roles/{role}."""
    account, role = await account_of(int(request.path_params["id"])), _role(request)
    await roles.grant(account.id, role, by=signed_in(request).id)
    said = _("{name} fait partie de l’équipe : {role}.").format(name=account.name, role=role_name(role))
    return redirect(request, "/administration/equipe", say=said)


async def revoke(request: Request) -> Response:
    """POST /administration/membres/{id}/roles/{role}/retrait."""
    account, role = await account_of(int(request.path_params["id"])), _role(request)
    me = signed_in(request)
    await roles.revoke(account.id, role, by=me.id)
    said = _("{name} n’a plus ce rôle : {role}.").format(name=account.name, role=role_name(role))
    # Whoever gives up their own last key cannot see the team any more.
    still = account.id != me.id or role != "admin"
    return redirect(request, "/administration/equipe" if still else "/moi", say=said)


async def show_journal(request: Request) -> Response:
    """GET /administration/journal?cursor=."""
    query = read_query(request, PageQuery).data or PageQuery()
    found = await acts(query.position())
    context = {
        "acts": [_told(act) for act in found.items],
        "next_url": f"/administration/journal?cursor={found.next}" if found.next else "",
    }
    return render(request, "members/journal.html", context)


def _shown(account: Account) -> dict[str, Any]:
    return {
        "id": account.id,
        "name": account.name,
        "initials": account.initials,
        "tint": account.tint,
        "email": account.email,
        "quartier": account.quartier,
        "since": account.created_at,
        "confirmed": account.confirmed,
        "verified": account.verified,
        "paused": account.paused,
        "hidden": account.hidden,
        "until": account.until,
        "roles": [role_name(role) for role in account.roles],
        "url": account.url,
        "profile_url": account.profile_url,
        "kept": account.kept,
        "phone": account.phone,
    }


def _told(act: Act) -> dict[str, Any]:
    return {
        "what": act_said(act.what),
        "details": details_said(act.data),
        "about": act.about or _unnamed(act),
        "about_url": _address(act),
        "by": act.by,
        "at": act.at,
    }


def _unnamed(act: Act) -> str:
    return _(UNNAMED[act.about_kind]).format(n=act.about_id) if act.about_kind in UNNAMED else ""


def _address(act: Act) -> str:
    if act.about_kind == "member" and act.about:
        return f"/administration/membres/{act.about_id}"
    if act.about_kind == "transfer":
        return f"/administration/temps/mouvements/{act.about_id}"
    return f"/annonces/{act.about_id}/historique" if act.about_kind == "ad" else ""


def _role(request: Request) -> str:
    role = str(request.path_params["role"])
    if role not in ROLES:
        raise NotFound
    return role


routes = [
    page("/administration", show_office, who=staff),
    page("/administration/membres", find_members, who=concierge),
    page("/administration/membres/{id:id}", show_account, who=concierge),
    page(
        "/administration/membres/{id:id}/acces",
        offer_access,
        who=concierge,
        methods=("POST",),
        limit=Rate("offer access", 20, 3600),
    ),
    page("/acces/{key:word}", show_recovery, who=anyone),
    page("/acces/{key:word}", recover, who=anyone, methods=("POST",), limit=Rate("recover", 10, 600)),
    page("/administration/equipe", show_team, who=admin),
    page("/administration/membres/{id:id}/roles/{role:word}", ask_to_grant, who=admin),
    page("/administration/membres/{id:id}/roles/{role:word}", grant, who=admin, methods=("POST",)),
    page("/administration/membres/{id:id}/roles/{role:word}/retrait", ask_to_revoke, who=admin),
    page("/administration/membres/{id:id}/roles/{role:word}/retrait", revoke, who=admin, methods=("POST",)),
    page("/administration/journal", show_journal, who=admin),
]
