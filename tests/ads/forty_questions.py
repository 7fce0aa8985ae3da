"""Sixty annonces of a town and forty questions that neighbours ask, with what must be found and must not.

An annonce is told by its key; an answer may hold others than those named, but none of those refused. `first`
must stand before all others.
"""

# ruff: noqa: E501 — what people say stays on one line.

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Told:
    """An annonce of the corpus."""

    kind: str
    category: str
    title: str
    body: str


@dataclass(frozen=True)
class Asked:
    """A question; keys are words apart by spaces. `nothing` is whether the list must be empty."""

    words: str
    found: str = ""
    refused: str = ""
    first: str = ""
    nothing: bool = False


ADS: Final = {
    "velos": Told("sell", "velo", "Vélos d’enfants 16 et 20 pouces", "Deux, un bleu et un rouge, freins révisés."),
    "velo-homme": Told("give", "velo", "Vélo d’homme à réviser", "Dormait à la cave, il roule encore."),
    "bicyclette": Told("sell", "velo", "Bicyclette hollandaise, panier compris", "Selle neuve, lourde mais fidèle."),
    "remorque": Told("lend", "velo", "Remorque pour deux enfants", "S’attache derrière n’importe quel vélo."),
    "trottinette": Told("give", "enfants", "Trottinette trois roues", "Pour les 3 à 6 ans, un peu rayée."),
    "siege-auto": Told("lend", "enfants", "Siège-auto groupe 1", "Pour les petits-enfants de passage."),
    "lit-bebe": Told("give", "enfants", "Lit pour bébé à barreaux", "Matelas compris, démonté dans l’entrée."),
    "berceau": Told("give", "enfants", "Berceau en osier de famille", "Trois générations y ont dormi."),
    "poussette": Told("sell", "enfants", "Poussette canne grise", "Freins vérifiés, capote un peu pâlie."),
    "landau": Told("give", "enfants", "Landau bleu marine", "Suspension d’époque, grandes roues."),
    "puzzles": Told("give", "sport", "Puzzles de 500 pièces", "Complets, comptés un dimanche de pluie."),
    "jeux": Told("swap", "sport", "Jeux de société contre d’autres", "Une dizaine, règles comprises."),
    "frigo": Told("give", "electromenager", "Petit frigo de studio", "Silencieux, bac à glaçons d’origine."),
    "refrigerateur": Told("sell", "electromenager", "Réfrigérateur combiné 250 litres", "Classe A, acheté en 2021."),
    "lave-linge": Told("sell", "electromenager", "Lave-linge hublot 7 kg", "Essorage un peu bruyant."),
    "grille-pain": Told("give", "electromenager", "Grille-pain deux fentes", "Il remonte le pain avec enthousiasme."),
    "aspirateur": Told("give", "electromenager", "Aspirateur traîneau", "Trois sacs neufs avec."),
    "canape": Told("give", "meubles", "Canapé trois places gris", "Déhoussable, un chat y a vécu."),
    "sofa": Told("sell", "meubles", "Sofa convertible", "Le matelas est bon, les coussins aussi."),
    "fauteuil": Told("give", "meubles", "Fauteuil crapaud à venir chercher", "Il a du ressort."),
    "etageres": Told("give", "meubles", "Étagères à livres en pin", "Trois planches, vis fournies."),
    "bureau": Told("sell", "meubles", "Bureau d’écolier", "Plateau incliné, encrier de porcelaine."),
    "bureaux": Told("give", "meubles", "Deux bureaux d’angle", "D’un cabinet qui ferme."),
    "chaises": Told("lend", "meubles", "Douze chaises pliantes", "Pour une fête, une réunion, un déménagement."),
    "lampe": Told("give", "meubles", "Lampe de chevet en laiton", "Abat-jour à changer."),
    "ordinateur": Told("sell", "informatique", "Ordinateur portable reconditionné", "Batterie neuve, traitement de texte."),
    "aide-ordi": Told("service_offered", "informatique", "Dépannage d’ordinateur à domicile", "Lenteurs, virus, photos perdues."),
    "demarches": Told("service_offered", "informatique", "Aide aux démarches en ligne", "CAF, impôts, retraite, ensemble à l’écran."),
    "imprimante": Told("give", "informatique", "Imprimante à jet d’encre", "Elle imprime, elle scanne, elle grogne."),
    "television": Told("sell", "image", "Télévision 80 cm", "Télécommande comprise, pied d’origine."),
    "projecteur": Told("lend", "image", "Vidéoprojecteur pour un soir", "Câbles fournis, drap blanc à prévoir."),
    "perceuse": Told("lend", "bricolage", "Perceuse à percussion", "Mèches à béton dans la mallette."),
    "echelle": Told("lend", "travaux", "Échelle de quatre mètres", "Elle dort au garage, réveillez-la."),
    "escabeau": Told("lend", "travaux", "Escabeau cinq marches", "Léger, stable, patient."),
    "peinture": Told("service_sought", "travaux", "Repeindre un couloir", "Peinture achetée, deux après-midi à deux."),
    "fuite": Told("service_sought", "travaux", "Robinet qui fuit dans la cuisine", "Le joint sans doute, je n’ose pas."),
    "tondeuse": Told("lend", "jardin", "Tondeuse électrique", "Rallonge de vingt mètres."),
    "jardinage": Told("service_offered", "jardin", "Coup de main au jardinage", "Tailler, désherber, arroser en août."),
    "boutures": Told("give", "plantes", "Boutures de pothos et de menthe", "Apportez un pot."),
    "tomates": Told("give", "plantes", "Plants de tomates anciennes", "Noire de Crimée et cœur de bœuf."),
    "bocaux": Told("give", "cuisine", "Bocaux à confiture vides", "Une vingtaine, couvercles compris."),
    "raclette": Told("lend", "repas", "Appareil à raclette pour huit", "Les poêlons y sont tous."),
    "couture": Told("service_offered", "vetements", "Ourlets et retouches", "Pantalons, rideaux, fermetures éclair."),
    "machine-coudre": Told("lend", "vetements", "Machine à coudre", "Canettes et notice dans la boîte."),
    "manteau": Told("give", "vetements", "Manteau de laine taille 42", "Chaud, noisette, presque neuf."),
    "chaussures": Told("sell", "vetements", "Chaussures de randonnée 39", "Portées deux fois en Auvergne."),
    "policiers": Told("give", "livres", "Romans policiers, deux cartons", "Lus une fois, bien tenus."),
    "bd": Told("sell", "livres", "Bandes dessinées des années 80", "Une pile de quarante."),
    "guitare": Told("lend", "instruments", "Guitare folk", "Cordes neuves, housse, médiators."),
    "piano": Told("give", "instruments", "Piano droit à accorder", "Au rez-de-chaussée, déménageurs à prévoir."),
    "anglais": Told("service_offered", "cours", "Conversation en anglais", "Autour d’un thé, tous niveaux."),
    "maths": Told("service_sought", "cours", "Soutien en mathématiques, troisième", "Le théorème de Thalès résiste."),
    "chat": Told("lost", "animaux", "Chat tigré perdu rue Dalayrac", "Il s’appelle Biscotte, il a une puce."),
    "garde-chien": Told("service_sought", "animaux", "Promener mon chien le midi", "Vieux labrador, pas pressé."),
    "cles": Told("found", "cles", "Clés trouvées square Moreau", "Un trousseau avec un petit éléphant."),
    "cartons": Told("give", "demenagement", "Cartons de déménagement", "Trente, pliés à plat."),
    "camion": Told("service_sought", "demenagement", "Porter une armoire au troisième", "Deux paires de bras, sans ascenseur."),
    "tente": Told("lend", "fetes", "Tente de camping quatre places", "Arceaux complets, tapis de sol."),
    "barbecue": Told("lend", "fetes", "Barbecue à charbon", "Grille lavée, promis."),
    "courses": Told("service_offered", "courses", "Courses pour les seniors", "Le samedi, avec mon cabas à roulettes."),
}  # fmt: skip

