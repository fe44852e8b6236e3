"""Who speaks, from the text alone and from a few labels: values on made-up debates, and what must always hold."""

import json
from dataclasses import replace
from importlib import resources
from itertools import pairwise
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.attribution.labelling import accuracy, labelling_rows
from eval.attribution.recordings import GoldDebate, as_judged, gold_debates, shipped
from eval.attribution.recut import recut
from eval.attribution.text import name_rule
from index.speakers.host_names import is_host, is_host_label
from index.speakers.suggest import Suggestion, least_certain, suggest
from index.speakers.suggest.chain import Cues, Structure, chain_scores
from index.speakers.suggest.decoding import Marginals, Scores, forward_backward
from index.speakers.suggest.guest_cues import CALLED, LEFT, OWN
from index.speakers.suggest.host_phrases import host_phrases
from index.speakers.suggest.mentions import FULL, HONORIFIC, PLAIN, mentions
from index.speakers.suggest.turn_model import load_model
from index.types import Participant, Segment

ADA, JEAN = Participant("Ada Martin"), Participant("Jean-Luc Vauquelin")
FREDSUM = Path(__file__).parents[1] / "../shared/bench/fredsum-dev"
LINES = [
    ("Présentateur", "Bonsoir à tous, bienvenue dans ce débat."),
    ("Présentateur", "Ada Martin, première question : êtes-vous favorable à cette réforme ?"),
    ("Ada Martin", "Oui, je crois que c'est une réforme nécessaire pour notre pays,"),
    ("Ada Martin", "et je veux dire pourquoi nous devons la faire maintenant."),
    ("Présentateur", "Jean-Luc Vauquelin, que répondez-vous à Ada Martin ?"),
    ("Jean-Luc Vauquelin", "Je ne suis pas du tout d'accord avec Madame Martin,"),
    ("Jean-Luc Vauquelin", "parce que cette réforme coûte beaucoup trop cher à nos concitoyens."),
    ("Présentateur", "Ada Martin, vous avez une minute pour répondre."),
    ("Ada Martin", "Monsieur Vauquelin oublie que son parti avait voté cette loi."),
    ("Présentateur", "Merci à tous les deux, bonsoir."),
]


def made(lines: list[tuple[str, str]]) -> list[Segment]:
    return [Segment(at, 4.0 * at, 4.0 * at + 3.9, text) for at, (_speaker, text) in enumerate(lines)]


def names(found: tuple[Suggestion, ...]) -> list[str | None]:
    return [suggestion.speaker for suggestion in found]


def test_a_plain_debate_is_told_from_its_names() -> None:
    assert names(suggest(made(LINES), (ADA, JEAN))) == [speaker for speaker, _text in LINES]


def test_turns_and_hosts_are_probabilities_that_agree_with_the_debate() -> None:
    found = suggest(made(LINES), (ADA, JEAN))
    assert found[0].turn_change == 0
    assert found[2].turn_change > 0.8 > 0.3 > found[3].turn_change
    assert found[4].host > 0.8 > 0.2 > found[6].host
    assert all(0 <= value <= 1 for one in found for value in (one.confidence, one.turn_change, one.host))


def test_nothing_gives_nothing() -> None:
    assert suggest((), (ADA, JEAN)) == ()
    assert least_certain((), ()) is None


def test_without_participants_only_hosts_are_named() -> None:
    found = suggest(made(LINES), ())
    assert set(names(found)) <= {None, "Présentateur"}
    assert all(one.confidence == 0 for one in found if one.speaker is None)


def test_a_host_with_a_name_is_called_by_it() -> None:
    host = Participant("Zoé Roux", "animatrice")
    assert names(suggest(made(LINES), (ADA, JEAN, host)))[0] == "Zoé Roux"
    assert suggest(made(LINES), (ADA, JEAN), language="en")[0].speaker == "Host"


def test_labels_are_kept_and_spread() -> None:
    found = suggest(made(LINES), (ADA, JEAN), {2: "Jean-Luc Vauquelin", 4: "Présentateur 2", 9: "Zoé Roux"})
    assert found[2].speaker == found[3].speaker == "Jean-Luc Vauquelin"
    assert (found[4].speaker, found[9].speaker, found[9].confidence) == ("Présentateur 2", "Zoé Roux", 1.0)
    assert found[2].gain == 0


