"""Django around the same template and query: its Jinja2 engine with échange's environment, no ORM.

What is compared is the framework alone. `python -m tests.benchmarks.django_same_template`
"""

from functools import cache
from typing import Any

from jinja2 import Environment

from tests.benchmarks import same_page
from tests.benchmarks.django_site import prepare, serve


def environment(**_: object) -> Environment:
    """échange's own, instead of one made with Django's options."""
    return same_page.environment()


def annonces(request: Any) -> Any:
    from django.db import connection  # type: ignore[import-not-found]
    from django.shortcuts import render  # type: ignore[import-not-found]

    with connection.cursor() as cursor:
        cursor.execute(same_page.SQL)
        rows = cursor.fetchall()
    return render(request, same_page.TEMPLATE, {**unchanging(), **same_page.filled(rows)})


@cache
def unchanging() -> dict[str, Any]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(same_page.QUARTIERS_SQL)
        quartiers = cursor.fetchall()
        cursor.execute(same_page.COUNTS_SQL)
        return same_page.unchanging(quartiers, cursor.fetchall())


if __name__ == "__main__":
    prepare(
        {
            "BACKEND": "django.template.backends.jinja2.Jinja2",
            "OPTIONS": {"environment": "tests.benchmarks.django_same_template.environment"},
        }
    )
    serve(annonces)
