"""Titles as neighbours write them, and the category each is about."""

from typing import Final

TITLES: Final = {
    "meubles": (
        "Canapé trois places gris", "Table basse en verre", "Armoire normande à démonter",
        "Lit double 140 avec sommier",
        "Fauteuil crapaud", "Commode à tiroirs", "Lampe de bureau", "Miroir ancien",
    ),
    "electromenager": (
        "Machine à laver 7 kg", "Lave-vaisselle douze couverts", "Frigo de studio", "Grille-pain deux fentes",
        "Aspirateur sans sac", "Four à micro-ondes", "Fer à repasser",
    ),
    "cuisine": ("Pots de confiture vides", "Casseroles en inox", "Soupe pour le quartier",
        "Levain à partager"),
    "repas": ("Appareil à raclette", "Gaufrier pour un goûter", "Barbecue à charbon"),
    "jardin": ("Tondeuse électrique", "Tailler une haie", "Composteur en bois", "Arroser mon balcon en août"),
    "plantes": ("Boutures de pothos", "Plants de tomates", "Graines de courges",
        "Pots de fleurs en terre cuite"),
    "bricolage": ("Perceuse à percussion", "Monter un meuble en kit", "Caisse à outils", "Scie sauteuse"),
    "travaux": ("Peindre un plafond", "Escabeau cinq marches", "Robinet qui fuit", "Poser du carrelage"),
    "velo": (
        "Vélo d’enfant 16 pouces", "Réparer mon vélo", "Covoiturage vers Créteil", "Porte-vélos d’attelage",
        "Siège-auto groupe 1",
    ),
    "vetements": ("Manteau taille 42", "Machine à coudre", "Ourlets de rideaux", "Chaussures de marche"),
    "livres": ("Romans policiers", "Bandes dessinées", "Livres de cuisine", "Manuel de maths de troisième"),
    "instruments": ("Guitare folk", "Piano droit", "Cours de violon"),
    "informatique": (
        "Dépanner mon ordinateur", "Imprimante à jet d’encre", "Aide aux démarches en ligne",
        "Déclaration d’impôts", "Téléphone portable débloqué",
    ),
    "cours": ("Cours d’anglais", "Soutien en mathématiques", "Aide aux devoirs", "Conversation en portugais"),
    "enfants": (
        "Poussette canne", "Lit bébé à barreaux", "Jouets en bois", "Garder ma fille le mercredi",
        "Table à langer", "Habits de bébé 6 mois",
    ),
    "sport": ("Raquettes de tennis", "Puzzles de 500 pièces", "Jeux de société",
        "Partenaire de course à pied"),
    "animaux": ("Chat tigré perdu", "Promener mon chien", "Cage à lapin"),
    "demenagement": ("Cartons de déménagement", "Vider une cave", "Porter un canapé au troisième"),
    "cles": ("Clés trouvées square Moreau", "Trousseau perdu", "Carte Navigo trouvée"),
    "courses": ("Courses pour une voisine âgée", "Accompagner à la pharmacie", "Visite à une personne seule"),
    "image": ("Télévision 80 cm", "Vidéoprojecteur", "Appareil photo argentique"),
    "fetes": ("Tente quatre places", "Barnum 3 x 3 m"),
    "musique": ("Disques vinyles", "Enceintes de salon"),
    "": ("Bonjour", "À donner", "🎁", "12"),
}  # fmt: skip
