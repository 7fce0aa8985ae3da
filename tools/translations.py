"""The English catalogue: `update` gathers the French sentences of the sources, `check` finds what is missing.

`check` also finds words written straight into templates, and plain spaces where French has unbreakable ones.
"""

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any, Final, NamedTuple

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, nodes

ROOT: Final = Path(__file__).resolve().parent.parent
CATALOGUE: Final = ROOT / "web/locales/en/LC_MESSAGES/echange.po"
TEMPLATES: Final = ROOT / "web/templates"
KEYWORDS: Final[dict[str, Any]] = {"_": None, "gettext": None, "ngettext": (1, 2), "mark": None}
# As in echange/http/render.py: what is looked up at run time must be what was gathered.
JINJA: Final = {
    "extensions": "jinja2.ext.i18n",
    "newstyle_gettext": "true",
    "trim_blocks": "true",
    "lstrip_blocks": "true",
}
SPOKEN_ATTRIBUTES: Final = frozenset(
    {"alt", "title", "aria-label", "placeholder", "data-sending", "data-done"}
)
# Names are the same in every language; the last ones are for machines.
SAME_EVERYWHERE: Final = frozenset(
    {"échange", "Français", "English", "La", "Forge", "Danielle", "Odile", "yes", "in-thread", "in-inbox"}
)
WORD: Final = re.compile(r"[^\W\d_][\w’-]+")
ATTRIBUTES: Final = re.compile(r"""[\w-]+="[^"]*"|\b(?:required|hidden|checked|selected|disabled)\b""")
PROSE: Final = re.compile(r"[À-ÿ’«»]|^[A-Z][a-z]+ [a-z]")
PLAIN_SPACE: Final = re.compile(r" [?!:;»](?:\s|$)|« ")
STRAIGHT_APOSTROPHE: Final = re.compile(r"[^\W\d_]'[^\W\d_]")
PLACEHOLDER: Final = re.compile(r"%\((\w+)\)s|\{(\w+)\}")
HOLE: Final = "\ufffc"


class Fault(NamedTuple):
    """Something to put right."""

    place: str
    what: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"


def main() -> None:
    command = sys.argv[1] if len(sys.argv) == 2 else ""
    if command == "update":
        update()
    elif command == "check":
        check()
    else:
        sys.exit("tools/translations.py update | check")


def update() -> None:
    """Bring the catalogue to what the sources say; translations are kept, sentences gone are dropped."""
    catalogue, template = written(), gathered()
    catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    text = as_po(catalogue)
    if not CATALOGUE.exists() or CATALOGUE.read_bytes() != text:
        CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
        CATALOGUE.write_bytes(text)
    missing = sum(not is_translated(message) for message in sentences(catalogue))
    print(f"{len(catalogue)} phrases, {missing} à traduire.")


def check() -> None:
    """Say every fault and exit 1, or say nothing."""
    template = gathered()
    faults = [*catalogue_faults(written(), template), *typography_faults(template), *template_faults()]
    for fault in sorted(set(faults)):
        print(fault)
    if faults:
        sys.exit(f"{len(set(faults))} à reprendre.")


def written() -> Catalog:
    """The catalogue as it is."""
    if not CATALOGUE.exists():
        return Catalog(locale="en", project="échange", charset="utf-8", fuzzy=False)
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en")


def gathered() -> Catalog:
    """Every sentence of the sources."""
    catalogue = Catalog(fuzzy=False)
    for path in sorted((ROOT / "echange").rglob("*.py")):
        for line, words in in_python(path.read_text()):
            catalogue.add(words, None, [(str(path.relative_to(ROOT)), line)])
    for path in templates():
        found = extract_from_file("jinja2.ext:babel_extract", path, KEYWORDS, options=dict(JINJA))
        for line, message, _, _ in found:
            catalogue.add(message, None, [(str(path.relative_to(ROOT)), line)])
    return catalogue


