"""Days and hours in words, on the town's clock."""

from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from echange.i18n import current_locale, gettext, ngettext

PARIS: Final = ZoneInfo("Europe/Paris")
town_zone: ContextVar[ZoneInfo] = ContextVar("town_zone", default=PARIS)

DAYS: Final = {
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS: Final = {
    "fr": (
        "janvier", "février", "mars", "avril", "mai", "juin",
        "juillet", "août", "septembre", "octobre", "novembre", "décembre",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip


def now() -> datetime:
    """This instant."""
    return datetime.now(UTC)


def today() -> date:
    """Today in town."""
    return datetime.now(town_zone.get()).date()


def local(instant: datetime) -> datetime:
    """An instant on the town's clock."""
    return instant.astimezone(town_zone.get())


def clock(instant: datetime) -> str:
    """« 9 h 30 »."""
    at = local(instant)
    return (
        f"{at.hour}:{at.minute:02}"
        if current_locale.get() == "en"
        else f"{at.hour}\u00a0h\u00a0{at.minute:02}"
    )


def hour(instant: datetime) -> str:
    """« 9 h », « 9 h 30 »: an hour agreed on, rather than one at which something happened."""
    at = local(instant)
    return hour_of_day(at.hour * 60 + at.minute)


def hour_of_day(minutes: int) -> str:
    """The same of so many minutes after midnight."""
    hours, rest = divmod(minutes, 60)
    if current_locale.get() == "en":
        return f"{hours}:{rest:02}"
    return f"{hours}\u00a0h\u00a0{rest:02}" if rest else f"{hours}\u00a0h"


def iso(instant: datetime) -> str:
    """For <time datetime>, where HTML allows three decimals at most."""
    return instant.isoformat(timespec="milliseconds")


def long_day(day: date | datetime) -> str:
    """« mardi 24 novembre 2026 »."""
    moment = local(day).date() if isinstance(day, datetime) else day
    return f"{weekday(moment)} {_day_month(moment)} {moment.year}"


def day(day: date | datetime) -> str:
    """« samedi 28 novembre », with the year when it is not this one."""
    moment = local(day).date() if isinstance(day, datetime) else day
    return f"{weekday(moment)} {_day_month(moment)}" if moment.year == today().year else long_day(moment)


def weekday(day: date) -> str:
    """« mardi »."""
    return DAYS[current_locale.get()][day.weekday()]


def ago(instant: datetime) -> str:
    """« il y a 2 h », « hier », « lundi », « le 3 mars »: as short as it stays clear."""
    age = now() - instant
    if age < timedelta(minutes=1):
        return gettext("à l’instant")
    if age < timedelta(hours=1):
        n = int(age.total_seconds() // 60)
        return ngettext("il y a {n} minute", "il y a {n} minutes", n).format(n=n)
    days = (today() - local(instant).date()).days
    if days == 0:
        n = int(age.total_seconds() // 3600)
        return ngettext("il y a {n} heure", "il y a {n} heures", n).format(n=n)
    if days == 1:
        return gettext("hier")
    if days < 7:
        return weekday(local(instant).date())
    return gettext("le {day}").format(day=_short(local(instant).date()))


def _short(day: date) -> str:
    return _day_month(day) if day.year == today().year else f"{_day_month(day)} {day.year}"


def _day_month(day: date) -> str:
    month = MONTHS[current_locale.get()][day.month - 1]
    if current_locale.get() == "fr" and day.day == 1:
        return f"1er {month}"
    return f"{day.day} {month}"
