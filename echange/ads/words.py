"""Words of a question: which of them tell something, and what else neighbours call the same thing."""

import re
from dataclasses import dataclass
from typing import Final

from echange.members import fold

MOST_WORDS: Final = 12
LONGEST_PHRASE: Final = 3
_PIECE: Final = re.compile(r'-?"[^"]*"|\S+')
_WORD: Final = re.compile(r"\w+")

# What a question can do without. PostgreSQL's French stop words keep their accents, and forget some.
_PASSING: Final = """
a ai as au aux avec avez avoir c ce ces cet cette chez ci comme d dans de des deux du elle en encore est et
etre eux faire fait faut il ils j je l la le les leur leurs lui m ma mais me mes moi mon n ne nos notre nous
on ou par pas petit petite plus pour qu quand que quel quelle quelqu quelque qui quoi s sa sans se ses si
son sous sur svp t ta te tes toi ton tous tout toute toutes tres trop tu un une va vers vos votre vous y
"""
# What brings somebody here, rather than what they look for.
_WISHES: Final = """
acheter acheterais aimerais aimerait aurait besoin bonjour cherche cherchent chercher cherchons donne donner
donnerait emprunter gratuit gratuite gratuitement louer merci passe plait pret prete preter prix propose
recherche recherchons recuperer trouver vend vendre vends veux voudrais voudrait
"""
# Names of the same thing, each group on a line; several words are looked for together.
_SAME: Final = """
velo, bicyclette, vtt, vtc
velo electrique, vae
frigo, refrigerateur, frigidaire
congelateur, congelo
lave linge, machine laver
lave vaisselle
canape, sofa, divan, clic clac, banquette
ordi, ordinateur, pc
ordinateur portable, laptop
tele, televiseur, television, tv
poussette, landau, buggy
lit bebe, berceau, lit barreaux, lit parapluie
table langer, commode langer
siege auto, rehausseur
trottinette, patinette
voiture, auto, automobile
perceuse, visseuse, perforateur
echelle, escabeau
aspirateur, aspi
gaziniere, cuisiniere
cafetiere, machine cafe, expresso
grille pain, toaster
ventilateur, ventilo
climatiseur, clim
chaussure, basket, botte
manteau, blouson, doudoune, parka
vetement, habit, fringue
pull, chandail
ourlet, retouche, couture
bouquin, livre, roman
bd, bande dessinee
jouet, jeu
jeu video, console
telephone, portable, smartphone, mobile
appareil photo, camera
imprimante, scanner
gazon, pelouse, tondeuse
plante, bouture, plant
carton, caisse
bocal, pot, bocaux
demenagement, demenager
bricolage, bricoler, bricoleur
reparation, reparer, depannage, depanner
peinture, peindre
menage, repassage
baby sitting, garde enfant, nounou, babysitter
soutien scolaire, aide devoir, cours particulier
maths, mathematique, math
chien, toutou
chat, chaton, minou
cle, clef, trousseau
doudou, peluche
tente, camping
barbecue, plancha
vaisselle, assiette
meuble, mobilier
armoire, penderie, dressing
etagere, bibliotheque, rayonnage
matelas, sommier
lampe, luminaire, lampadaire
fauteuil roulant, chaise roulante
canne, bequille, deambulateur
"""


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word[-1] in "sx" else word


def _named(phrase: str) -> tuple[str, ...]:
    return tuple(_singular(word) for word in phrase.split())


def _groups() -> dict[tuple[str, ...], tuple[str, ...]]:
    groups = [tuple(line.split(", ")) for line in _SAME.strip().splitlines()]
    return {_named(phrase): group for group in groups for phrase in group}


_NAMES: Final = _groups()
PASSING: Final = frozenset(_PASSING.split())
WISHES: Final = frozenset(_WISHES.split())


@dataclass(frozen=True, slots=True)
class Question:
    """`text` is what the database's `asked_for` reads; `words` are those that tell something, folded."""

    text: str
    words: tuple[str, ...]


def question_of(text: str) -> Question:
    """What is asked: words to be found together, "phrases" as they stand, and -words not to be found."""
    lines: list[str] = []
    words: list[str] = []
    for piece in _PIECE.findall(text):
        inside = _WORD.findall(fold(piece))
        if piece.startswith('"') and len(inside) > 1:
            lines.append('"' + " ".join(inside))
        elif piece.startswith("-"):
            lines += [f"-{word}" for word in inside]
        else:
            words += inside
    telling = _telling(words)
    return Question("\n".join([*_spelled(telling), *lines[:MOST_WORDS]]), telling)


def _telling(words: list[str]) -> tuple[str, ...]:
    # « Louer », said alone, is a question after all.
    told = [word for word in words if word not in WISHES and _singular(word) not in WISHES] or words
    return tuple(word for word in told if word not in PASSING)[:MOST_WORDS]


def respelled(text: str, spellings: dict[str, str]) -> str:
    """The same question, some of its folded words spelled otherwise."""
    return _WORD.sub(lambda found: spellings.get(fold(found[0]), found[0]), text)


def _spelled(words: tuple[str, ...]) -> list[str]:
    """A line for each word, or for words that name one thing together, with its other names."""
    lines, place = list[str](), 0
    while place < len(words):
        for length in range(min(LONGEST_PHRASE, len(words) - place), 0, -1):
            named = words[place : place + length]
            group = _NAMES.get(tuple(_singular(word) for word in named))
            if group or length == 1:
                own = " ".join(named)
                lines.append("|".join([own, *(name for name in group or () if name != own)]))
                place += length
                break
    return lines
