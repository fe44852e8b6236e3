"""What an answer has to hold: a number for « combien », a moment for « quand ».

    « Quel âge a Kempf ? », "Il est avocat."            -> missing: a number
    « Combien coûte un GPU ? », "Des dizaines de millions." -> not missing

By phrases, in French and English. Names for « qui » and « où » were tried and left out: transcripts often lack
capitals, and answers without a name were as often right as wrong. A passage that has none may still answer (« Depuis
toujours. »), so this lowers the confidence and forbids nothing.
"""

import re
from enum import StrEnum

from index.words.lexical import fold


class Expected(StrEnum):
    """A kind of thing that an answer names."""

    NUMBER = "number"
    MOMENT = "moment"


_NOUNS_COUNTED = (
    "age|prix|cout|montant|budget|nombre|taille|distance|chiffre|part|pourcentage|duree|salaire|amende|vitesse|taux|"
    "proportion|tarif|superficie|hauteur|poids|population"
)
_ASKS = (
    (
        Expected.NUMBER,
        rf"\b(?:combien|how (?:many|much|long|old|far|big|fast|often)|"
        rf"quel(?:le)?s? (?:est (?:l[ea] |l')|etait (?:l[ea] |l'))?(?:{_NOUNS_COUNTED})s?\b"
        r"|what (?:is the )?(?:age|price|cost|amount|budget|number|size|share|percentage|rate|salary)\b)",
    ),
    (
        Expected.MOMENT,
        r"(?:^(?:et )?(?:de |depuis |jusqu'a )?quand\b|\b(?:en quelle annee|a quelle (?:date|heure)"
        r"|quel(?:le)? (?:jour|mois|annee)"
        r"|quelle (?:est la )?date|when (?:is|are|was|were|do|does|did|will|has|have)|what (?:year|date|day|time))\b)",
    ),
)
_NUMBER = re.compile(
    r"\d|%|\b(?:deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|quinze|vingt|trente|quarante|cinquante|soixante|"
    r"cents?|mille|millions?|milliards?|dizaines?|centaines?|milliers?|moitie|tiers|quart|pourcent|pour cent|"
    r"two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|forty|fifty|"
    r"hundreds?|thousands?|billions?|dozens?|half|percent)\b"
)
_MOMENT = re.compile(
    r"\b(?:(?:1[0-9]|20)\d\d|janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|lundi|mardi|"
    r"mercredi|jeudi|vendredi|samedi|dimanche|ans?|annees?|mois|semaines?|jours?|heures?|siecles?|hier|demain|aujourd'hui|"
    r"bientot|prochaine?s?|derniere?s?|depuis|avant|apres|january|february|march|april|may|june|july|august|september|october|"
    r"november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday|years?|months?|weeks?|days?|hours?|"
    r"yesterday|tomorrow|today|soon|next|last|since|ago)\b"
)


def expected_in(question: str) -> Expected | None:
    """What ``question`` wants to be told; None where any words may answer."""
    folded = fold(question).replace("’", "'").strip()
    return next((expected for expected, asks in _ASKS if re.search(asks, folded)), None)


def holds(expected: Expected, text: str) -> bool:
    """Whether ``text`` names such a thing."""
    pattern = _NUMBER if expected is Expected.NUMBER else _MOMENT
    return pattern.search(fold(text).replace("’", "'")) is not None
