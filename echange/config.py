"""The environment becomes Settings, once, at start. Imports nothing of ours."""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
DOORBELLS = frozenset({"nats", "redis", "rediss"})


class Settings(BaseModel):
    """Every setting of échange, read from `ECHANGE_…` variables (see docs/settings.md)."""

    model_config = ConfigDict(extra="forbid", validate_default=True)

    database_url: str | None = None
    data_dir: Path = Path("var")
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    workers: int = Field(default=1, ge=1, le=64)
    base_url: str | None = None
    secret_key: str | None = Field(default=None, min_length=32)
    mail_url: str | None = None
    mail_from: str = "échange <bonjour@echange.example>"
    rate_factor: float = Field(default=1.0, ge=0, description="1; 0 = no rate limits, for load tests")
    doorbell_url: str | None = None
    pool_size: int = Field(default=20, ge=2, le=200)
    timezone: str = "Europe/Paris"
    town_name: str = "Fontenay-sous-Bois"
    town_short: str = "Fontenay"
    town_latitude: float = Field(default=48.8519, ge=-90, le=90)
    town_longitude: float = Field(default=2.4769, ge=-180, le=180)
    source_url: str | None = None
    minimum_age: int = Field(default=16, ge=0, le=99)
    messages_kept_days: int = Field(default=0, ge=0, le=36_500, description="0: for ever")
    messages_mail_minutes: int = Field(default=15, ge=1, le=1440)
    desk_name: str = "La Forge"
    desk_phone: str = "01 99 00 24 94"
    desk_address: str = "12 rue de la Réunion"
    desk_hours: str = "Du mardi au samedi, 9 h 30 – 18 h 30"

    @model_validator(mode="before")
    @classmethod
    def _from_environment(cls, given: dict[str, object]) -> dict[str, object]:
        variables = {name: os.environ.get(f"ECHANGE_{name.upper()}") for name in cls.model_fields}
        return {name: value for name, value in variables.items() if value} | given

    @field_validator("base_url")
    @classmethod
    def _base_url_is_an_origin(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
            raise ValueError("doit être une origine, par exemple https://echange.maville.fr")
        return f"{parts.scheme}://{parts.netloc}"

    @field_validator("doorbell_url")
    @classmethod
    def _doorbell_url_names_a_server(cls, value: str | None) -> str | None:
        if value is None or _is_doorbell(value):
            return value
        raise ValueError(
            "doit être l’adresse d’un serveur, par exemple nats://127.0.0.1:4222 ou redis://127.0.0.1"
        )

    @field_validator("timezone")
    @classmethod
    def _timezone_exists(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError("fuseau horaire inconnu, par exemple Europe/Paris") from error
        return value

    @model_validator(mode="after")
    def _no_free_rates_in_public(self) -> Self:
        if self.rate_factor == 0 and self.https:
            raise ValueError("ECHANGE_RATE_FACTOR=0 est réservé aux essais, jamais avec une adresse https")
        return self

    @property
    def https(self) -> bool:
        """Whether people reach us over https: cookies are then `__Host-` and HSTS is sent."""
        return self.base_url is not None and self.base_url.startswith("https://")

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def secret(self) -> str:
        """The signing key: the setting, else one made once and kept in the data folder (mode 0600)."""
        if self.secret_key:
            return self.secret_key
        kept = self.data_dir / "secret_key"
        if not kept.exists():
            self.data_dir.mkdir(parents=True, exist_ok=True)
            _keep_once(kept, secrets.token_urlsafe(48))
        return kept.read_text().strip()


def _keep_once(kept: Path, text: str) -> None:
    """Write a file whole, unless another process was faster."""
    fresh = kept.with_name(f"{kept.name}.{secrets.token_hex(4)}")
    fresh.touch(mode=0o600)
    fresh.write_text(text)
    with suppress(FileExistsError):
        kept.hardlink_to(fresh)
    fresh.unlink()


def _is_doorbell(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in DOORBELLS and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
