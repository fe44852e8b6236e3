"""How a debate is laid out for its page: against brute force, on debates of any shape."""

from collections import defaultdict
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.web.reader.address import Address
from api.web.reader.finding import Folded, hits, snippet
from api.web.reader.marks import MARKED_HITS, Bit, Mark, MarkKind, bits, hit_marks, moment_marks, passage_marks
from api.web.reader.speaking import speaking
from api.web.reader.timeline import COLUMNS, stretches, timeline
from api.web.reader.transcript import PARAGRAPH_WORDS, PART_PIECES, Block, Run, Transcript, paragraphs
from index.pieces.windows import pieces, turns
from index.types import Attribution, Debate, Origin, Segment, joined_text
from index.words.lexical import fold
from index.words.sentences import sentence_spans
from tests.answers import cite, recording
from tests.long_debate import long_debate
from tests.made_debates import made_debates


def blocks(transcript: Transcript) -> list[Block]:
    return [block for part in transcript.parts for block in part]


def text_of(transcript: Transcript, runs: tuple[Run, ...]) -> str:
    return " ".join(transcript.text[run.begin : run.end] for run in runs)


@given(made_debates())
def test_the_paragraphs_are_the_text_to_the_letter(debate: Debate) -> None:
    transcript = Transcript.of(debate)
    shown = [text_of(transcript, paragraph) for block in blocks(transcript) for paragraph in block.paragraphs]
    assert " ".join(shown) == joined_text(debate.segments) == transcript.text


@given(made_debates())
def test_each_run_has_the_times_of_its_piece(debate: Debate) -> None:
    transcript = Transcript.of(debate)
    spoken: dict[int, Segment] = {}
    begin = 0
    for piece in pieces(debate.segments):
        spoken |= dict.fromkeys(range(begin, begin + len(piece.text)), piece)
        begin += len(piece.text) + 1
    for run in transcript.runs:
        assert {(spoken[at].start, spoken[at].end) for at in range(run.begin, run.end)} == {(run.start, run.stop)}
        assert transcript.segment_of(run).index == spoken[run.begin].index
        assert all(transcript.at(at) == run for at in range(run.begin, run.end))


@given(made_debates())
def test_a_block_is_of_one_turn_and_names_its_segments(debate: Debate) -> None:
    transcript = Transcript.of(debate)
    turn_of = {at: turn for turn in turns(debate.segments) for at in range(turn.first, turn.last + 1)}
    for block in blocks(transcript):
        assert turn_of[block.first] == turn_of[block.last]
        assert block.attribution == turn_of[block.first].attribution
        assert block.continued == (block.begin != transcript.begins[turn_of[block.first].first])
    assert len({block.name for block in blocks(transcript)}) == len(blocks(transcript))
    covered = {at for block in blocks(transcript) for at in range(block.first, block.last + 1)}
    assert covered == set(range(len(debate.segments)))


@given(made_debates())
def test_a_paragraph_ends_with_a_sentence_or_after_twice_its_words_with_a_piece(debate: Debate) -> None:
    transcript = Transcript.of(debate)
    ends = {run.end for run in transcript.runs}
    for turn in turns(debate.segments):
        begin = transcript.begins[turn.first]
        end = transcript.begins[turn.last] + len(debate.segments[turn.last].text)
        sentences = {begin + stop for _, stop in sentence_spans(transcript.text[begin:end])}
        found = list(paragraphs(transcript.text, begin, end, sorted(ends)))
        for start, stop in found[:-1]:
            words = len(transcript.text[start:stop].split())
            assert words >= (PARAGRAPH_WORDS if stop in sentences else 2 * PARAGRAPH_WORDS)
        assert all(after == before + 1 for (_, before), (after, _) in pairwise(found))


