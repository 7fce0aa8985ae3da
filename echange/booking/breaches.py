"""What the rules of a model say no with."""

from datetime import date, datetime
from typing import ClassVar

from echange.http import dates
from echange.http.durations import said
from echange.http.refusals import Refusal
from echange.i18n import gettext as _
from echange.i18n import mark, ngettext

MINUTES_A_DAY = 1440


class EmptyPeriod(Refusal):
    code: ClassVar[str] = "empty_period"
    sentence: ClassVar[str] = mark("La fin doit venir après le début.")


class InThePast(Refusal):
    code: ClassVar[str] = "in_the_past"
    sentence: ClassVar[str] = mark("Ce moment est déjà passé. Choisissez une autre date.")


class TooShort(Refusal):
    code: ClassVar[str] = "too_short"

    def __init__(self, minutes: int) -> None:
        super().__init__(minutes=minutes)
        self.minutes = minutes

    @property
    def title(self) -> str:
        return _("C’est trop court : au moins {length}.").format(length=length(self.minutes))


class TooLong(Refusal):
    code: ClassVar[str] = "too_long"

    def __init__(self, minutes: int) -> None:
        super().__init__(minutes=minutes)
        self.minutes = minutes

    @property
    def title(self) -> str:
        return _("C’est trop long : au plus {length}.").format(length=length(self.minutes))


class OffStep(Refusal):
    """`near` is the last start before the one that was asked for."""

    code: ClassVar[str] = "off_step"

    def __init__(self, step: int, near: datetime) -> None:
        super().__init__(step=step, near=near)
        self.step, self.near = step, near

    @property
    def title(self) -> str:
        return _("Cela se réserve par tranches de {step}, par exemple à partir de {hour}.").format(
            step=length(self.step), hour=dates.hour(self.near)
        )


class ClosedThen(Refusal):
    """`at` is the start or the end that was asked for, `opens` when it opens after it."""

    code: ClassVar[str] = "closed_then"

    def __init__(self, at: datetime, opens: datetime | None) -> None:
        super().__init__(at=at, opens=opens)
        self.at, self.opens = at, opens

    @property
    def title(self) -> str:
        closed = _("C’est fermé {day} à {hour}.").format(day=dates.day(self.at), hour=dates.hour(self.at))
        if self.opens is None:
            return closed
        then = _("Prochaine ouverture : {day} à {hour}.").format(
            day=dates.day(self.opens), hour=dates.hour(self.opens)
        )
        return f"{closed} {then}"


class NotOpenThroughout(Refusal):
    code: ClassVar[str] = "not_open_throughout"
    sentence: ClassVar[str] = mark(
        "Le lieu ferme entre le début et la fin. Choisissez un moment où il reste ouvert."
    )


class TooSoon(Refusal):
    """`earliest` is the first day on which it may begin."""

    code: ClassVar[str] = "too_soon"

    def __init__(self, open_days: int, earliest: date) -> None:
        super().__init__(open_days=open_days, earliest=earliest)
        self.open_days, self.earliest = open_days, earliest

    @property
    def title(self) -> str:
        return ngettext(
            "Il faut s’y prendre {n} jour d’ouverture à l’avance : au plus tôt {day}.",
            "Il faut s’y prendre {n} jours d’ouverture à l’avance : au plus tôt {day}.",
            self.open_days,
        ).format(n=self.open_days, day=dates.day(self.earliest))


class TooFar(Refusal):
    """`latest` is the last day on which it may begin."""

    code: ClassVar[str] = "too_far"

    def __init__(self, latest: date) -> None:
        super().__init__(latest=latest)
        self.latest = latest

    @property
    def title(self) -> str:
        return _("C’est trop loin : on réserve jusqu’au {day}.").format(day=dates.day(self.latest))


def length(minutes: int) -> str:
    """« 3 jours », « 1 h 30 »."""
    days, rest = divmod(minutes, MINUTES_A_DAY)
    return said(minutes) if rest or not days else ngettext("{n} jour", "{n} jours", days).format(n=days)
