"""What hosts say in any debate, in French: they share out the time and the floor, announce topics, greet, ask.

Lists rather than learnt words, since a few debates hold few turns of hosts and a phrase unseen there counts as well.
Written from what moderators do, not read out of the debates that the weights are fitted on.
"""

import re

from index.words.lexical import fold

_PHRASES = {
    "time": r"""
        temps de parole|(?:une?|deux|trois|quatre|cinq|dix|trente|\d+) (?:minutes?|secondes?)|egalite de temps|
        a egalite|chronom\w*|compteurs?|en retard|d avance|horloge|rapidement|brievement|en (?:un|deux|quelques|
        trois) mots?|
        tres court|tres vite|d un mot|le temps (?:file|passe|presse|tourne)|plus de temps|equilibr\w+|
        temps qui vous|trop long\w*|a l heure|on est en retard|il (?:nous|vous) reste
    """,
    "floor": r"""
        la parole|repond(?:ez|re|iez|ra)|reponse|a vous|allez y|je vous en prie|poursuivez|continuez|terminez|finissez|
        laissez|laisse (?:repondre|parler|terminer|finir)|chacun|l un apres l autre|a tour de role|s il vous plait|
        on (?:ne )?(?:vous|s) entend|vous interromp\w+|chacune?|l un et l autre|l un ou l autre|tous les (?:deux|
        trois|quatre)|
        vous (?:deux|trois|tous)|reagi\w+|debattre|votre (?:tour|reaction|reponse)|un echange|echanger|ecoutez vous
    """,
    "topic": r"""
        on va (?:\w+ )?(?:passer|parler|aborder|commencer|continuer|y revenir|avancer|venir|marquer|ecouter|
        regarder|voir|
        rester|evoquer|ouvrir|terminer|conclure|entendre)|passons|abordons|venons en|parlons|
        on (?:passe|arrive|aborde|enchaine|avance|continue|y revient|en vient|commence|poursuit|en arrive|va en)|
        j aimerais qu on|je voudrais qu on|je voudrais que l on|je vous propose|
        autre (?:theme|sujet|question|chapitre|point)|
        (?:premiere?|deuxieme|seconde?|troisieme|quatrieme|cinquieme|dernier|derniere|prochain|prochaine|grands?)[ ]
        (?:themes?|sujets?|chapitres?|questions?|partie|point|volet|dossiers?)|suivant|theme|thematique|chapitre|
        conclu\w+|pour (?:terminer|finir|commencer|conclure)|tout a l heure|revenir|reviendra|reviendrons|evoqu\w+|
        allons (?:parler|aborder|passer|commencer|voir|maintenant)|sur la question de|y vient|avancons|maintenant
    """,
    "greet": r"""
        bonsoir|bonjour|merci|bienvenue|telespectateurs?|auditeurs?|soiree|emission|plateau|avec nous|
        rejoint|invite|convie|recoi\w+|retrouv\w+|antenne|en direct|publicite|page de|mesdames
    """,
    "ask": r"""
        est ce que|qu est ce que|(?:etes|avez|voulez|pensez|croyez|dites|allez|souhaitez|pouvez|seriez|feriez|proposez|
        repondez|comptez|trouvez|regrettez|imaginez|reconnaissez|craignez) vous|pourquoi|comment|quel(?:le)?s?|
        vous etes (?:d accord|pour|contre|favorable)|qu en|c est a dire|concretement|precisement|combien|et vous
    """,
    "cite": r"""
        vous (?:avez )?(?:dites|disiez|dit|proposez|proposiez|souhaitez|voulez|expliquez|affirmez|parlez|promettez|
        souhaitiez|vouliez|promis|annonce|propose|declare|ecrit)|
        votre (?:programme|projet|camp|parti|proposition|mesure)|
        selon|sondage|d apres|les francais|nos (?:telespectateurs|auditeurs)
    """,
}
_PATTERNS = {
    name: re.compile(r"\b(?:" + re.sub(r"\s*\n\s*", "", pattern.strip()) + r")\b") for name, pattern in _PHRASES.items()
}
_GAPS = re.compile(r"[\W_]+")


def host_phrases(text: str) -> dict[str, int]:
    """How many phrases of each kind ``text`` has, none left out.

    >>> host_phrases("Merci, la parole est à vous.")
    {'time': 0, 'floor': 2, 'topic': 0, 'greet': 1, 'ask': 0, 'cite': 0}
    """
    plain = _GAPS.sub(" ", fold(text))
    return {name: len(pattern.findall(plain)) for name, pattern in _PATTERNS.items()}