def test_long_talk_of_nobody_is_cut_by_time_and_everything_has_its_part() -> None:
    transcript = Transcript.of(long_debate(6_000, people=0))
    assert all(part for part in transcript.parts)
    assert max(sum(map(len, block.paragraphs)) for block in blocks(transcript)) < 150
    assert {
        sum(len(paragraph) for block in part for paragraph in block.paragraphs) > PART_PIECES
        for part in transcript.parts
    } == {False}
    for number, part in enumerate(transcript.parts):
        begin, end = transcript.extent(number)
        assert {transcript.part_of(at) for at in range(begin, end)} == {number}
        assert (part[0].begin, part[-1].paragraphs[-1][-1].end) == (begin, end)


def test_a_single_segment_of_many_words_is_cut_too() -> None:
    text = " ".join(f"Mot{n} et encore un mot de plus dans la phrase." for n in range(400))
    transcript = Transcript.of(recording((0, 1200, text, "Ada")))
    found = blocks(transcript)
    assert (found[0].name, found[0].continued, found[1].continued) == ("s0", False, True)
    assert found[1].name == f"s0-{found[1].begin}"
    assert len(found) == 3
    assert 540 < found[1].start < 560
    assert " ".join(text_of(transcript, paragraph) for block in found for paragraph in block.paragraphs) == text


marks = st.builds(
    Mark, st.integers(0, 30), st.integers(0, 30), st.sampled_from(MarkKind), st.integers(0, 3), st.just(False)
)


@given(st.text(min_size=30, max_size=30), st.integers(0, 29), st.integers(1, 30), st.lists(marks, max_size=6))
def test_each_character_has_all_its_marks_and_no_other(text: str, begin: int, length: int, made: list[Mark]) -> None:
    end, made = min(begin + length, 30), [mark for mark in made if mark.begin < mark.end]
    found = bits(text, begin, end, made)
    assert "".join(bit.text for bit in found) == text[begin:end]
    at = begin
    for bit in found:
        for place in range(at, at + len(bit.text)):
            assert set(bit.kinds.split()) == {mark.kind for mark in made if mark.begin <= place < mark.end}
        at += len(bit.text)


def brute_bits(text: str, begin: int, end: int, made: list[Mark]) -> list[Bit]:
    """Each mark asked of each stretch between two cuts."""
    over = [mark for mark in made if mark.begin < end and mark.end > begin]
    cuts = sorted({begin, end, *(cut for mark in over for cut in (mark.begin, mark.end) if begin < cut < end)})
    found = []
    for one, other in pairwise(cuts):
        on = [mark for mark in over if mark.begin <= one and mark.end >= other]
        kinds = " ".join(kind for kind in MarkKind if kind in {mark.kind for mark in on})
        first = [mark for mark in on if mark.begin == one]
        number = next((mark.n for mark in first if mark.n), 0)
        found.append(Bit(text[one:other], kinds, number, any(mark.current for mark in first)))
    return found


any_marks = st.builds(
    Mark,
    st.integers(0, 30),
    st.integers(0, 30),
    st.none() | st.sampled_from(MarkKind),
    st.integers(0, 3),
    st.booleans(),
)


@given(st.text(min_size=30, max_size=30), st.integers(0, 29), st.integers(1, 30), st.lists(any_marks, max_size=9))
def test_bits_are_those_of_brute_force(text: str, begin: int, length: int, made: list[Mark]) -> None:
    end, made = min(begin + length, 30), [mark for mark in made if mark.begin < mark.end]
    assert list(bits(text, begin, end, made)) == brute_bits(text, begin, end, made)


