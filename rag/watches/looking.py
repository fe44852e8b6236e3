"""What of a debate a watch is for: the search that a question makes, within the one debate.

speaker and topic   what the person says on it, and the confidence that this is what was asked for
topic               the same of anybody
speaker             that the person speaks: for how long, and how they begin
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from functools import cache

from index.errors import EncoderError, QdqError, StoreError
from index.pieces.windows import weakest
from index.store import Store
from index.types import Debate, DebateSummary, Segment, joined_text
from index.words.sentences import sentence_spans
from rag.answer import MOST_QUOTES, NOBODY, quoted
from rag.citations import citations_of
from rag.links import permalink, recording_url
from rag.people import People
from rag.search import Searcher
from rag.trace import Trace
from rag.types import Citation, Filters, Kind
from rag.watches.types import Passage, Watch

_LOG = logging.getLogger("qdq")
_BEGINNING = 20
"""Words after which a beginning ends with its sentence."""
_LONGEST_BEGINNING = 60


class Looker:
    """Looks at debates for watches. Safe to share between threads."""

    def __init__(self, store: Store, searcher: Searcher) -> None:
        self._store = store
        self._searcher = searcher

    def found(
        self, debate: str, watches: Sequence[Watch], go_on: Callable[[], bool] = lambda: True
    ) -> tuple[str, Mapping[str, tuple[Passage, ...]]] | None:
        """The title of ``debate``, and by watch the passages that reach its threshold; each search that several want
        is made once. Nothing where the debate is gone; None when it is not to ``go_on``. Raises a StoreError or an
        EncoderError, which concern all."""
        catalogue = self._searcher.catalogue()
        summary = next((one for one in catalogue.debates if one.id == debate), None)
        if summary is None:
            return "", {}
        people = catalogue.people_of([summary])

        @cache
        def passages(speaker: str | None, topic: str | None) -> tuple[Passage, ...]:
            return self._passages(summary, people, speaker, topic)

        found: dict[str, tuple[Passage, ...]] = {}
        for watch in watches:
            if not go_on():
                return None
            told = [one for one in passages(watch.speaker, watch.topic) if one.confidence >= watch.threshold]
            if told:
                found[watch.id] = tuple(told)
        return summary.title, found

    def _passages(
        self, summary: DebateSummary, people: People, speaker: str | None, topic: str | None
    ) -> tuple[Passage, ...]:
        """One watch that cannot be looked at does not stop the others; the log does not tell what it is for."""
        names = people.labelled_among(people.named(speaker)) if speaker else ()
        if speaker and not names:
            return ()
        try:
            if topic is None:
                return tuple(self._appearances(summary, names))
            return self._said(summary, speaker, topic)
        except (StoreError, EncoderError):
            raise
        except QdqError as error:
            _LOG.warning("a watch could not look at a debate: %s", type(error).__name__)
        except Exception as error:
            _LOG.error("a watch could not look at a debate: %s", type(error).__name__)
        return ()

    def _said(self, summary: DebateSummary, speaker: str | None, topic: str) -> tuple[Passage, ...]:
        """The passages that the answer would quote, all with its confidence; of somebody only words that are
        labelled as theirs."""
        filters = Filters(speaker=speaker, debate=summary.id)
        search = self._searcher.search(topic, MOST_QUOTES, filters, Trace())
        if (speaker and not search.restricted) or (not speaker and self._searcher.outcome(search) in NOBODY):
            return ()
        citations = citations_of(search.passages, search.debates)
        chosen = quoted(citations, Kind.OPINION if speaker else Kind.FACT) if citations else ()
        return tuple(_passage(one, search.confidence) for one in chosen)

    def _appearances(self, summary: DebateSummary, names: Sequence[str]) -> list[Passage]:
        debate = self._store.debate(summary.id)
        known = [part for part in debate.segments if not part.attribution.origin.guessed]
        spoken = {name: [part for part in known if part.speaker == name] for name in names}
        return [_beginning(debate, parts) for parts in spoken.values() if parts]


def _passage(citation: Citation, confidence: float) -> Passage:
    return Passage(
        citation.speaker,
        citation.attribution,
        citation.attribution_confidence,
        citation.start,
        citation.end,
        citation.quote,
        round(confidence, 3),
        citation.permalink,
        citation.video_url,
    )


def _beginning(debate: Debate, parts: Sequence[Segment]) -> Passage:
    """How the speaker of ``parts`` begins; as sure as it is that it is they."""
    first = _first_words(parts)
    quote = _cut(joined_text(first))
    start, end = first[0].start, first[-1].end
    known = weakest(*(part.attribution for part in first))
    return Passage(
        known.speaker,
        known.origin,
        known.confidence,
        start,
        end,
        quote,
        round(known.confidence, 3),
        permalink(debate.id, start, end),
        recording_url(debate, start, end),
        round(sum(part.end - part.start for part in parts), 1),
    )


def _first_words(parts: Sequence[Segment]) -> list[Segment]:
    """The first segments that follow one another, until they have words enough."""
    first = [parts[0]]
    for part in parts[1:]:
        if part.index != first[-1].index + 1 or len(joined_text(first).split()) >= _BEGINNING:
            break
        first.append(part)
    return first


def _cut(text: str) -> str:
    """The first sentences of ``text``, to the letter: twenty words at least where there are so many, and sixty at
    most."""
    for _begin, end in sentence_spans(text):
        if len(text[:end].split()) >= _BEGINNING:
            text = text[:end]
            break
    words = text.split(" ")
    return " ".join(words[:_LONGEST_BEGINNING])
