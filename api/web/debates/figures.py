"""Numbers as a reader of each language writes them."""

from index.errors import Language

_THOUSANDS = {"fr": "\u202f", "en": ","}


def number(count: int, language: Language) -> str:
    """Its thousands apart.

    >>> number(4213, "en"), number(999, "fr")
    ('4,213', '999')
    """
    return f"{count:,}".replace(",", _THOUSANDS[language])


def duration(seconds: float) -> str:
    """Rounded as one says it, in either language, with no-break spaces.

    >>> duration(29.4), duration(1260), duration(3899)
    ('29\\xa0s', '21\\xa0min', '1\\xa0h\\xa005')
    """
    minutes = round(seconds / 60)
    if minutes < 1:
        return f"{round(seconds)}\xa0s"
    return f"{minutes // 60}\xa0h\xa0{minutes % 60:02}" if minutes >= 60 else f"{minutes}\xa0min"


def percent(part: int, whole: int) -> int:
    """Downwards, but not to nothing: all but one of a thousand are not 100, and one is not 0.

    >>> percent(999, 1000), percent(1, 1000), percent(0, 0)
    (99, 1, 0)
    """
    return max(100 * part // whole, 1) if part else 0