@given(made_debates(), st.integers(0, 150), st.integers(1, 20))
def test_a_moment_marks_what_is_said_in_it_and_else_leads_to_what_is_said_next(
    debate: Debate, start: int, length: int
) -> None:
    transcript = Transcript.of(debate)
    found = moment_marks(transcript, start, start + length)
    there = {
        at
        for run in transcript.runs
        if run.start < start + length and run.stop > start
        for at in range(run.begin, run.end)
    }
    marked = {at for mark in found if mark.kind for at in range(mark.begin, mark.end)}
    assert there <= marked
    assert all(transcript.text[at] == " " for at in marked - there)
    assert [mark.current for mark in found] == [True] + [False] * (len(found) - 1)
    if not there:
        (only,) = found
        later = [run for run in transcript.runs if run.stop > start]
        assert transcript.at(only.begin) == (min(later, key=lambda run: run.start) if later else transcript.runs[-1])


def test_a_passage_is_marked_where_its_words_stand_now_nearest_to_where_they_stood() -> None:
    transcript = Transcript.of(recording((0, 5, "Oui oui.", "Ada"), (5, 9, "Non.", "Zoé"), (9, 20, "Oui oui.", "Ada")))
    found = passage_marks(
        transcript, [cite(8, 20, "Oui oui."), cite(0, 5, "Peut-être."), cite(0, 5, "Oui", debate="e")]
    )
    assert found == [Mark(14, 22, MarkKind.PASSAGE, 1)]
    assert [mark.begin for mark in passage_marks(transcript, [cite(1, 4, "oui. Non")])] == [4]


ALPHABET = "aàâbçeéèœŒæﬁfi’'  -‑\u00adßsS\u0301\u0327É…."


def brute_hits(text: str, wanted: str) -> list[tuple[int, int]]:
    """Each character folded alone; a hit is the least stretch of whole characters that holds what is wanted."""

    def folded(one: str) -> str:
        plain = one.replace("’", "'").replace("‑", "-").replace("\u00ad", "")
        return fold(plain).replace("œ", "oe").replace("æ", "ae")

    wanted = " ".join(folded(wanted).split())
    letters = [(letter, at) for at, one in enumerate(text) for letter in folded(one)]
    found: list[tuple[int, int]] = []
    at = 0
    while wanted and at + len(wanted) <= len(letters):
        if "".join(letter for letter, _ in letters[at : at + len(wanted)]) != wanted:
            at += 1
            continue
        begin, last = letters[at][1], letters[at + len(wanted) - 1][1]
        after = letters[at + len(wanted)][1] if at + len(wanted) < len(letters) else len(text)
        if not found or begin >= found[-1][1]:
            found.append((begin, max(last + 1, after)))
        at += len(wanted)
    return found


@given(st.text(ALPHABET, max_size=40), st.text(ALPHABET, min_size=1, max_size=3))
def test_words_are_found_as_by_brute_force(text: str, wanted: str) -> None:
    assert hits(Folded.of(text), wanted) == brute_hits(text, wanted)


@pytest.mark.parametrize(
    ("text", "wanted", "found"),
    [
        ("L’été à l'Œuvre", "oeuvre", ["Œuvre"]),
        ("L’été à l'Œuvre", "l'", ["L’", "l'"]),
        ("L’été à l'e\u0301te\u0301", "ETE", ["été", "e\u0301te\u0301"]),
        ("Cent\u00a0%  de 10", "cent %", ["Cent\u00a0%"]),
        ("aaa", "aa", ["aa"]),
        ("oui", "  ", []),
        ("oui", "", []),
    ],
)
def test_case_accents_and_typography_do_not_matter(text: str, wanted: str, found: list[str]) -> None:
    assert [text[begin:end] for begin, end in hits(Folded.of(text), wanted)] == found


@given(st.text("ab é", min_size=1, max_size=300), st.data())
def test_a_snippet_is_the_text_around_a_hit(text: str, data: st.DataObject) -> None:
    begin = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(begin + 1, len(text)))
    before, hit, after = snippet(text, (begin, end))
    assert hit == text[begin:end]
    assert text[:begin].endswith(before)
    assert text[end:].startswith(after)
    assert max(len(before), len(after)) <= 45


