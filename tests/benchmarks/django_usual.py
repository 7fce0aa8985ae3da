"""The same page as one writes it with Django: its ORM, its template language, its pool, its usual middleware.

What stands around the rows is échange's own page as text with its phrases to translate, so that Django
has a little less to decide than échange. `python -m tests.benchmarks.django_usual`
"""

import re
from datetime import UTC, datetime
from typing import Any, Final

import psycopg  # type: ignore[import-not-found]

from echange.ads.pages.listing import PER_PAGE
from echange.config import Settings
from echange.http.pagination import cut
from tests.benchmarks import same_page
from tests.benchmarks.django_site import prepare, serve

ROWS: Final = re.compile(r'(?s)<ul class="rows">.*?</ul>')
# Each phrase of the page but the names of languages, which stay as they are.
PHRASE: Final = re.compile(r""">(\s*)((?!English)[^<>"%{}\s][^<>"%{}]*?)(\s*)<""")
ANY_AD: Final = (
    1, "give", "", "", "", "", datetime.now(UTC), "published", "", 1, "", "", False, *[None] * 10
)  # fmt: skip
LIST: Final = """<ul class="rows">
{% for ad in ads %}<li>{% include "row.html" %}</li>
{% endfor %}</ul>"""
ROW: Final = """<article class="row">
<div class="row-picture">{% with photo=ad.photos.all.0 %}
{% if photo %}<img class="picture" src="{{ photo.name }}">{% else %}
<svg class="drawing ground-{{ ad.ground }} picture" viewBox="0 0 400 300" preserveAspectRatio="xMidYMid slice"
 aria-hidden="true"><use href="{% static "drawings/categories.svg" %}#{{ ad.drawing }}"></use></svg>
{% endif %}{% endwith %}</div>
<p class="row-kind ink-{{ ad.ink }}">{% icon ad.icon %}{% translate ad.kind_word %}</p>
<div class="row-text">
<h3 class="row-title"><a href="{{ ad.get_absolute_url }}">{{ ad.title }}</a></h3>
{% if ad.summary %}<p class="row-summary">{{ ad.summary }}</p>{% endif %}
<p class="row-meta">{{ ad.quartier.name }}, {{ ad.published_at|ago }}
{% if ad.price_text %}, {{ ad.price_text }}{% endif %}</p>
{% with by=ad.shown_owner %}<p class="row-by">{{ by.name }}{% if by.verified_at %}{% icon "badge-check" %}
<span class="visually-hidden">{% translate ", vérifié" %}</span>{% endif %}</p>{% endwith %}
{% if ad.reserved %}<p class="row-tags"><span class="tag tag-state">{% icon "hourglass" %}
{% translate "Réservé" %}</span></p>{% endif %}
</div>
</article>"""


def annonces(request: Any) -> Any:
    from django.db.models import Q  # type: ignore[import-not-found]
    from django.shortcuts import render  # type: ignore[import-not-found]
    from django.utils import timezone  # type: ignore[import-not-found]

    from tests.benchmarks.django_models import Ad

    ads = (
        Ad.objects.filter(listed=True)
        .filter(Q(expires_at=None) | Q(expires_at__gt=timezone.now()))
        .select_related("quartier", "owner", "organisation")
        .prefetch_related("photos")
        .order_by("-published_at", "-id")[: PER_PAGE + 1]
    )
    page = cut(list(ads), PER_PAGE, lambda ad: (ad.published_at, ad.id))
    return render(request, "list_ads.html", {"ads": page.items, "next": page.next})


def templates() -> dict[str, str]:
    """The page with its rows taken out, and one row."""
    with psycopg.connect(Settings().database_url or "") as raw:
        quartiers = raw.execute(same_page.QUARTIERS_SQL).fetchall()
        shell = same_page.unchanging(quartiers, raw.execute(same_page.COUNTS_SQL).fetchall())
    one = same_page.filled([ANY_AD] * (PER_PAGE + 1))
    text = same_page.environment().get_template(same_page.TEMPLATE).render({**shell, **one})
    text = text.replace(one["next_url"], f"{same_page.PATH}?suite={{{{ next }}}}")
    head, foot = (PHRASE.sub(r'>\1{% translate "\2" %}\3<', part) for part in ROWS.split(text))
    return {"list_ads.html": head + LIST + foot, "row.html": ROW}


if __name__ == "__main__":
    loader = ("django.template.loaders.locmem.Loader", templates())
    prepare(
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "builtins": ["django.templatetags.i18n", "tests.benchmarks.django_models"],
                "loaders": [("django.template.loaders.cached.Loader", [loader])],
            },
        }
    )
    serve(annonces)
