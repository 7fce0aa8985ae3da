"""Words of a message as HTML."""

import pytest

from echange.chat.text import linked

REL = 'rel="nofollow noopener noreferrer ugc"'


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("a < b & c", "a &lt; b &amp; c"),
        (
            "javascript:alert(1) ftp://x.fr data:text/html,x",
            "javascript:alert(1) ftp://x.fr data:text/html,x",
        ),
        ("Voyez https://x.fr/a.", f'Voyez <a href="https://x.fr/a" {REL}>https://x.fr/a</a>.'),
        (
            "(http://x.fr/?a=1&b=2)",
            f'(<a href="http://x.fr/?a=1&amp;b=2" {REL}>http://x.fr/?a=1&amp;b=2</a>)',
        ),
        (
            'https://x.fr/"onmouseover="alert(1)',
            f'<a href="https://x.fr/" {REL}>https://x.fr/</a>&#34;onmouseover=&#34;alert(1)',
        ),
        ("https://x.fr/<script>", f'<a href="https://x.fr/" {REL}>https://x.fr/</a>&lt;script&gt;'),
        ("https://", "https://"),
        ("https:// \nhttps://.", "https:// \nhttps://."),
        ("", ""),
    ],
)
def test_text_is_escaped_and_web_addresses_become_links(body: str, html: str) -> None:
    assert linked(body) == html