QUESTIONS: Final = (
    Asked(
        "velo",
        "velos velo-homme bicyclette remorque",
        "trottinette echelle",
        first="velos velo-homme bicyclette",
    ),
    Asked("VÉLOS", "velos velo-homme bicyclette remorque"),
    Asked("un vélo pour mon enfant", "velos remorque", "velo-homme puzzles"),
    Asked("je cherche une échelle", "echelle escabeau", "etageres"),
    Asked("echelles", "echelle"),
    Asked("bicyclettes", "bicyclette velos"),
    Asked("frigo", "frigo refrigerateur", "lave-linge"),
    Asked("réfrigérateurs", "frigo refrigerateur", "aspirateur"),
    Asked("frigidaire", "frigo refrigerateur"),
    Asked("canapé", "canape sofa", "fauteuil"),
    Asked("canapés gratuits", "canape"),
    Asked("divan", "canape sofa"),
    Asked("lit bébé", "lit-bebe berceau", "poussette"),
    Asked("berceau", "berceau lit-bebe"),
    Asked("lave linge", "lave-linge", "grille-pain"),
    Asked("machine à laver", "lave-linge", "machine-coudre"),
    Asked("machine à coudre", "machine-coudre", "lave-linge"),
    Asked("grille pain", "grille-pain"),
    Asked("ordi", "ordinateur aide-ordi", "imprimante"),
    Asked("réparer mon ordinateur", "aide-ordi", "ordinateur"),
    Asked("papiers caf", nothing=True),
    Asked("caf", "demarches"),
    Asked("télé", "television", "projecteur"),
    Asked("jardiner", "jardinage"),
    Asked("tondre la pelouse", nothing=True),
    Asked("pelouse", "tondeuse"),
    Asked("jeu", "jeux", "couture"),
    Asked("bureau", "bureau bureaux", "etageres"),
    Asked("livres", "policiers bd etageres"),
    Asked("BD", "bd", "policiers"),
    Asked("vlo", "velos velo-homme bicyclette"),
    Asked("pousette", "poussette landau"),
    Asked("perseuse", "perceuse"),
    Asked("ordinnateur portable", "ordinateur", "aide-ordi"),
    Asked("retouche pantalon", "couture"),
    Asked('"romans policiers"', "policiers"),
    Asked('"policiers romans"', nothing=True),
    Asked("vélo -enfant", "velo-homme bicyclette", "velos remorque"),
    Asked("clef", "cles"),
    Asked("quelqu’un pour garder mon chat", nothing=True),
    Asked("chat perdu", "chat", "canape"),
    Asked("maths", "maths"),
    Asked("le la les de", nothing=True),
)
