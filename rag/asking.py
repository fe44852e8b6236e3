"""The phrases by which a question says what shape of answer it wants, in French and English. Data for ``kinds.py``.

Accents, hyphens and capitals may be missing. ``SHAPES`` recognises a kind in a question whose names are one sign
(``speech_acts.NAME``); ``PHRASES`` is what is then no part of the topic.
"""

import re

from rag.speech_acts import NAME
from rag.types import Kind


def _patterns(*sources: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(source, re.IGNORECASE) for source in sources)


_YOU = r"[- ]?(?:tu|vous)"
PREAMBLE = re.compile(
    rf"""^(?:(?:
        bonjour|bonsoir|salut|hello|hi|hey|please|svp|stp|s['’ ]?il\s+(?:te|vous)\s+pla[iî]t|merci\s+de\s+me\s+dire
      | dis[- ]moi|dites[- ]moi
      | (?:(?:est[- ]ce\s+que\s+)?(?:tu|vous)\s+)?(?:peux|pouvez|pourr(?:ais|iez)|sa(?:is|vez|urais|uriez))(?:{_YOU})?
        (?:\s+(?:me\s+|m['’]|nous\s+)?(?:dire|indiquer|expliquer|rappeler|savoir))?
      | (?:je\s+(?:voudrais|veux|souhaite|souhaiterais|cherche\s+[aà])|j['’ ]?aimerais)
        \s+(?:bien\s+)?(?:savoir|conna.tre)
      | (?:can|could|would)\s+you\s+(?:please\s+)?(?:tell|show)\s+me
      | (?:please\s+)?tell\s+me(?=\s+(?:who|when|what|which|how))
      | i(?:['’]d|\s+would)?\s+(?:like|want)\s+to\s+know|do\s+you\s+know
    )(?:[\s,:;!.]+|(?<=\s)))+(?=\w)""",
    re.IGNORECASE | re.VERBOSE,
)
"""Politeness before the question."""

GROUP = (
    r"(?:invit[eé]e?s?|participante?s?|intervenante?s?|orat(?:eur|rice)s?|d[eé]batteu(?:r|se)s?|candidate?s?|"
    r"personnes?\s+pr[eé]sentes|locut(?:eur|rice)s?|guests?|speakers?|panell?ists?|debaters?|candidates?)"
)
_DEBATE = (
    r"(?:d[eé]bats?|[eé]missions?|vid[eé]os?|podcasts?|enregistrements?|discussions?|[eé]changes?|entretiens?|interviews?|"
    r"conf[eé]rences?|tables?\s+rondes?|r[eé]unions?|s[eé]ances?|[eé]pisodes?|transcriptions?|index|debates?|shows?|"
    r"videos?|recordings?|episodes?|conversations?|meetings?)"
)
_THIS = (
    r"(?:ce|cet|cette|ces|le|la|les|l['’]|du|des|mon|notre|this|the|that|these|our|of|in|dans|au\s+cours\s+de|pendant|"
    r"de|d['’]|tout|toute|whole)"
)
_THE_DEBATE = rf"(?:\s*(?:{_THIS}\s*)*(?:{_DEBATE}|{NAME}|ici|here|[cç]a)|\s+(?:{_THIS}\s*)+{NAME})?"
_END = r"[\s?.!…]*$"
_PRONOUN = r"(?:(?:ne|se|en|y|lui|leur|nous|le|la|les)\s+|[nsl]['’])*"
_HAVE = r"(?:(?:a|ont|avait|avaient|aura|est|sont|peut|va|vont|doit|has|have|had|did|does|do|is|are|was|were)\s+)"

