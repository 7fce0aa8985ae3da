"""Exchanges of named neighbours told step by step, one in every state; and what people say afterwards."""

# ruff: noqa: E501 — what people say stays on one line.

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Step:
    """What happened `hours` ago: in an exchange by one of the two, by a moderator, or by nobody but time."""

    kind: str
    by: str
    hours: float
    words: str = ""
    minutes: int | None = None


@dataclass(frozen=True)
class ExchangeStory:
    """An exchange of named neighbours; `help` is the key of the help it is about.

    `for_giver` or `for_receiver` names the organisation it is for; `acting` who acts for the receiver under a
    mandate. `begins` is (days from today, hour); `answers` go on in its conversation: (by, hours ago, what).
    """

    title: str
    giver: str
    receiver: str
    minutes: int
    steps: tuple[Step, ...]
    skill: str = ""
    help: str = ""
    role: str = ""
    for_giver: str = ""
    for_receiver: str = ""
    acting: str = ""
    place: str = ""
    begins: tuple[int, int] | None = None
    answers: tuple[tuple[str, float, str], ...] = ()
    thanks: tuple[tuple[str, str], ...] = ()


def _done(
    giver: str, receiver: str, hours: float, minutes: int, words: str, *, counter: int | None = None
) -> tuple[Step, ...]:
    """Proposed by who receives, done within a week, the figure of who gave agreed to."""
    steps = [
        Step("proposed", receiver, hours + 150, words), Step("accepted", giver, hours + 140),
        Step("declared", giver, hours + 12, minutes=minutes),
    ]  # fmt: skip
    if counter is not None:
        steps += [Step("countered", receiver, hours + 6, minutes=counter), Step("confirmed", giver, hours)]
    else:
        steps.append(Step("confirmed", receiver, hours))
    return tuple(steps)


