"""The phrases by which a question asks for somebody's words, in French and English. Data for ``question.py``.

``NAME`` stands for the person. What a pattern matches is taken out of the topic: « Que pense NAME | du RGPD ».
"""

import re

NAME = "\ue000"  # for private use: no text has it
_X = rf"{NAME}(?:\s*(?:,|et|ou|and|or)\s*{NAME})*"

# Stems of verbs; any ending may follow.
_SAY_STEMS = (
    "pens|di[ts]|disai|dirai|déclar|estim|consid.r|croi|croy|juge|trouv|affirm|expliqu|répon|rappel|soulign|racont|parl|"
    "évoqu|mentionn|cit|conclu|argument|raisonn|réagi|rétorqu|résum|insist|précis|ajout|confi|avou|admet|reconn|prétend|confirm|"
    "démen|nuanc|relativis|décri|défini|qualifi|interrog|demand|pose|compar"
)
_WISH_STEMS = (
    "propos|soutien|soutenai|défend|prôn|critiqu|reproch|dénonc|recommand|préconis|sugg|conseill|souhait|veu|voul|voud|réclam|exig|"
    "esp.r|crain|craign|redout|dout|accus|justifi|plaid|prome|oppos|refus|rejet|approuv|désapprouv|partag|voi[ts]|voy|perçoi|"
    "imagin|prévoi|annonc|compt|regrett|appréci|déplor|salu|aim|détest|position|inqui.t|prédi|évalu|envisag|appell|alert|"
    "avanc|contest|cherch|préf.r|attend|méfi|mesur|ressen|invoqu|invit|milit|engag|avertit|mise|rêv"
)
# « que repond Kempf » : accents are often not typed
_SAY, _WISH = (stems.replace("é", "[ée]") for stems in (_SAY_STEMS, _WISH_STEMS))
SAY_VERB = rf"(?:{_SAY})\w*"
WISH_VERB = rf"(?:{_WISH})\w*"
_VERB = rf"(?:{_SAY}|{_WISH})\w*"
_PRONOUNS = r"(?:(?:ne|se|en|y|lui|leur|nous|le|la|les)\s+|[nsl]['’])*"
_AUX = r"(?:a|ont|avait|avaient|aura|aurait|est|sont|était|peut|va|doit|fait)"
_HE = r"-(?:t-)?(?:il|elle)s?"
_ATTITUDE = (
    r"(?:confiance|peur|espoir|honte|l['’]impression|le sentiment|une? (?:avis|opinion|position)|un problème|"
    r"favorables?|opposée?s?|hostiles?|contre|pour|d['’]accord|inquiet(?:s|e|es)?|inquiète?s?|convaincue?s?|"
    r"sceptiques?|"
    r"optimistes?|pessimistes?|partisane?s?|"
    r"prête?s?|satisfaite?s?|rassurée?s?|méfiante?s?|critiques?)"
)
_OPINION = (
    r"(?:avis|opinions?|positions?|points? de vue|visions?|sentiments?|jugements?|regards?|analyses?|idées?|réactions?|"
    r"réponses?|propos|convictions?|attitudes?|mots|paroles|déclarations?|discours|commentaires?|conclusions?|constats?|approches?)"
)
# What somebody has said of a kind that is itself the topic: « les promesses de NAME » asks for promises.
_CONTENT = (
    "argument arguments critique critiques proposition propositions thèse thèses promesse promesses "
    "engagement engagements "
    "crainte craintes inquiétude inquiétudes explication explications conception conceptions programme"
).split()
_AFTER_CONTENT = "|".join(rf"(?<=\b{noun} )" for noun in _CONTENT)
_QUELLE_EST = r"(?:quel(?:le)?s?\s+(?:est|sont|était|étaient)\s+)?(?:l['’]|la\s+|le\s+|les\s+)?"
_OF = r"(?:de\s+|d['’]|du\s+)"

SAYS = (
    r"(?:think|thought|sa(?:y|id)|believ|claim|argu|suggest|propos|recommend|want|wish|hope|fear|state|feel|see|view|critici[sz]|defend|"
    r"support|oppos|explain|answer|respond|repl|mention|talk|speak|comment|consider|describ|react|demand|ask|worr|trust|like|agree|"
    r"disagree|promis|predict|regret|insist)\w*"
)
_VIEW = (
    r"(?:views?|opinions?|positions?|stances?|takes?|thoughts|arguments?|critiques?|criticisms?|proposals?|"
    r"point of view|reactions?|answers?|feelings?|ideas?)"
)
_DO = r"(?:does|did|do|would|will|has|have|is|was|can|could|should)"

