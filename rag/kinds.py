"""What shape of answer a question wants, and what of it is topic then.

    « Qui parle du rapport Draghi ? »    -> who, topic « rapport Draghi »
    « Quand sort VLC ? »                 -> fact: asks of the world, not of the debate
    « À quel moment parle-t-on de VLC ? » -> when, topic « VLC »

Limits: by phrases alone (``asking.py``); what fits none is a fact, which any question can be answered as.
"""

from rag.asking import PHRASES, PREAMBLE, SAYS_THE_WORDS, SHAPES
from rag.types import Kind

_GENERAL_OPINION = ("pensent-ils", "pensent-elles", "do they think", "did they think", "disent-ils", "do they say")


def without_preamble(text: str) -> str:
    """``text`` without politeness before the question; all of it when nothing else is there.

    >>> without_preamble("Bonjour, peux-tu me dire qui parle du RGPD ?")
    'qui parle du RGPD ?'
    """
    return PREAMBLE.sub("", text)


def kind_of(masked: str, named: int = 0) -> Kind:
    """The kind of a question in which names are one sign (``speech_acts.NAME``), given of how many people the words
    are wanted."""
    masked = without_preamble(masked)
    for kind, patterns in SHAPES:
        if any(pattern.search(masked) for pattern in patterns):
            return kind
    if named > 1:
        return Kind.EACH
    return Kind.OPINION if named or any(phrase in masked.lower() for phrase in _GENERAL_OPINION) else Kind.FACT


def topic_of(kind: Kind, topic: str) -> str:
    """``topic`` without the phrase that asks for this shape; empty when nothing remains.

    >>> topic_of(Kind.WHEN, "à quel moment parle-t-on de Google")
    '  Google'
    """
    for pattern in PHRASES.get(kind, ()):
        topic = pattern.sub(" ", topic, count=1)
    return topic


def words_suffice(text: str) -> bool:
    """Whether « qui … » asks for whoever says the words, rather than for a stance that words do not prove."""
    return SAYS_THE_WORDS.search(text) is not None