FETES: Final = "Les Fêtes de la Redoute"
TOLD: Final = (
    # What waits for Alice: a yes, a figure to confirm, a time to note, a thank-you.
    ExchangeStory("Descendre une armoire du troisième", "charlie", "alice", 90, (
        Step("proposed", "charlie", 6, "Je n’ai pas beaucoup de bras, mais j’ai le permis : je conduis la camionnette ?"),
    ), "Déménagement", "armoire", "conduire", begins=(3, 9)),
    ExchangeStory("Raccourcir deux rideaux", "alice", "bob", 90, (
        Step("proposed", "alice", 52, "Je m’en charge avec plaisir, apportez-les avec les mesures."),
        Step("accepted", "bob", 51),
    ), "Couture", "rideaux", begins=(-1, 18), place="Chez Alice"),
    ExchangeStory("Monter la bibliothèque du salon", "bob", "alice", 120, (
        Step("proposed", "alice", 120, "Bonjour Bob, la bibliothèque est arrivée en six cartons. Vous auriez deux heures ?"),
        Step("accepted", "bob", 115), Step("started", "bob", 30), Step("declared", "bob", 22, minutes=135),
    ), "Montage de meubles", answers=(("bob", 115, "Deux heures et un tournevis, oui. Jeudi à 18 h 30 ?"), ("alice", 114, "Jeudi, parfait."))),
    ExchangeStory("Un ordinateur qui ne s’allume plus", "charlie", "alice", 60, _done("charlie", "alice", 40, 75, "Merci Charlie, je vous attends avec les photos en otage."), "Informatique", "ordinateur",
                  thanks=(("charlie", "Merci pour le gâteau, et pour la patience pendant les mises à jour !"),)),
    # One in every other state.
    ExchangeStory("Descendre une armoire du troisième", "bob", "alice", 90, (
        Step("proposed", "bob", 18, "Je porte le bas, à condition que quelqu’un tienne le haut."), Step("accepted", "alice", 16),
    ), "Déménagement", "armoire", "porter", begins=(3, 9)),
    ExchangeStory("Le câblage de la sono, salle des fêtes", "bob", "redoute", 150, (
        Step("proposed", "redoute", 60, "La sono est revenue sans son câble, et la fête est samedi."), Step("accepted", "bob", 50), Step("started", "bob", 3),
    ), "Bricolage", for_receiver=FETES, place="Local de la Redoute"),
    ExchangeStory("Redresser une roue voilée", "bob", "charlie", 60, (
        Step("proposed", "charlie", 170, "Ma roue avant danse la samba. Une heure suffira ?"), Step("accepted", "bob", 160),
        Step("declared", "bob", 52, minutes=90), Step("countered", "charlie", 46, minutes=60),
    ), "Réparation de vélo"),
    ExchangeStory("Régler les freins et la chaîne", "bob", "charlie", 60, (
        Step("proposed", "charlie", 400, "La chaîne saute dans la côte du Village."), Step("accepted", "bob", 390),
        Step("declared", "bob", 200, minutes=180), Step("countered", "charlie", 190, minutes=60),
        Step("disputed", "bob", 120, "J’ai passé trois heures, pièces démontées comprises. Nous n’avons pas réussi à nous entendre."),
    ), "Réparation de vélo"),
    ExchangeStory("Peindre le local à poussettes", "charlie", "bob", 180, (
        Step("proposed", "bob", 900, "Deux couches de blanc, j’ai les rouleaux."), Step("accepted", "charlie", 890),
        Step("declared", "charlie", 700, minutes=240), Step("countered", "bob", 690, minutes=120),
        Step("disputed", "charlie", 680, "La sous-couche m’a pris une heure, elle compte aussi."),
        Step("arbitrated", "moderatrice", 600, "La sous-couche était dans la demande : trois heures, comme prévu au départ.", 180),
    ), "Peinture intérieure"),
    ExchangeStory("Apprendre à souder une boîte aux lettres", "bob", "charlie", 60, (
        Step("proposed", "charlie", 620, "On dit que vous savez tout réparer."), Step("declined", "bob", 600, "Tout, sauf souder ! Demandez à La Forge, le jeudi."),
    ), "Soudure"),
    ExchangeStory("Un goûter crêpes pour douze enfants", "redoute", "alice", 120, (
        Step("proposed", "alice", 500, "Ma petite-fille a sept ans mercredi."), Step("accepted", "redoute", 490), Step("cancelled", "alice", 430, "La moitié de la classe a la varicelle, on remet cela."),
    ), "Cuisine"),
    ExchangeStory("Dessiner l’affiche du loto", "charlie", "redoute", 90, (
        Step("proposed", "redoute", 800, "Il nous faudrait une affiche, jaune si possible."), Step("expired", "", 460),
    ), "Graphisme", for_receiver=FETES),
    # Settled, over the months.
    ExchangeStory("Ourlet de deux pantalons et d’une veste", "alice", "bob", 90, _done("alice", "bob", 2200, 90, "Ils ont été taillés pour un géant."), "Couture",
                  thanks=(("bob", "Des ourlets si droits que je n’ose plus m’asseoir. Merci !"), ("alice", "Merci pour la confiture des voisins du dessous."))),
    ExchangeStory("Monter le lit de la petite", "bob", "alice", 60, _done("bob", "alice", 1500, 75, "Un lit à barreaux et une notice en suédois."), "Montage de meubles",
                  thanks=(("alice", "Solide, silencieux, et il a même remonté le tiroir que j’avais cassé."),)),
    ExchangeStory("Fractions et géométrie, trois séances", "charlie", "alice", 180, _done("charlie", "alice", 1100, 180, "C’est pour mon petit-fils."), "Soutien en mathématiques",
                  thanks=(("alice", "Il a eu quatorze ! Il dit que Charlie explique comme un jeu."),)),
    ExchangeStory("Réviser le vélo avant la rentrée", "bob", "charlie", 90, _done("bob", "charlie", 1900, 120, "Il n’a pas roulé depuis la fac.", counter=90), "Réparation de vélo",
                  thanks=(("charlie", "Il freine, il roule, il ne chante plus."),)),
    ExchangeStory("Couscous pour trente, côté coulisses", "redoute", "bob", 120, _done("redoute", "bob", 950, 120, "Ma belle-famille débarque au complet."), "Cuisine",
                  thanks=(("bob", "Trente assiettes vides : la preuve est faite."),)),
    ExchangeStory("Repriser les nappes du repas de rue", "alice", "redoute", 60, _done("alice", "redoute", 760, 60, "Six nappes, onze accrocs."), "Couture", for_receiver=FETES,
                  thanks=(("redoute", "On cherche encore où étaient les trous."),)),
    ExchangeStory("Une heure de vietnamien pour le voyage", "charlie", "redoute", 60, _done("charlie", "redoute", 330, 0, "Dire bonjour, merci et c’est trop épicé."), "Vietnamien",
                  thanks=(("redoute", "Offert, en plus ! Je sais dire merci : cảm ơn."),)),
)  # fmt: skip
# These need somebody whom the desk keeps.
UNDER_MANDATE: Final = (
    ExchangeStory("Porter les courses jusqu’au deuxième", "charlie", "madeleine", 45, _done("charlie", "madeleine", 480, 45, "Madame Aubert demande de l’aide pour deux sacs, jeudi matin."), "Courses", acting="concierge",
                  thanks=(("charlie", "Madame Aubert raconte le quartier mieux qu’un livre. Merci pour le pot de confiture."), ("madeleine", "Dites bien merci à la jeune fille, elle a rangé le lait toute seule."),)),
    ExchangeStory("Fixer une étagère dans la cuisine", "bob", "madeleine", 60, (
        Step("proposed", "bob", 70, "Bonjour Madame, je passe avec la perceuse quand cela vous arrange."), Step("accepted", "madeleine", 66),
    ), "Montage de meubles", "etagere", acting="concierge", begins=(2, 10)),
    ExchangeStory("Remplacer une ampoule et un joint", "redoute", "marcel", 30, _done("redoute", "marcel", 640, 30, "Le plafond de Monsieur Robin est trop haut pour lui, et pour moi."), "Bricolage", acting="bob",
                  thanks=(("marcel", "Je revois enfin le fond de mon évier. Merci, Farida."),)),
)  # fmt: skip
OPENINGS: Final = (
    "Bonjour {giver}, {j’aurais besoin d’un coup de main|vous auriez un moment|on m’a parlé de vous} pour « {what} »{, rien ne presse|, quand cela vous arrange|}.",
    "{Bonjour|Bonsoir} {giver}, je {débute|n’y connais rien|bloque}, et votre profil dit « {what} ».",
    "Bonjour, {une petite heure|un après-midi|deux fois une heure}, ce serait possible ? Je suis {aux Larris|au Plateau|près de la mairie|à côté du marché}.",
)  # fmt: skip
TITLES: Final = (
    "{skill} : {une heure ensemble|pour commencer|un coup de main}",
    "{skill}, {une première fois|deux séances|comme promis|entre deux averses}",
)  # fmt: skip
THANKS: Final = (
    "{Patience|Bonne humeur|Précision} et {ponctualité|café partagé|bons conseils} : {merci !|que demander de plus ?|je recommencerai.}",
    "{On a bien ri|On a bien avancé|J’ai beaucoup appris}, {et c’est fini plus tôt que prévu|et tout marche|sans voir passer l’heure}.",
    "{Merci|Un grand merci} ! {Ma mère n’en revient pas|Les enfants en parlent encore|Le chat aussi vous remercie}.",
    "{Tout est expliqué|Chaque geste est montré}, {même ce que je n’osais pas demander|deux fois s’il le faut}. Merci.",
    "{Un voisin|Quelqu’un} sur qui compter. {La prochaine fois, c’est moi qui apporte le goûter|À charge de revanche}.",
    "{Venu à l’heure|Arrivé en avance}, reparti {tard|avec un pot de confiture|trempé}. {Merci infiniment|Merci encore} !",
    "{Je n’y croyais plus|Six mois que je repoussais} : {c’est fait|voilà qui est réglé}. {Merci|Mille mercis}.",
    "{Du beau travail|Un vrai savoir-faire}, et {la gentillesse en plus|des histoires pour tout l’hiver}.",
)  # fmt: skip