def in_python(source: str) -> Iterator[tuple[int, str | tuple[str, str]]]:
    """(line, sentence) of each call that writes its sentence out; others were marked where it stands."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS:
            words = [each.value for each in node.args if isinstance(each, ast.Constant)]
            plural = node.func.id == "ngettext"
            if len(words) >= 1 + plural and all(isinstance(word, str) for word in words):
                yield node.lineno, (str(words[0]), str(words[1])) if plural else str(words[0])


def templates() -> list[Path]:
    return sorted(path for path in TEMPLATES.rglob("*") if path.suffix in {".html", ".txt"})


def as_po(catalogue: Catalog) -> bytes:
    for message in catalogue:
        # Lines move with every change; files are enough to find a sentence.
        message.locations = [(file, 0) for file in dict.fromkeys(file for file, _ in message.locations)]
    catalogue.header_comment = (
        "# échange in English. Made by tools/translations.py; only the msgstr are written by hand."
    )
    file = BytesIO()
    write_po(file, catalogue, width=110, sort_by_file=True, include_lineno=False)
    dated = re.compile(rb'^"(?:POT-Creation|PO-Revision)-Date:.*\n', re.MULTILINE)
    return dated.sub(b"", file.getvalue())


def sentences(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def catalogue_faults(catalogue: Catalog, template: Catalog) -> Iterator[Fault]:
    """What English readers would not read."""
    here = str(CATALOGUE.relative_to(ROOT))
    for message in sentences(template):
        for place in places(message):
            translation = catalogue.get(message.id)
            if translation is None:
                yield Fault(place, f"pas dans le catalogue : {said(message)}")
            elif not is_translated(translation):
                yield Fault(place, f"pas traduit : {said(message)}")
            elif translation.fuzzy:
                yield Fault(place, f"traduction à confirmer : {said(message)}")
            elif placeholders(translation.string) - placeholders(message.id):
                yield Fault(place, f"la traduction nomme ce que la phrase n’a pas : {said(message)}")
    for message in sentences(catalogue):
        if template.get(message.id) is None:
            yield Fault(here, f"plus dans les sources : {said(message)}")


def typography_faults(template: Catalog) -> Iterator[Fault]:
    """French that breaks badly."""
    for message in sentences(template):
        for text in texts(message.id):
            if PLAIN_SPACE.search(text):
                yield from (
                    Fault(place, f"espace insécable attendue : {text!r}") for place in places(message)
                )
            if STRAIGHT_APOSTROPHE.search(text):
                yield from (Fault(place, f"apostrophe ’ attendue : {text!r}") for place in places(message))


def template_faults() -> Iterator[Fault]:
    """Words that no catalogue could translate."""
    environment = Environment(extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True)
    for path in templates():
        source, where = path.read_text(), str(path.relative_to(ROOT))
        for line, text in hard_coded(environment, source, is_html=path.suffix == ".html"):
            yield Fault(f"{where}:{line}", f"texte en dur : {text}")


def hard_coded(environment: Environment, source: str, *, is_html: bool) -> Iterator[tuple[int, str]]:
    """(line, words) outside of gettext."""
    shown = without_jinja(environment, source)
    if is_html:
        reader = VisibleText()
        reader.feed(shown)
        reader.close()
        yield from reader.found
    else:
        yield from (
            (number, line.strip()) for number, line in enumerate(shown.splitlines(), 1) if speaks(line)
        )
    yield from constants(environment.parse(source), translated=False)


def without_jinja(environment: Environment, source: str) -> str:
    """The template's own text; a hole for each expression, nothing for a translated block, lines kept."""
    parts: list[str] = []
    translated, block = False, ""
    for _, kind, value in environment.lex(source):
        if kind == "block_begin":
            block = ""
        elif kind == "name" and not block:
            block = value
            translated = {"trans": True, "endtrans": False}.get(value, translated)
        elif kind == "data" and not translated:
            parts.append(value)
            continue
        if kind == "variable_begin":
            block = value
            parts.append(HOLE)
        parts.append("\n" * value.count("\n"))
    return "".join(parts)


class VisibleText(HTMLParser):
    """Finds text that somebody sees or hears."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, str]] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in {"script", "style"}
        for name, value in attrs:
            if name in SPOKEN_ATTRIBUTES and value and speaks(value):
                self.found.append((self.getpos()[0], f"{name}={value!r}"))

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if not self._silent and speaks(data):
            before = data[: len(data) - len(data.lstrip())].count("\n")
            self.found.append((self.getpos()[0] + before, repr(data.replace(HOLE, "…").strip())))


def speaks(text: str) -> bool:
    # A macro may write attributes alone: those are no words.
    words = WORD.findall(ATTRIBUTES.sub(" ", text.replace(HOLE, " ")))
    return any(word not in SAME_EVERYWHERE for word in words)


def constants(node: nodes.Node, *, translated: bool) -> Iterator[tuple[int, str]]:
    """Strings of expressions that read like French and pass through no gettext."""
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in KEYWORDS:
        translated = True
    if isinstance(node, nodes.Const) and isinstance(node.value, str) and not translated:
        text = node.value.strip()
        if PROSE.search(text) and text not in SAME_EVERYWHERE:
            yield node.lineno, repr(text)
    for child in node.iter_child_nodes():
        yield from constants(child, translated=translated)


def places(message: Message) -> list[str]:
    return [f"{file}:{line}" if line else file for file, line in message.locations] or ["?"]


def texts(words: str | Iterable[str] | None) -> list[str]:
    return [words] if isinstance(words, str) else list(words or ())


def said(message: Message) -> str:
    return repr(texts(message.id)[0])


def is_translated(message: Message) -> bool:
    return bool(message.string) and all(texts(message.string))


def placeholders(words: str | Iterable[str] | None) -> set[str]:
    return {"".join(found) for text in texts(words) for found in PLACEHOLDER.findall(text)}


if __name__ == "__main__":
    main()
