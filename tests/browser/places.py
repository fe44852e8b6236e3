"""Every page on the shipped debate, as an address: what is checked of each, and photographed."""

from urllib.parse import urlencode

from tests.conftest import DEBATE, KEMPF

TRUE_QUOTE = "le RGPD a renforcé la position de Google sur la publicité"
FALSE_QUOTE = "le RGPD a affaibli la position de Google sur la publicité"


def verifying(quote: str, **fields: str) -> str:
    return f"/verify?{urlencode({'quote': quote, **fields})}"


def reading(**fields: str) -> str:
    return f"/d/{DEBATE}?{urlencode(fields, safe=',')}"


PLACES = {
    "read": reading(),
    "read-moment": reading(t="220,240"),
    "verify": "/verify",
    "verify-true": verifying(TRUE_QUOTE, speaker=KEMPF),
    "verify-false": verifying(FALSE_QUOTE, speaker=KEMPF, debate=DEBATE),
}
