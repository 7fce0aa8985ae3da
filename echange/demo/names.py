"""Who could live in Fontenay: names, and a line about oneself."""

# ruff: noqa: E501, SIM905 — what people say stays on one line.

from dataclasses import dataclass
from typing import Final

WOMEN: Final = tuple(
    """Adèle Aïcha Aline Aminata Anaïs Anne Assia Béatrice Brigitte Camille Catherine Chantal Claire Corinne Danielle
    Delphine Djamila Élise Émilie Estelle Fanny Fatou Fatoumata Florence Françoise Gisèle Hélène Inès Isabelle Jacqueline
    Jeanne Joséphine Julie Karima Khadija Laure Léa Leïla Linh Lucie Madeleine Maïmouna Manon Maria Marie-Claude Mariam
    Martine Mathilde Monique Myriam Nadège Nathalie Nicole Nora Odile Oumou Pauline Rachel Sabrina Salomé Samia Sandrine
    Sonia Sylvie Thaïs Valérie Véronique Yasmine Yvette Zoé""".split()
)
MEN: Final = tuple(
    """Abdoulaye Adrien Ahmed Alain Amadou Antoine Arthur Baptiste Bernard Boubacar Bruno Christian Clément Cyril Damien
    Daniel David Denis Didier Driss Émile Étienne Fabrice Farid Florian François Georges Gérard Gilles Grégoire Guillaume
    Hamid Henri Hugo Ibrahima Idriss Jean-Marc Jean-Pierre Jérôme Joaquim Joël Karim Kévin Laurent Léon Lionel Luc Malik
    Mamadou Marcel Mathieu Maxime Michel Mohamed Moussa Nicolas Olivier Ousmane Pascal Patrice Philippe Quang Rachid Rémi
    René Robert Sami Sébastien Serge Simon Stéphane Théo Thierry Tuan Vincent Walid Xavier Yanis Yves Zacharie""".split()
)
SURNAMES: Final = tuple(
    name.replace("_", " ")
    for name in """Adam Aubert Bah Barbier Baron Bazin Belkacem Benoît Berger Bernard Bertin Besson Blanchard Blot Bonnet Bouvier
    Brahimi Brun Camara Carpentier Caron Chevallier Cissé Cohen Colin Collet Cordier Costa Coulibaly Dacosta Dahan
    Delattre Delorme Dembélé Deschamps Diallo Diarra Diop Dos_Santos Dubois Dufour Dumas Dupuis Durand Fabre Faure
    Fernandes Ferreira Fontaine Fournier Gaillard Garcia Gauthier Gérard Giraud Gomes Gonzalez Guérin Guillot Haddad
    Hamidi Hoarau Hubert Huet Jacquet Joly Keita Klein Konaté Kowalski Lacroix Lambert Laurent Lebrun Leclerc Lefèvre
    Le_Goff Lemaire Leroux Lévy Lopes Mallet Marchand Marques Martin Martinez Masson Mendy Mercier Meunier Meyer
    Mimoun Monnier Moreau Moulin Ndiaye Nguyen Nicolas Noël Oliveira Ouattara Paris Pelletier Perrin Pham Philippe Picard
    Poirier Prévost Rahmani Renard Renaud Rey Rivière Robin Roche Rolland Rousseau Roussel Sangaré Saïdi Schmitt Silva
    Simon Sissoko Soares Sow Tanguy Tessier Thomas Tran Traoré Vasseur Vidal Vincent Weber Zerbib""".split()
)
# Headlines, for a woman and for a man.
HEADLINES: Final = (
    ("Retraitée de l’Éducation nationale", "Retraité de la RATP"),
    ("Infirmière de nuit, jardinière de jour", "Infirmier de nuit, jardinier de jour"),
    ("Institutrice au Plateau", "Instituteur au Plateau"),
    ("Menuisière le week-end", "Menuisier le week-end"),
    ("Comptable, mais drôle", "Comptable, mais drôle"),
    ("Étudiante en droit", "Étudiant en cuisine"),
    ("Maman de trois, patience de saint", "Papa de trois, patience de saint"),
    ("Conductrice de bus, ligne 118", "Conducteur de bus, ligne 118"),
    ("Traductrice à domicile", "Traducteur à domicile"),
    ("Ancienne fleuriste", "Ancien électricien"),
    ("Bibliothécaire et bavarde", "Libraire et bavard"),
    ("Aide-soignante à l’hôpital Bégin", "Aide-soignant à l’hôpital Bégin"),
    ("Développeuse, débranchée le dimanche", "Développeur, débranché le dimanche"),
    ("Cheffe de chœur", "Chef de chœur"),
    ("Nouvelle dans le quartier", "Nouveau dans le quartier"),
    ("Née ici, jamais partie", "Né ici, jamais parti"),
    ("Professeure d’arts plastiques", "Professeur d’histoire"),
    ("Gardienne d’immeuble", "Gardien d’immeuble"),
    ("Lycéenne en terminale", "Lycéen en terminale"),
    ("Couturière du dimanche", "Bricoleur du dimanche"),
    ("Kinésithérapeute", "Ergothérapeute"),
    ("Caissière, championne de belote", "Livreur, champion de pétanque"),
    ("Grand-mère de quartier", "Grand-père de quartier"),
    ("Architecte en congé", "Ingénieur du son"),
)
ABOUTS: Final = (
    "J’habite {le quartier|ici|à Fontenay} depuis {deux ans|dix ans|1987|la naissance de mon fils|le dernier déménagement}."
    " {On me trouve|Je suis libre} {le samedi matin|en fin de journée|le mercredi|presque tous les soirs}.",
    "{Je préfère montrer que faire à la place|Je réponds vite, je viens à pied|J’ai plus d’outils que d’étagères|"
    "Je fais de bons cafés et de mauvais gâteaux}. {Les enfants sont les bienvenus|Le chien est gentil|Troisième étage, avec"
    " ascenseur|Sonnez deux fois}.",
    "{Je sais peu de choses mais je les sais bien|On apprend mieux à deux|Un service en vaut un autre|J’ai du temps, autant"
    " qu’il serve}. {Passez dire bonjour|Écrivez-moi, je réponds le soir|Appelez plutôt le matin}.",
    "{Arrivée par hasard, restée par choix|Ici par amour du marché|De passage depuis quinze ans}."
    " {J’aime les gens ponctuels et les tartes au citron|Je marche beaucoup, je porte volontiers|Je collectionne les bocaux}.",
)
NOTES: Final = (
    "", "", "", "", "le samedi matin", "le soir après 19 h", "débutants bienvenus", "chez moi ou chez vous",
    "en petit groupe", "depuis trente ans", "pour les enfants aussi", "une heure à la fois", "avec mes outils",
    "le mercredi après-midi", "en visio si besoin", "sans promesse mais avec cœur",
)  # fmt: skip
WANT_NOTES: Final = (
    "",
    "",
    "",
    "je pars de zéro",
    "pour un petit projet",
    "une ou deux séances",
    "le week-end",
    "avant l’été",
)
LANGUAGES: Final = (
    "Français", "Français", "Français", "Français, anglais", "Français, arabe", "Français, portugais", "Français, bambara",
    "Français, soninké", "Français, espagnol", "Français, vietnamien", "Français, kabyle", "Français, italien",
    "Français, langue des signes", "Français, wolof", "Français, polonais", "Français, mandarin",
)  # fmt: skip