def test_a_change_that_a_person_tells_is_one() -> None:
    found = suggest(made(LINES), (ADA, JEAN), {2: "Ada Martin"}, changes={3})
    assert found[3].speaker != "Ada Martin"


def test_a_label_outside_is_refused() -> None:
    with pytest.raises(IndexError, match="10"):
        suggest(made(LINES), (ADA, JEAN), {10: "Ada Martin"})


@settings(max_examples=25, deadline=None)
@given(
    st.dictionaries(st.integers(0, len(LINES) - 1), st.sampled_from(["Ada Martin", "Présentateur 1", "Eve Un", "M. X"]))
)
def test_labels_are_always_kept(fixed: dict[int, str]) -> None:
    found = suggest(made(LINES), (ADA, JEAN), fixed)
    assert {at: found[at].speaker for at in fixed} == fixed
    asked = least_certain(made(LINES), found, fixed)
    assert asked not in fixed
    assert (asked is None) == (len(fixed) == len(LINES))


@settings(max_examples=10, deadline=None)
@given(st.sampled_from(["Berthe Quimper", "Paul Zidrou", "Inès Okonkwo"]))
def test_renaming_a_participant_renames_the_result(name: str) -> None:
    surname = name.split()[1]
    lines = [(who, text.replace("Ada Martin", name).replace("Martin", surname)) for who, text in LINES]
    before, after = suggest(made(LINES), (ADA, JEAN)), suggest(made(lines), (Participant(name), JEAN))
    assert names(after) == [name if one == "Ada Martin" else one for one in names(before)]
    assert [one.confidence for one in after] == pytest.approx([one.confidence for one in before])


def test_the_order_of_participants_does_not_matter() -> None:
    one, other = suggest(made(LINES), (ADA, JEAN)), suggest(made(LINES), (JEAN, ADA))
    assert names(one) == names(other)
    assert [s.confidence for s in one] == pytest.approx([s.confidence for s in other])


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(-1e-15, 1e-15), min_size=25, max_size=25))
def test_equally_likely_people_are_told_alike_on_every_processor(rounding: list[float]) -> None:
    """The last bits of a product of matrices are the processor's: here, any."""
    segments = made([("", f"La culture mérite un budget qui double enfin, et de {n} %.") for n in range(5)])
    exact = forward_backward
    noise = np.array(rounding).reshape(5, 5)

    def elsewhere(scores: Scores) -> Marginals:
        found = exact(scores)
        return replace(found, states=found.states + noise)

    with patch("index.speakers.suggest.forward_backward", elsewhere):
        found = suggest(segments, (ADA, JEAN))
    assert names(found) == names(suggest(segments, (ADA, JEAN)))


def test_what_is_asked_next_is_what_brings_most() -> None:
    found = [Suggestion("A", 0.5, 0, 0, 3.0), Suggestion("A", 0.4, 0, 0, 9.0), Suggestion("A", 0.3, 0, 0, 1.0)]
    assert least_certain(made(LINES[:3]), found) == 1
    assert least_certain(made(LINES[:3]), found, {1: "A"}) == 0
    with pytest.raises(ValueError, match="3 suggestions for 2 segments"):
        least_certain(made(LINES[:2]), found)


def test_marginals_are_those_of_every_path_added_up() -> None:
    random = np.random.default_rng(0)
    guests, length = 2, 4
    cues = Cues(
        random.normal(size=(length, 4)),
        random.normal(size=length),
        random.normal(size=(length, guests, CALLED)),
        random.normal(size=(length, guests, LEFT)),
        random.normal(size=(length, guests, OWN)),
    )
    weights = Structure(random.normal(size=(2, CALLED)), random.normal(size=(2, LEFT)), random.normal(size=OWN), 0.3)
    scores = chain_scores(cues, weights)
    size = 2 * guests + 1
    total, states = 0.0, np.zeros((length, size))
    for path in np.ndindex(*(size,) * length):
        score = sum(scores.emissions[at, state] for at, state in enumerate(path))
        score += sum(scores.edges[at, one, two] for at, (one, two) in enumerate(pairwise(path), start=1))
        total += np.exp(score)
        states[range(length), path] += np.exp(score)
    found = forward_backward(scores)
    assert found.log_z == pytest.approx(np.log(total))
    np.testing.assert_allclose(found.states, states / total, atol=1e-9)
    np.testing.assert_allclose(found.pairs[1:].sum(axis=(1, 2)), 1)


