"""The tables behind the list as Django's models, and what its templates may say of them."""

from typing import Any, Final

from django.db import models  # type: ignore[import-not-found]
from django.template import Library  # type: ignore[import-not-found]
from markupsafe import Markup

from echange.ads.addresses import ad_url
from echange.ads.categories import drawing_of
from echange.http import dates
from echange.http.excerpts import beginning_of
from tests.benchmarks import same_page

register: Final = Library()
register.filter("ago", dates.ago)

_environment: Final = same_page.environment()
_globals: Final[Any] = _environment.globals
_looks: Final[Any] = _environment.get_template("shared/cards.html").module


@register.simple_tag  # type: ignore[untyped-decorator]
def static(path: str) -> str:
    return str(_globals["static"](path))


@register.simple_tag  # type: ignore[untyped-decorator]
def icon(name: str) -> Markup:
    return Markup(_globals["icon"](name))


class _Table(models.Model):  # type: ignore[misc]
    class Meta:
        abstract = True
        app_label = "town"
        managed = False


class Quartier(_Table):
    name = models.CharField(max_length=60)

    class Meta(_Table.Meta):
        db_table = "quartier"


class Member(_Table):
    name = models.CharField(max_length=60)
    handle = models.CharField(max_length=40)
    verified_at = models.DateTimeField(null=True)

    class Meta(_Table.Meta):
        db_table = "member"


class Organisation(_Table):
    name = models.CharField(max_length=120)
    slug = models.CharField(max_length=80)
    verified_at = models.DateTimeField(null=True)

    class Meta(_Table.Meta):
        db_table = "organisation"


class Ad(_Table):
    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=80)
    body = models.TextField()
    category = models.CharField(max_length=30)
    price_text = models.CharField(max_length=60)
    published_at = models.DateTimeField(null=True)
    listed = models.BooleanField()
    reserved = models.BooleanField()
    expires_at = models.DateTimeField(null=True)
    quartier = models.ForeignKey(Quartier, models.PROTECT, null=True)
    owner = models.ForeignKey(Member, models.PROTECT, null=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True)

    class Meta(_Table.Meta):
        db_table = "ad"

    def get_absolute_url(self) -> str:
        return ad_url(self.id, self.title)

    def shown_owner(self) -> Any:
        return self.organisation or self.owner

    def summary(self) -> str:
        return beginning_of(self.body)

    def drawing(self) -> str:
        return drawing_of(self.category)

    def ground(self) -> str:
        return str(_looks.GROUNDS[self.drawing()])

    def icon(self) -> str:
        # The name of the drawn icon, out of its markup: Django draws it itself.
        return str(_looks.KINDS[self.kind][1]).partition("#")[2].partition('"')[0]

    def ink(self) -> str:
        return str(_looks.KINDS[self.kind][0])

    def kind_word(self) -> str:
        return _KIND_WORDS[self.kind]


class Photo(_Table):
    name = models.CharField(max_length=40)
    position = models.SmallIntegerField()
    ad = models.ForeignKey(Ad, models.CASCADE, related_name="photos")

    class Meta(_Table.Meta):
        db_table = "ad_photo"
        ordering = ("position",)


_KIND_WORDS: Final = {kind: str(look[2]) for kind, look in _looks.KINDS.items()}
