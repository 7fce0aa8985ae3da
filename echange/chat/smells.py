"""Words that often come before a loss: asked for in a first message, they call for care.

After what French victims report most (cybermalveillance.gouv.fr, DGCCRF). It looks for what is asked, not for
single words: somebody may speak of their lost passport, pay in cash, give a gift card to a friend.
"""

import re
from functools import cache
from typing import Final

from echange.members import fold

# In letters. Whoever asks for something says so before this.
LOOKED_AT: Final = 2000
# Without one of these nothing below is found: most messages are asked no more than this.
_SIGNS: Final = (
    "union", "gram", "mandat", "paypal", "coin", "crypto", "usdt", "btc", "lien", "://", "acompte", "caution",
    "arrhes", "virement", "chèque", "cheque", "transport", "livr", "coursier", "agent", "chauffeur",
    "transitaire", "convoy", "frais", "ups", "fedex", "dhl", "dpd", "chronopost", "relay", "colissimo",
    "poste", "vinted", "identi", "passeport", "permis", "cni", "titre", "carte", "bancaire", "cvv", "cvc",
    " cb", "cryptogramme", "mot de passe", "code", "pcs", "transcash", "paysafe", "neosurf", "toneo",
    "recharge", "coupon", "ticket", "what", "wats", "signal", "snap", "viber", "messenger", "insta",
    "facebook", "skype", "discord", "chat", "hangout", "mail", "@", "arobase", "(at)", "courriel", "sms",
    "texto", "numéro", "numero", "contact", "renv", "revers", "étranger", "etranger", "mission",
)  # fmt: skip


def _any(*words: str) -> str:
    return f"(?:{'|'.join(words)})"


def _then(first: str, then: str, letters: int = 40, *, ends: str = ".!?\n") -> str:
    """The second words soon after the first, in the same sentence."""
    return rf"\b{first}\b[^{ends}]{{0,{letters}}}\b{then}\b"


def _near(one: str, other: str, letters: int = 40) -> str:
    return f"{_then(one, other, letters)}|{_then(other, one, letters)}"


_BANK_CARD: Final = _any("carte (?:bancaire|bleue|de credit)", "cb")
_BANK: Final = _any(_BANK_CARD, "coordonnees (?:bancaires|de (?:la |votre )?carte)")
_POST: Final = _any(
    "ups", "fedex", "dhl", "dpd", "chronopost", "mondial relay", "colissimo", "la poste", "leboncoin",
    "vinted",
)  # fmt: skip
_BRINGER: Final = _any(
    "transporteur", "livreur", "coursier", "transitaire", "convoyeur", f"agent (?:de )?{_POST}"
)
_CODE: Final = _any("codes?", "numeros?", "gratte[rz]", "photos?")
_COIN: Final = _any("bitcoins?", "btc", "ethereum", "usdt", "crypto\\w*")
_DEPOSIT: Final = _any("acompte", "caution", "arrhes")
_FEES: Final = r"frais (?:de |d')" + _any(
    "assurance", "dossier", "douane", "deblocage", "livraison", "transport", "expedition"
)
_FUNDS: Final = _any("argent", "paiement", "virement", "fonds", "somme")
_GET: Final = _any("recevoir", "recuperer", "encaisser", "debloquer", "valider", "confirmer")
_GIFT_CARD: Final = r"cartes? (?:de )?" + _any(
    "cadeaux?", "itunes", "google play", "steam", "amazon", "prepayees?"
)
_MONEY: Final = _any(
    "pa[iy]e\\w*", "paiement", "argent", "especes", "cash", "virement", "cheque", "enveloppe", "somme",
    "montant", "fonds", "regl\\w+", "euros?", "bancaires?", "rembours\\w+",
)  # fmt: skip
_PAPERS: Final = _any(
    "(?:carte|piece|titre) d'identite", "cni", "passeport", "carte vitale", "permis de conduire",
    "titre de sejour",
)  # fmt: skip
_PAY: Final = _any("payer", "paye[rz]?", "paiement", "reglement", "regle[rz]?", "reglerai", "rembours\\w+")
_PAY_SITE: Final = _any(
    r"(?:[\w.-]*\.)?(?:paypal\.me|revolut\.me|lydia-app\.com|buy\.stripe\.com|sumup\.link)\b",
    r"\S*(?:paiement|payment|secure-?pay|livraison-?secur)",
)
_PHONE: Final = _any("sms", "texto", "telephone")
_SAY: Final = r"(?:donne|envoy|renvoy|communiqu|transm|dites|dis|lis)\w*"
_SEND: Final = _any(
    "(?:r?envoy|fourni|communiqu|donn|indiqu|rempli|saisi|confirm|scann?)\\w*", "(?:r?envoi[es]?)",
    "transm\\w+", "entre[rz]", "prenez", "faites", "photo", "copie", "photocopie", "recto",
    "besoin de", "il me fau\\w+",
)  # fmt: skip
_YOUR: Final = _any("votre ", "vos ", "ton ", "ta ", "tes ", "la ", "le ", "les ", "l'", "de la ", "une? ")

_APP: Final = _any(
    "what'?s ?app?", "wh?ats?app?", "watsap\\w*", "telegram", "signal", "snap(?:chat)?", "viber", "messenger",
    "insta(?:gram)?", "facebook", "skype", "discord", "wechat", "hangouts?", "google chat",
)  # fmt: skip
_WRITE: Final = _any(
    "contacte[rz]?", "contact", "ecrivez", "ecris", "m'ecrire", "joindre", "joignez", "repond(?:ez|s|re)",
    "parlons", "discut(?:ons|er)", "continu(?:ons|er)", "passons", "rejoignez", "ajoute[rz]?", "r?envoye[rz]",
    "envoie", "laisse[rz]", "echangeons", "relance[rz]",
)  # fmt: skip
_TO_ME: Final = rf"{_WRITE}[- ](?:moi|nous)"
_MAILBOX: Final = r"[\w.+-]{1,64} ?(?:@|\(at\)|\barobase\b) ?[\w-]+ ?(?:\.|\bpoint\b) ?\w+"
_NUMBER: Final = r"(?:\+|00)?\d(?:[ .-]?\d){8,12}"