def test_mentions_know_how_somebody_is_named() -> None:
    texts = [
        "Monsieur Vauquelin, et donc jean-luc vauquelin, ou bien Vauquelin !",
        "Jean-Luc Dupont",
        "Ada martins",
        "martin",
    ]
    found = mentions([Segment(at, 0, 1, text) for at, text in enumerate(texts)], (ADA, JEAN))
    assert [(one.guest, one.kind) for one in found[0]] == [(1, HONORIFIC), (1, FULL), (1, PLAIN)]
    assert found[1] == []
    assert [one.guest for one in found[3]] == [0]


@pytest.mark.parametrize(
    ("label", "host"),
    [("Présentateur 1", True), ("Présentatrice", True), ("Host", True), ("HOST_1", True), ("Ada Martin", False),
     ("Présentateur Martin", False), ("Hostie", False)],
)  # fmt: skip
def test_who_hosts(label: str, host: bool) -> None:
    assert is_host_label(label) == host
    assert (as_judged(label, frozenset()) == "Présentateur") == host
    assert is_host(Participant("Eve Un", "journaliste à C à vous"))
    assert as_judged("Eve Un", frozenset({"Eve Un"})) == "Présentateur"


def test_host_phrases_are_counted_by_kind() -> None:
    found = host_phrases("Merci, la parole est à vous. On passe au troisième thème.")
    assert (found["greet"], found["floor"], found["topic"], found["cite"]) == (1, 2, 2, 0)


def test_the_weights_say_where_they_come_from() -> None:
    data = resources.files("index.speakers").joinpath("data/turns.json").read_bytes()
    document = json.loads(data)
    assert len(data) < 100_000
    assert document["license"] == "CC BY-SA 4.0"
    assert "FREDSum" in document["made_from"] and document["made_on"]
    model = load_model()
    assert model.shown_at > 0.8
    assert list(model.guest_confidence.right) == sorted(model.guest_confidence.right)


def gold(lines: list[tuple[str, str]]) -> GoldDebate:
    labels = tuple(speaker for speaker, _text in lines)
    return GoldDebate("made", tuple(made(lines)), (ADA, JEAN), labels, labels)


def test_the_name_rule_is_the_one_line_baseline() -> None:
    assert name_rule(gold(LINES))[2:7] == ["Ada Martin"] * 3 + ["Ada Martin"] * 2


def test_recutting_keeps_words_and_speakers() -> None:
    debate = gold([("Ada Martin", "Un. Deux trois."), ("Ada Martin", "Quatre " * 30), ("Jean-Luc Vauquelin", "Cinq.")])
    other = recut(debate)
    said = " ".join(segment.text for segment in other.segments).split()
    assert said == " ".join(segment.text for segment in debate.segments).split()
    assert other.gold[0] == other.gold[-2] == "Ada Martin" and other.gold[-1] == "Jean-Luc Vauquelin"
    assert max(len(segment.text.split()) for segment in other.segments) <= 18


def test_a_simulated_person_ends_with_everything_right() -> None:
    rows = list(labelling_rows(gold(LINES), load_model(), 10))
    assert rows[-1].accuracy == 1
    assert accuracy(gold(LINES), [None] * len(LINES)) == 0


def test_the_shipped_debate_gets_better_with_labels() -> None:
    rows = list(labelling_rows(shipped(), load_model(), 12))
    assert rows[12].accuracy > 0.7 > rows[0].accuracy


@pytest.mark.skipif(not FREDSUM.is_dir(), reason="bench/fredsum-dev is not here")
def test_weights_are_those_of_the_debates() -> None:
    debate = next(debate for debate in gold_debates(FREDSUM) if debate.id == "zemmour-pecresse")
    found = suggest(debate.segments, debate.participants)
    assert accuracy(debate, names(found)) > 0.7