def test_hits_of_a_part_are_those_that_touch_it() -> None:
    found = [(at, at + 3) for at in range(0, 100, 5)]
    for begin, end in [(0, 100), (7, 21), (3, 5), (40, 41), (98, 99)]:
        marked, more = hit_marks(found, begin, end)
        assert [(mark.begin, mark.end) for mark in marked] == [hit for hit in found if hit[0] < end and hit[1] > begin]
        assert more == 0
    many = [(at, at + 1) for at in range(0, 6 * MARKED_HITS, 2)]
    marked, more = hit_marks(many, 100, 6 * MARKED_HITS)
    assert (marked[0].begin, len(marked), more) == (100, MARKED_HITS, 2 * MARKED_HITS - 50)


@given(made_debates())
def test_each_column_is_of_whoever_speaks_longest_in_it(debate: Debate) -> None:
    duration = max(segment.end for segment in debate.segments)
    width = duration / COLUMNS
    drawn = {
        column: name
        for name, found in stretches(debate.segments, duration).items()
        for begin, end in found
        for column in range(begin, end)
    }
    for column in range(COLUMNS):
        said: dict[str | None, float] = defaultdict(float)
        for segment in debate.segments:
            said[segment.speaker] += max(
                0.0, min(segment.end, (column + 1) * width) - max(segment.start, column * width)
            )
        longest = max(said.values())
        if longest < 1e-9:
            assert drawn.get(column) is None
        else:
            assert said[drawn[column]] == pytest.approx(longest)


def test_a_timeline_of_a_few_has_a_lane_each_and_weighs_little_however_long() -> None:
    few = timeline(
        recording((0, 300, "a", "Zoé"), (300, 400, "b", "Ada"), (400, 600, "c")).segments, {"Ada": 1, "Zoé": 2}
    )
    assert [(voice.name, voice.colour, voice.path) for voice in few.voices] == [
        ("Ada", 1, "M300 10h100v12H300z"),
        ("Zoé", 2, "M0 24h300v12H0z"),
        (None, 0, "M400 38h200v12H400z"),
    ]
    assert (few.height, few.times) == (52, (0, 150, 300, 450, 600))
    assert (few.tick(60, 90, 3).x, few.tick(60, 90).width, few.tick(900, 950).x, few.tick(900, 950).width) == (
        60,
        30,
        598,
        2,
    )
    many = timeline(long_debate(6_000).segments, {})
    assert many.height == 24
    assert sum(voice.path.count("M") for voice in many.voices) <= COLUMNS


def test_speaking_time_counts_the_unknown_last() -> None:
    found = speaking(
        recording(
            (0, 10, "un deux trois"), (10, 15, "non", "Ada"), (15, 20, "oui oui", "Zoé"), (20, 21, "si", "Zoé")
        ).segments
    )
    assert [(one.speaker, one.seconds, one.words, round(one.share, 3)) for one in found] == [
        ("Zoé", 6, 3, 0.286),
        ("Ada", 5, 1, 0.238),
        (None, 10, 3, 0.476),
    ]


def test_what_the_bare_text_suggests_counts_as_unknown() -> None:
    (segment,) = recording((0, 10, "un deux", "Ada")).segments
    guessed = [replace(segment, attribution=Attribution("Ada", Origin.SUGGESTED, 0.9))]
    assert [one.speaker for one in speaking(guessed)] == [None]
    assert list(stretches(guessed, 10)) == [None]


def test_an_address_says_all_that_is_not_empty() -> None:
    address = Address("d", "220,240", find="a&b", part=3)
    assert address.link() == "/d/d?t=220,240&find=a%26b&part=3"
    assert address.link(part=None, find="", hit=2) == "/d/d?t=220,240&hit=2"
    assert Address("d").link() == "/d/d"
    assert [Address("d", t).moment for t in (None, "220", "220,240", "240,220", "3.5,3.5")] == [
        None,
        (220, 221),
        (220, 240),
        (220, 240),
        (3.5, 4.5),
    ]
