"""Times, sentences, windows, terms, links and passages: exact values, and what holds for any transcript."""

from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import FieldInvalid
from index.pieces.windows import WIDTHS, pieces, turns, windows
from index.times import format_range, format_time, parse_time
from index.types import UNKNOWN, Attribution, Debate, Origin, Segment, Turn, Window, joined_text
from index.words.acronyms import ACRONYM_TWINS
from index.words.lexical import fold, is_stop_word, query_groups, terms, words
from index.words.sentences import sentence_spans
from index.writing.build import Details
from rag.engine import Engine
from rag.layout import Layout
from rag.links import permalink, video_url
from rag.passages import passages
from rag.quoting import best_quote, share_said
from rag.retrieve import Promising, Ranked

ADA, JEAN = (Attribution(name, Origin.LABELLED, 1.0) for name in ("Ada", "Jean"))


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("03:40", 220.0), ("1:02:03,5", 3723.5), ("220.25", 220.25), (" 1:02 ", 62.0), ("999:59", 59999.0),
        ("3h40", None), ("1:60:00", None), ("0:60", None), ("1:2", None), ("-1", None), ("1000:00", None),
        ("1e3", None), ("nan", None), ("", None),
    ],
)  # fmt: skip
def test_times_that_are_read_and_those_that_are_none(text: str, seconds: float | None) -> None:
    assert parse_time(text) == seconds


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "00:00"), (59.99, "00:59"), (220, "03:40"), (3599.9, "59:59"), (3600, "1:00:00"), (3723.5, "1:02:03")],
)
def test_a_time_is_written_as_the_second_that_is_running(seconds: float, text: str) -> None:
    assert format_time(seconds) == text
    assert format_range(seconds, seconds + 60) == f"{text}–{format_time(seconds + 60)}"


@given(st.floats(0, 3_599_999))
def test_a_written_time_is_read_back_as_its_whole_second(seconds: float) -> None:
    assert parse_time(format_time(seconds)) == int(seconds)


@pytest.mark.parametrize(
    "sentences",
    [
        ["Il dit oui.", "M. Macron ?", "Non…"],
        ["J.-B. Kempf parle.", "Oui."],
        ["« Non ! »", "dit-il.", "Bon."],
        ["Il a dit « Oui. »", "Puis non."],
        ["Ah ? !", "Bien ?!", "(Oui.)", "3.5 pour cent.", "sans point"],
        ["Le Dr. Martin.", "Le plan A. ou B."],
        ["."],
        [],
    ],
)
def test_where_sentences_end(sentences: list[str]) -> None:
    text = " ".join(sentences)
    assert [text[begin:end] for begin, end in sentence_spans(text)] == sentences


_WORDS = st.sampled_from(
    [*"a , ? ! . … » « M. J. (oui) fin. Quoi? non; et: l'Europe, etc. régulation".split(), "x" * 30]
)
_TEXTS = st.lists(_WORDS, min_size=1, max_size=130).map(" ".join)


@given(_TEXTS)
def test_sentences_joined_with_spaces_are_the_text(text: str) -> None:
    spans = sentence_spans(text)
    assert " ".join(text[begin:end] for begin, end in spans) == text
    assert all(begin < end for begin, end in spans)


@st.composite
def debates(draw: st.DrawFn) -> Debate:
    """Segments of 1 to 130 words in order, of two people or of nobody, with times as finely as files give them."""
    segments: list[Segment] = []
    start = draw(st.floats(0, 100))
    for text in draw(st.lists(_TEXTS, min_size=1, max_size=12)):
        end = start + draw(st.floats(0, 50))
        segments.append(Segment(len(segments), start, end, text, draw(st.sampled_from([ADA, JEAN, UNKNOWN]))))
        start = draw(st.floats(start, end))
    return Debate("d", "D", tuple(segments))


@given(debates(), st.integers(1, 60))
def test_pieces_joined_give_the_text_and_keep_to_their_segment(debate: Debate, longest: int) -> None:
    parts = pieces(debate.segments, longest)
    assert joined_text(parts) == joined_text(debate.segments)
    for segment in debate.segments:
        own = [part for part in parts if part.index == segment.index]
        assert joined_text(own) == segment.text
        assert {part.attribution for part in own} == {segment.attribution}
        assert all(len(part.text.split()) <= longest for part in own)
        times = [time for part in own for time in (part.start, part.end)]
        assert times == sorted(times)
        assert (times[0], times[-1]) == (segment.start, segment.end)


def test_a_long_segment_is_cut_at_sentences_then_clauses_then_words() -> None:
    segment = Segment(7, 10.0, 38.0, "a b. c d e, f g h. i j k l m", ADA)  # a character a second
    expected = [(10, 15, "a b."), (15, 22, "c d e,"), (22, 29, "f g h."), (29, 37, "i j k l"), (37, 38, "m")]
    assert pieces([segment], 4) == [Segment(7, start, end, text, ADA) for start, end, text in expected]


