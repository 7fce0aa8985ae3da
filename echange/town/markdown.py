"""Markdown of the house's own texts as HTML: no raw HTML, no pictures, no links but to the web or here."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Final

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

# A whole tag, left as it is, or a hole between tags: a value never lands inside of an attribute.
_HOLE: Final = re.compile(r"<[^>]*>|\{([a-z_]+)\}")


def to_html(body: str, values: Mapping[str, str]) -> Markup:
    """`body` with `{name}` replaced by `values[name]`, escaped unless it is Markup; unknown names stay.

    The page's own title is its h1: headings start at h2 and skip no level. A first paragraph leads in; a
    numbered list of headings is drawn with large numbers.
    """
    reader = _reader()
    tokens = reader.parse(body)
    _set_headings_right(tokens)
    _lead_in(tokens)
    _number(tokens)
    html: str = reader.renderer.render(tokens, reader.options, {})
    # The renderer has escaped every word of the text, each value is escaped here.
    return Markup(_HOLE.sub(lambda hole: _value(hole, values), html))  # noqa: S704


@cache
def _reader() -> "MarkdownIt":
    # A large library for a few pages: it comes with the first of them.
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).disable(["image", "html_block", "html_inline"])


def _value(hole: re.Match[str], values: Mapping[str, str]) -> str:
    value = values.get(hole[1] or "")
    return hole[0] if value is None else str(escape(value))


def _set_headings_right(tokens: "Sequence[Token]") -> None:
    level = 1
    for token in tokens:
        if token.type == "heading_open":
            level = max(2, min(int(token.tag[1]), level + 1))
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{level}"


def _lead_in(tokens: "Sequence[Token]") -> None:
    if tokens and tokens[0].type == "paragraph_open":
        tokens[0].attrSet("class", "lead")


def _number(tokens: "Sequence[Token]") -> None:
    for token, inner in zip(tokens, tokens[2:], strict=False):
        if token.type == "ordered_list_open" and inner.type == "heading_open":
            token.attrSet("class", "how")
