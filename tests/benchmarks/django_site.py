"""What both Django pages share: a new project's settings, its psycopg pool, uvicorn with one process."""

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import django  # type: ignore[import-not-found]
import uvicorn
from django.conf import settings  # type: ignore[import-not-found]

from echange.config import Settings
from tests.benchmarks.same_page import PATH

APPS: Final = ("auth", "contenttypes", "sessions", "messages")
# What `django-admin startproject` puts there, and what chooses among languages.
MIDDLEWARE: Final = (
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
)


def prepare(templates: dict[str, Any]) -> None:
    """Configure Django; models and views may be imported afterwards."""
    ours = Settings()
    settings.configure(
        SECRET_KEY="for a bench on this very machine",
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF=(),
        INSTALLED_APPS=[f"django.contrib.{name}" for name in APPS],
        MIDDLEWARE=MIDDLEWARE,
        DATABASES={"default": _database(ours.database_url or "", ours.pool_size)},
        TEMPLATES=[templates],
        LANGUAGE_CODE="fr",
        TIME_ZONE=ours.timezone,
    )
    django.setup()


def _database(url: str, pool_size: int) -> dict[str, Any]:
    address = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": address.path.lstrip("/"),
        "USER": address.username,
        "PASSWORD": address.password or "",
        "HOST": parse_qs(address.query).get("host", [address.hostname])[0],
        "PORT": address.port or "",
        "OPTIONS": {"pool": {"min_size": 2, "max_size": pool_size}},
    }


def serve(view: Callable[[Any], Any]) -> None:
    """Serve this view at /annonces, on ECHANGE_PORT."""
    from django.core.asgi import get_asgi_application  # type: ignore[import-not-found]
    from django.urls import path  # type: ignore[import-not-found]

    settings.ROOT_URLCONF = (path(PATH.lstrip("/"), view),)
    uvicorn.run(
        get_asgi_application(),
        port=Settings().port,
        http="httptools",
        ws="none",
        lifespan="off",
        access_log=False,
        log_level="warning",
    )
