"""Words of a message as HTML: text, and links that lead nowhere but the web."""

import re
from typing import Final

from markupsafe import Markup, escape

# The page's script (messages/text.js) finds the same links.
LINK: Final = re.compile(r"https?://[^\s<>\"'«»]*[^\s<>\"'«».,;:!?)\]…]")


def linked(body: str) -> Markup:
    """The text escaped, with its http and https addresses as links."""
    parts: list[Markup] = []
    end = 0
    for found in LINK.finditer(body):
        parts.append(escape(body[end : found.start()]))
        parts.append(Markup('<a href="{0}" rel="nofollow noopener noreferrer ugc">{0}</a>').format(found[0]))
        end = found.end()
    parts.append(escape(body[end:]))
    return Markup("").join(parts)
