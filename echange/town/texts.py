"""The texts of the house that the town may rewrite: what is asked of neighbours, what is kept of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Final

from markupsafe import Markup

from echange.config import Settings
from echange.http import NotFound
from echange.http.dates import local
from echange.i18n import LOCALES, mark, ngettext
from echange.i18n import gettext as _
from echange.town.markdown import to_html
from echange.town.models import TownText

BODIES: Final = Path(__file__).parent / "bodies"
# When the bodies that come with échange were last written.
WRITTEN_ON: Final = date(2026, 11, 22)
# The address of each text, which is also its name here, and its title.
TITLES: Final = {
    "charte": mark("La charte des voisins"),
    "cgu": mark("Conditions d’utilisation"),
    "confidentialite": mark("Confidentialité"),
    "mentions-legales": mark("Mentions légales"),
    "accessibilite": mark("Accessibilité"),
}


@dataclass(frozen=True, slots=True)
class Body:
    """The words that count now; `version` is 0 for those that come with échange."""

    slug: str
    locale: str
    body: str
    on: date
    version: int

    @property
    def title(self) -> str:
        return _(TITLES[self.slug])


async def current(slug: str, locale: str) -> Body:
    """The text as it stands; raises NotFound."""
    _check(slug, locale)
    last = await TownText.filter(slug=slug, locale=locale).order_by("-id").first()
    if last is None:
        return Body(slug, locale, original(slug, locale), WRITTEN_ON, 0)
    return Body(slug, locale, last.body, local(last.at).date(), last.id)


async def history(slug: str, locale: str) -> Sequence[TownText]:
    """Every version ever written, the newest first; raises NotFound."""
    _check(slug, locale)
    return await TownText.filter(slug=slug, locale=locale).order_by("-id").select_related("by")


async def version(slug: str, locale: str, number: int) -> Body:
    """One version; 0 is the one that comes with échange. Raises NotFound."""
    _check(slug, locale)
    if number == 0:
        return Body(slug, locale, original(slug, locale), WRITTEN_ON, 0)
    found = await TownText.get_or_none(id=number, slug=slug, locale=locale)
    if found is None:
        raise NotFound
    return Body(slug, locale, found.body, local(found.at).date(), found.id)


async def overview() -> list[tuple[str, str, datetime | None]]:
    """(slug, locale, when the town last rewrote it) for every text."""
    rows = await TownText.all().order_by("id").values_list("slug", "locale", "at")
    written = {(str(slug), str(locale)): at for slug, locale, at in rows}
    return [(slug, locale, written.get((slug, locale))) for slug in TITLES for locale in LOCALES]


@cache
def original(slug: str, locale: str) -> str:
    """The body that comes with échange."""
    return (BODIES / locale / f"{slug}.md").read_text(encoding="utf-8")


def shown(body: str, settings: Settings) -> Markup:
    """A body as its page shows it, its placeholders filled in."""
    return to_html(body, values_of(settings))


def values_of(settings: Settings) -> Mapping[str, str]:
    """What may stand between braces in a text."""
    source = settings.source_url
    link = Markup('<a href="{}">{}</a>').format(source, _("Voir le code qui fait tourner ce site"))
    elsewhere = _("La conciergerie vous dit où trouver le code qui fait tourner ce site")
    return {
        "town": settings.town_name,
        "town_short": settings.town_short,
        "desk": settings.desk_name,
        "desk_address": settings.desk_address,
        "desk_phone": settings.desk_phone,
        "desk_hours": settings.desk_hours,
        "minimum_age": str(settings.minimum_age),
        "messages_kept": _messages_kept(settings.messages_kept_days),
        "source": link if source else elsewhere,
    }


def _messages_kept(days: int) -> str:
    return ngettext("{n} jour", "{n} jours", days).format(n=days) if days else _("sans limite de durée")


def _check(slug: str, locale: str) -> None:
    if slug not in TITLES or locale not in LOCALES:
        raise NotFound