@dataclass(frozen=True)
class Association:
    """Twenty of them keep the town going; a few professionals and services of the town beside them."""

    name: str
    quartier: str
    about: str
    kind: str = "association"
    keeper: str = ""


ASSOCIATIONS: Final = (
    Association("Les Fêtes de la Redoute", "la-redoute", "Tables, barnum, sono : on prête, on aide à monter, on revient pour ranger."),
    Association("Les Jardins du Plateau", "le-plateau", "Douze parcelles, une cabane, un motoculteur têtu. Permanence le dimanche matin."),
    Association("La Chorale des Larris", "les-larris", "Quarante voix, aucune audition. On répète le mardi à 19 h 30."),
    Association("Vélo-Village", "le-village", "Un atelier où l’on apprend à réparer son vélo soi-même, le samedi."),
    Association("Français pour tous", "val-de-fontenay", "Cours de français et aide aux papiers, par petits groupes, toute l’année."),
    Association("Les Ruchers des Rigollots", "les-rigollots", "Sept ruches sur un toit, du miel en septembre, des voiles à prêter."),
    Association("Le Fournil partagé", "le-village", "Un four à pain allumé le premier vendredi du mois. Apportez votre pâte."),
    Association("Le Théâtre de la Cave", "les-parapluies", "Des pièces courtes dans une cave longue. Costumes prêtés sur demande."),
    Association("L’Amicale bouliste des Parapluies", "les-parapluies", "Boules prêtées, conseils gratuits, mauvaise foi garantie."),
    Association("Les Mailles solidaires", "les-alouettes", "On tricote des couvertures pour la maternité et des écharpes pour l’hiver."),
    Association("Échecs et Compagnie", "jean-zay", "Échecs, dames, jeux de société : le mercredi pour les enfants, le jeudi pour les grands."),
    Association("Ciné-Cour", "val-de-fontenay", "Un écran gonflable, un vidéoprojecteur, des films au pied des immeubles."),
    Association("L’Épicerie Coup de pouce", "les-larris", "Une épicerie solidaire tenue par ses clients. On cherche toujours des bras le jeudi."),
    Association("Handi-Balade", "les-alouettes", "Des joëlettes, des fauteuils de promenade et de bonnes jambes pour les pousser."),
    Association("Le Club d’astronomie", "les-rigollots", "Trois télescopes et un ciel de banlieue : on voit quand même Saturne."),
    Association("Les Mains vertes de Jean-Zay", "jean-zay", "Des bacs au pied des tours, du compost, des tomates pour l’immeuble."),
    Association("La Ressourcerie des Alouettes", "les-alouettes", "On répare, on trie, on donne. Dépôts le mercredi et le samedi."),
    Association("L’Harmonie municipale", "le-village", "Cuivres, bois et percussions. Prête des instruments aux débutants."),
    Association("Parents du Plateau", "le-plateau", "Pédibus, bourse aux cartables, garde partagée des poissons rouges."),
    Association("Numérique au coin de la rue", "val-de-fontenay", "Ordinateurs remis en route et heures d’aide, café compris."),
    Association("Cycles Delorme", "le-village", "Vélos neufs et d’occasion, roues dévoilées pendant le café.", "professional"),
    Association("Serrurerie des Rigollots", "les-rigollots", "Devis écrit avant de sortir le tournevis.", "professional"),
    Association("L’Atelier de Fanny, tapissière", "le-plateau", "Fauteuils, chaises, banquettes. Conseils gratuits le mardi.", "professional"),
    Association("La Forge", "val-de-fontenay", "Le tiers-lieu de la ville : machines, ateliers, repair café, conciergerie.", "municipal", "concierge"),
    Association("Médiathèque du Village", "le-village", "Des livres, des jeux, des ordinateurs, du calme.", "municipal", "admin"),
    Association("Maison des seniors", "les-larris", "Aide aux démarches, repas partagés, visites à domicile.", "municipal", "admin"),
)  # fmt: skip