# What is done with a subject in a debate; any ending may follow.
_TALK = (
    r"(?:(?:re)?parl|[eé]voqu|mentionn|cit(?!oy)|abord|discut|trait|touch|soul[eè]v|di(?:s|t|sent|re)\b|d[eé]batt?|"
    r"question\s+de|question\s+d['’]|talk|speak|spoke|mention|discuss|rais|bring\s+up|br(?:ings|ought)\s+up|sa(?:y|id)|refer|debat|"
    r"com(?:e|es|ing)\s+up|nam|cite)\w*"
)
_STANCE = (
    r"(?:pens|cro[iy]|estim|consid[eè]r|jug|trouv|affirm|d[eé]f[eé]n|souti(?:en|enn)|pr[oô]n|critiqu|d[eé]nonc|oppos|approuv|"
    r"d[eé]sapprouv|plaid|condamn|reproch|redout|crai(?:nt|gn)|inqui[eè]t|regrett|pr[eé]conis|recommand|souhait|propos|insist|"
    r"soulign|rappel|rejett?|salu|d[eé]plor|r[eé]clam|appell|prom[eé]t|"
    r"think|thought|believ|defend|support|critici[sz]|oppos|agree|disagree|want|suggest|recommend|fear|favou?r|reject|argu|"
    r"claim|advocat|prais|condemn|worr)\w*"
)
_SIDE = (
    r"(?:pour|contre|favorables?|oppos[eé]e?s?|hostiles?|d['’]accord|en\s+faveur|sceptiques?|convaincue?s?|inquiet\w*|"
    r"for|against|in\s+favou?r|opposed|worried|sceptical|skeptical)\b"
)
_SPEAKS = rf"(?:{_TALK}|{_STANCE})"
_SUBJECT = (
    rf"(?:{NAME}|on|ils|elles|il|elle|(?:les|nos|ces|the)\s+{GROUP}|they|he|she|we|people|anyone|somebody|someone)"
)
_OPINION = (
    r"(?:avis|opinions?|positions?|points?\s+de\s+vue|visions?|sentiments?|analyses?|r[eé]ponses?|arguments?|propositions?|"
    r"views?|stances?|takes?|thoughts?|proposals?|answers?)"
)
_ANSWERS = r"(?:r[eé]pon[ds]|r[eé]torqu|r[eé]pliqu|r[eé]agi|answer|repl(?:y|ie)|respond|react|retort)\w*"

