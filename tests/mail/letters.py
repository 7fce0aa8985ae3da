"""Letters as the house writes them."""

from typing import Any

from echange.mail import Letter

SENDER = "échange <bonjour@echange.example>"


def letter(**changes: Any) -> Letter:
    """Bob has answered Alice."""
    values: dict[str, Any] = {
        "to": "alice@echange.example",
        "subject": "Bob vous a répondu",
        "paragraphs": ("Bonjour Alice,", "Bob vous a écrit au sujet de « Vélo d’enfant »."),
        "action": ("Lire son message", "https://echange.maville.fr/messages/12?a=1&b=2"),
        "reason": "Vous recevez ce message parce qu’un voisin vous a écrit.",
    }
    return Letter(**{**values, **changes})
