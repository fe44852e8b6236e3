"""Every page on the shipped debate, as an address: what is checked of each, and photographed."""

from urllib.parse import urlencode

from tests.conftest import DEBATE, KEMPF

ASKED = "Que pense Kempf du RGPD ?"
ABSTAINED = "Que pense Kempf de la blockchain ?"
TRUE_QUOTE = "le RGPD a renforcé la position de Google sur la publicité"
FALSE_QUOTE = "le RGPD a affaibli la position de Google sur la publicité"


def verifying(quote: str, **fields: str) -> str:
    return f"/verify?{urlencode({'quote': quote, **fields})}"


def reading(**fields: str) -> str:
    return f"/d/{DEBATE}?{urlencode(fields, safe=',')}"


def asking(question: str, **fields: str) -> str:
    return f"/?{urlencode({'q': question, **fields})}"


PLACES = {
    "ask": "/",
    "answer": asking(ASKED),
    "answer-withheld": asking(ABSTAINED),
    "answer-each": asking("Que pense chacun de la réglementation ?"),
    "read": reading(),
    "read-moment": reading(t="220,240"),
    "read-correcting": reading(t="220,240", correct="1"),
    "check": f"/d/{DEBATE}/check",
    "voices": f"/d/{DEBATE}/voices",
    "cut": f"/d/{DEBATE}/cut?first=27&last=33",
    "people": "/people",
    "watches": "/watches",
    "debates": "/debates",
    "edit": f"/debates/{DEBATE}/edit",
    "delete": f"/debates/{DEBATE}/delete",
    "verify": "/verify",
    "verify-true": verifying(TRUE_QUOTE, speaker=KEMPF),
    "verify-false": verifying(FALSE_QUOTE, speaker=KEMPF, debate=DEBATE),
}