_SPACED = r"(?:[\w'’-]+\s+)"


def _patterns(*sources: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(source, re.IGNORECASE) for source in sources)


SAID_BY = _patterns(
    rf"\b(?:selon|d['’]après|aux yeux de|de l['’]avis de|à en croire|according to|for)\s+{_X}",
    rf"^(?:et\s+)?pour\s+{_X}(?=\s*,)|,?\s*\bpour\s+{_X}(?=\s*\?*$)",
    rf"{_QUELLE_EST}\b{_OPINION}\s+(?:[\w'’-]+\s+)?{_OF}{_X}",
    rf"(?:{_AFTER_CONTENT}){_OF}{_X}",
    rf"^{_X}\s*,?\s+(?=pour\s+ou\s+contre\b)",
    rf"\b(?:sur|de|à|avec|contre|en|pour)\s+(?:quoi|qui)\s+(?:est-ce\s+que\s+{_X}\s+{_PRONOUNS}{_VERB}|{_PRONOUNS}{_VERB}\s+{_X})",
    rf"\b(?:que|qu['’]|comment|où|quand|ce\s+que)\s*{_PRONOUNS}{_VERB}\s+(?:donc\s+|vraiment\s+)?{_X}",
    rf"(?<=\b){_PRONOUNS}{_VERB}\s+{_X}(?=\s*\?*$)",
    rf"\b(?:est-ce\s+que|qu['’]est-ce\s+que|ce\s+que|que)\s+{_X}(?:\s+{_PRONOUNS}(?:{_AUX}\s+)?{_VERB}|(?=\s+{_AUX}\s+{_ATTITUDE}\b))",
    rf"{_X}(?=\s+{_PRONOUNS}{_VERB}{_HE})|{_X}(?=\s+{_PRONOUNS}{_AUX}{_HE}\s+(?:\w+\s+)?(?:{_VERB}|{_ATTITUDE})\b)",
    rf"^{_X}\s+{_PRONOUNS}(?:{_AUX}\s+)?{_VERB}",
    rf"(?:(?<=\bcomment )|(?<=\bpourquoi ))\s*{_X}\s+{_PRONOUNS}{_VERB}",
    rf"^{_X}\s*,\s*(?:que|qu['’])\s*{_PRONOUNS}{_VERB}{_HE}",
    rf"\bquel(?:le)?s?\s+{_OPINION}\s+(?:{_AUX}|{_VERB})\s+{_X}",
    rf"(?:\b(?:what|how|why)\s+)?\b{_DO}\s+{_X}\s+(?:\w+\s+)?{SAYS}",
    rf"(?:\b(?:in|what\s+(?:is|are|was|were))\s+)?{_X}\s*['’]s\s+{_VIEW}",
    rf"(?:\bwhat\s+(?:is|are|was|were)\s+)?(?:the\s+)?\b{_VIEW}\s+of\s+{_X}",
    rf"(?:^tell\s+me\s+)?(?:\bwhat\s+|\bhow\s+|\bwhy\s+|^){_X}\s+{SAYS}",
    rf"\bwhat\s+{_X}\s+(?:has|had)\s+to\s+say",
    rf"\bdonn\w*\s+{_X}(?=\s*\?*$)",
    rf"\b(?:compare[rz]?|comparaison\s+entre|(?:différences?|désaccords?|differences?|disagreements?)\s+(?:entre|between))\s+{_X}(?:\s+(?:avec|à|with|to)\s+{NAME})?",
    rf"\b(?:réponse|réaction|réplique|response|reply|answer|reaction)\s+(?:de\s+|d['’]|of\s+|by\s+){NAME}",
)
"""Tried in order; the first that matches tells what to take out of the topic."""

