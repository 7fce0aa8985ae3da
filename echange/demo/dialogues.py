"""What neighbours write to each other about an annonce: lines in turn, the one who answers begins."""

# ruff: noqa: E501 — what people say stays on one line.

from typing import Final

OBJECTS: Final = (
    ("Bonjour {owner}, {c’est toujours disponible|il vous en reste|je peux venir voir} ?",
     "Bonjour {asker}, oui{, personne n’est encore passé| !|, prenez votre temps}.",
     "{Ce soir vers 19 h|Demain matin|Samedi après le marché}, ça vous va ?",
     "{Parfait, sonnez au deuxième|Oui, je suis là|Très bien, je descends}.",
     "{Merci beaucoup, à tout à l’heure|C’est noté, merci !|Formidable, j’apporte un sac}."),
    ("Bonjour ! {Ma voisine|Mon fils|Ma mère} cherche exactement cela. Vous êtes loin de la mairie ?",
     "{À dix minutes à pied|Tout près|Au bout du 118}, {je vous attends|dites-moi quand}.",
     "{Dimanche matin|Mercredi à 18 h}, alors. {Merci|À bientôt} !"),
    ("Bonjour {owner}, est-ce que {tout est complet|tout y est|rien ne manque} ?",
     "{Oui, j’ai tout revu hier|Oui, j’ai vérifié|Presque, il manque une vis}.",
     "Alors je {prends|viens}. {Vendredi|Jeudi soir} ?",
     "{Vendredi|Jeudi}, c’est bien. {Bouton du haut|Code : appelez-moi|Laissez sonner longtemps}."),
    ("{Bonjour|Bonsoir} {owner}, cela me rendrait grand service. {Je peux passer quand ça vous arrange|Je suis à deux rues}.",
     "Merci {asker}. {Une personne vient demain, je vous redis|Je vous le garde jusqu’à samedi}."),
)  # fmt: skip
LOANS: Final = (
    ("Bonjour {owner}, je peux l’emprunter {samedi|ce week-end|deux jours} ?",
     "Oui {asker}, {il suffit de le rendre propre|venez vendredi soir}. C’est pour quoi faire ?",
     "{Un anniversaire, douze enfants|Une surprise, je ne peux rien dire|Une première fois, et beaucoup d’espoir}.",
     "{Cinq minutes et vous saurez tout|Courage !|Je vous montre}. À vendredi."),
    ("Bonjour {owner}, vous demandez une caution{|, et combien de temps peut-on garder la chose} ?",
     "{Une promesse suffit, et une semaine aussi|Non. Une semaine, c’est bien|Pas de caution, rendez-la propre}.",
     "{Merci, je passe demain|Parfait, je vous écris en arrivant}."),
)  # fmt: skip
SEEKING: Final = (
    ("Bonjour {owner}, j’ai cela {à la cave|dans mon placard|au garage}, {il ne sert pas|je le prête volontiers}.",
     "{Merveilleux|Vous me sauvez} ! Je peux passer {ce soir|demain|quand vous voulez} ?",
     "{Après 18 h|Demain midi}, {rue Dalayrac|près de la poste|aux Alouettes}.",
     "J’y serai. {J’apporte un gâteau|Merci encore}."),
    ("Bonjour, le mien est {un peu vieux|rayé mais solide}, ça irait quand même ?",
     "{Tout à fait|Très bien, ce n’est que pour un jour}, merci {asker}. Vous êtes où ?",
     "{Au Plateau|À Jean-Zay|Derrière le stade}. Passez {dimanche|demain}."),
)  # fmt: skip
SERVICES: Final = (
    ("Bonjour {owner}, c’est exactement ce qu’il me faut. {day=Mercredi|Samedi|Jeudi}, c’est possible ?",
     "Bonjour {asker}, {oui, à 10 h|plutôt l’après-midi|avec plaisir}. Chez vous ou chez moi ?",
     "{Chez moi, c’est plus simple, je fais du café|Chez vous, si c’est au calme|À La Forge, à mi-chemin}.",
     "{C’est noté|Entendu|Parfait}. {day}, donc.",
     "{Merci pour tout à l’heure, c’était parfait.|Merci encore, j’ai tout compris !|Merci !}"),
    ("Bonjour {owner}, {vous prenez les débutants|ça marche aussi pour ma fille de dix ans|je peux venir avec mon voisin} ?",
     "{Surtout les débutants|Bien sûr|Plus on est, mieux c’est} !",
     "{Alors je m’inscris|Formidable}. Que faut-il apporter ?",
     "{De la bonne humeur|Un cahier|Rien du tout|Un gâteau, si vous insistez}."),
)  # fmt: skip
HELPING: Final = (
    ("{Bonsoir|Bonjour} {owner}, je n’ai jamais fait cela, mais j’ai {deux bras|une heure|de la patience}.",
     "C’est {tout ce qu’il faut|déjà beaucoup}. {day=Jeudi à 17 h|Samedi matin|Mercredi}, ça irait ?",
     "{day}, d’accord.",
     "Merci {asker} ! {Sonnez fort|Il y aura du thé|Troisième gauche}."),
    ("Bonjour {owner}, je peux aider. {day=Mercredi|Samedi|Dimanche matin}, vers 10 h ?",
     "Bonjour {asker}, {formidable|vous me sauvez|quelle chance} ! {On compte une heure|J’ai déjà tout préparé}.",
     "{day}, alors. {J’apporte ce qu’il faut|Je viens à pied}.",
     "{Merci pour tout à l’heure, c’était parfait.|Encore merci, ça tient !}"),
)  # fmt: skip
LOST_AND_FOUND: Final = (
    ("Bonjour {owner}, je crois l’avoir {vu|aperçu} {hier soir près de la poste|ce matin devant l’école|sous une voiture rue Mot}.",
     "Merci ! {J’y vais tout de suite|Vous êtes sûr de la couleur} ?",
     "{Presque|Oui, la même photo}. {Courage|Dites-moi}.",
     "{Retrouvé ! Merci mille fois|Pas cette fois, mais merci}."),
    ("Bonjour, c’est peut-être {à ma voisine|à nous}. {Il y a un signe|De quelle couleur} ?",
     "{Passez voir|Un trait rouge dessous}, je suis là {jusqu’à 20 h|demain}."),
)  # fmt: skip
BY_KIND: Final = {
    "give": OBJECTS, "sell": OBJECTS, "swap": OBJECTS, "lend": LOANS, "seek": SEEKING,
    "service_offered": SERVICES, "service_sought": HELPING, "lost": LOST_AND_FOUND, "found": LOST_AND_FOUND,
}  # fmt: skip