_ASKED: Final = {
    "payment": (
        r"\bwestern ?union\b|\bmoney ?gram\b|\bria money\b|\bmandats?[ -]cash\b",
        _near(_MONEY, _COIN),
        r"\bliens? (?:securise |officiel )?(?:de|du|pour le|pour votre) (?:paiement|reglement|virement)\b",
        _then("liens?", rf"{_GET} [^.!?\n]{{0,30}}{_FUNDS}", 30),
        rf"\b{_GET} {_any('votre ', 'le ', 'vos ', 'les ', 'l ?')}{_FUNDS}[^!?\n]{{0,60}}(?:\blien\b|https?://)",
        rf"https?://{_PAY_SITE}",
        _near("paypal", _any("amis?", "proches?", "famille")),
        _then(_any("verse[rz]", "envoye[rz]", "faites", "regle[rz]", "paye[rz]"),
              rf"{_DEPOSIT}\b[^.!?\n]{{0,60}}\b{_any('avant', 'virement', 'mandat', 'lien', 'reserver')}"),
        _then(r"(?:renv|reverse|remett|rembours)\w*",
              _any("la difference", "surplus", "trop.?percu", "excedent")),
        _near(_any("virement", "paiement", "payer", "reglerai", "mandat"),
              _any("a l'etranger", "en mission", "plateforme petroliere"), 60),
    ),
    "carrier": (
        _then(rf"(?:un|mon|le|notre) {_BRINGER}", _MONEY, 160, ends="!?\n"),
        _then(_PAY, rf"(?:un|mon|notre) {_BRINGER}", 60),
        _then(_POST, rf"{_any('vous', 'viendra', 'passera', 'recevoir', 'confirmer', 'valider')}\b"
                     rf"[^!?\n]{{0,60}}\b{_any(_FUNDS, 'bancaires?', 'enveloppe')}", 80, ends="!?\n"),
        _then(_FEES, _any("rembours\\w*", "avance[rz]?", "avant", "d'abord", "debloquer"), 60, ends="!?\n"),
        _then(_any("avance[rz]", "paye[rz] d'abord"), "frais"),
    ),
    "papers": (
        _then(_SEND, f"{_YOUR}{_PAPERS}"),
        _then(_any("numeros?", "code", "photo", "chiffres", "recto", "verso", "dos"), _BANK_CARD, 30),
        _then(_SEND, rf"{_YOUR}{_BANK}"),
        r"\bcryptogramme\b|\bcvv\b|\bcvc\b",
        _then(_any("votre", "vos", "ton", "tes"), _any("identifiants?", "mot de passe"), 12),
        _then("code", rf"(?:par|sur)\b[^.!?\n]{{0,16}}\b{_PHONE}\b[^!?\n]{{0,60}}\b{_SAY}", 30),
    ),
    "voucher": (
        r"\b(?:transcash|paysafe ?cards?|neosurf|toneo)\b|\bpcs mastercard\b",
        rf"\b{_any('cartes?', 'coupons?', 'tickets?', 'codes?', 'mandats?', 'recharges?')} (?:de )?pcs\b",
        r"\brecharges? pcs\b",
        _then(_CODE, _GIFT_CARD),
        _then(_PAY, _any(_GIFT_CARD, "(?:coupons?|tickets?) de recharge")),
    ),
    "elsewhere": (
        rf"(?<!pas )\b{_WRITE}(?:[- ](?:moi|nous|la|en))?\b[^.!?\n]{{0,40}}\b(?:sur|par|via|avec|a) "
        rf"(?:le |mon |notre )?(?:compte |numero )?{_APP}\b",
        rf"\b(?:mon|ton|votre|numero|num) {_APP}\b|\b{_APP}\b ?(?:est |: ?|au )(?:le )?{_NUMBER}",
        _then(_TO_ME, _any("e-?mail", "gmail", "courriel", "sms", "texto")),
        rf"\b{_TO_ME}\b[^!?\n]{{0,60}}{_MAILBOX}",
        _then(_TO_ME, _any("ce", "mon", "cette") + " (?:numero|adresse)"),
        rf"\b{_WRITE}(?:[- ](?:moi|nous))?\b[^.!?\n]{{0,30}}(?:\bau|\bsur le|\ba|:) ?{_NUMBER}",
        rf"\b(?:sms|texto)s?\b[^.!?\n]{{0,24}}{_NUMBER}",
        _then(_any("uniquement", "seulement", "directement"),
              "(?:par|sur|via) (?:mon |ma )?" + _any("e-?mail", "sms", "texto", "numero", _APP), 4),
    ),
}  # fmt: skip


def smells(body: str) -> list[str]:
    """Which traps these words may be: payment, carrier, papers, voucher, elsewhere."""
    start = body[:LOOKED_AT].casefold()
    for sign in _SIGNS:
        if sign in start:
            text = fold(start).casefold()
            return [code for code, look in _looks().items() if look.search(text)]
    return []


@cache
def _looks() -> dict[str, re.Pattern[str]]:
    return {code: re.compile("|".join(asked)) for code, asked in _ASKED.items()}