@given(debates(), st.sampled_from([1, 2, 7, *WIDTHS]))
def test_windows_are_in_order_without_gaps_and_hold_every_piece(debate: Debate, width: int) -> None:
    parts = pieces(debate.segments)
    found = windows(parts, width)
    assert (found[0].first, found[-1].last) == (0, len(parts) - 1)
    assert all(one.first < other.first <= one.last + 1 and one.last <= other.last for one, other in pairwise(found))
    assert {at for window in found for at in range(window.first, window.last + 1)} == set(range(len(parts)))
    assert [window.text for window in found] == [joined_text(parts[window.first : window.last + 1]) for window in found]
    assert all(len(window.text.split()) >= width for window in found[:-1])


def test_windows_begin_half_a_width_after_the_one_before() -> None:
    parts = [Segment(index, index, index + 1, text) for index, text in enumerate(["a b", "c d", "e f", "g h", "i"])]
    assert windows(parts, 4) == [
        Window(0, 1, 4, "a b c d"),
        Window(1, 2, 4, "c d e f"),
        Window(2, 3, 4, "e f g h"),
        Window(3, 4, 4, "g h i"),
    ]
    assert windows([], 4) == []


def test_turns_are_runs_of_one_attribution() -> None:
    parts = [Segment(index, index, index, "a", who) for index, who in enumerate([ADA, ADA, UNKNOWN, JEAN, ADA])]
    assert turns(parts) == [Turn(0, 1, ADA), Turn(2, 2, UNKNOWN), Turn(3, 3, JEAN), Turn(4, 4, ADA)]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Qu'est-ce que l'Europe régule ? 100 000 GPU", "fr", ["europ", "regul", "100000", "gpu"]),
        ("reglementation réglementation", "fr", ["reglement", "reglement"]),
        ("a-t-il lorsqu’il aujourd’hui", "fr", []),
        ("porte-parole COVID‑19", "fr", ["port", "parol", "porteparol", "covid", "19", "covid19"]),
        ("start-up", "fr", ["start", "up", "startup"]),
        ("U.E. et R.G.P.D.", "fr", ["ue", "rgpd"]),
        ("Macron's speeches", "en", ["macron", "speech"]),
        ("Straßen, Œuvre", "de", ["strassen", "œuvre"]),
    ],
)
def test_the_terms_of_a_text(text: str, language: str, expected: list[str]) -> None:
    assert terms(text, language) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10\u202f000\u00a0000 m", ["10000000", "m"]),
        ("12 34", ["12", "34"]),
        ("en 2024 300 entreprises", ["en", "2024", "300", "entreprises"]),
        ("N'Djamena l'U.E.", ["Djamena", "UE"]),
    ],
)
def test_words_as_they_stand(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_folding_takes_case_accents_and_ligatures_away_and_stop_words_are_folded() -> None:
    assert fold("Pavléas ÉTÉ ﬁn Straße") == "pavleas ete fin strasse"
    assert [is_stop_word(word) for word in ("Été", "THE", "kempf")] == [True, True, False]


@pytest.mark.parametrize(
    ("text", "languages", "expected"),
    [
        ("What about GDPR?", ["fr"], [("gdpr", "rgpd")]),
        ("AI ai", ["fr"], [("ai", "ia")]),
        ("Que pense Kempf de l'IA ?", ["fr"], [("pens",), ("kempf",), ("ia", "ai")]),
        ("régulation Régulation", ["fr", "en"], [("regul", "regulat")]),
        ("open-source", ["fr"], [("open",), ("sourc",), ("opensourc",)]),
        ("est-ce que ?", ["fr"], []),
    ],
)
def test_the_words_of_a_question(text: str, languages: list[str], expected: list[tuple[str, ...]]) -> None:
    assert query_groups(text, languages) == expected


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_acronym_asked_for_meets_its_twin_in_a_transcript(language: str) -> None:
    pairs = [(acronym, twin) for acronym, twins in ACRONYM_TWINS.items() for twin in twins]
    assert all(acronym in ACRONYM_TWINS[twin] for acronym, twin in pairs)
    spoken = {twin: terms(twin.upper(), language) for _, twin in pairs if not is_stop_word(twin)}
    asked = {acronym: query_groups(acronym.upper(), [language])[0] for acronym, _ in pairs}
    missed = [pair for pair in pairs if pair[1] in spoken and not set(spoken[pair[1]]) & set(asked[pair[0]])]
    assert missed == []


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (None, None),
        ("https://youtu.be/a?t=3&x=1#z", "https://youtu.be/a?x=1&t=220s"),
        ("https://m.youtube.com/watch?v=a%2Bb&t=1m2s", "https://m.youtube.com/watch?v=a%2Bb&t=220s"),
        ("https://www.youtube.com/embed/abc?start=4", "https://www.youtube.com/embed/abc?start=220"),
        ("https://www.dailymotion.com/video/x1?start=2", "https://www.dailymotion.com/video/x1?start=220"),
        ("https://vimeo.com/123#t=4s", "https://vimeo.com/123#t=220s"),
        ("https://tube.example/w/abC-1", "https://tube.example/w/abC-1?start=220s"),
        ("https://tube.example/videos/watch/abc/", "https://tube.example/videos/watch/abc/?start=220s"),
        ("https://example.org/a.mp4?x=1#old", "https://example.org/a.mp4?x=1#t=220,240"),
        ("https://youtube.com.example.org/watch", "https://youtube.com.example.org/watch#t=220,240"),
    ],
)
def test_a_recording_is_opened_at_the_moment_as_its_site_wants_it(url: str | None, expected: str | None) -> None:
    assert video_url(url, 220.4, 239.2) == expected


