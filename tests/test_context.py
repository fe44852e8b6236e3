"""The question before a passage, neighbours that become one, and that all of it stands in the transcript word for
word."""

import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.commands.terminal import answer_text
from index.local import LocalStore
from index.types import UNKNOWN, Attribution, Debate, Origin, Segment, joined_text
from rag.answer import quoted
from rag.context import context_of
from rag.engine import Engine
from rag.layout import Layout
from rag.passages import passages
from rag.retrieve import Promising, Ranked
from rag.settings import Settings
from rag.types import Context, Kind, Passage
from rag.weights import SHIPPED
from tests.answers import cite
from tests.fakes import HashEncoder
from tests.suite_files import srt

ADA, JEAN = (Attribution(name, Origin.LABELLED, 1.0) for name in ("Ada", "Jean"))
SUGGESTED = Attribution("Ada", Origin.SUGGESTED, 0.5)


def _layout(*said: tuple[Attribution, str]) -> Layout:
    """A segment every ten seconds."""
    parts = [Segment(at, 10.0 * at, 10.0 * at + 9, text, who) for at, (who, text) in enumerate(said)]
    return Layout.of(Debate("d", "D", tuple(parts)))


def test_the_turn_before_asks() -> None:
    layout = _layout(
        (JEAN, "Bonjour à tous. Vous y"), (JEAN, "croyez vraiment ? Dites-nous."), (ADA, "Non, je n'y crois pas.")
    )
    assert context_of(layout, 2, 2) == Context("Jean", Origin.LABELLED, 0.0, 19.0, "Vous y croyez vraiment ?")


def test_two_questions_in_a_row_are_told_together_unless_they_are_long() -> None:
    short, long = "Est-ce cher ?", f"Est-ce {'très ' * 45}cher ?"
    for first in (short, long):
        layout = _layout((JEAN, f"Ah. {first}"), (JEAN, "Et qui paie à la fin ?"), (ADA, "Nous."))
        context = context_of(layout, len(layout.pieces) - 1, len(layout.pieces) - 1)
        expected = "Et qui paie à la fin ?" if first is long else f"{short} Et qui paie à la fin ?"
        assert context is not None
        assert context.text == expected


def test_a_long_question_keeps_its_last_fifty_words() -> None:
    words = " ".join(f"mot{number}" for number in range(80))
    layout = _layout((JEAN, f"{words} ?"), (ADA, "Oui, bien sûr."))
    context = context_of(layout, len(layout.pieces) - 1, len(layout.pieces) - 1)
    assert context is not None
    assert context.text == f"{' '.join(f'mot{number}' for number in range(31, 80))} ?"


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ([(JEAN, "C'est cher."), (ADA, "Je ne trouve pas.")], 1),  # nothing is asked
        ([(JEAN, "C'est cher ?"), (ADA, "Cher ? Pas du tout.")], 1),  # it opens with a question of its own
        ([(JEAN, "C'est cher ?"), (ADA, "non " * 151), (ADA, "Bref.")], -1),  # long since left
        ([(JEAN, "C'est cher ? " + "Bon. " * 70), (ADA, "Je ne trouve pas.")], -1),  # asked long before
        ([(ADA, "C'est cher.")], 0),  # nothing before it
        ([(UNKNOWN, "C'est cher ?"), (UNKNOWN, "Oui " * 65), (UNKNOWN, "Bref.")], -1),  # far
        ([(UNKNOWN, "C'est cher ?"), (UNKNOWN, "Non. Qui le dit ?")], 1),  # the question is in it
        ([(SUGGESTED, "C'est cher ?"), (SUGGESTED, "Non.")], 1),  # perhaps the same person
    ],
)
def test_no_question_is_told_where_none_is_answered(said: list[tuple[Attribution, str]], place: int) -> None:
    layout = _layout(*((who, text.strip()) for who, text in said))
    at = place % len(layout.pieces)
    assert context_of(layout, at, at) is None


def test_where_nobody_is_told_apart_the_last_question_before_is_the_context() -> None:
    layout = _layout((UNKNOWN, "Qui paie ? Alors,"), (UNKNOWN, "c'est simple."), (UNKNOWN, "L'État paie."))
    assert context_of(layout, 2, 2) == Context(None, Origin.UNKNOWN, 0.0, 9.0, "Qui paie ?")


def _found(scores: list[float], *texts: str) -> list[tuple[str, float]]:
    layout = _layout(*((ADA, text) for text in texts))
    weights = SHIPPED.model_copy(
        update={"least_words": 1, "neighbour_loss": 1.0, "short_turn_penalty": 0.0, "own_words": 0.0}
    )
    found = passages([Promising.of(Ranked(layout, np.array(scores)))], [], 5, 12, None, weights)
    return [(passage.text, passage.score) for passage in found]


def test_neighbours_with_a_few_words_between_them_are_one_with_the_better_score() -> None:
    texts = "Le plan coûte cher.", "Je le dis.", "Il faut le voter.", "Rien."
    assert _found([5.0, 0.0, 4.5, 2.0], *texts) == [(" ".join(texts[:3]), 5.0), (texts[3], 2.0)]


