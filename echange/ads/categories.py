"""What an annonce is about: a drawing while there is no photo, and words that suggest it from a title."""

import re
from dataclasses import dataclass
from typing import Final

from echange.ads.words import PASSING
from echange.i18n import mark
from echange.members import fold


@dataclass(frozen=True, slots=True)
class Category:
    """`label` is French; `drawing` is a symbol of drawings/categories.svg.

    `words` are folded beginnings; « a+b » stands for both in this order, a last « ? » for a weak hint, which
    any other word outdoes.
    """

    slug: str
    label: str
    drawing: str
    words: tuple[str, ...]


def _category(slug: str, label: str, drawing: str, words: str) -> Category:
    return Category(slug, label, drawing, tuple(words.split()))


_TABLE: Final = (
    _category(
        "meubles",
        mark("Meubles et décoration"),
        "chair",
        "meuble fauteuil chaise table canape lit matelas armoire commode etagere bureau lampe "
        "tapis rideau miroir buffet",
    ),
    _category(
        "electromenager",
        mark("Électroménager"),
        "toaster",
        "grille-pain toaster frigo refrigerateur four micro-onde lave machine+laver bouilloire aspirateur "
        "cafetiere mixeur congelateur fer",
    ),
    _category(
        "cuisine",
        mark("Cuisine et bons produits"),
        "jam",
        "confiture pot+confiture cuisine recette pain gateau soupe bocal bocaux casserole vaisselle "
        "assiette legume fruit miel levain",
    ),
    _category(
        "repas",
        mark("Repas et fêtes de voisins"),
        "waffle",
        "gaufr crepe raclette repas gouter aperitif barbecue plancha",
    ),
    _category(
        "jardin",
        mark("Jardin et balcon"),
        "garden",
        "jardin arros balcon tondeuse motoculteur serre compost recolt potager haie",
    ),
    _category(
        "plantes",
        mark("Plantes et graines"),
        "plants",
        "plante plant graine bouture semis semence fleur rosier cactus terreau tomate basilic pot?",
    ),
    _category(
        "terre",
        mark("Travaux de la terre"),
        "spade",
        "beche becher pelle bac brouette desherb figuier elagu tailler?",
    ),
    _category(
        "bricolage",
        mark("Bricolage et outils"),
        "drill",
        "bricol outil perceuse visseuse scie marteau ponceuse perce soud fixer? monter? "
        "monter+meuble montage? reparer?",
    ),
    _category(
        "travaux",
        mark("Travaux de la maison"),
        "ladder",
        "peindre peinture echelle escabeau travaux papier-peint carrelage plomberie fuite robinet electric",
    ),
    _category(
        "velo",
        mark("Vélo et déplacements"),
        "bike",
        "velo trottinette casque roue pneu covoitur trajet voiture remorque siege-auto porte- bagage",
    ),
    _category(
        "vetements",
        mark("Vêtements et couture"),
        "sewing",
        "vetement habit couture coudre ourlet retouch robe manteau blouson pantalon chaussure tissu laine "
        "tricot machine+coudre bouton costume",
    ),
    _category(
        "livres",
        mark("Livres et revues"),
        "books",
        "livre roman revue manga bd bande-dessine bande+dessine dictionnaire manuel biblio",
    ),
    _category(
        "instruments",
        mark("Instruments de musique"),
        "guitar",
        "guitare piano violon flute batterie accordeon ukulele instrument",
    ),
    _category(
        "musique",
        mark("Disques, sono, spectacles"),
        "music",
        "disque vinyle sono enceinte micro chorale chant concert spectacle",
    ),
    _category(
        "image",
        mark("Photo, image, écrans"),
        "projector",
        "projecteur video photo appareil-photo camera ecran television tele",
    ),
    _category(
        "informatique",
        mark("Informatique et démarches"),
        "laptop",
        "ordinateur informatique imprimante tablette telephone internet demarche formulaire "
        "excel caf impot declaration",
    ),
    _category(
        "cours",
        mark("Cours et soutien scolaire"),
        "board",
        "cours? soutien devoir math anglais francais lecture apprendre conversation portugais "
        "espagnol arabe bac brevet",
    ),
    _category(
        "enfants",
        mark("Bébés et enfants"),
        "stroller",
        "poussette landau bebe enfant habit+bebe vetement+bebe berceau lit+bebe lit+barreaux langer "
        "table+langer couche biberon jouet puericulture lit-parapluie garde baby fille? fils? garder?",
    ),
    _category(
        "sport",
        mark("Sport et jeux"),
        "ball",
        "ballon sport raquette ski tennis foot petanque boule jeu puzzle natation course+pied "
        "jogging yoga rando",
    ),
    _category(
        "fetes",
        mark("Fêtes et plein air"),
        "tent",
        "tente barnum fete anniversaire camping guirlande tonnelle deguisement",
    ),
    _category(
        "animaux",
        mark("Animaux"),
        "cat",
        "chat chien animal lapin poisson cage croquette promen perruche tortue",
    ),
    _category(
        "demenagement",
        mark("Déménagement et cartons"),
        "boxes",
        "carton demenag cave encombrant diable camion porter+canape porter+armoire porter?",
    ),
    _category(
        "cles",
        mark("Clés, colis, papiers"),
        "keys",
        "cle cles trousseau colis portefeuille carte lunettes papiers sac",
    ),
    _category(
        "courses",
        mark("Courses et visites"),
        "basket",
        "course marche pharmacie panier visite accompagn compagnie senior",
    ),
    _category(
        "divers",
        mark("Autre chose"),
        "boxes",
        "",
    ),
)

CATEGORIES: Final = {category.slug: category for category in _TABLE}
OTHER: Final = "divers"


def suggested_for(title: str) -> str:
    """The category that the first telling word of a title belongs to; "" when there is none."""
    words = _words(title)
    found = [
        (hint.strength, -place, hint.length, category)
        for hint, category in _HINTS
        for place in range(len(words))
        if hint.is_at(place, words)
    ]
    return max(found)[3] if found else ""


def drawing_of(category: str) -> str:
    """The drawing of a category, of any text at all."""
    known = CATEGORIES.get(category)
    return known.drawing if known else "boxes"


@dataclass(frozen=True, slots=True)
class _Hint:
    """Beginnings of words that follow each other, small words between them left out."""

    beginnings: tuple[str, ...]
    strength: int

    @property
    def length(self) -> int:
        return sum(map(len, self.beginnings))

    def is_at(self, place: int, words: list[str]) -> bool:
        there = words[place : place + len(self.beginnings)]
        return len(there) == len(self.beginnings) and all(map(_begins, there, self.beginnings))


def _hint(text: str) -> _Hint:
    beginnings = tuple(text.removesuffix("?").split("+"))
    return _Hint(beginnings, 0 if text.endswith("?") else len(beginnings))


def _begins(word: str, beginning: str) -> bool:
    return word.startswith(beginning) and (len(beginning) > 3 or len(word) <= len(beginning) + 1)


def _words(title: str) -> list[str]:
    return [word for word in re.findall("[a-z0-9-]+", fold(title)) if word not in PASSING]


_HINTS: Final = [(_hint(text), category.slug) for category in _TABLE for text in category.words]
