"""An organisation as its page shows it."""

from typing import Any

from echange.http import Viewer
from echange.http.dates import MONTHS, local
from echange.http.viewer import initials, tint
from echange.i18n import current_locale
from echange.i18n import gettext as _
from echange.members.models import Organisation
from echange.members.organisations.words import kind_word


def detail_of(organisation: Organisation, viewer: Viewer | None, desk: str) -> dict[str, Any]:
    """Plain values; `desk` is what the town calls its desk. Quartier and verifier must be loaded."""
    return {
        "id": organisation.id,
        "slug": organisation.slug,
        "name": organisation.name,
        "initials": initials(organisation.name),
        "tint": tint(organisation.id),
        "kind": organisation.kind,
        "kind_word": kind_word(organisation.kind),
        "url": organisation.url,
        "headline": organisation.headline,
        "about": organisation.about,
        "website": organisation.website,
        "website_text": organisation.website.removeprefix("https://").removesuffix("/"),
        "quartier": organisation.quartier.name if organisation.quartier else "",
        "rna": organisation.rna,
        "siret": _spaced(organisation.siret),
        "verified": _verified(organisation, viewer, desk),
        "closed": organisation.closed_at is not None,
        "hidden": organisation.hidden_at is not None,
    }


def _spaced(siret: str | None) -> str:
    """« 356 000 000 00048 », as it is printed."""
    return f"{siret[:3]} {siret[3:6]} {siret[6:9]} {siret[9:]}" if siret else ""


def _verified(organisation: Organisation, viewer: Viewer | None, desk: str) -> str:
    """« Vérifiée par La Forge (Nadia P.), 12 mars 2026 », or nothing."""
    at, by = organisation.verified_at, organisation.verified_by
    if at is None:
        return ""
    if by is None or by.away or (viewer is not None and by.id in viewer.unseen):
        return _("Vérifiée par {desk}, {day}").format(desk=desk, day=_day(organisation))
    return _("Vérifiée par {desk} ({name}), {day}").format(
        desk=desk, name=_short_name(by.name), day=_day(organisation)
    )


def _day(organisation: Organisation) -> str:
    assert organisation.verified_at is not None  # noqa: S101 — asked by the caller
    at = local(organisation.verified_at)
    return f"{at.day} {MONTHS[current_locale.get()][at.month - 1]} {at.year}"


def _short_name(name: str) -> str:
    words = name.split()
    return f"{words[0]} {words[-1][0]}." if len(words) > 1 else name
