"""A letter becomes a mail: the same words as plain text and as simple HTML."""

import textwrap
from datetime import datetime
from email import policy
from email.header import Header
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import Policy
from functools import cache
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from echange.i18n import gettext, ngettext, speaking
from echange.mail.addresses import one_line, parse, parse_sender
from echange.mail.letter import Letter
from echange.web import TEMPLATES_DIR

TEXT_WIDTH: Final = 72


class _Uncut(UnstructuredHeader, BaseHeader):
    """Python would encode a long link as if it were words, and no mailbox would find it again."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


class _Subject(UnstructuredHeader, BaseHeader):
    """Python's newer way loses spaces where it cuts a long line with accents; its older one does not."""

    def fold(self, *, policy: Policy) -> str:
        words = Header(self, "utf-8", header_name=self.name).encode(linesep=policy.linesep)
        return f"{self.name}: {words}{policy.linesep}"


_headers: Final = HeaderRegistry()
_headers.map_to_type("list-unsubscribe", _Uncut)
_headers.map_to_type("subject", _Subject)
# Eight bits: the text of an .eml file can be read as it is.
POLICY: Final = policy.SMTP.clone(header_factory=_headers, cte_type="8bit")


def compose(letter: Letter, sender: str) -> EmailMessage:
    """The mail of a letter; `sender` is « Name <address> »."""
    origin = parse_sender(sender)
    message = EmailMessage(policy=POLICY)
    message["From"] = origin
    message["To"] = parse(letter.to)
    # What looks encoded would be decoded here, and may hold the line break that `one_line` has taken out.
    message["Subject"] = one_line(letter.subject).replace("=?", "= ?")
    message["Date"] = datetime.fromisoformat(letter.written_at)
    message["Message-ID"] = f"<{letter.id}@{origin.domain}>"
    # Out-of-office answers are of no use to us (RFC 3834, 5).
    message["Auto-Submitted"] = "auto-generated"
    if letter.unsubscribe_url:
        message["List-Unsubscribe"] = f"<{letter.unsubscribe_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    with speaking(letter.locale):
        message.set_content(_written(letter, "txt"), cte="8bit")
        message.add_alternative(_written(letter, "html"), subtype="html", cte="8bit")
    # Last: setting the content drops what was said of it before.
    message["Content-Language"] = letter.locale
    return message


def _written(letter: Letter, kind: str) -> str:
    return _templates().get_template(f"mail/letter.{kind}").render(letter=letter)


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES_DIR),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.filters["wrapped"] = _wrapped
    return environment


def _wrapped(text: str) -> str:
    """Lines of a paragraph, short enough for any reader of plain text; links are never cut."""
    return "\n".join(
        textwrap.fill(line, TEXT_WIDTH, break_long_words=False, break_on_hyphens=False)
        for line in text.splitlines()
    )
