"""What an annonce is about: a drawing while there is no photo, and words that suggest it from a title."""

import re
from dataclasses import dataclass
from typing import Final

from echange.i18n import mark
from echange.members import fold


@dataclass(frozen=True, slots=True)
class Category:
    """`label` is French; `drawing` is a symbol of drawings/categories.svg; `words` are folded beginnings."""

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
        "grille-pain toaster frigo refrigerateur four micro-onde lave bouilloire aspirateur "
        "cafetiere mixeur congelateur fer",
    ),
    _category(
        "cuisine",
        mark("Cuisine et bons produits"),
        "jam",
        "confiture cuisine recette pain gateau soupe bocal bocaux casserole vaisselle "
        "assiette legume fruit miel levain",
    ),
    _category(
        "repas",
        mark("Repas et fêtes de voisins"),
        "waffle",
        "gaufr crepe raclette appareil repas gouter aperitif barbecue plancha",
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
        "plante graine bouture semis fleur rosier cactus terreau pot",
    ),
    _category(
        "terre",
        mark("Travaux de la terre"),
        "spade",
        "beche becher pelle bac brouette desherb figuier elagu taille",
    ),
    _category(
        "bricolage",
        mark("Bricolage et outils"),
        "drill",
        "bricol outil perceuse visseuse scie marteau ponceuse perce fixer monter montage reparer soud",
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
        "vetement couture coudre ourlet retouch robe manteau chaussure tissu laine tricot "
        "machine bouton costume",
    ),
    _category(
        "livres",
        mark("Livres et revues"),
        "books",
        "livre roman revue manga bd bande-dessinee dictionnaire manuel biblio",
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
        "cours soutien devoir math anglais francais lecture apprendre conversation portugais "
        "espagnol arabe bac brevet",
    ),
    _category(
        "enfants",
        mark("Bébés et enfants"),
        "stroller",
        "poussette bebe enfant berceau couche biberon jouet puericulture lit-parapluie garde baby",
    ),
    _category(
        "sport",
        mark("Sport et jeux"),
        "ball",
        "ballon sport raquette ski tennis foot petanque boule jeu puzzle natation course yoga rando",
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
        "carton demenag cave encombrant diable porter camion",
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
    found = [
        (-place, len(beginning), category.slug)
        for category in _TABLE
        for beginning in category.words
        for place, word in enumerate(_words(title))
        if word.startswith(beginning) and (len(beginning) > 3 or len(word) <= len(beginning) + 1)
    ]
    return max(found)[2] if found else ""


def drawing_of(category: str) -> str:
    """The drawing of a category, of any text at all."""
    known = CATEGORIES.get(category)
    return known.drawing if known else "boxes"


def _words(title: str) -> list[str]:
    return re.findall("[a-z0-9-]+", fold(title))