MENTION = _patterns(
    r"\b\w+-(?:t-)?on\b|\bqu['’]on\b|\bon\s+(?:dit|pense|parle)\b|\b(?:disent|pensent|parlent)-(?:ils|elles)\b",
    rf"\bqui\s+(?:est-ce\s+qui\s+)?(?:a\s+|est\s+)?{_PRONOUNS}\w+\s+(?:de\s+|d['’]|à\s+|avec\s+|contre\s+)?{NAME}",
    rf"\b(?:who|anyone|anybody|they|people|others)\s+(?:\w+\s+){{1,2}}(?:about\s+|of\s+)?{NAME}|\b(?:said|thought)\s+(?:about|of)\s+{NAME}",
    rf"\b(?:autres|gens|invités|participants)\s+(?:\w+\s+){{0,2}}{_VERB}\s+(?:de\s+|d['’]){NAME}",
)
"""The person is spoken of: no restriction to their words."""

_GROUP = r"(?:invités|participants|intervenants|orateurs|débatteurs|candidats|guests|speakers|participants|panellists)"
GENERAL = _patterns(
    rf"{_QUELLE_EST}\b{_OPINION}\s+des\s+{_GROUP}",
    rf"\b(?:selon|d['’]après)\s+(?:les|nos|ces)\s+{_GROUP}|\baccording\s+to\s+the\s+{_GROUP}",
    rf"\b(?:que|qu['’]|comment)\s*{_PRONOUNS}{_VERB}(?:-(?:t-)?(?:ils|elles|on)\b|\s+(?:les|nos|ces)\s+{_GROUP})",
    rf"\bwhat\s+(?:did|do|does|is|was)\s+(?:they|people|the\s+{_GROUP})\s+{SAYS}|\bwhat\s+(?:is|was)\s+said\b",
    r"\b(?:dans|pendant|au cours de)\s+(?:ce|le|cette|l['’])\s*(?:débat|émission|vidéo|podcast)",
    r"\bin\s+(?:this|the)\s+(?:debate|show|video|podcast)",
)
"""Phrases that ask for anybody's words: no part of the topic."""

_CAPITAL = r"(?-i:(?:[A-ZÀ-ÖØ-Þ]\.\s?-?)+|[A-ZÀ-ÖØ-Þ][a-zß-ÿ][\w'’-]*)"
_SOMEBODY = rf"({_CAPITAL}(?:\s+(?:(?:de|du|la|le|van|von)\s+|d['’])*{_CAPITAL})*)"
_TWO_NAMES = rf"({_CAPITAL}\s+(?:(?:de|du|la|le|van|von)\s+|d['’])*{_CAPITAL})"
SAID_BY_SOMEBODY = _patterns(
    rf"\b(?:selon|d['’]après|aux yeux de|according to)\s+{_SOMEBODY}",
    rf"\b(?:que|qu['’]|comment)\s*{_PRONOUNS}{SAY_VERB}\s+{_SOMEBODY}",
    rf"\b(?:avis|opinion|point de vue|position)\s+{_OF}{_SOMEBODY}",
    rf"^{_TWO_NAMES}(?=\s+{_PRONOUNS}(?:{_VERB}{_HE}|{_AUX}{_HE}\s+(?:{_VERB}|{_ATTITUDE})\b))",
    rf"\best-ce\s+que\s+{_TWO_NAMES}\s+{_PRONOUNS}{_VERB}",
    rf"\b(?:does|did)\s+{_SOMEBODY}\s+(?:think|say|believe|feel)",
    rf"{_SOMEBODY}['’]s\s+(?:view|opinion|position|thoughts|stance)",
)
"""Somebody's words are asked for, and nobody of the debates was recognised: group 1 is the name."""

LEADING_FILLER = re.compile(
    r"^(?:[\s,;:.?!-]+|(?:est-ce\s+que|est-ce\s+qu['’]|de|du|des|d['’]|sur|(?:le|la)\s+(?:sujet|question|thème)\s+(?:suivante?\s*:|d(?:e|u|es)\b)|à\s+propos\s+d(?:e|u|es)|au\s+sujet\s+d(?:e|u|es)|concernant|envers|quant\s+à|"
    r"vis-à-vis\s+d(?:e|u|es)|about|on|of|regarding|concerning|towards?)(?:\s+|(?<=['’])))+",
    re.IGNORECASE,
)
INVERSION = re.compile(r"-(?:t-)?(?:il|elle|ils|elles)\b", re.IGNORECASE)
