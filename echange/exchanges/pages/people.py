"""The two of an exchange as pages show them."""

from collections.abc import Iterable
from dataclasses import dataclass

from echange.exchanges.life import SIDES, Side
from echange.exchanges.models import Exchange
from echange.exchanges.sides import member_at
from echange.http import Viewer
from echange.http.viewer import Portrait
from echange.members import first_name, met_by


@dataclass(frozen=True, slots=True)
class Party(Portrait):
    """One of the two. Without `url` where the viewer may not meet them.

    `by` is the person who acts, where `name` is the organisation that they stand for; nobody `kept` by the
    desk reads messages.
    """

    side: Side
    id: int
    name: str
    url: str
    kind: str | None
    by: str
    kept: bool = False

    @property
    def first_name(self) -> str:
        return self.name if self.by else first_name(self.name)


async def parties_of(exchanges: Iterable[Exchange], viewer: Viewer) -> dict[int, dict[Side, Party]]:
    """The two sides of each, loaded with their people, by the exchange's id."""
    every = list(exchanges)
    ids = {member_at(one, side) for one in every for side in SIDES}
    met = {one.id for one in await met_by(viewer).filter(id__in=list(ids)).only("id")} if ids else set()
    return {one.id: {side: _party(one, side, met) for side in SIDES} for one in every}


def _party(it: Exchange, side: Side, met: set[int]) -> Party:
    member = it.giver if side == "giver" else it.receiver
    organisation = it.giver_organisation if side == "giver" else it.receiver_organisation
    if organisation is not None:
        url = "" if organisation.away else f"/associations/{organisation.slug}"
        return Party(side, organisation.id, organisation.name, url, organisation.kind, member.name)
    url = member.url if member.id in met else ""
    return Party(side, member.id, member.name, url, None, "", member.kept_by_desk)
