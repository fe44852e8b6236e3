"""The text's names for whole voices: by every path of a small chain, on made-up debates, and on pieces of debates."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise, product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.attribution.pieces import in_voices, piece_of, piece_rows, without_each
from index.speakers.suggest.by_voice import _chances, _log_likelihoods, _ways, names_of_voices
from index.speakers.suggest.decoding import Scores, possible
from index.types import UNKNOWN, Attribution, Debate, Origin, Participant, Segment

ADA, JEAN = Participant("Ada Martin"), Participant("Jean-Luc Vauquelin")
HOST = "Présentateur"
LINES = [
    (HOST, "Bonsoir à tous, bienvenue dans ce débat."),
    (HOST, "Ada Martin, première question : êtes-vous favorable à cette réforme ?"),
    (ADA.name, "Oui, je crois que c'est une réforme nécessaire pour notre pays,"),
    (ADA.name, "et je veux dire pourquoi nous devons la faire maintenant."),
    (HOST, "Jean-Luc Vauquelin, que répondez-vous à Ada Martin ?"),
    (JEAN.name, "Je ne suis pas du tout d'accord avec Madame Martin,"),
    (JEAN.name, "parce que cette réforme coûte beaucoup trop cher à nos concitoyens."),
    (HOST, "Ada Martin, vous avez une minute pour répondre."),
    (ADA.name, "Monsieur Vauquelin oublie que son parti avait voté cette loi."),
    (HOST, "Jean-Luc Vauquelin, un dernier mot ?"),
    (JEAN.name, "Je veux seulement dire que nos concitoyens attendent autre chose de nous tous."),
    (HOST, "Merci à tous les deux, bonsoir."),
]


def told(lines: Sequence[tuple[str, str]] = LINES) -> Debate:
    """With the gold in its segments."""
    segments = tuple(
        Segment(at, 5.0 * at, 5.0 * at + 4.9, text, Attribution(who, Origin.LABELLED, 1.0))
        for at, (who, text) in enumerate(lines)
    )
    return Debate("soir", "Débat Ada Martin – Jean-Luc Vauquelin", segments, participants=(ADA, JEAN))


def voices(debate: Debate) -> tuple[Segment, ...]:
    """As heard, without what the sound says of them."""
    return tuple(replace(one, attribution=UNKNOWN) for one in in_voices(debate).segments)


HOSTS_VOICE, ADAS, JEANS = "SPEAKER_00", "SPEAKER_01", "SPEAKER_02"


def test_each_voice_gets_the_name_that_the_whole_debate_gives_it() -> None:
    found = names_of_voices(voices(told()), (ADA, JEAN), {}, {})
    assert {voice: one.speaker for voice, one in found.items()} == {HOSTS_VOICE: HOST, ADAS: ADA.name, JEANS: JEAN.name}
    assert all(0.9 < one.confidence <= 0.99 and one.origin is Origin.SUGGESTED for one in found.values())


def test_a_name_that_is_taken_and_a_segment_that_is_known_are_left_out() -> None:
    segments = voices(told())
    hers = {one.index: ADA.name for one in segments if one.voice == ADAS}
    found = names_of_voices(segments, (ADA, JEAN), hers, {ADAS: ADA.name})
    assert {voice: one.speaker for voice, one in found.items()} == {HOSTS_VOICE: HOST, JEANS: JEAN.name}
    assert names_of_voices(segments, (ADA, JEAN), hers, {ADAS: ADA.name, JEANS: JEAN.name}) == {}
    everything = {at: who for at, (who, _text) in enumerate(LINES)}
    assert names_of_voices(segments, (ADA, JEAN), everything, {}) == {}


def test_what_is_open_of_a_voice_that_has_a_name_gets_no_other() -> None:
    segments = voices(told())
    hers = [one.index for one in segments if one.voice == ADAS]
    found = names_of_voices(segments, (ADA, JEAN), {hers[0]: ADA.name}, {ADAS: ADA.name})
    assert {voice: one.speaker for voice, one in found.items()} == {HOSTS_VOICE: HOST, JEANS: JEAN.name}


def test_of_few_words_nothing_is_told() -> None:
    lines = [*LINES, ("Passant", "Vive la réforme, et merci à Ada Martin !")]
    assert names_of_voices(voices(told(lines)), (ADA, JEAN), {}, {}).keys() == {HOSTS_VOICE, ADAS, JEANS}


def test_whom_nobody_announced_is_not_taken_for_somebody_else() -> None:
    def sure(*cast: Participant) -> dict[str, str | None]:
        found = names_of_voices(voices(told()), cast, {}, {})
        return {voice: one.speaker for voice, one in found.items() if one.confidence >= 0.95}

    assert sure(JEAN) == {HOSTS_VOICE: HOST, JEANS: JEAN.name}
    assert sure(ADA) == {HOSTS_VOICE: HOST}
    assert sure() == {}


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.lists(st.sampled_from([-1, 0, 1]), min_size=4, max_size=4))
def test_likelihoods_are_those_of_every_path_added_up(seed: int, said: list[int]) -> None:
    random = np.random.default_rng(seed)
    guests, length = 2, len(said)
    size = 2 * guests + 1
    scores = Scores(random.normal(size=(length, size)), random.normal(size=(length, size, size)) + possible(guests))
    ways = _ways(2, [1], [0, guests], 100)
    assert sorted(map(tuple, ways.tolist())) == [(0, 0), (0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1), (2, 2)]
    totals = np.zeros(len(ways))
    for path in product(range(size), repeat=length):
        score = sum(scores.emissions[at, state] for at, state in enumerate(path))
        score += sum(scores.edges[at, one, two] for at, (one, two) in enumerate(pairwise(path), start=1))
        people = [min(state, guests) for state in path]
        for number, way in enumerate(ways):
            if all(voice < 0 or way[voice] == person for voice, person in zip(said, people, strict=True)):
                totals[number] += np.exp(score)
    found = _log_likelihoods(scores, ways, said)
    np.testing.assert_allclose(found - found[0], np.log(totals) - np.log(totals[0]), atol=1e-6)
    chances = _chances(ways, found, guests + 1)
    np.testing.assert_allclose(chances[1, 1], totals[ways[:, 1] == 1].sum() / totals.sum(), atol=1e-6)
    np.testing.assert_allclose(chances.sum(axis=1), 1)


def test_where_there_are_too_many_ways_those_who_speak_most_are_told() -> None:
    assert _ways(3, [1, 2], [0, 3], 14).shape == (14, 2)
    assert _ways(3, [1, 2], [0, 3], 13).shape == (4, 1)
    assert _ways(3, [1, 2], [0, 3], 3).shape == (1, 0)


def test_pieces_are_cut_by_time_and_end_with_the_debate() -> None:
    debate = told()
    piece = piece_of(debate, 0.25, 0.5)
    assert piece is not None and [one.text for one in piece.segments] == [text for _who, text in LINES[3:9]]
    assert [one.index for one in piece.segments] == list(range(6))
    assert piece_of(debate, 0.75, 0.5) is None
    assert piece_of(debate, 2, 1) is None


def test_pieces_are_judged_word_by_word() -> None:
    (row,) = piece_rows([told()], {}, [1])
    assert (row.minutes, row.pieces, row.words) == (1, 1, sum(len(text.split()) for _who, text in LINES))
    assert row.right == 1 and row.wrong == row.wrong_by_text == 0


def test_a_cast_may_lack_each_of_its_people() -> None:
    one, other = without_each(told())
    assert one.participants == (JEAN,) and other.participants == (ADA,)
    assert one.title == "Débat  – Jean-Luc Vauquelin"
    (row,) = piece_rows([told()], {}, [1], without_each)
    assert row.pieces == 2 and row.wrong_by_text == 0 and row.right < 0.7
