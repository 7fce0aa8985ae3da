"""The list of helps: facets, all in the address."""

from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from echange.http import Invalid, Viewer, read_query, render, viewer_of
from echange.http.pagination import decode
from echange.i18n import gettext as _
from echange.members import Quartier, skill_names
from echange.mutual_aid.forms import ListQuery
from echange.mutual_aid.kinds import KINDS, URGENCIES
from echange.mutual_aid.quartiers import skills_named
from echange.mutual_aid.queries import Search, find

PER_PAGE: Final = 20
LIST: Final = "/entraide"
GENRES: Final = {"demandes": "ask", "offres": "offer"}


@dataclass(frozen=True)
class Choice:
    """Facets of an address; what does not exist narrows nothing."""

    genre: str = ""
    places: tuple[Quartier, ...] = ()
    skill: str = ""
    urgencies: tuple[str, ...] = ()

    async def search(self, viewer: Viewer | None) -> Search:
        """The same for the database."""
        return Search(
            kind=GENRES.get(self.genre, ""),
            quartiers=tuple(place.id for place in self.places),
            skills=await skills_named(self.skill) if self.skill else (),
            urgencies=self.urgencies,
            unseen=viewer.unseen if viewer else frozenset(),
        )

    def address(self, after: str = "") -> str:
        told: list[tuple[str, str]] = [("genre", self.genre)] if self.genre else []
        told += [("quartier", place.slug) for place in self.places]
        told += [("savoir", self.skill)] if self.skill else []
        told += [("urgence", urgency) for urgency in self.urgencies]
        told += [("suite", after)] if after else []
        return f"{LIST}?{urlencode(told)}" if told else LIST

    def chips(self) -> list[tuple[str, str, bool]]:
        """What is chosen, each leading to the list without it."""
        chips = []
        if self.genre:
            chips.append((_(KINDS[GENRES[self.genre]]), replace(self, genre="").address(), True))
        for place in self.places:
            others = tuple(one for one in self.places if one != place)
            chips.append((place.name, replace(self, places=others).address(), True))
        if self.skill:
            chips.append((self.skill, replace(self, skill="").address(), True))
        for urgency in self.urgencies:
            left = tuple(one for one in self.urgencies if one != urgency)
            chips.append((_(URGENCIES[urgency]), replace(self, urgencies=left).address(), True))
        return chips


async def list_helps(request: Request) -> Response:
    """GET /entraide"""
    bound, viewer = read_query(request, ListQuery), viewer_of(request)
    query, quartiers = bound.data or ListQuery(), await Quartier.all()
    choice = Choice(
        genre=query.genre if query.genre in GENRES else "",
        places=tuple(one for one in quartiers if one.slug in query.quartier),
        skill=query.savoir,
        urgencies=tuple(one for one in URGENCIES if one in query.urgence),
    )
    found = await find(await choice.search(viewer), PER_PAGE, _place(query.suite), viewer)
    context = {
        "helps": found.items,
        "next_url": choice.address(found.next) if found.next else "",
        "first_url": choice.address() if query.suite else "",
        "chips": choice.chips(),
        **_facets(choice, quartiers),
    }
    return render(request, "mutual_aid/list_helps.html", context)


def _place(suite: str) -> Any:  # noqa: ANN401 — a position or nothing
    try:
        return decode(suite) if suite else None
    except Invalid:
        # An old or mistyped address: from the beginning.
        return None


def _facets(choice: Choice, quartiers: list[Quartier]) -> dict[str, Any]:
    return {
        "genres": [(_("Tout"), replace(choice, genre="").address(), not choice.genre)]
        + [
            (_(KINDS[kind]), replace(choice, genre=genre).address(), genre == choice.genre)
            for genre, kind in GENRES.items()
        ],
        "genre": choice.genre,
        "quartiers": [(one.slug, one.name, one in choice.places) for one in quartiers],
        "urgencies": [(slug, _(label), slug in choice.urgencies) for slug, label in URGENCIES.items()],
        "skill": choice.skill,
        "skill_names": skill_names(),
    }
