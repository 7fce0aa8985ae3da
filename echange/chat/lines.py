"""What stands in a conversation as lines of a page: whose it is, what it answers, the rules between."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

import orjson
from markupsafe import Markup

from echange.chat import slots
from echange.chat.folding import Entry
from echange.chat.signs import SIGNS, Sign
from echange.chat.text import linked
from echange.http import Viewer
from echange.http.dates import day as long_name
from echange.http.dates import local, today
from echange.http.viewer import Portrait
from echange.i18n import gettext as _
from echange.i18n import mark

# What is said in one breath stands close together.
ONE_BREATH: Final = timedelta(minutes=10)
QUOTED: Final = 120
NOTES: Final = {
    "opened": mark("{by} a ouvert le groupe."),
    "joined": mark("{name} a rejoint le groupe."),
    "added": mark("{by} a ajouté {name} au groupe."),
    "left": mark("{name} a quitté le groupe."),
    "removed": mark("{by} a retiré {name} du groupe."),
    "owner": mark("{name} s’occupe maintenant du groupe."),
    "member": mark("{name} ne s’occupe plus du groupe."),
    "renamed": mark("{by} a appelé le groupe « {title} »."),
    "changed": mark("{by} a changé le groupe."),
}


@dataclass(frozen=True, slots=True)
class Person(Portrait):
    """Somebody in a conversation, by name."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Quote:
    """The message that another one answers, as it stands; without words when it stands no more."""

    seq: int
    who: str
    words: str


@dataclass(frozen=True, slots=True)
class Reaction:
    """A sign under a message: who put it there, by name."""

    sign: Sign
    who: tuple[str, ...]
    mine: bool


@dataclass(frozen=True, slots=True)
class Line:
    """An entry of the conversation. `day` in words when it is the first of its day, `new` on the first
    message not yet read, `close` when it goes on from the one before.

    `hat` is the organisation in whose name it was written; `note` says who came, left or changed what;
    `meeting` is the moment that it proposes.
    """

    entry: Entry
    author: Person
    mine: bool
    who: str
    hat: str
    text: Markup
    note: str
    quote: Quote | None
    reactions: tuple[Reaction, ...]
    meeting: slots.Meeting | None = None
    day: str = ""
    new: bool = False
    close: bool = False

    @property
    def state(self) -> str:
        """The entry for the page's script."""
        return orjson.dumps(self.entry.told()).decode()

    @property
    def words(self) -> str:
        return first_words(self.entry)


def lines_of(
    here: Iterable[Entry],
    entries: Iterable[Entry],
    people: Mapping[int, Person],
    viewer: Viewer,
    read_seq: int,
) -> list[Line]:
    """The lines of the entries that are shown `here`; `entries` are these, and those that they answer."""
    return list(_ruled(_lines(here, entries, people, viewer), read_seq))


def blanks(viewer: Viewer) -> tuple[Line, Line]:
    """A line of one's own and one of somebody else's with nothing in them, for the page's script to fill."""
    entry = Entry(0, "message", viewer.id, datetime.fromtimestamp(0, UTC), {})
    return (
        Line(entry, Person(viewer.id, viewer.name), True, _("Vous"), "", Markup(), "", None, ()),
        Line(entry, Person(viewer.id, "?"), False, "", "", Markup(), "", None, ()),
    )


def _lines(
    here: Iterable[Entry], entries: Iterable[Entry], people: Mapping[int, Person], viewer: Viewer
) -> Iterator[Line]:
    by_seq = {entry.seq: entry for entry in entries}
    standing = list(by_seq.values())
    calls = {one.id: one.name for one in people.values()} | {viewer.id: _("Vous")}
    for entry in here:
        hat = str(entry.data.get("for", {}).get("name", ""))
        answered = by_seq.get(entry.data.get("reply_to", 0))
        yield Line(
            entry=entry,
            author=people[entry.by],
            mine=entry.by == viewer.id,
            who=calls[entry.by],
            hat=hat,
            text=linked(str(entry.data.get("body", ""))),
            note=_note(entry, people),
            quote=_quote(answered, entry.data["reply_to"], calls) if "reply_to" in entry.data else None,
            reactions=tuple(_reactions(entry, calls, viewer.id)),
            meeting=slots.meeting(entry, standing, calls, viewer.id),
        )


def _ruled(lines: Iterable[Line], read_seq: int) -> Iterator[Line]:
    """The same lines, with what stands between them."""
    last: Line | None = None
    seen_new = False
    for line in lines:
        new = not seen_new and _is_new(line, read_seq)
        seen_new = seen_new or new
        day = local(line.entry.at).date()
        fresh = last is None or day != local(last.entry.at).date()
        close = not (fresh or new) and last is not None and _goes_on(last, line)
        last = replace(line, day=day_in_words(day) if fresh else "", new=new, close=close)
        yield last


def _is_new(line: Line, read_seq: int) -> bool:
    entry = line.entry
    return entry.seq > read_seq and entry.kind == "message" and not entry.gone and not line.mine


def _goes_on(last: Line, line: Line) -> bool:
    one, other = last.entry, line.entry
    same = (one.kind, one.by, last.hat) == (other.kind, other.by, line.hat)
    return same and other.at - one.at < ONE_BREATH


def _quote(answered: Entry | None, seq: int, calls: Mapping[int, str]) -> Quote:
    if answered is None or answered.gone:
        return Quote(seq, "", "")
    return Quote(seq, calls[answered.by], first_words(answered))


def _reactions(entry: Entry, calls: Mapping[int, str], viewer_id: int) -> Iterator[Reaction]:
    for sign in SIGNS:
        if who := entry.reactions.get(sign.emoji):
            yield Reaction(sign, tuple(calls[one] for one in who), viewer_id in who)


def _note(entry: Entry, people: Mapping[int, Person]) -> str:
    """« Alice a rejoint le groupe. » The page's script says the same, in the same words (data-notes)."""
    if entry.kind == "message":
        return ""
    whom = entry.data.get("member", entry.by)
    return _(NOTES[_what(entry)]).format(
        name=people[whom].name if whom in people else entry.data.get("name", ""),
        by=people[entry.by].name,
        title=entry.data.get("title", ""),
    )


def _what(entry: Entry) -> str:
    data = entry.data
    if entry.kind == "join":
        return "joined" if data.get("member", entry.by) == entry.by else "added"
    if entry.kind == "leave":
        return "left" if data.get("member", entry.by) == entry.by else "removed"
    if "role" in data:
        return "owner" if data["role"] == "owner" else "member"
    if "opened" in data:
        return "opened"
    return "renamed" if data.get("title") else "changed"


def first_words(entry: Entry) -> str:
    """The beginning of a message, on one line."""
    words = str(entry.data.get("body", "")).replace("\n", " ") or _("Pièce jointe")
    return words if len(words) <= QUOTED else f"{words[:QUOTED]}…"


def notes() -> str:
    """The sentences of `NOTES` for the page's script."""
    return orjson.dumps({name: _(sentence) for name, sentence in NOTES.items()}).decode()


def day_in_words(day: date) -> str:
    """« aujourd’hui », « hier », « samedi 28 novembre »."""
    near = {0: _("aujourd’hui"), 1: _("hier")}
    return near.get((today() - day).days) or long_name(day)