def test_an_address_that_is_none_is_refused_when_it_is_added_or_harmless_when_it_is_cited(
    engine: Engine, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("00:00Le RGPD protège.", "utf-8")
    with suppress(FieldInvalid):
        engine.add(tmp_path / "a.txt", Details(url="http://[::1"))
        assert [citation.start for citation in engine.ask("RGPD ?").citations] == [0.0]


def test_a_permalink_holds_the_moment_in_whole_seconds() -> None:
    assert permalink("smart-tech", 220.4, 239.2) == "/d/smart-tech?t=220,240"
    assert permalink("é b/?", 220, 240) == "/d/%C3%A9%20b/%3F?t=220,240"


def test_the_quote_is_the_best_sentence_with_neighbours_that_score_nearly_as_much() -> None:
    parts = [
        Segment(0, 0, 1, "Quel est le sujet ?"),
        Segment(1, 1, 2, "Le RGPD protège toutes les personnes."),
        Segment(2, 2, 3, "Bon."),
    ]
    assert best_quote(parts, [1.0, 1.0, 0.0], [("rgpd",)], "fr") == "Le RGPD protège toutes les personnes."
    assert best_quote(parts, [0.0, 1.0, 5.0], [], "fr") == "Le RGPD protège toutes les personnes. Bon."
    assert best_quote(parts[2:], [0.0], [], "fr") == "Bon."


def test_the_share_of_the_topic_that_is_said() -> None:
    assert share_said("Le RGPD protège", [("gdpr", "rgpd"), ("amend",)], "fr") == 0.5
    assert share_said("Le RGPD protège", [], "fr") == 0.0


@given(debates(), st.data(), st.integers(1, 8), st.integers(5, 90), st.sampled_from([None, {"Ada"}, set[str]()]))
def test_passages_are_exact_do_not_overlap_and_lie_in_one_turn(
    debate: Debate, data: st.DataObject, limit: int, longest: int, speakers: set[str] | None
) -> None:
    layout = Layout.of(debate)
    count = len(layout.pieces)
    scores = data.draw(st.lists(st.floats(-5, 5), min_size=count, max_size=count))
    found = passages([Promising.of(Ranked(layout, np.array(scores)))], [("europ",), ("fin",)], limit, longest, speakers)
    whole = joined_text(layout.pieces)
    assert len(found) <= limit
    assert [passage.score for passage in found] == sorted((passage.score for passage in found), reverse=True)
    for passage in found:
        assert passage.debate == "d"
        assert passage.text in whole
        assert passage.quote in passage.text != ""
        assert passage.quote != ""
        assert speakers is None or passage.attribution.speaker in speakers
        held = [
            layout.pieces[run.first + a : run.first + b]
            for run in layout.turns
            for a in range(run.last - run.first + 1)
            for b in range(a + 1, run.last - run.first + 2)
            if joined_text(layout.pieces[run.first + a : run.first + b]) == passage.text
        ]
        same = [
            parts for parts in held if parts[0].start == passage.start and parts[0].attribution == passage.attribution
        ]
        assert any(max(part.end for part in parts) == passage.end for parts in same)
        assert len(passage.text.split()) <= longest * 1.1 or any(len(parts) == 1 for parts in same)
    assert sum(len(passage.text.split()) for passage in found) <= len(whole.split())


def test_a_sentence_that_the_passage_cuts_is_quoted_only_for_want_of_a_whole_one() -> None:
    parts = [
        Segment(0, 0.0, 2.0, "de retraite et de travail."),
        Segment(1, 2.0, 4.0, "La retraite doit rester à soixante ans."),
    ]
    groups = [("retrait",)]
    assert best_quote(parts, [1.0, 1.0], groups, "fr").startswith("de retraite")
    assert best_quote(parts, [1.0, 1.0], groups, "fr", cut_before=True) == parts[1].text
    assert best_quote(parts[:1], [1.0], groups, "fr", cut_before=True) == parts[0].text
