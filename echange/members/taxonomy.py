"""The default quartiers of Fontenay-sous-Bois, and a French list of what neighbours know how to do."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from echange.i18n import mark

# To be confirmed by the town: a default set.
QUARTIERS: Final = (
    ("les-larris", "Les Larris"),
    ("val-de-fontenay", "Val de Fontenay"),
    ("les-alouettes", "Les Alouettes"),
    ("la-redoute", "La Redoute"),
    ("le-plateau", "Le Plateau"),
    ("les-parapluies", "Les Parapluies"),
    ("le-village", "Le Village"),
    ("jean-zay", "Jean-Zay"),
    ("les-rigollots", "Les Rigollots"),
)

# Key, label, icon.
FIELDS: Final = (
    ("jardin", mark("Jardin et nature"), "sprout"),
    ("bricolage", mark("Bricolage et travaux"), "hammer"),
    ("reparation", mark("Réparation et vélo"), "wrench"),
    ("couture", mark("Couture et fil"), "scissors"),
    ("cuisine", mark("Cuisine et conserves"), "chef-hat"),
    ("numerique", mark("Ordinateur et téléphone"), "laptop"),
    ("demarches", mark("Démarches et papiers"), "file-text"),
    ("langues", mark("Langues"), "languages"),
    ("scolaire", mark("Soutien scolaire et études"), "graduation-cap"),
    ("musique", mark("Musique et scène"), "music"),
    ("animaux", mark("Animaux"), "heart"),
    ("transport", mark("Trajets et déménagement"), "package"),
    ("art", mark("Arts et image"), "palette"),
    ("sport", mark("Sport et bien-être"), "bike"),
    ("enfants", mark("Enfants et familles"), "baby"),
    ("presence", mark("Présence et écoute"), "hand-heart"),
    ("fete", mark("Fêtes et vie locale"), "users"),
    ("metier", mark("Métiers et conseil"), "lightbulb"),
    ("autre", mark("Autre chose"), "ellipsis"),
)


@dataclass(frozen=True, slots=True)
class KnownSkill:
    """A skill of the default list: its French name, its field, other words for it."""

    name: str
    field: str
    synonyms: tuple[str, ...]


# One skill a line: its name, then after a colon the other words people use for it.
_LINES: Final = {
    "jardin": """
        Jardinage : jardin, jardiner, plantation, planter, entretien de jardin
        Taille de haies : haie, tailler une haie, taille-haie
        Taille de fruitiers : fruitier, tailler, élagage, rosiers, taille de rosiers
        Tonte de pelouse : tondre, tondeuse, gazon, pelouse
        Potager : légumes, semis, semer, tomates
        Bouturage et greffe : bouture, bouturer, greffe, greffer
        Plantes d’intérieur : arrosage, arroser, rempotage, plantes vertes
        Compostage : compost, composteur, lombricompost
        Apiculture : abeilles, ruche, miel
        Fleurs et bouquets : fleuriste, bouquet, art floral
        Oiseaux et biodiversité : oiseaux, nichoir, biodiversité, ornithologie
    """,
    "bricolage": """
        Bricolage : bricoler, petits travaux, bricoleur, bricoleuse
        Montage de meubles : monter un meuble, meuble en kit, monter une armoire, assemblage
        Peinture intérieure : peindre, peintre, peinture, repeindre
        Papier peint : tapisserie murale, tapisser, pose de papier peint
        Plomberie : plombier, fuite, robinet, évier, chasse d’eau
        Électricité : électricien, prise, luminaire, lustre, ampoule
        Menuiserie : menuisier, bois, ébénisterie, travail du bois
        Carrelage : carreler, carreleur, faïence
        Plâtre et enduit : plâtrerie, enduire, placo, rebouchage
        Pose d’étagères : étagère, percer, perceuse, fixer un cadre, tringle
        Serrurerie : serrure, verrou, clé, serrurier
        Soudure : souder, soudeur, métal, ferronnerie
        Maçonnerie : maçon, béton, ciment, muret
        Isolation : isoler, calfeutrer, joint de fenêtre
    """,
    "reparation": """
        Réparation de vélo : vélo, bicyclette, cycle, crevaison, réparer un vélo, frein de vélo
        Réparation d’électroménager : électroménager, machine à laver, lave-linge, grille-pain, aspirateur
        Réparation d’ordinateur : dépannage informatique, réparer un ordinateur, pc en panne
        Réparation de téléphone : écran cassé, smartphone cassé, batterie de téléphone
        Mécanique automobile : mécanique, garagiste, voiture, vidange, mécanicien
        Horlogerie : montre, pendule, horloge
        Restauration de meubles : cannage, vernis, restaurer un meuble, paillage
        Cordonnerie : chaussures, semelle, cuir, cordonnier
        Affûtage : aiguiser, couteaux, ciseaux, affûter
        Impression 3D : imprimante 3d, modélisation 3d, fablab
    """,
    "couture": """
        Couture : coudre, couturier, couturière, machine à coudre
        Retouches : ourlet, raccourcir, fermeture éclair, ajuster un vêtement
        Tricot : tricoter, laine, aiguilles, pull
        Crochet : crocheter, amigurumi
        Broderie : broder, point de croix
        Rideaux et coussins : rideau, voilage, coussin, ameublement
        Tapisserie de sièges : tapissier, fauteuil, chaise, garnissage
        Repassage : repasser, linge, fer à repasser
        Tissage : tisser, métier à tisser
        Déguisements : costume, costumes de scène
    """,
    "cuisine": """
        Cuisine : cuisiner, cuisinier, cuisinière, recettes, repas
        Pâtisserie : gâteau, gâteaux, pâtissier, tarte, desserts
        Boulangerie : pain, levain, pétrir, pain maison
        Confitures : confiture, gelée, fruits
        Conserves et bocaux : conserve, bocal, lactofermentation, stérilisation
        Cuisine végétarienne : végétarien, végane, sans viande
        Cuisine du monde : couscous, mafé, tajine, cuisine asiatique, cuisine africaine
        Cuisine pour un groupe : traiteur, buffet, banquet, grande tablée
        Fromage et yaourts : fromage, yaourt
        Œnologie : vin, dégustation
    """,
    "numerique": """
        Informatique : ordinateur, pc, mac, aide informatique, aide numérique
        Prise en main du smartphone : smartphone, téléphone, tablette, android, iphone
        Internet et courriels : internet, e-mail, mail, messagerie, navigateur, wifi
        Excel et tableurs : excel, tableur, tableau, libreoffice, calc
        Traitement de texte : word, mise en page, writer, lettre
        Programmation : coder, développement, python, javascript, développeur
        Site internet : site web, wordpress, blog, créer un site
        Photos numériques : trier ses photos, ranger des photos, sauvegarde
        Sécurité numérique : mots de passe, antivirus, arnaques, phishing
        Logiciels libres : linux, ubuntu, installer linux
        Montage vidéo : vidéo, monter une vidéo, film
        Réseaux sociaux : facebook, instagram, whatsapp
    """,
    "demarches": """
        Démarches en ligne : démarche, démarches administratives, caf, impôts en ligne, ameli, formulaire
        Écrivain public : écrire une lettre, courrier, rédiger, lettre administrative
        Déclaration d’impôts : impôts, impôt, déclaration de revenus
        Aide aux droits : droits sociaux, rsa, allocation, apl, aides
        Curriculum vitæ : cv, lettre de motivation, recherche d’emploi
        Préparation d’entretien : entretien d’embauche, emploi
        Dossier de retraite : retraite, pension
        Titres de séjour : préfecture, naturalisation, papiers, régularisation
        Logement : locataire, bail, copropriété, hlm
        Budget : budget familial, dettes, comptes du ménage
    """,
    "langues": """
        Français : apprendre le français, fle, alphabétisation, cours de français
        Anglais : english, conversation en anglais
        Espagnol : español, castillan
        Portugais : português, brésilien
        Italien : italiano
        Allemand : deutsch
        Arabe : darija, arabe littéraire, arabe dialectal
        Kabyle : berbère, tamazight, amazigh
        Vietnamien : tiếng việt
        Chinois : mandarin, cantonais
        Turc : türkçe
        Polonais : polski
        Russe : ukrainien
        Roumain : moldave
        Bambara : soninké, wolof, peul
        Tamoul : hindi, ourdou, bengali
        Créole : créole antillais, créole haïtien
        Langue des signes : lsf, signes, sourds
        Traduction : traduire, traducteur, interprète, interprétariat
    """,
    "scolaire": """
        Aide aux devoirs : devoirs, soutien scolaire, primaire
        Soutien en mathématiques : mathématiques, maths, math, algèbre, géométrie, cours de maths
        Soutien en français : dissertation, orthographe, grammaire, dictée
        Soutien en physique-chimie : physique, chimie
        Soutien en langues : cours d’anglais, cours d’espagnol, cours d’allemand
        Histoire et géographie : histoire, géographie, histoire-géo
        Philosophie : philo
        Préparation au bac : bac, baccalauréat, brevet, révisions
        Orientation et Parcoursup : parcoursup, orientation, études supérieures
        Méthode de travail : organisation, apprendre à apprendre
        Lecture : apprendre à lire, dyslexie, lecture à voix haute
    """,
    "musique": """
        Guitare : guitariste, guitare électrique, ukulélé
        Piano : pianiste, clavier, synthétiseur
        Chant : chanter, chorale, chœur, voix
        Violon : violoniste, alto, violoncelle
        Flûte : flûte à bec, flûte traversière
        Batterie et percussions : batterie, percussions, djembé, batteur
        Saxophone et cuivres : saxophone, trompette, trombone, clarinette
        Solfège : lire la musique, théorie musicale
        Sonorisation : sono, micro, table de mixage, ingénieur du son
        Musique assistée par ordinateur : mao, enregistrement, home studio
        Théâtre : improvisation, comédien, jouer
        Conte : raconter, conteur, conteuse, histoires
    """,
    "animaux": """
        Garde de chat : chat, chats, nourrir un chat, garder un chat
        Promenade de chien : chien, chiens, promener un chien, sortir un chien
        Éducation canine : dressage, éduquer un chien
        Garde d’animaux : animal, lapin, hamster, poules, poisson
        Toilettage : toiletter, brosser
        Aquariophilie : aquarium, poissons
    """,
    "transport": """
        Déménagement : déménager, cartons, porter des meubles
        Transport en voiture : conduire, accompagner en voiture, covoiturage, trajet, déplacement
        Transport avec utilitaire : camionnette, fourgon, utilitaire, gros objet
        Transport à vélo cargo : vélo cargo, triporteur, remorque
        Courses : faire les courses, commissions, marché, pharmacie
        Remise en selle : apprendre le vélo, vélo-école
        Conduite accompagnée : code de la route, apprendre à conduire
    """,
    "art": """
        Dessin : dessiner, croquis, bande dessinée, illustration
        Peinture artistique : aquarelle, huile, acrylique
        Photographie : photo, photographe, portrait, appareil photo
        Graphisme : affiche, logo, graphiste, mise en page d’affiche, flyer
        Poterie et céramique : poterie, céramique, argile, modelage
        Sculpture : sculpter, sculpteur
        Calligraphie : écriture, lettrage
        Reliure et papier : reliure, origami, papier, cartonnage
        Bijoux : perles, bijouterie
        Sérigraphie : sérigraphier, impression sur textile, linogravure
        Écriture : écrire, atelier d’écriture, poésie, roman
        Généalogie : ancêtres, arbre généalogique, archives
    """,
    "sport": """
        Yoga : méditation, relaxation
        Gymnastique douce : gym, gym douce, étirements, pilates
        Course à pied : courir, footing, jogging, running
        Randonnée : marche, marcher, randonner, balade
        Natation : nager, apprendre à nager, piscine
        Danse : danser, salsa, rock, danse africaine, tango
        Football : foot, entraîneur
        Tennis de table : ping-pong, tennis, badminton
        Arts martiaux : judo, karaté, aïkido, self-défense
        Musculation : remise en forme, fitness
        Échecs et jeux : échecs, belote, go, tarot, jeux de société
        Pétanque : boules
        Massage : bien-être, masser
        Premiers secours : secourisme, gestes qui sauvent, psc1
    """,
    "enfants": """
        Garde d’enfants : baby-sitting, garder des enfants, nounou, babysitter
        Sortie d’école : aller chercher à l’école, accompagner à l’école, pédibus
        Animation d’enfants : anniversaire d’enfant, animateur, animatrice, bafa, ateliers enfants
        Jeunes parents : bébé, allaitement, parentalité
        Jeux et contes pour enfants : jouer avec des enfants, lire aux enfants
    """,
    "presence": """
        Écoute et visite : écouter, écoute, visite, discuter, compagnie, isolement
        Accompagnement aux rendez-vous : accompagner, rendez-vous médical, hôpital
        Lecture à domicile : lire à voix haute, malvoyant, livres
        Aide aux aidants : aidant, répit, handicap, alzheimer
        Petite aide à domicile : descendre les poubelles, changer une ampoule, ménage
        Médiation : conflit, voisinage, médiateur
        Garde de clés et courrier : relever le courrier, garder les clés, vacances, colis
    """,
    "fete": """
        Organisation de fêtes : fête, organiser une fête, fête des voisins, anniversaire, kermesse
        Montage de barnum : barnum, tente, monter un stand, scène
        Décoration : décorer, guirlande, ballons
        Animation et jeux : animer, quiz, karaoké, loto
        Disc-jockey : dj, platines, musique de fête
        Vie associative : association, bénévolat, créer une association, trésorier
        Prise de parole : parler en public, animer une réunion, oral
        Communication locale : communiqué, affichage, journal de quartier
    """,
    "metier": """
        Comptabilité : comptable, compta, bilan, facturation
        Droit : juridique, avocat, juriste, droit du travail
        Création d’entreprise : auto-entrepreneur, entreprise, micro-entreprise
        Architecture et aménagement : architecte, plan, décoration intérieure, aménagement
        Économies d’énergie : énergie, chauffage, thermique, rénovation énergétique
        Coiffure : coiffeur, coiffeuse, couper les cheveux, tresses
        Santé et prévention : infirmier, infirmière, diététique, nutrition
        Assurance et banque : assurance, banque, crédit
    """,
}


def _read() -> Iterator[KnownSkill]:
    for field, lines in _LINES.items():
        for line in lines.strip().splitlines():
            name, _, words = line.strip().partition(" : ")
            yield KnownSkill(name, field, tuple(words.split(", ")) if words else ())


SKILLS: Final = tuple(_read())