SHAPES: tuple[tuple[Kind, tuple[re.Pattern[str], ...]], ...] = (
    (
        Kind.EXCHANGE,
        _patterns(
            rf"\b(?:que|qu['’]|qu['’\s]?est[-\s]ce\s+que|comment|ce\s+que)\s*(?:{NAME}\s+)?{_PRONOUN}{_HAVE}?{_ANSWERS}",
            rf"^{NAME}\s+{_PRONOUN}{_HAVE}?(?:-t-il\s+|-t-elle\s+)?{_ANSWERS}",
            rf"\b(?:r[eé]ponse|r[eé]action|r[eé]plique|answer|reply|response|reaction)s?\s+(?:de\s+|d['’]|of\s+|by\s+|from\s+)(?:l[ae]\s+)?{NAME}\s+(?:[aà]|au|aux|quand|lorsqu\w*|face|to|when)\b",
            rf"\b{NAME}\s*['’]s\s+(?:answer|reply|response|reaction)s?\s+(?:to|when)\b",
            rf"\b(?:what|how)\s+(?:does|did|do|has|is|was)\s+{NAME}\s+(?:\w+\s+)?{_ANSWERS}",
        ),
    ),
    (
        Kind.EACH,
        _patterns(
            r"\bchacune?\b|\btour\s+[aà]\s+tour\b|\bles\s+un(?:e)?s\s+et\s+les\s+autres\b",
            rf"\b(?:chaque|each|every)\s+{GROUP}|\beach\s+of\s+(?:them|the)\b|\beach\s+(?:one\s+)?(?:think|say|believ)\w*",
            rf"\b(?:que|qu['’]|comment|ce\s+que)\s*{_PRONOUN}{_SPEAKS}\s+(?:tous\s+)?(?:les|nos|ces)\s+(?:diff[eé]rente?s\s+)?{GROUP}",
            rf"\b{_OPINION}\s+(?:des\s+(?:diff[eé]rente?s\s+)?|de\s+(?:tou(?:s|tes)\s+)?(?:les|nos|ces)\s+|of\s+(?:all\s+)?(?:the\s+)?){GROUP}",
            rf"\bwhat\s+(?:do|did|have)\s+(?:all\s+)?(?:the\s+)?(?:{GROUP}|everyone|everybody)\s+{_SPEAKS}",
            rf"\bwhat\s+does\s+every(?:one|body)\b|\bevery(?:one|body)['’]s\s+{_OPINION}",
            rf"\b(?:selon|d['’]apr[eè]s|according\s+to)\s+(?:(?:les|nos|ces|the)\s+)?(?:diff[eé]rente?s\s+)?{GROUP}",
            rf"^(?:compar(?:e[rz]?|ons|aison|ing|ison)|contrast)\b|\b(?:diff[eé]rences?|d[eé]saccords?|differences?|disagreements?)\s+(?:de\s+position\s+)?(?:entre|between)\s+{NAME}",
            r"\bqui\s+(?:pense|dit)\s+quoi\b|\bwho\s+(?:thinks|says|said)\s+what\b",
        ),
    ),
    (
        Kind.OVERVIEW,
        _patterns(
            rf"^de\s+quoi\s+(?:est[-\s]ce\s+qu(?:e\s+|['’]))?{_PRONOUN}{_HAVE}?(?:{_SUBJECT}\s+)?(?:{_TALK}|s['’]agit|agit-il|il\s+s['’]agit|est-il\s+question|il\s+est\s+question)(?:-?(?:t-)?(?:on|ils?|elles?))?(?:\s+(?:parl[eé]|question|discut[eé]|d[eé]battu|il))?{_THE_DEBATE}{_END}",
            rf"^de\s+quoi\s+(?:ont|a|a-t|ont-t)-(?:ils|elles|on|il|elle)\s+(?:parl[eé]|discut[eé]|d[eé]battu){_THE_DEBATE}{_END}",
            rf"^sur\s+quoi\s+porte(?:nt)?{_THE_DEBATE}{_END}",
            rf"^(?:(?:peux|pourrais|pouvez|pourriez|can|could){_YOU}\s+)?(?:me\s+|nous\s+)?(?:fai(?:s|tes|re)[-\s](?:moi\s+)?|donne[rz]?[-\s](?:moi\s+)?|give\s+me\s+)?(?:un\s+|une\s+|le\s+|la\s+|a\s+|an\s+|the\s+)?(?:r[eé]sum[eé](?:r|z)?|synth[eè]se|synth[eé]tise[rz]?|r[eé]capitule[rz]?|r[eé]capitulatif|sommaire|plan|aper[cç]u|vue\s+d['’]ensemble|summari[sz]e|summary|sum\s+up|overview|outline|table\s+of\s+contents|chapters|chapitres?|chapitrage)(?:[-\s]moi)?(?:\s+(?:moi|nous|for\s+me))?{_THE_DEBATE}{_END}",
            rf"^(?:quel(?:le)?s?\s+(?:sont|est|ont\s+[eé]t[eé]|[eé]taient)\s+|what\s+(?:are|is|were|was)\s+)?(?:les?\s+|la\s+|l['’]|the\s+)?(?:grand(?:e)?s?\s+|principa(?:l|ux|les?)\s+|main\s+|different\s+|diff[eé]rente?s\s+)?(?:th[eè]mes?|sujets?|th[eé]matiques?|points?|chapitres?|parties|id[eé]es|topics?|subjects?|themes?|issues?|chapters?|points?)(?:\s+(?:principa(?:l|ux|les?)|cl[eé]s?))?(?:\s+(?:abord|trait|[eé]voqu|discut|d[eé]battu|cover|discuss|rais|address|debat)\w*)?(?:\s+par)?{_THE_DEBATE}{_END}",
            rf"^(?:quel(?:le)?s|what|which)\s+(?:grands?\s+|principaux\s+|main\s+)?(?:th[eè]mes?|sujets?|th[eé]matiques?|points?|topics?|subjects?|themes?|issues?)\s+(?:sont|ont\s+[eé]t[eé]|are|were|is|was|have\s+been|did|do|does|sont-ils|aborde-t-on|abordent-ils|a-t-on|ont-ils)?\s*(?:{_SUBJECT}\s+)?(?:(?:abord|trait|[eé]voqu|discut|d[eé]battu|cover|discuss|rais|address|talk|debat)\w*)?(?:\s+(?:about|par|in))?{_THE_DEBATE}{_END}",
            rf"^what(?:['’]?s|\s+is|\s+was|\s+are|\s+were)\s+(?:(?:{_THIS}\s+)*{_DEBATE}|it|they)\s+(?:talking\s+|speaking\s+)?about{_END}",
            rf"^what\s+(?:do|does|did|is|are|was|were)\s+{_SUBJECT}\s+(?:talk|speak|discuss|debat)\w*(?:\s+about)?{_THE_DEBATE}{_END}",
        ),
    ),
    (
        Kind.WHEN,
        _patterns(
            rf"^(?:mais\s+|et\s+)?(?:[aà]|vers)\s+quel(?:le)?s?\s+(?:moments?|instants?|heures?|endroits?|temps)\b.*\b{_SPEAKS}",
            r"\b(?:[aà]|vers)\s+quelles?\s+(?:minutes?|secondes?|timecode)\b|\b[aà]\s+quel\s+(?:time\s?code|minutage)\b|\bo[uù]\s+dans\s+(?:la|le|l['’])\s*(?:vid[eé]o|enregistrement|[eé]mission|d[eé]bat)\b",
            rf"^quand\s+(?:est[-\s]ce\s+qu(?:e\s+|['’])\s*)?(?:{_SUBJECT}\s+)?{_PRONOUN}{_HAVE}?(?:-?t?-?(?:on|ils|elles|il|elle)\s+)?(?:est-il\s+)?{_TALK}",
            rf"^quand\s+{_SUBJECT}?\s*(?:a|ont)-(?:t-)?(?:on|ils|elles|il|elle)\s+{_TALK}|^quand\s+est-il\s+question",
            rf"^when\s+{_HAVE}{_SUBJECT}\s+{_TALK}|^when\s+(?:is|are|was|were)\s+(?:\S+\s+){{1,6}}?(?:mentioned|discussed|talked|brought\s+up|raised|named|cited)",
            rf"\b(?:at|around)\s+(?:what|which)\s+(?:times?|points?|moments?|minutes?)\b.*\b{_SPEAKS}|\b(?:at|around)\s+(?:what|which)\s+minutes?\b|\bwhere\s+in\s+the\s+{_DEBATE}\b",
        ),
    ),
    (
        Kind.WHO,
        _patterns(
            rf"\bqui\s+(?:donc\s+)?(?:est[-\s]ce\s+qui\s+)?{_PRONOUN}{_HAVE}?{_PRONOUN}{_SPEAKS}",
            rf"\bqui\s+(?:est[-\s]ce\s+qui\s+)?(?:est|sont|[eé]tai(?:t|ent)|se\s+dit)\s+(?:plut[oô]t\s+|tr[eè]s\s+)?{_SIDE}",
            rf"\b(?:quel(?:le)?s?|lequel\s+des|lesquels\s+des)\s+{GROUP}\b",
            rf"\bwho\s+(?:else\s+)?{_HAVE}?(?:been\s+)?{_SPEAKS}|\bwho\s+(?:is|are|was|were)\s+{_SIDE}|\b(?:which|what)\s+{GROUP}\s+(?:{_HAVE})?(?:{_SPEAKS}|{_SIDE})",
            rf"\bpar\s+qui\s+(?:est|sont|a|ont)\b.*{_TALK}|^who(?:['’]s)\s+(?:talking|speaking|{_SIDE})",
        ),
    ),
    (
        Kind.LIST,
        _patterns(
            rf"\b(?:combien\s+de\s+fois|how\s+many\s+times|how\s+often)\b.*\b{_SPEAKS}",
            r"\b(?:quel(?:le)?s|which|what)\s+(?!est\b|is\b|a\b)[^?]*?\b(?:cit[eé](?:e|s|es|ent)?\b|cit(?:ed|es?)\b|mentionn|nomm|[eé]voqu|[eé]num[eé]r|name[ds]?\b|mention|donn(?:e|ent|[eé]e?s?)\b|given\b|list)",
            r"^(?:(?:fai(?:s|tes)|dresse[rz]?|donne[rz]?|make|give(?:\s+me)?)[-\s](?:moi\s+)?)?(?:la\s+|une\s+|the\s+|a\s+)?list(?:e[rz]?|ing)?\b(?:[-\s]moi)?|^(?:[eé]num[eè]re[rz]?|cite[rz]?|name|enumerate)\b|^rel[eè]ve[rz]?\s+tou",
            r"\btou(?:s|tes)\s+les\s+(?:mentions?|passages?|fois|moments?|endroits?|occurrences?|extraits?|citations?)\b|\b(?:all|every|any)\s+(?:the\s+)?(?:mentions?|passages?|times?|occurrences?|quotes?)\b",
        ),
    ),
)
"""The first kind that has a match is the one."""

