"""The check of sentences finds what it is there to find."""

import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from jinja2 import Environment

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def translations() -> ModuleType:
    from importlib.util import module_from_spec, spec_from_file_location

    spec = spec_from_file_location("translations", ROOT / "tools" / "translations.py")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    # NamedTuple looks its module up by name.
    sys.modules["translations"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("<p>Bonjour</p>", "Bonjour"),
        ("<p>{{ name }} vous écrit</p>", "vous écrit"),
        ('<img alt="Un chat">', "Un chat"),
        ('<a aria-label="Fermer {{ name }}">×</a>', "Fermer"),
        ('<input placeholder="une échelle">', "une échelle"),
        ('{{ notice("info", "C’est publié") }}', "C’est publié"),
        ("{% if one %}<p>Oui</p>{% endif %}", "Oui"),
    ],
)
def test_words_written_straight_into_a_template_are_found(
    translations: ModuleType, template: str, words: str
) -> None:
    environment = Environment(extensions=["jinja2.ext.i18n"])
    assert words in str(list(translations.hard_coded(environment, template, is_html=True)))


@pytest.mark.parametrize(
    "template",
    [
        '<p>{{ _("Bonjour") }}</p>',
        "<p>{% trans %}Bonjour <b>à tous</b>{% endtrans %}</p>",
        '<a class="button" href="/annonces">{{ icon("search") }}{{ _("Trouver") }}</a>',
        '<p class="{% if one %}tag tag-late{% endif %}">échange · 12 €</p>',
        "{# Une remarque pour qui lit le code #}",
    ],
)
def test_what_passes_through_the_catalogue_is_left_alone(translations: ModuleType, template: str) -> None:
    environment = Environment(extensions=["jinja2.ext.i18n"])
    assert list(translations.hard_coded(environment, template, is_html=True)) == []


@pytest.mark.parametrize("text", ["Vraiment ?", "Attention : ici", "Il a dit « oui »", "l'heure"])
def test_careless_typography_is_found(translations: ModuleType, text: str) -> None:
    catalogue = translations.Catalog()
    catalogue.add(text, None, [("page.html", 3)])
    assert next(translations.typography_faults(catalogue)).place == "page.html:3"


def test_a_sentence_without_its_english_is_found(translations: ModuleType) -> None:
    sources, catalogue = translations.Catalog(), translations.Catalog()
    for text in ("Traduite", "Vide", "Absente"):
        sources.add(text, None, [("page.html", 1)])
    catalogue.add("Traduite", "Translated")
    catalogue.add("Vide", "")
    catalogue.add("Partie", "Gone")
    faults = "\n".join(map(str, translations.catalogue_faults(catalogue, sources)))
    assert "pas traduit : 'Vide'" in faults
    assert "pas dans le catalogue : 'Absente'" in faults
    assert "plus dans les sources : 'Partie'" in faults
    assert "Traduite" not in faults


def test_a_translation_that_names_something_else_is_found(translations: ModuleType) -> None:
    sources, catalogue = translations.Catalog(), translations.Catalog()
    sources.add("Bonjour {name}", None, [("hello.py", 1)])
    catalogue.add("Bonjour {name}", "Hello {nom}")
    assert "n’a pas" in str(list(translations.catalogue_faults(catalogue, sources)))


def test_sentences_of_python_are_gathered_where_they_are_written_out(translations: ModuleType) -> None:
    source = (
        'sentence = mark("Non")\n_("Un " "deux")\n_(detail["msg"])\nngettext("{n} fois", "{n} fois", n)\n'
    )
    assert list(translations.in_python(source)) == [(1, "Non"), (2, "Un deux"), (4, ("{n} fois", "{n} fois"))]


def test_the_catalogue_says_what_the_sources_say() -> None:
    done = subprocess.run(
        [sys.executable, "tools/translations.py", "check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
