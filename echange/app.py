"""The application: every room's routes behind one front door. Imports all, imported by none."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

import echange.ads.api
import echange.ads.notices
import echange.ads.pages
import echange.ads.privacy
import echange.ads.reportable
import echange.ads.subject
import echange.chat.api
import echange.chat.live
import echange.chat.notices
import echange.chat.pages
import echange.chat.presence
import echange.chat.privacy
import echange.chat.relay
import echange.chat.reportable
import echange.chat.uploading
import echange.exchanges.acts
import echange.exchanges.api
import echange.exchanges.notices
import echange.exchanges.pages
import echange.exchanges.pages.profile
import echange.exchanges.privacy
import echange.exchanges.reportable
import echange.exchanges.subject
import echange.hours.api
import echange.hours.notices
import echange.hours.pages
import echange.hours.privacy
import echange.hours.proving
import echange.lending.acts
import echange.lending.api
import echange.lending.closing_then
import echange.lending.commons
import echange.lending.desk_notices
import echange.lending.desk_privacy
import echange.lending.loan_privacy
import echange.lending.notices
import echange.lending.pages
import echange.lending.privacy
import echange.lending.profile
import echange.lending.reportable
import echange.lending.schedule
import echange.lending.subject
import echange.lending.training_notices
import echange.lending.waiting_notices
import echange.members.api
import echange.members.notices
import echange.members.pages
import echange.members.privacy
import echange.members.reportable
import echange.moderation.api
import echange.moderation.notices
import echange.moderation.pages
import echange.moderation.privacy
import echange.mutual_aid.acts
import echange.mutual_aid.api
import echange.mutual_aid.notices
import echange.mutual_aid.pages
import echange.mutual_aid.privacy
import echange.mutual_aid.reportable
import echange.mutual_aid.rota_privacy
import echange.mutual_aid.subject
import echange.notifications.pages
import echange.places.api
import echange.places.pages
import echange.places.reportable
import echange.town.health
import echange.town.pages
from echange import ads, chat, exchanges, jobs, ledger, mail, members, moderation, mutual_aid, notifications
from echange.config import Settings
from echange.database import open_pools
from echange.http import assets, errors, idempotency, openapi, routing
from echange.http.front import Front
from echange.http.rates import Limiter
from echange.http.rationed import Rationed
from echange.http.redirects import without_slash
from echange.http.refusals import Refusal
from echange.http.render import make_environments
from echange.http.viewer import Viewer
from echange.live import Hub
from echange.live.doorbell import hung_doorbell
from echange.media import Store
from echange.places import ClosureListener, PlacePart
from echange.web import STATIC_DIR

# What every room owes the whole house, in one visible list each.
PAGES: Final = (
    echange.town.pages.routes,
    echange.members.pages.routes,
    echange.hours.pages.routes,
    echange.places.pages.routes,
    echange.ads.pages.routes,
    echange.exchanges.pages.routes,
    echange.mutual_aid.pages.routes,
    echange.lending.pages.routes,
    echange.chat.pages.routes,
    echange.moderation.pages.routes,
    echange.notifications.pages.routes,
    echange.town.health.routes,
)
API: Final = (
    echange.members.api.routes,
    echange.hours.api.routes,
    echange.places.api.routes,
    echange.ads.api.routes,
    echange.exchanges.api.routes,
    echange.mutual_aid.api.routes,
    echange.lending.api.routes,
    echange.chat.api.routes,
    echange.moderation.api.routes,
)
NOTICES: Final = (
    *echange.members.notices.kinds,
    *echange.hours.notices.kinds,
    *echange.ads.notices.kinds,
    *echange.exchanges.notices.kinds,
    *echange.mutual_aid.notices.kinds,
    *echange.lending.notices.kinds,
    *echange.lending.desk_notices.kinds,
    *echange.lending.waiting_notices.kinds,
    *echange.lending.training_notices.kinds,
    *echange.chat.notices.kinds,
    *echange.moderation.notices.kinds,
)
SUBJECTS: Final = (
    echange.ads.subject.subject,
    echange.exchanges.subject.subject,
    echange.mutual_aid.subject.subject,
    echange.lending.subject.subject,
)
ACT_SUBJECTS: Final = (
    *echange.exchanges.acts.subjects,
    *echange.mutual_aid.acts.subjects,
    *echange.lending.acts.subjects,
)
PROFILE_PARTS: Final[tuple[members.ProfilePart, ...]] = (
    echange.exchanges.pages.profile.told_of,
    echange.lending.profile.told_of,
)
ORGANISATION_PARTS: Final[tuple[members.OrganisationPart, ...]] = (
    echange.lending.profile.told_of_organisation,
)
PLACE_PARTS: Final[tuple[PlacePart, ...]] = (echange.lending.profile.told_of_place,)
# Who has bookings at sites, and hears when one closes.
CLOSURE_LISTENERS: Final[tuple[ClosureListener, ...]] = (echange.lending.closing_then.listener,)
# Members last: the other rooms may still ask who it was.
BELONGINGS: Final = (
    echange.lending.loan_privacy.belongings,
    echange.lending.desk_privacy.belongings,
    echange.lending.privacy.belongings,
    echange.ads.privacy.belongings,
    echange.mutual_aid.rota_privacy.belongings,
    echange.mutual_aid.privacy.belongings,
    echange.exchanges.privacy.belongings,
    echange.chat.privacy.belongings,
    echange.moderation.privacy.belongings,
    echange.hours.privacy.belongings,
    echange.members.privacy.belongings,
)
REPORTABLES: Final = (
    *echange.ads.reportable.reportables,
    *echange.exchanges.reportable.reportables,
    *echange.mutual_aid.reportable.reportables,
    *echange.places.reportable.reportables,
    *echange.lending.reportable.reportables,
    *echange.members.reportable.reportables,
    *echange.chat.reportable.reportables,
)


def create_app(settings: Settings, database_url: str) -> Starlette:
    """The application on a migrated database."""
    static = assets.Assets(STATIC_DIR)
    app = Starlette(
        routes=_routes(static),
        middleware=[Middleware(Front, settings=settings, load_viewer=load_viewer)],
        exception_handlers={HTTPException: _told, Refusal: _told},
        lifespan=_lifespan,
    )
    # Starlette's own way leads to whatever host the request names.
    app.router.redirect_slashes = False
    app.state.settings = settings
    app.state.database_url = database_url
    app.state.secret = settings.secret()
    app.state.environments = make_environments(settings, static)
    app.state.limiter = Limiter(settings.rate_factor)
    app.state.store = Store(settings.data_dir / "media")
    app.state.attachments = Store(settings.data_dir / "attachments")
    app.state.ads_facets = {}
    app.state.hub = Hub()
    app.state.relay = echange.chat.relay.Relay(app.state.hub)
    app.state.presence = echange.chat.presence.Presence(app.state.hub)
    app.state.notices = notifications.Kinds(NOTICES)
    app.state.belongings = BELONGINGS
    app.state.subjects = chat.Subjects(SUBJECTS)
    app.state.act_subjects = ACT_SUBJECTS
    app.state.profile_parts = PROFILE_PARTS
    app.state.organisation_parts = ORGANISATION_PARTS
    app.state.place_parts = PLACE_PARTS
    app.state.closure_listeners = CLOSURE_LISTENERS
    app.state.reportables = moderation.Reportables(REPORTABLES)
    app.state.prover = echange.hours.proving.Prover()
    app.state.commons = Rationed(echange.lending.commons.gathered)
    app.state.booking_proof = Rationed(echange.lending.api.proof.proven)
    app.state.town_loaded = True
    return app


async def load_viewer(session: str | None, token: str | None) -> Viewer | None:
    """Who a cookie or a personal token stands for, with what waits for them."""
    viewer = await members.load_viewer(session, token)
    if viewer is None:
        return None
    return replace(
        viewer,
        unread_messages=await chat.unread_count(viewer.id),
        unread_notices=await notifications.unread_count(viewer.id),
    )


def _routes(static: assets.Assets) -> list[BaseRoute]:
    described = routing.routes_of(*API)
    return [
        *routing.routes_of(*PAGES, *API),
        openapi.route(described, title="échange"),
        echange.chat.live.route,
        assets.route(static),
    ]


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(open_pools(app.state.database_url, settings.pool_size))
        hub: Hub = app.state.hub
        doorbell = hung_doorbell(settings.doorbell_url, app.state.database_url, hub.heard, hub.back)
        hub.hang(await stack.enter_async_context(doorbell))
        stack.callback(hub.hang, None)
        await stack.enter_async_context(hub)
        await stack.enter_async_context(hub.sweep(members.ended_among))
        await stack.enter_async_context(app.state.relay.running())
        await stack.enter_async_context(app.state.presence.running())
        await stack.enter_async_context(ledger.Sealer().running())
        stack.enter_context(notifications.Herald(app.state.notices).running())
        worker = jobs.Worker(app.state.database_url, *_chores(app))
        await stack.enter_async_context(worker)
        yield


def _chores(app: Starlette) -> tuple[dict[str, jobs.Handler], dict[str, timedelta]]:
    """What the worker does when asked, and what it also does regularly."""
    settings: Settings = app.state.settings
    regular = {
        **members.schedules(app.state.belongings, app.state.store),
        **ads.schedules(app.state.store, app.state.secret),
        **echange.hours.schedules(),
        **exchanges.schedules(),
        **mutual_aid.schedules(),
        **echange.lending.schedule.schedules(),
        **chat.schedules(settings, app.state.subjects, app.state.secret),
        **echange.chat.uploading.schedules(app.state.attachments),
        **idempotency.schedules(),
    }
    handlers = {
        **mail.handlers(settings),
        **members.handlers(app.state.store),
        **echange.chat.picturing.handlers(app.state.store),
        **echange.chat.uploading.handlers(app.state.attachments),
        **notifications.handlers(app.state.notices, settings),
        **{name: handler for name, (_, handler) in regular.items()},
    }
    return handlers, {name: period for name, (period, _) in regular.items()}


async def _told(request: Request, error: Exception) -> Response:
    if isinstance(error, HTTPException) and (there := without_slash(request)):
        return RedirectResponse(there)
    return errors.respond(request, errors.refusal_for(error))
