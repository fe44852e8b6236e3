"""What ``checked.py`` looks for in the sentences of a language model, in French and English."""

import re

from rag import speech_acts

CITATION = re.compile(r"\[\s*(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\s*\]")
MARKUP = re.compile(r"https?:|www\.|<\s*/?\s*[a-z!]|\]\s*\(|`", re.IGNORECASE)
NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
THOUSANDS = re.compile(r"(?<!\d)\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)")
SPELT = frozenset(
    """
    deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt trente quarante
    cinquante soixante cent cents mille million millions milliard milliards douzaine centaine centaines millier
    milliers moitie tiers two three four five seven eight nine ten eleven twelve twenty thirty forty fifty sixty
    seventy eighty ninety hundred hundreds thousand thousands billion billions dozen half
    """.split()
)
CAPITALISED = re.compile(r"(?<![\w.])[A-ZÀ-ÖØ-Þ][\w'’-]*")
ACCORDING = re.compile(
    r"(?:\b(?:selon|d['’]après|pour|according to|for|by|aux yeux de|(?:avis|point de vue) de)|\bavis d['’])\s*$",
    re.IGNORECASE,
)
_SAYING = rf"(?:{speech_acts.SAY_VERB}|{speech_acts.SAYS}|{speech_acts.WISH_VERB})"
SAYS_NEXT = re.compile(rf"^\s*(?:,[^,]{{1,60}},\s*)?(?:\s*(?:\w+['’]\s*|\w+\s+)){{0,2}}?{_SAYING}\b", re.IGNORECASE)
FIRST_SAYS = re.compile(rf"^([A-ZÀ-ÖØ-Þ][\w-]+)\s+(?:(?:ne|n['’]|se|s['’]|a|has|had)\s*)?{_SAYING}\b", re.IGNORECASE)
REPORTING = re.compile(rf"^{_SAYING}$", re.IGNORECASE)
FRAME = frozenset(
    """
    selon apres egalement aussi ainsi notamment passage passages citation according also however debat debate
    intervenant intervenante intervenants intervenants locuteur locutrice orateur oratrice invite invitee participant
    personne quelqu speaker guest somebody someone person panellist
    """.split()
)
NEGATION = re.compile(
    r"\b(?:ne|n['’]|pas|jamais|aucune?|ni|not|never|no|nobody|none|nor)(?=\W|$|(?<=['’]))|n['’]t\b", re.IGNORECASE
)
PRONOUN = re.compile(
    r"^(?:(?:il|elle)s?\b(?!\s+(?:ne\s+|n['’])?(?:faut|y\s+a|s['’]agit|est\s+(?:temps|possible|vrai)|existe|semble|reste))"
    r"|ce dernier|cette dernière|celui-ci|celle-ci|son\b|sa\b|ses\b|leurs?\b|he\b|she\b|they\b|his\b|her\b|their\b)",
    re.IGNORECASE,
)
ORDER = re.compile(
    r"\b(?:ignore[rz]?|oublie[rz]?|disregard|forget|override|bypass|ten(?:ez|ir)\s+pas\s+compte|tiens\s+pas\s+compte)\b"
    r"[^.!?]{0,40}\b(?:(?:instruction|consigne|prompt)s?\b|"
    r"(?:tes|vos|your|previous|prior|précédentes)\s+(?:directive|rule|règle|guideline|ordre|order)s?\b)"
    r"|\b(?:system|système)\s+(?:prompt|message)\b|\b(?:prompt|message|invite)\s+(?:système|system)\b"
    r"|\b(?:new|nouvelles?)\s+(?:instructions?|consignes?)\b"
    r"|\b(?:you are|tu es|vous êtes)\s+(?:now\s+|désormais\s+|maintenant\s+)?"
    r"(?:an?|une?)\s+(?:ai\b|ia\b|assistant|chatbot|language model|modèle de lang)"
    r"|\b(?:assistant|chatbot|ia|ai|modèle|model)\s*[,:]\s*"
    r"(?:réponds|répondez|dis|dites|écris|écrivez|reply|answer|say|write|print)\b",
    re.IGNORECASE,
)