@pytest.mark.parametrize(
    ("scores", "between", "after"),
    [
        ([5.0, 0.0, 3.5], "Je le dis.", "Il faut le voter."),  # too much worse
        ([5.0, 0.0, 4.5], "Un deux trois quatre cinq six sept huit neuf.", "Il faut."),  # too far
        ([5.0, 0.0, 4.5], "Je le dis.", "Il faut le voter, c'est ce que je crois."),  # too long together
    ],
)
def test_others_stay_apart(scores: list[float], between: str, after: str) -> None:
    found = _found(scores, "Le plan coûte cher.", between, after)
    assert sorted(text for text, _score in found) == sorted(["Le plan coûte cher.", between, after])


def test_a_fact_is_quoted_from_fewer_and_nearer_passages_than_an_opinion() -> None:
    citations = [
        replace(cite(0, 1), n=at + 1, score=score, quote=f"c{at}") for at, score in enumerate([9, 8.5, 8.4, 6])
    ]
    assert [one.n for one in quoted(citations, Kind.FACT)] == [1, 2]
    assert [one.n for one in quoted(citations, Kind.OPINION)] == [1, 2, 3]
    far = [replace(citations[0], score=12.0), *citations[1:]]
    assert [one.n for one in quoted(far, Kind.OPINION)] == [1]


_WORDS = "budget culture europe piscine maire impôt école non M. J.-B. oui, qui ? quoi? bon. fin… « voilà » euh".split()
_SAID = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=90).map(" ".join)
_LINES = st.lists(st.tuples(st.sampled_from([ADA, JEAN, SUGGESTED, UNKNOWN]), _SAID), min_size=1, max_size=10)


def _times_hold(segments: tuple[Segment, ...], shown: Passage | Context) -> bool:
    """Whether the words stand in the segments at their time."""
    under = [part for part in segments if part.start < shown.end and shown.start < part.end]
    return shown.text in joined_text(under) and under[0].start <= shown.start <= shown.end <= under[-1].end


@settings(max_examples=1_000)
@given(_LINES, _SAID, st.integers(10, 90))
def test_text_quote_and_context_stand_word_for_word_at_their_times(
    lines: list[tuple[Attribution, str]], question: str, longest: int
) -> None:
    layout, encoder = _layout(*lines), HashEncoder()
    scores = encoder.embed_passages([part.text for part in layout.pieces]) @ encoder.embed_query(question)
    whole = joined_text(layout.pieces)
    for passage in passages(
        [Promising.of(Ranked(layout, 10 * scores.astype(float)))], [[word] for word in _WORDS[:5]], 10, longest
    ):
        assert passage.text in whole
        assert passage.quote in passage.text
        assert _times_hold(tuple(layout.pieces), passage)
        context = passage.context
        if context is not None:
            assert f"{context.text} " in whole
            assert context.text.endswith("?") or context.text.endswith("? »")
            assert len(context.text.split(" ")) <= 50
            assert context.end <= passage.end
            assert _times_hold(tuple(layout.pieces), context)
            assert context.speaker is None or context.speaker != passage.attribution.speaker


@settings(max_examples=40)
@given(_LINES, st.lists(_SAID, min_size=3, max_size=3))
def test_what_an_engine_cites_stands_in_the_transcript(
    lines: list[tuple[Attribution, str]], questions: list[str]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "d.srt").write_text(srt([text for _who, text in lines]), "utf-8")
        engine = Engine(LocalStore(Path(folder) / "home"), HashEncoder(), Settings(home=Path(folder) / "home"))
        engine.add(Path(folder) / "d.srt")
        segments = engine.debate("d").segments
        for question in questions:
            for citation in engine.ask(f"budget {question}").citations:
                assert citation.text in joined_text(segments)
                assert citation.quote in citation.text
                assert citation.context is None or f"{citation.context.text} " in joined_text(segments)
        engine.close()


def test_the_question_is_told_before_its_quote_and_once(debate_engine: Engine) -> None:
    answer = debate_engine.ask("Que pense Kempf du RGPD ?")
    asked = Context("Ada", Origin.LABELLED, 65.0, 70.0, "Qui paie ?")
    citations = tuple(replace(one, context=asked if one.n < 3 else None) for one in answer.citations)
    told = answer_text(replace(answer, citations=citations), "fr")
    assert told.count("Qui paie ?") == 1
    assert told.index("  « Qui paie ? » (Ada, 01:05)") < told.index(citations[0].quote)


def test_the_host_s_question_in_the_shipped_debate(debate_engine: Engine) -> None:
    whole = {one.id: joined_text(debate_engine.debate(one.id).segments) for one in debate_engine.debates()}
    found = debate_engine.search("l'open source contre les grandes plateformes", top_k=20).passages
    contexts = [(one, one.context) for one in found if one.context]
    assert contexts
    for citation, context in contexts:
        assert context.text in whole[citation.debate]
        assert context.speaker != citation.speaker
        assert context.end <= citation.start