_DE = r"(?:\s+(?:de|du|des|about|of|on|sur)\b|\s+d['’])?"
PHRASES: dict[Kind, tuple[re.Pattern[str], ...]] = {
    Kind.EXCHANGE: _patterns(
        r"^(?:[aà]|to)\s+(?:la|une|the|a)\s+question\b(?:\s+(?:de\s+savoir\s+si|sur|on|about|whether|de|of)\b)?",
        r"^quand\s+on\s+(?:lui\s+)?(?:demande|parle|dit|pose|interroge)\w*(?:\s+(?:si|sur|de)\b|\s+(?:l['’]|d['’]))?",
        r"^when\s+(?:(?:he|she|they)\s+)?(?:(?:is|are|was|were)\s+)?asked(?:\s+(?:about|on|if|whether)\b)?",
    ),
    Kind.WHO: _patterns(
        rf"^qui\s+(?:donc\s+)?(?:est[-\s]ce\s+qui\s+)?(?:(?:est|sont|[eé]tai(?:t|ent)|se\s+dit)\s+(?:plut[oô]t\s+|tr[eè]s\s+)?{_SIDE}|{_PRONOUN}{_HAVE}?{_PRONOUN}{_SPEAKS}){_DE}",
        rf"^(?:quel(?:le)?s?|lequel\s+des|lesquels\s+des|which|what)\s+{GROUP}\s+(?:{_HAVE})?(?:{_SPEAKS}|{_SIDE})?{_DE}",
        rf"^who(?:['’]s)?\s+(?:else\s+)?{_HAVE}?(?:been\s+)?(?:{_SPEAKS}|{_SIDE}){_DE}",
        rf"^par\s+qui\s+(?:est|sont|a|ont)\s+(?:{_TALK})?",
    ),
    Kind.WHEN: _patterns(
        rf"^(?:mais\s+|et\s+)?(?:(?:[aà]|vers)\s+quel(?:le)?s?\s+(?:moments?|instants?|heures?|endroits?|temps|minutes?|secondes?|timecode|time\s?code|minutage)|quand|when|(?:at|around)\s+(?:what|which)\s+\w+|o[uù]\s+dans\s+(?:la|le|l['’])\s*\w+|where\s+in\s+the\s+\w+)(?:\s+d(?:u|e\s+la|e\s+l['’]|e\s+ce(?:tte)?)\s*{_DEBATE})?\s+(?:est[-\s]ce\s+qu(?:e\s+|['’])\s*)?(?:{_HAVE})?(?:{_SUBJECT}\s+)?{_PRONOUN}(?:{_HAVE})?(?:(?:a|ont)-(?:t-)?(?:on|ils|elles|il|elle)\s+)?(?:est-il\s+)?(?:{_TALK})?(?:-(?:t-)?(?:on|ils|elles|il|elle))?(?:\s+(?:parl|[eé]voqu|mentionn|cit|abord)[eé])?{_DE}",
    ),
    Kind.LIST: _patterns(
        rf"^(?:combien\s+de\s+fois|how\s+many\s+times|how\s+often)\s+(?:est[-\s]ce\s+qu(?:e\s+|['’])\s*)?(?:{_HAVE})?(?:{_SUBJECT}\s+)?{_PRONOUN}(?:{_HAVE})?(?:(?:a|ont)-(?:t-)?(?:on|ils|elles|il|elle)\s+)?(?:{_TALK})?(?:-(?:t-)?(?:on|ils|elles|il|elle))?(?:\s+(?:parl|[eé]voqu|mentionn|cit|abord)[eé])?{_DE}",
        r"^quel(?:le)?s\s+(?:sont|[eé]taient|ont\s+[eé]t[eé])\s+(?:(?:toutes|tous)\s+)?(?:les\s+)?|^(?:quel(?:le)?s|which|what)\s+(?:are\s+the\s+)?",
        r"^(?:(?:fai(?:s|tes)|dresse[rz]?|donne[rz]?|make|give(?:\s+me)?)[-\s](?:moi\s+)?)?(?:la\s+|une\s+|the\s+|a\s+)?list(?:e[rz]?|ing)?\b(?:[-\s]moi)?\s*(?:d(?:e|es|u)\s+|of\s+)?(?:all\s+|every\s+|tou(?:s|tes)\s+)?(?:les\s+|the\s+)?",
        r"^(?:[eé]num[eè]re[rz]?|cite[rz]?|name|enumerate|rel[eè]ve[rz]?)(?:[-\s]moi)?\s+(?:all\s+|every\s+|tou(?:s|tes)\s+)?(?:les\s+|the\s+)?",
        rf"^(?:tou(?:s|tes)\s+)?(?:les\s+)?(?:all\s+|every\s+|any\s+)?(?:the\s+)?(?:mentions?|passages?|fois|moments?|endroits?|occurrences?|extraits?|citations?|times?|quotes?)\s+(?:o[uù]\s+|qui\s+|where\s+|when\s+|that\s+)?(?:{_SUBJECT}\s+)?{_PRONOUN}(?:{_TALK})?{_DE}",
        r"\s(?:(?:que\s+|qui\s+|that\s+)?(?:sont|ont\s+[eé]t[eé]|a-t-on|est[-\s]ce\s+qu['’]on|are|were|is|was|have\s+been|do(?:es)?\s+they|did\s+they|do|does|did)\s+)?(?:\w+\s+)?(?:cit|mentionn|nomm|[eé]voqu|[eé]num[eé]r|name[ds]?\b|mention|donn(?:e|ent|[eé]e?s?)\b|given\b)[\w-]*(?:\s+(?:dans|au\s+cours\s+d['’e]|pendant|in|during|par)\b.*)?[\s?.!]*$",
    ),
    Kind.EACH: _patterns(
        rf"^(?:(?:que|qu['’]|comment|ce\s+que)\s*{_PRONOUN}{_SPEAKS}|(?:quel(?:le)?s?\s+(?:est|sont)\s+)?(?:la\s+|les?\s+|l['’])?{_OPINION})\s+(?:d(?:e|es)\s+)?(?:chacune?|tou(?:s|tes)|chaque\s+{GROUP}|(?:les\s+)?(?:diff[eé]rente?s\s+)?{GROUP})(?:\s+d(?:e|es)\s+(?:ces\s+|nos\s+)?{GROUP})?",
        rf"^(?:compar(?:e[rz]?|ons|aison|ing|ison)|contrast)(?:\s+(?:les?|la|the|des?|of))*(?:\s+{_OPINION})?(?:\s+(?:des?|of|les|the|all|tou\w+))*(?:\s+{GROUP})?(?:\s+(?:entre|between|with|avec|et|and|to))*",
        r"^(?:quel(?:le)?s?\s+(?:est|sont)\s+)?(?:la\s+|les?\s+|l['’]|the\s+)?(?:diff[eé]rences?|d[eé]saccords?|differences?|disagreements?)\s+(?:de\s+position\s+)?(?:entre|between)(?:\s+(?:et|and))?",
        rf"^(?:and\s+)?(?:what\s+(?:do(?:es)?|did|have|is|are)\s+)?(?:the\s+|all\s+)?(?:{_OPINION}\s+of\s+)?(?:each|every)(?:\s*(?:one|body))?(?:\s+of\s+(?:the\s+|them))?(?:\s*{GROUP})?(?:['’]s)?(?:\s+(?:{_SPEAKS}|{_OPINION}))?",
        rf"^what\s+(?:do|did|have)\s+(?:all\s+)?(?:the\s+)?(?:{GROUP}|everyone|everybody)\s+{_SPEAKS}",
        r"^(?:qui\s+(?:pense|dit)\s+quoi|who\s+(?:thinks|says|said)\s+what)",
    ),
}
"""Taken out of what remains of the question when the names of those whose words are wanted are out."""

SAYS_THE_WORDS = re.compile(rf"\b(?:qui|who|{GROUP})\b.*\b{_TALK}", re.IGNORECASE)
"""« Qui parle de… » : whoever says the words does it. « Qui défend… » takes more than words."""

COUNTS_PASSAGES = re.compile(
    r"\b(?:combien\s+de\s+fois|how\s+(?:many\s+times|often)|(?:tou(?:s|tes)\s+les|all|every|any|list\w*|relev\w*)\s+(?:the\s+|les\s+)?"
    r"(?:mentions?|passages?|fois|moments?|endroits?|occurrences?|extraits?|citations?|times?|quotes?))\b",
    re.IGNORECASE,
)
"""A list of what is said, rather than of what is named."""
NUMBERS = re.compile(
    r"^\s*(?:nombres?|chiffres?|montants?|sommes?|pourcentages?|taux|statistiques?|dates?|ann[eé]es?|prix|co[uû]ts?|"
    r"numbers?|figures?|amounts?|percentages?|rates?|statistics|years?|prices?|costs?)\b(?:\s+(?:de|du|des|of|d['’])\b)?",
    re.IGNORECASE,
)
"""A topic that is numbers, and what of it they are numbers of."""
