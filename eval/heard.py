"""Which spellings are searched for a name: ``python -m eval.heard [SUITE…] [--seeds 3]``.

Of each suite's index words that are written as names, rare and long enough are asked for: as they stand, and damaged in
four ways. So are ordinary words, and names of the other suites that do not stand in this one. ``right``: the word
itself is among the variants; ``wrong``: a variant of another word is. A word that stands is asked for others alone, and
each pair is printed: these are for people to judge. No model is asked.
"""

import argparse
import random
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from eval.suites.find import find_suite
from eval.suites.indexes import open_index
from index.store import Store
from index.types import EVERYWHERE, DebateSummary
from index.words.lexical import fold, is_stop_word
from rag.encoders import open_encoder
from rag.heard import Hearing
from rag.heard.written import written
from rag.layout import Layouts
from rag.settings import load_settings
from rag.types import Heard

MOST = 400
"""Words of each kind that are asked for."""
_LEAST = 5
_VOWELS = "aeiou"
_CONSONANTS = "bcdfglmnprstv"
_SAME_SOUND = (("qu", "k"), ("ph", "f"), ("ck", "k"), ("au", "o"), ("y", "i"), ("k", "ck"), ("i", "y"), ("f", "ph"))


class Damage(StrEnum):
    """sound: another spelling of the same sound, or a letter doubled; vowel: one is another; letter: a consonant is;
    swap: two letters change places."""

    SOUND = "sound"
    VOWEL = "vowel"
    LETTER = "letter"
    SWAP = "swap"


@dataclass(frozen=True, slots=True)
class Words:
    """Of one index, as they stand: written as names, and in small letters."""

    names: tuple[str, ...]
    ordinary: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asking:
    """An index that is asked how it writes words."""

    store: Store
    hearing: Hearing
    debates: dict[str, DebateSummary]
    people: tuple[str, ...]

    def of(self, word: str) -> tuple[Heard, ...]:
        """What is heard for ``word`` in a short question."""
        languages = sorted({debate.language for debate in self.debates.values()})
        return self.hearing.widened(word, f"Que dit-on de {word} ?", languages, self.people).heard

    def knows(self, word: str) -> bool:
        return bool(self.hearing.vocabulary().counts.get(fold(word)))


def damaged(word: str, damage: Damage, chance: random.Random) -> str:
    """``word`` with one damage, never to its first or last letter, in its own case; as it is where none fits."""
    inner = word[1:-1]
    if damage is Damage.SOUND:
        fitting = [(one, other) for one, other in _SAME_SOUND if one in inner]
        one, other = chance.choice(fitting) if fitting else (inner[len(inner) // 2], 2 * inner[len(inner) // 2])
        return word[0] + inner.replace(one, other, 1) + word[-1]
    if damage is Damage.SWAP:
        at = chance.randrange(1, len(word) - 2)
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    letters = _VOWELS if damage is Damage.VOWEL else _CONSONANTS
    places = [at for at in range(1, len(word) - 1) if word[at] in letters]
    if not places:
        return word
    at = chance.choice(places)
    return word[:at] + chance.choice([one for one in letters if one != word[at]]) + word[at + 1 :]


def words_of(asking: Asking, layouts: Layouts) -> Words:
    """Rare words of an index that are long enough, ``MOST`` of each kind, drawn by chance."""
    names: list[str] = []
    ordinary: list[str] = []
    vocabulary = asking.hearing.vocabulary()
    for term in sorted(vocabulary.counts):
        if vocabulary.rare(term) and term.isalpha() and len(term) >= _LEAST - 1:
            how = written(asking.store, layouts, term, EVERYWHERE)
            forms = [form for form in how.forms[:1] if form.isalpha() and len(form) >= _LEAST and not form.isupper()]
            (names if how.as_name else ordinary).extend(form for form in forms if not is_stop_word(form))
    chance = random.Random(0)
    chance.shuffle(names)
    chance.shuffle(ordinary)
    return Words(tuple(names[:MOST]), tuple(form for form in ordinary if form.islower())[:MOST])


def counted(asking: Asking, words: Collection[str], damage: Damage, seed: int) -> Counter[str]:
    """How many are asked, right, and wrong."""
    chance, found = random.Random(seed), Counter[str]()
    for word in words:
        asked = damaged(word, damage, chance)
        if asking.knows(asked) or fold(asked) == fold(word):
            continue  # another word, or none that is damaged
        heard = {one.heard for one in asking.of(asked)}
        wrong = heard - {word, *(one.heard for one in asking.of(word))} if heard else set()
        found += Counter(asked=1, right=word in heard, wrong=bool(wrong))
    return found


def _line(label: str, found: Counter[str]) -> str:
    asked = max(found["asked"], 1)
    return f"{label:24}{found['asked']:8}{found['right'] / asked:10.3f}{found['wrong'] / asked:10.4f}"


def report(asking: Asking, words: Words, strangers: Collection[str], seeds: int) -> Iterator[str]:
    """A line for each kind of word and damage, then the pairs of words that stand."""
    yield f"{'':24}{'asked':>8}{'right':>10}{'wrong':>10}"
    for label, among in (("names", words.names), ("ordinary words", words.ordinary)):
        for damage in Damage:
            found = sum((counted(asking, among, damage, seed) for seed in range(seeds)), Counter[str]())
            yield _line(f"{label}, {damage}", found)
    pairs = [pair for name in strangers if not asking.knows(name) for pair in asking.of(name)]
    asked = sum(not asking.knows(name) for name in strangers)
    yield _line("names from elsewhere", Counter(asked=asked, wrong=len(pairs)))
    yield "elsewhere: " + _listed(pairs)
    yield "standing:  " + _listed([pair for word in (*words.names, *words.ordinary) for pair in asking.of(word)])


def _listed(pairs: Sequence[Heard]) -> str:
    return ", ".join(f"{pair.asked} ≈ {pair.heard}" for pair in pairs) or "none"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m eval.heard")
    parser.add_argument("suites", nargs="*", default=["debate"], help="names or folders of suites")
    parser.add_argument("--seeds", type=int, default=3, help="how many times each word is damaged")
    options = parser.parse_args(arguments)
    settings = load_settings()
    encoder = open_encoder(settings)
    opened: dict[str, tuple[Asking, Words]] = {}
    for name in options.suites:
        store, _figures = open_index(find_suite(name, settings), settings, encoder, labelled=True)
        layouts = Layouts(store)
        debates = {debate.id: debate for debate in store.debates()}
        asking = Asking(store, Hearing(store, layouts), debates, tuple(store.speakers()))
        opened[name] = asking, words_of(asking, layouts)
    for name, (asking, words) in opened.items():
        strangers = sorted({word for other in opened if other != name for word in opened[other][1].names})
        print(f"{name}: {len(words.names)} names, {len(words.ordinary)} ordinary words\n")
        print("\n".join(report(asking, words, strangers, options.seeds)), end="\n\n")
        asking.store.close()


if __name__ == "__main__":
    main()
