"""What an annonce of the demo town may say: choices in braces (phrases.py), one drawing each."""

# ruff: noqa: E501 — what people say stays on one line.

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Pattern:
    """Annonces of one kind about one sort of thing; `drawing` is a symbol of categories.svg."""

    kind: str
    drawing: str
    title: str
    body: str
    prices: tuple[str, ...] = ()


# fmt: off
PATTERNS: Final = (
    Pattern(
        "give", "jam",
        "{Trente|Une vingtaine de|Quarante} pots à confiture vides{|, avec couvercles| et quelques bocaux}",
        "Verre propre, étiquettes {presque toutes |}décollées. {Ma cave demande grâce|La saison est finie, "
        "l’étagère aussi}.",
    ),
    Pattern(
        "give", "chair",
        "Fauteuil {crapaud|club|à bascule} {rouge|en velours|en cuir fatigué}, à venir chercher",
        "{Il a connu trois chats|Il accueille bien les siestes} et une seule propriétaire. {Deux personnes "
        "pour le descendre|Il passe les portes, testé}.",
    ),
    Pattern(
        "give", "books",
        "{Deux cartons|Un carton|Une étagère} de {romans policiers|bandes dessinées|livres de "
        "cuisine|livres pour enfants|romans en gros caractères}",
        "{Lus une fois, bien tenus|Quelques pages cornées aux bons endroits}. {À prendre en entier|On peut "
        "choisir sur place}.",
    ),
    Pattern(
        "give", "plants",
        "{Boutures|Plants|Rejets} de {pothos|menthe poivrée|aloe vera|misère pourpre|monstera|framboisier}",
        "Ça pousse plus vite que je n’ai d’amis. {Pot fourni|Apportez un pot}, arrosage expliqué.",
    ),
    Pattern(
        "give", "toaster",
        "{Grille-pain|Bouilloire|Mixeur|Cafetière filtre|Radio-réveil} qui marche {très bien|encore|quand "
        "on lui parle gentiment}",
        "{Nous en avions deux depuis le mariage|Reçu en double}. {Fil en bon état, nettoyé|Essai possible "
        "sur place}.",
    ),
    Pattern(
        "give", "stroller",
        "Poussette {canne|trois roues|double} {grise|bleue|rouge}",
        "{Freins vérifiés, capote un peu pâlie|Roues avant neuves}. {Elle a fait Paris-Plage et la côte de "
        "la Redoute|Notre dernier marche, elle est à vous}.",
    ),
    Pattern(
        "give", "boxes",
        "{Vingt|Trente|Quinze} cartons de déménagement {à plat|et du papier bulle|solides}",
        "Servis une fois, {trajet de 800 mètres|pour aller au troisième étage}. À passer au suivant.",
    ),
    Pattern(
        "give", "basket",
        "{Courgettes|Tomates cerises|Noix|Potimarrons|Quetsches|Figues} du jardin, {trop pour nous|un "
        "panier plein|servez-vous}",
        "{La récolte dépasse les bornes et la clôture|On en mange matin, midi et soir depuis une semaine}. "
        "{Apportez un sac|Le panier, lui, revient}.",
    ),
    Pattern(
        "give", "sewing",
        "{Chutes de tissu|Boutons anciens|Laine et aiguilles|Rideaux à recouper} pour "
        "{couture|patchwork|école|marionnettes}",
        "{Deux grands sacs triés par couleur|De quoi habiller une classe entière}.",
    ),
    Pattern(
        "give", "laptop",
        "Écran {22|24|19} pouces {avec son câble|et clavier français|sans pied mais droit}",
        "Il affiche ce qu’on lui demande. {Idéal pour un devoir ou un film|Un pixel mort, on ne le voit "
        "plus}.",
    ),
    Pattern(
        "give", "bike",
        "Vélo d’enfant {14|16|20|24} pouces, {rouge|bleu|à paillettes|vert bouteille}",
        "{Petites roues fournies|Freins réglés samedi dernier}, {une sonnette très convaincante|le panier "
        "tient avec amour}. Le propriétaire a grandi.",
    ),
    Pattern(
        "give", "ball",
        "Ballons, {raquettes|quilles en bois|échasses|cerf-volant} et {cordes à sauter|frisbee|filet de "
        "badminton}",
        "{Un coffre de jeux de plein air|Trois enfants ont validé}. {Un ballon à regonfler|Tout est "
        "complet, presque}.",
    ),
    Pattern(
        "give", "board",
        "Tableau {blanc|noir d’écolier|en liège} {de 90 cm|d’un mètre vingt|avec ses craies}",
        "{Parfait pour réviser les verbes ou la liste des courses|Il servait à compter les points de "
        "belote}.",
    ),
    Pattern(
        "give", "music",
        "{Disques vinyles de variété|Partitions de piano|Cassettes et lecteur|Pupitre pliant}, {à "
        "emporter|sans tri|lot entier}",
        "{Ma tante avait du goût, par moments|Quelques trésors et beaucoup d’accordéon}.",
    ),
    Pattern(
        "give", "drill",
        "{Bocal de vis et chevilles|Boîte à outils de départ|Étau d’établi|Deux serre-joints}, {à "
        "donner|pour débuter|à qui bricole}",
        "{Doublons de l’atelier|Mon père en avait trois}. Un peu de rouille, beaucoup de service.",
    ),
    Pattern(
        "give", "cat",
        "{Arbre à chat|Panier et caisse de transport|Litière et croquettes} {comme neuf|pour chat moyen|au complet}",
        "Le chat a préféré le carton. {Désinfecté|Griffes : deux, traces : discrètes}.",
    ),
    Pattern(
        "sell", "bike",
        "Vélo {de ville|hollandais|de course} {années 80|trois vitesses|avec sacoches}",
        "{Chaîne et patins neufs|Révisé à l’atelier du Village}. {Il grince dans la montée, moi "
        "aussi|Antivol compris}.",
        prices=("45 €", "60 €", "80 €", "110 €"),
    ),
    Pattern(
        "sell", "guitar",
        "Guitare {classique|folk|d’étude} {trois-quarts|avec housse|et accordeur}",
        "{Cordes changées cet été|Une petite bosse, un joli son}. Mon fils est passé à la batterie, priez "
        "pour nous.",
        prices=("40 €", "70 €", "90 €"),
    ),
    Pattern(
        "sell", "sewing",
        "Machine à coudre {Singer|de 1978|électronique}, {révisée|avec notice|lourde et fidèle}",
        "{Dix points, pédale souple|Elle coud le jean sans se plaindre}. {Démonstration possible|Canettes "
        "comprises}.",
        prices=("50 €", "65 €", "85 €"),
    ),
    Pattern(
        "sell", "chair",
        "{Quatre chaises|Table de cuisine|Commode|Bibliothèque} en {pin|formica jaune|hêtre|chêne clair}",
        "{Petite trace de verre sur le dessus|Pieds recollés, ça tient}. {On aide à "
        "descendre|Rez-de-chaussée}.",
        prices=("20 €", "35 €", "50 €", "60 €"),
    ),
    Pattern(
        "sell", "laptop",
        "Ordinateur portable {13|15} pouces, {batterie changée|clavier français|remis à zéro}",
        "{Parfait pour le courrier et les démarches|Suffisant pour le lycée}. Essai autour d’un café.",
        prices=("90 €", "120 €", "150 €"),
    ),
    Pattern(
        "sell", "toaster",
        "{Cafetière italienne|Yaourtière|Machine à pain|Crêpière électrique} {servie trois "
        "fois|complète|avec son livre}",
        "{L’enthousiasme est retombé|Cadeau mal compris}. {Elle mérite mieux que le placard|Elle chauffe, "
        "promis}.",
        prices=("10 €", "15 €", "25 €"),
    ),
    Pattern(
        "sell", "stroller",
        "{Siège auto|Chaise haute|Lit parapluie} {propre|comme neuf|sans histoire}",
        "{Date de fabrication visible|Housses lavées}. {Non-fumeur, un seul bébé|Notice retrouvée}.",
        prices=("15 €", "25 €", "40 €"),
    ),
    Pattern(
        "sell", "ball",
        "{Patins à roulettes|Chaussures de foot|Chaussures de danse|Bottes de randonnée} taille {34|37|39|41}",
        "{Deux étés de service|Portés le temps d’un enthousiasme}.",
        prices=("8 €", "12 €", "20 €"),
    ),
    Pattern(
        "sell", "books",
        "Collection de {mangas|bandes dessinées|romans d’aventure|guides de randonnée}, {21|14|32} volumes",
        "Dans l’ordre, {sans le 7, mystère|et complète}. {Vendue en entier|Mon étagère me regarde de "
        "travers}.",
        prices=("20 €", "30 €", "45 €"),
    ),
    Pattern(
        "sell", "plants",
        "{Olivier|Citronnier|Laurier-rose|Bananier} en pot, {un mètre vingt|deux mètres|à rentrer l’hiver}",
        "Il lui faut un balcon au sud. {Le mien est au nord, d’où la vente|Dépotage récent}.",
        prices=("15 €", "25 €", "35 €"),
    ),
    Pattern(
        "swap", "books",
        "J’échange {un puzzle de 1 000 pièces|trois polars|un jeu de société} contre {un autre|trois "
        "autres|ce que vous avez aimé}",
        "{Complet, compté deux fois|Il manquait une pièce, retrouvée sous le tapis}.",
    ),
    Pattern(
        "swap", "jam",
        "{Confiture de mûres|Gelée de coing|Chutney de tomates vertes} contre {du miel|des œufs|une autre "
        "confiture|des noix}",
        "{Deux pots de 350 g|Recette sur demande}. Troc équitable, dégustation possible.",
    ),
    Pattern(
        "swap", "plants",
        "Troc de {graines|boutures|plants de tomates} : {j’ai trop de|voici mes} {soucis|capucines|roses "
        "trémières|potirons}",
        "{Récoltées au Plateau|Levée garantie, patience exigée}. Je cherche {de la ciboulette|du "
        "basilic|des fraisiers|n’importe quoi qui grimpe}.",
    ),
    Pattern(
        "swap", "guitar",
        "{Une heure de guitare|Un cours d’accordéon|Des accords de ukulélé} contre {une heure de "
        "couture|un coup de main au jardin|un cours de cuisine}",
        "{Niveau débutant accepté|Je joue faux mais j’explique juste}.",
    ),
    Pattern(
        "swap", "bike",
        "Troque {vélo 20 pouces|trottinette|vélo pliant} contre {24 pouces|poussette trois roues|panier et "
        "sacoches}",
        "{Les enfants poussent|Nous changeons de taille tous les ans}. {Bon état contre bon état|On règle "
        "les freins ensemble}.",
    ),
    Pattern(
        "swap", "basket",
        "{Courgettes|Salades|Œufs de nos poules|Pommes} contre {pain maison|compost mûr|fromage|coups de "
        "bêche}",
        "{Chaque dimanche|Tant qu’il y en a}, {au jardin du Plateau|en bas de chez moi}.",
    ),
    Pattern(
        "swap", "keys",
        "{Arrosage en août|Courrier relevé|Chat nourri} contre {la même chose à Noël|arrosage en juillet}",
        "{Nous partons trois semaines|On s’échange les clés et les bons conseils}.",
    ),
    Pattern(
        "swap", "board",
        "Conversation {en espagnol|en anglais|en arabe|en portugais} contre {du français|de l’italien|un "
        "peu de maths}",
        "{Une heure par semaine|Le jeudi soir}, {au café|au parc des Épivans|en marchant}.",
    ),
    Pattern(
        "lend", "drill",
        "{Perceuse|Perceuse à percussion|Visseuse|Ponceuse} et {ses mèches|deux batteries|ses embouts|un "
        "masque}",
        "{Elle sert deux heures par an chez moi|Elle traverse le béton des années 60}. {Je montre "
        "comment|Mode d’emploi scotché dessus}.",
    ),
    Pattern(
        "lend", "ladder",
        "{Échelle double|Escabeau|Échafaudage léger} de {deux|trois|quatre} mètres",
        "{Dort dans la cour|À porter à deux}. {Rendue quand c’est fini|Une semaine à la fois}.",
    ),
    Pattern(
        "lend", "tent",
        "{Barnum 3 × 4,5 m|Tonnelle|Tente six places|Deux parasols} {et ses poids|avec ses sardines|facile "
        "à monter}",
        "{Vingt minutes à deux, une heure seul|Six mariages et une averse au compteur}.",
    ),
    Pattern(
        "lend", "projector",
        "{Vidéoprojecteur|Écran de projection|Enceinte et micro|Guirlande lumineuse de 20 m} pour {une "
        "fête|un film|une réunion}",
        "{Câbles dans le sac|Piles à prévoir}. {Essai réussi à la fête des voisins|La télécommande est la vraie, "
        "gardez-la}.",
    ),
    Pattern(
        "lend", "waffle",
        "{Gaufrier|Appareil à raclette|Machine à barbe à papa|Crêpière à quatre places} pour "
        "{huit|douze|une classe}",
        "{Nettoyé, rendu nettoyé|Recette collée sous le couvercle}.",
    ),
    Pattern(
        "lend", "spade",
        "{Motobineuse|Taille-haie|Brouette|Bêche et fourche|Broyeur de branches} {pour le week-end|à la "
        "journée|quand il ne pleut pas}",
        "{Plein fait, à refaire|Gants fournis}. {Le jardin l’a mérité|Démarre au troisième coup}.",
    ),
    Pattern(
        "lend", "bike",
        "{Remorque de vélo|Vélo cargo|Siège enfant|Porte-vélos} {deux enfants|pour les courses|à essayer}",
        "{De quoi ramener un sapin ou deux cousins|Casque à votre taille, ou presque}.",
    ),
    Pattern(
        "lend", "music",
        "{Piano numérique|Djembé|Pied de micro|Ukulélé|Métronome} {à prêter un mois|pour essayer|en "
        "attendant le vôtre}",
        "{L’instrument préfère qu’on joue|Casque fourni, merci pour les voisins}.",
    ),
    Pattern(
        "lend", "stroller",
        "{Lit de bébé|Poussette|Siège auto|Porte-bébé} pour {un week-end|des petits-enfants de passage|les "
        "vacances}",
        "{Propre, draps compris|Se plie, après deux essais}.",
    ),
    Pattern(
        "lend", "boxes",
        "{Diable|Sangles et couvertures|Chariot pliant|Transpalette de poche} pour {déménager|un "
        "frigo|porter lourd}",
        "{Roues gonflées|A déjà monté trois pianos}. {Une journée suffit|Retour avant dimanche}.",
    ),
    Pattern(
        "lend", "chair",
        "{Huit chaises pliantes|Deux tables et leurs tréteaux|Six tabourets|Un banc d’église} pour "
        "{dîner|anniversaire|vide-grenier}",
        "{Pas très beau, très solide|Ça tient dans une petite voiture, debout}.",
    ),
    Pattern(
        "lend", "garden",
        "{Tondeuse à main|Tuyau de 30 mètres|Serre de semis|Pulvérisateur} {au printemps|à emprunter|le "
        "samedi}",
        "{Aucune essence, un peu de mollet|Raccords compris}.",
    ),
    Pattern(
        "seek", "books",
        "Cherche {manuel de maths de seconde|code de la route récent|livres en gros caractères|albums "
        "bilingues}",
        "{Prêt ou don|Jusqu’en juin}, {je le rends couvert|je le fais passer ensuite}.",
    ),
    Pattern(
        "seek", "ladder",
        "Cherche {échelle|escabeau|perche} pour {une ampoule à 4 mètres|des rideaux|décrocher un volant du "
        "cerisier}",
        "{Une heure suffira|Je tiens le pied, promis}. {Je viens à pied|Samedi si possible}.",
    ),
    Pattern(
        "seek", "stroller",
        "Cherche {poussette canne|lit parapluie|chaise haute|baignoire bébé} pour {une semaine|le "
        "week-end|les vacances}",
        "Ma {petite-fille|nièce} arrive {vendredi|jeudi} {avec deux valises et zéro équipement|et l’avion "
        "n’emporte rien}.",
    ),
    Pattern(
        "seek", "toaster",
        "Cherche {appareil à raclette|gaufrier|grande marmite|robot pâtissier} {samedi|dimanche|pour vingt "
        "personnes}",
        "{Fête d’immeuble|Goûter de l’école}. Vous serez invité, évidemment.",
    ),
    Pattern(
        "seek", "boxes",
        "Cherche {cartons|papier journal|couvertures|bras et cartons} pour {déménager|emballer la "
        "vaisselle|un studio}",
        "{Deux étages, pas d’ascenseur|Nous partons à 300 mètres}. {Je rends tout à plat|Pizza ensuite}.",
    ),
    Pattern(
        "seek", "drill",
        "Cherche {perceuse|pince multiprise|clé de 13|pistolet à colle} pour {une étagère|une heure|un lit "
        "à monter}",
        "{Le mur est en béton, la bonne volonté aussi|Je la rends propre}.",
    ),
    Pattern(
        "seek", "laptop",
        "Cherche {imprimante|chargeur USB-C|vieux clavier|webcam} {pour un dossier|d’occasion|à réparer}",
        "{Dix pages et je vous laisse tranquille|Même moche}. {Échange contre un gâteau|Je passe quand "
        "vous voulez}.",
    ),
    Pattern(
        "seek", "plants",
        "Cherche {terre|compost mûr|pots en terre|graines de haricots} pour {un balcon|les bacs de "
        "l’école|une première fois}",
        "{Balcon plein sud, zéro expérience|Les enfants comptent les vers}.",
    ),
    Pattern(
        "seek", "guitar",
        "Cherche {guitare|clavier|flûte|batterie silencieuse} pour {débuter|un an de cours|essayer}",
        "{On ne sait pas si la passion durera|Elle a huit ans et des idées}. {Soin promis|Location ou prêt}.",
    ),
    Pattern(
        "seek", "bike",
        "Cherche {vélo 20 pouces|casque taille enfant|pompe à pied|antivol} {pas cher|à emprunter|pour "
        "l’école}",
        "{Trajet : Larris-Village, tout en descente à l’aller|Il sait enfin pédaler}.",
    ),
    Pattern(
        "seek", "tent",
        "Cherche {barnum|tonnelle|tables et bancs|rallonge de 25 m} le {premier week-end du mois|samedi soir|dimanche}",
        "{Repas de quartier, soixante personnes et un cousin|Repli prévu dans le hall}.",
    ),
    Pattern(
        "seek", "music",
        "Cherche {deux altos|un batteur|une voix grave|quelqu’un qui lit la clé de fa} pour {la chorale|un "
        "quatuor|jouer le dimanche}",
        "{Aucune audition|On se trompe en mesure}. {Répétition le mardi|Thé et partitions fournis}.",
    ),
    Pattern(
        "service_offered", "sewing",
        "{Ourlets|Fermetures éclair|Boutons et accrocs|Rideaux à raccourcir} : je {reprends|couds|montre "
        "comment faire}",
        "{Machine toujours sortie|Une heure de mon temps}. {Apportez le fil si vous avez une "
        "préférence|Délai : une semaine et deux cafés}.",
    ),
    Pattern(
        "service_offered", "bike",
        "Je {répare|règle|révise} votre vélo {le samedi matin|en bas de chez moi|avec vous}",
        "{Dérailleur, freins, crevaison|Roues voilées acceptées, miracles non}. On repart avec les mains "
        "noires.",
    ),
    Pattern(
        "service_offered", "laptop",
        "Aide {informatique|pour les démarches en ligne|téléphone et photos|contre les messages bizarres}, "
        "{patiente|à domicile|au calme}",
        "{Nous prenons le temps|Je ne touche pas à la souris, c’est vous qui apprenez}. {Une heure à la "
        "fois|Aucune question bête}.",
    ),
    Pattern(
        "service_offered", "board",
        "Soutien en {maths|français|anglais|physique}, {collège|lycée|primaire}",
        "{J’explique trois fois, de trois façons|On part de ce qui bloque}. {Le mercredi|Deux soirs par "
        "semaine}.",
    ),
    Pattern(
        "service_offered", "garden",
        "Je {taille|bêche|tonds|désherbe} {votre haie|un petit jardin|les rosiers} {samedi|ce "
        "mois-ci|contre des boutures}",
        "{J’ai les outils et le chapeau|J’évacue les branches}. {Deux heures au plus|Le dos dit non aux "
        "grands terrains}.",
    ),
    Pattern(
        "service_offered", "keys",
        "Je {garde vos clés|relève le courrier|arrose les plantes|nourris le chat} {en août|pendant les "
        "vacances|quand vous voulez}",
        "{Retraitée ponctuelle|J’habite l’immeuble d’en face}. Photo du chat chaque soir.",
    ),
    Pattern(
        "service_offered", "drill",
        "{Montage de meubles|Étagères posées|Tringles et cadres|Petits joints}, {niveau à bulle "
        "compris|soigneux|le dimanche}",
        "{Les notices sans mots ne me font pas peur|Je ramasse la poussière}.",
    ),
    Pattern(
        "service_offered", "music",
        "Cours de {piano|solfège|chant|percussions} pour {débutants|enfants|grands timides}",
        "{Trente minutes, tranquilles|On joue un vrai morceau dès la première fois}.",
    ),
    Pattern(
        "service_offered", "basket",
        "Je fais vos courses {au marché|le jeudi|avec mon vélo cargo}",
        "{Personnes âgées ou jambe cassée|Je sais choisir un melon}. {Deux sacs, deux étages|Monnaie "
        "rendue au centime}.",
    ),
    Pattern(
        "service_offered", "waffle",
        "J’apprends à faire {du pain|des nems|un couscous|des pastéis|des bricks}",
        "{Dans votre cuisine ou la mienne|Trois heures, on mange ensuite}. {Quatre personnes au "
        "plus|Apportez une boîte}.",
    ),
    Pattern(
        "service_offered", "books",
        "Je {lis à voix haute|relis vos lettres|aide à écrire un CV|raconte des histoires} {une heure|le "
        "vendredi|gratuitement}",
        "{Voix claire, lunettes neuves|Discrétion promise}.",
    ),
    Pattern(
        "service_offered", "ball",
        "{Course à pied|Marche nordique|Pétanque|Yoga doux} {au bois|le dimanche|pour reprendre}",
        "{On attend le dernier|À allure de conversation}. {Rendez-vous au lac|Chaussures, eau, bonne "
        "humeur}.",
    ),
    Pattern(
        "service_sought", "basket",
        "Monter {les courses|un meuble|deux packs d’eau} au {4e|6e|8e}, ascenseur en panne",
        "{Vendredi vers 17 h|Samedi matin}, {vingt minutes et un thé|genoux fragiles de mon côté}.",
    ),
    Pattern(
        "service_sought", "bike",
        "Qui m’apprend à {régler un dérailleur|changer une chambre à air|purger des freins} ?",
        "Mon vélo {saute les vitesses|soupire} depuis la côte de la Redoute. Je veux savoir le faire "
        "moi-même, {j’apporte le café|j’ai les outils, pas l’idée}.",
    ),
    Pattern(
        "service_sought", "laptop",
        "{Dossier retraite|Photos du téléphone|Mot de passe perdu|Déclaration en ligne} : qui peut m’aider ?",
        "{J’ai les papiers, pas la patience du site|Une heure, autour d’une table}. {Je viens à La "
        "Forge|Chez moi, il y a de la tarte}.",
    ),
    Pattern(
        "service_sought", "garden",
        "{Deux|Trois} bras pour {un trou de poirier|une haie|un compost plein|retourner un carré}",
        "{Le poirier arrive samedi|Bêche fournie, limonade aussi}.",
    ),
    Pattern(
        "service_sought", "drill",
        "{Fixer une étagère|Poser une tringle|Monter une armoire|Changer un joint}, {mur en béton|sans "
        "crier|à deux}",
        "{J’ai acheté les chevilles, pas le courage|La notice a disparu}. {Une petite heure|Le samedi, de "
        "préférence}.",
    ),
    Pattern(
        "service_sought", "board",
        "Cherche {aide aux devoirs|cours de maths|conversation en français|préparation au brevet} {le "
        "mercredi|deux fois par mois|en douceur}",
        "{Classe de quatrième|Elle comprend vite quand on sourit}. {Contre un coup de main au "
        "choix|Échange d’heures bienvenu}.",
    ),
    Pattern(
        "service_sought", "keys",
        "Qui {arrose mes tomates|garde deux poissons|passe voir ma mère|relève mon courrier} {la semaine "
        "prochaine|du 12 au 20|pendant dix jours} ?",
        "{Cinq minutes un jour sur deux|Tout est écrit sur un papier}. {Je rends la pareille|Vous gardez "
        "la récolte}.",
    ),
    Pattern(
        "service_sought", "sewing",
        "{Réparer une doublure|Raccourcir deux pantalons|Coudre un costume de hérisson|Reprendre une "
        "robe}, {qui sait ?|pour le 15|avec patience}",
        "{Tissu fourni|J’ai essayé, il ne faut plus que j’essaie}.",
    ),
    Pattern(
        "service_sought", "boxes",
        "{Deux heures de bras|Un permis B et un dos|Porter un canapé} pour déménager {dimanche|samedi|au "
        "coin de la rue}",
        "{Premier étage vers deuxième|Camionnette prêtée}, {pizza à l’arrivée|trente cartons, promis pas "
        "plus}.",
    ),
    Pattern(
        "service_sought", "music",
        "{Accorder un piano|Apprendre trois accords|Enregistrer une chanson} {avant Noël|pour un "
        "anniversaire|sans se moquer}",
        "{Il n’a pas joué depuis 2009|Surprise pour soixante ans de mariage}.",
    ),
    Pattern(
        "lost", "cat",
        "Chat {gris|roux|noir et blanc|tigré} {perdu|parti} {rue Dalayrac|près du parc des Épivans|aux "
        "Parapluies|vers la mairie}",
        "Il répond à {Moustache|Biscotte|Monsieur|Plume} {et au bruit du frigo|quand il veut}. {Pucé, "
        "craintif|Collier bleu}.",
    ),
    Pattern(
        "lost", "keys",
        "Trousseau de {trois|quatre|cinq} clés perdu {au marché|dans le 118|au stade|devant l’école}",
        "Porte-clés {en forme de pieuvre|de la tour Eiffel, hélas|tricoté vert}. {Café offert à qui le "
        "retrouve|Je dors chez ma sœur}.",
    ),
    Pattern(
        "lost", "stroller",
        "{Doudou lapin|Doudou éléphant|Ours en laine|Bonnet à oreilles} {perdu|égaré} {au parc|dans la "
        "côte|au RER}",
        "{Il a une oreille recousue en rouge|Taille : toute une enfance}. Les nuits sont longues.",
    ),
    Pattern(
        "lost", "guitar",
        "{Capodastre|Archet|Étui de clarinette} oublié {au conservatoire|dans le bus 124|sur un banc}",
        "{Prénom écrit dedans|Étiquette jaune}. {Concert samedi|Le professeur soupire}.",
    ),
    Pattern(
        "lost", "ball",
        "{Casque|Bonnet|Foulard|Gant gauche} {rouge|jaune|à pois} {oublié|resté} {au gymnase|au stade|au "
        "square}",
        "{Sa tête s’ennuie|Il porte un autocollant de hérisson}.",
    ),
    Pattern(
        "found", "keys",
        "Clés trouvées {place du Général-Leclerc|devant la boulangerie|sur le banc du 118|au parc de "
        "l’Hôtel de Ville}",
        "{Deux plates et une bizarre|Avec un jeton de caddie}. Dites-moi la couleur du cordon.",
    ),
    Pattern(
        "found", "cat",
        "{Tourterelle baguée|Tortue|Chatte tricolore|Perruche bleue} trouvée {sur mon balcon|dans la "
        "cour|aux Rigollots}",
        "{Elle mange bien, merci|Elle juge mon intérieur}. {Elle attend sa famille|Le vétérinaire est "
        "passé}.",
    ),
    Pattern(
        "found", "books",
        "{Cahier de sixième|Livre de bibliothèque|Carnet de dessins|Agenda} trouvé {à l’arrêt Mot|au "
        "lavoir|dans le hall}",
        "{Beaux dessins de dragons|Il y a un contrôle jeudi, d’après la page 12}. Dites-moi le prénom.",
    ),
    Pattern(
        "found", "bike",
        "{Casque de vélo|Antivol|Panier|Gilet jaune} {trouvé|laissé} {contre la grille|au pied de la tour "
        "4|devant l’école}",
        "{Gardé au sec|À la loge du gardien}. {Décrivez, je rends|Personne depuis mardi}.",
    ),
)
# fmt: on
