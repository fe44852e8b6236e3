"""The codes within a main line of CHAT: which are taken out, and which stand for something that is said.

    "et <la loi> [//] (.) le &-euh règle(ment) n'est_pas +//."  ->  "et la loi le euh règlement n'est pas."
    "0v xxx &=rires bon ‡ gaga@c ?"                             ->  "bon, gaga?"

Words that were taken back, broken off or filled in were said and stay; replacements, comments, pauses, events, what was
left unsaid (0v) or could not be understood (xxx) go. https://talkbank.org/0info/manuals/CHAT.html, chapters 8 to 12.
"""

import re
from collections.abc import Callable

from index.transcripts.tally import Tally

_Replacement = str | Callable[[re.Match[str]], str]


def _ending(mark: re.Match[str]) -> str:
    """What is left of a sign with a plus: "+..." trails off, "+//." was broken off, "+<" only links."""
    sign = mark[0]
    if ".." in sign:
        return "…?" if sign.endswith("?") else "…"
    return sign[-1] if sign[-1] in ".?!" else ""


_CODES: tuple[tuple[str, re.Pattern[str], _Replacement], ...] = (
    ("[…]", re.compile(r"\[[^\[\]]*\]"), " "),
    ("&=…", re.compile(r"&(?:[=*]|[{}])\S*"), " "),
    ("&-…", re.compile(r"&[-+~]?(?=[^\W\d_])"), ""),
    ("(.)", re.compile(r"\((?:\.{1,3}|[\d:.]+)\)|(?<!\S)#+\w*(?!\S)"), " "),
    ("+…", re.compile(r"(?<!\S)\+[^\w\s]+(?!\S)"), _ending),
    ("<…>", re.compile(r"[<>]"), ""),
    ("0…", re.compile(r"(?<!\S)0[^\W\d_]*(?!\S)"), ""),
    ("xxx", re.compile(r"(?<!\S)(?:xxx?|yyy?|www)(?:@\S+)?(?!\S)"), ""),
    ("@…", re.compile(r"(?<=\w)@\S+"), ""),
    ("(…)", re.compile(r"[()]"), ""),
    ("‡ „", re.compile(r"(?<!\s)\s*[‡„]"), ","),
    (":", re.compile(r"(?<=[^\W\d_]):+(?![\w/])|(?<=[^\W\d_]):+(?=[^\W\d_])"), ""),
    ("↗", re.compile("[↑↓⇗↗→↘⇘∞≈≋≡∙∆∇°▔▁☺♋∬⌈⌉⌊⌋§⁎◉⁇ˈˌ^‹›〔〕⟨⟩∲♡∫⋕⤇]"), ""),
)
"""By the name under which they are told, in the order in which they are taken out."""


def spoken(text: str, line: int, removed: Tally) -> str:
    """The words of ``text``, "" when there are none; what goes is counted in ``removed``."""
    for name, pattern, replacement in _CODES:
        text, count = pattern.subn(replacement, text)
        if count:
            removed.add(name, line, count)
    text = re.sub(r"\s+(?=[,.!?…])", "", " ".join(re.sub(r"(?<=\w)_(?=\w)", " ", text).split()))
    return text if any(character.isalnum() for character in text) else ""
