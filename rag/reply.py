"""What a language model writes -> its sentences, each as soon as it is whole.

    "Il refuse [1]. Elle dou" -> "Il refuse [1]."          "te. [2]\n" -> "Elle doute. [2]"

A sentence ends where ``index/words/sentences.py`` says, or with its line; not inside a quote, and the citations that
follow its full stop are its own. Thoughts between <think> tags, signs of lists and stars of Markdown are no part of it.
"""

import re

from index.words.sentences import sentence_spans

_THINK, _THOUGHT = "<think>", "</think>"
_CITED = re.compile(r"\s*(?:\[[\d\s,;]*\]\s*)+[.;,]?")
_BULLET = re.compile(r"^\s*(?:(?:[-*•–>]|#{1,6}|\d{1,2}[.)])\s+)+")
_WHOLE = re.compile(r"[.!?…][\"”»’)\s]*(?:\[[\d\s,;]*\]\s*)*$|\]\s*$")
_PAIRS = (("«", "»"), ("“", "”"))


class Reply:
    """Feed it what comes."""

    def __init__(self) -> None:
        self._rest = ""
        self._thinks: bool | None = None

    def feed(self, text: str) -> list[str]:
        """The sentences that are whole now; what may still go on is kept."""
        self._rest += text
        if not self._spoken():
            return []
        *lines, self._rest = re.split(r"[\r\n]+", self._rest)
        found = [sentence for line in lines for sentence in split(line)]
        last = split(self._rest)
        if len(last) > 1 and not last[-1].startswith("["):
            self._rest = self._rest[self._rest.rindex(last[-1]) :]
            found += last[:-1]
        return found

    def end(self, *, cut: bool = False) -> list[str]:
        """What is left when nothing more comes; of a reply that was ``cut`` off not what was being written."""
        left = split(self._rest) if self._spoken() else []
        self._rest = ""
        return left[:-1] if left and cut and not _WHOLE.search(left[-1]) else left

    def _spoken(self) -> bool:
        """Whether what is there was said, and not thought."""
        if self._thinks is None:
            head = self._rest.lstrip()
            if _THINK.startswith(head[: len(_THINK)]) and len(head) < len(_THINK):
                return False  # it may become the tag
            self._thinks = head.startswith(_THINK)
        if self._thinks:
            _thoughts, tag, after = self._rest.partition(_THOUGHT)
            if not tag:
                return False
            self._thinks, self._rest = False, after
        return True


def split(line: str) -> list[str]:
    """The sentences of one line.

    >>> split("- Il dit « Non. Jamais. » [1]. Elle rit. [2] Bien [3]")
    ['Il dit « Non. Jamais. » [1].', 'Elle rit. [2]', 'Bien [3]']
    """
    text = " ".join(_BULLET.sub("", line).replace("**", "").split())
    found: list[str] = []
    for begin, end in sentence_spans(text):
        part = text[begin:end]
        if found and (cited := _CITED.match(part)):
            found[-1] += f" {cited[0].strip()}"
            part = part[cited.end() :].strip()
        if part and found and _open(found[-1]):
            found[-1] += f" {part}"
        elif part:
            found.append(part)
    return found


def _open(text: str) -> bool:
    """Whether a quote has begun and not ended."""
    return any(text.count(one) > text.count(other) for one, other in _PAIRS) or text.count('"') % 2 == 1
