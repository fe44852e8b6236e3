"""What a recording tells of the voices, laid under a debate: at once or not at all, named by the text and by people."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import (
    AudioMissing,
    DebateUnknown,
    FieldInvalid,
    RecordingOther,
    TranscriptChanged,
    VoiceUnknown,
)
from index.local import LocalStore
from index.originals import packed, unpacked
from index.sound.hear import HearOptions
from index.sound.types import Heard
from index.speakers.attribution import Attributed, attributed
from index.speakers.corrections import Correction, CorrectionKind, split_at
from index.speakers.excerpts import MOST, MOST_SECONDS, excerpts
from index.speakers.voices.voice_evidence import EvidenceKind
from index.transcripts.report import NoteKind
from index.types import UNKNOWN, Attribution, Debate, Origin, Participant, Progress, Segment, joined_text
from index.writing.build import Details
from index.writing.hearing import _moved, notes_of
from index.writing.labelling import Saying
from rag.engine import Engine
from rag.settings import Settings
from tests.fakes import Ear, HashEncoder

TEXTS = (
    "Bonsoir à tous, nous recevons ce soir Ada Martin et Jean Petit.",
    "Le nucléaire est nécessaire pour notre industrie et pour le climat.",
    "Les éoliennes coûtent trop cher aux communes. Ce n'est pas vrai du tout, monsieur.",
    "La culture mérite un budget qui double enfin dans ce pays.",
    "Merci.",
)
TITLE = "Débat entre Ada Martin (maire) et Jean Petit (avocat)"
ADA, HOST = "Ada Martin", "Présentateur"
A, B, C = "SPEAKER_00", "SPEAKER_01", "SPEAKER_02"
RECORDING = Path("/recordings/soir.mp3")


def srt(texts: tuple[str, ...] = TEXTS) -> str:
    return "\n".join(f"{at + 1}\n00:00:{at}1,000 --> 00:00:{at}9,000\n{text}\n" for at, text in enumerate(texts))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "soir.srt"
    path.write_text(srt(), "utf-8")
    return path


@pytest.fixture
def ear() -> Ear:
    return Ear(A, B, (C, B), C, None)


@pytest.fixture
def engine(home: Path, file: Path, ear: Ear) -> Iterator[Engine]:
    opened = Engine(LocalStore(home), HashEncoder(), Settings(home=home, abstain_below=0.0), hear=ear)
    opened.add(file, Details(title=TITLE))
    yield opened
    opened.close()


def voices(engine: Engine) -> list[tuple[str | None, str | None]]:
    return [(part.voice, part.speaker) for part in engine.debate("soir").segments]


def test_a_recording_tells_the_voices_apart_and_cuts_where_two_follow(engine: Engine, ear: Ear) -> None:
    laid = engine.hear("soir", RECORDING, options=HearOptions(voices=3))
    ((path, heard_of, options),) = ear.listened
    assert (path, options.voices, {part.voice for part in heard_of.segments}) == (RECORDING, 3, {None})
    debate = engine.debate("soir")
    assert debate == laid.known.debate
    assert [part.voice for part in debate.segments] == [A, B, C, B, C, None]
    assert [part.text for part in debate.segments][2:4] == [
        "Les éoliennes coûtent trop cher aux communes.",
        "Ce n'est pas vrai du tout, monsieur.",
    ]
    assert debate.media == str(RECORDING)
    assert laid.known.heard == (0.9, 0.9, 0.9, 0.9, 0.9, 0.0)
    assert laid.heard and engine._store.original("soir").segments == laid.heard.segments


def test_what_was_done_is_told_in_the_report(engine: Engine) -> None:
    engine.hear("soir", RECORDING)
    report = engine.report("soir")
    assert report is not None
    assert [(note.kind, note.detail) for note in report.notes] == [
        (NoteKind.VOICES_HEARD, "3"),
        (NoteKind.VOICES_CUT, "1"),
        (NoteKind.VOICES_UNKNOWN, "1 / 6"),
    ]
    assert report.segments == 6
    assert report.notes[0].message("fr") == "voix distinguées dans l'enregistrement : 3"


def test_voices_are_named_as_far_as_both_the_sound_and_the_text_are_sure() -> None:
    texts = [
        ("Bonsoir Ada Martin, merci d'être avec nous. Ma première question porte sur l'école.", A),
        ("Bonsoir. Je crois que l'école doit changer, et vite, pour nos enfants.", B),
        ("Jean Petit, vous répondez ?", A),
        ("Oui, je ne suis pas d'accord avec ce que je viens d'entendre sur l'école.", C),
        ("Ada Martin, une réponse ?", A),
        ("Je maintiens ce que j'ai dit, et je le redirai.", B),
        ("Jean Petit, en un mot ?", A),
        ("Je conteste ces chiffres.", C),
    ] * 8
    base = heard(texts, sure=0.9)
    named = attributed(base, [], {})
    by_text = {one.voice: one for one in attributed(as_labelled(base), [], {}).voices}
    assert {one.voice: one.speaker for one in named.voices} == {one: by_text[one].speaker for one in (A, B, C)}
    assert {by_text[B].speaker, by_text[C].speaker} == {"Ada Martin", "Jean Petit"}
    found = named.debate.segments[1].attribution
    assert found == Attribution("Ada Martin", Origin.VOICE, round(0.9 * by_text[B].confidence, 3))
    doubtful = attributed(heard(texts, sure=0.4), [], {})
    assert Origin.VOICE not in {part.attribution.origin for part in doubtful.debate.segments}


def heard(texts: Sequence[tuple[str, str | None]], sure: float = 0.9) -> Debate:
    """A debate as its recording was heard, four seconds a segment."""
    parts = tuple(
        Segment(
            at, 5.0 * at, 5.0 * at + 4, text, Attribution(voice, Origin.VOICE, sure) if voice else UNKNOWN, (), voice
        )
        for at, (text, voice) in enumerate(texts)
    )
    return Debate("soir", TITLE, parts, (Participant("Ada Martin", "maire"), Participant("Jean Petit", "avocat")))


def as_labelled(debate: Debate) -> Debate:
    """As a file would say it."""
    said = (replace(part.attribution, origin=Origin.LABELLED, confidence=1.0) for part in debate.segments)
    parts = (replace(part, attribution=one) for part, one in zip(debate.segments, said, strict=True))
    return replace(debate, segments=tuple(parts))


def test_names_of_the_file_stay_and_tell_whose_the_voice_is() -> None:
    base = heard([("Mot " * 12, A), ("Mot " * 12, A), ("Mot " * 12, A), ("Mot " * 12, B)])
    told = Attribution("Zoé Roux", Origin.LABELLED, 1.0)
    parts = tuple(replace(part, attribution=told) if part.index < 2 else part for part in base.segments)
    known = attributed(replace(base, segments=parts), [], {})
    assert [part.attribution for part in known.debate.segments] == [
        told,
        told,
        Attribution("Zoé Roux", Origin.VOICE, 0.855),
        UNKNOWN,
    ]
    assert known.voices[0].evidence[0].kind is EvidenceKind.LABELLED
    assert known.voices[0].evidence[0].message("en") == "00:00 the file names Zoé Roux where it speaks"


def test_a_voice_in_which_the_file_names_two_people_is_neither() -> None:
    base = heard([("Mot " * 12, A), ("Mot " * 12, A), ("Mot " * 12, A)])
    names = ("Zoé Roux", "Luc Bel")
    told = [Attribution(name, Origin.LABELLED, 1.0) for name in names]
    parts = tuple(replace(part, attribution=[*told, part.attribution][part.index]) for part in base.segments)
    known = attributed(replace(base, segments=parts), [], {})
    assert [part.speaker for part in known.debate.segments] == [*names, None]


def test_a_person_names_a_whole_voice_and_takes_it_back(engine: Engine) -> None:
    engine.hear("soir", RECORDING)
    assert {one.speaker for one in engine.ask("Que dit Ada Martin de la culture ?").citations} == {None}
    known = engine.name_voice("soir", C, "Martin")
    assert voices(engine)[2:5] == [(C, "Ada Martin"), (B, None), (C, "Ada Martin")]
    assert known.debate.segments[2].attribution == Attribution("Ada Martin", Origin.VOICE, 0.855)
    (citation,) = engine.ask("Que dit Ada Martin de la culture ?").citations[:1]
    assert (citation.speaker, citation.attribution) == ("Ada Martin", Origin.VOICE)
    (voice,) = [one for one in known.voices if one.voice == C]
    assert [one.kind for one in voice.evidence] == [EvidenceKind.TOLD]
    (correction,) = engine.corrections("soir")
    engine.undo("soir", correction.act or 0)
    assert voices(engine)[2:5] == [(C, None), (B, None), (C, None)]


def test_the_last_word_on_a_voice_stands_below_that_on_a_segment(engine: Engine) -> None:
    engine.hear("soir", RECORDING)
    engine.correct("soir", 4, 4, "Zoé Roux")
    engine.name_voice("soir", C, "Ada Martin")
    known = engine.name_voice("soir", C, "Jean Petit")
    assert [part.speaker for part in known.debate.segments] == [HOST, None, "Jean Petit", None, "Zoé Roux", None]
    nobody = engine.name_voice("soir", C, None)
    assert [part.speaker for part in nobody.debate.segments] == [HOST, None, None, None, "Zoé Roux", None]
    assert nobody.told == {2, 4}
    assert next(one for one in nobody.voices if one.voice == C).evidence[0].kind is EvidenceKind.NOBODY


def test_a_name_of_a_voice_survives_hearing_again_under_another_label(engine: Engine, ear: Ear) -> None:
    engine.hear("soir", RECORDING)
    engine.name_voice("soir", C, "Ada Martin")
    ear.voices = (None, A, A, B, A, None)
    known = engine.hear("soir", RECORDING).known
    assert [part.speaker for part in known.debate.segments] == [None, ADA, ADA, None, ADA, None]


def test_a_name_of_a_voice_that_is_gone_is_lost_and_not_dropped(engine: Engine, file: Path) -> None:
    engine.hear("soir", RECORDING)
    engine.name_voice("soir", C, "Ada Martin")
    lost = engine.add(file, Details(title=TITLE, language="fr")).lost
    assert [(one.speaker, one.kind) for one in lost] == [("Ada Martin", "voice")]
    assert engine.corrections("soir") == list(lost)


@pytest.mark.parametrize(
    ("voice", "speaker", "error"),
    [("SPEAKER_09", "Ada", VoiceUnknown), (C, "  ", FieldInvalid), ("Ada Martin", "Ada", VoiceUnknown)],
)
def test_a_voice_that_is_none_is_refused(engine: Engine, voice: str, speaker: str, error: type[Exception]) -> None:
    engine.hear("soir", RECORDING)
    before = engine._store.generation()
    with pytest.raises(error):
        engine.name_voice("soir", voice, speaker)
    with pytest.raises(DebateUnknown):
        engine.name_voice("nope", voice, speaker)
    assert engine._store.generation() == before


def test_corrections_keep_their_place_when_the_clock_is_moved(engine: Engine, ear: Ear) -> None:
    engine.correct("soir", 4, 4, "Jean Petit")
    ear.later = 30.0
    laid = engine.hear("soir", RECORDING, options=HearOptions(align=True))
    assert [part.start for part in laid.known.debate.segments][::5] == [31.0, 71.0]
    assert laid.known.debate.segments[5].speaker == "Jean Petit"
    assert [one.start for one in engine.corrections("soir")] == [71.0]
    assert laid.notes[-1].message("en") == "times of the transcript fitted to the recording: +30.0 s"
    assert engine.undo("soir", engine.corrections("soir")[0].act or 0).debate.segments[5].speaker is None


def test_corrections_are_laid_over_what_was_heard(engine: Engine) -> None:
    engine.split("soir", 3, 4)
    engine.correct_all("soir", [Saying(0, 0, "Zoé Roux"), Saying(4, 4, "Ada Martin")])
    known = engine.hear("soir", RECORDING).known
    assert [(part.voice, part.speaker) for part in known.debate.segments][:2] == [(A, "Zoé Roux"), (B, None)]
    assert [part.speaker for part in known.debate.segments if part.text == "budget qui double enfin dans ce pays."] == [
        "Ada Martin"
    ]
    assert len(known.heard) == len(known.debate.segments) == 7


def test_only_windows_that_change_are_embedded(engine: Engine, ear: Ear) -> None:
    encoder = engine._encoder
    assert isinstance(encoder, HashEncoder)
    ear.voices = (A, B, C, B, None)
    before = len(encoder.embedded)
    engine.hear("soir", RECORDING)
    assert len(encoder.embedded) == before


def test_a_recording_that_is_refused_changes_nothing(engine: Engine, home: Path) -> None:
    def refuse(*_said: object, **_more: object) -> Heard:
        raise RecordingOther(reason="r", reason_fr="r")

    other = Engine(LocalStore(home), HashEncoder(), engine.settings, hear=refuse)
    before = engine._store.generation()
    with pytest.raises(RecordingOther):
        other.hear("soir", RECORDING)
    with pytest.raises(DebateUnknown):
        other.hear("nope", RECORDING)
    assert engine._store.generation() == before
    other.close()


def test_a_transcript_that_changes_meanwhile_is_not_given_the_voices_of_the_old_one(
    engine: Engine, home: Path, file: Path
) -> None:
    def slow(
        path: Path, debate: Debate, options: HearOptions | None = None, *, progress: Progress | None = None
    ) -> Heard:
        file.write_text(srt((*TEXTS[:4], "Bonne nuit.")), "utf-8")
        engine.add(file, Details(title=TITLE))
        return Ear(A, B, A, B, A)(path, debate, options)

    other = Engine(LocalStore(home), HashEncoder(), engine.settings, hear=slow)
    with pytest.raises(TranscriptChanged, match="soir"):
        other.hear("soir", RECORDING)
    assert {voice for voice, _name in voices(engine)} == {None}
    other.close()


def test_who_speaks_is_corrected_while_it_is_heard(engine: Engine, home: Path) -> None:
    def slow(
        path: Path, debate: Debate, options: HearOptions | None = None, *, progress: Progress | None = None
    ) -> Heard:
        engine.correct("soir", 0, 0, "Zoé Roux")
        return Ear(A, B, A, B, A)(path, debate, options)

    other = Engine(LocalStore(home), HashEncoder(), engine.settings, hear=slow)
    assert other.hear("soir", RECORDING).known.debate.segments[0].speaker == "Zoé Roux"
    other.close()


def test_a_new_file_is_heard_before_it_is_stored(engine: Engine, file: Path, ear: Ear, tmp_path: Path) -> None:
    media = tmp_path / "soir.mp3"
    media.write_bytes(b"sound")
    added = engine.add(file, Details(id="neuf", title=TITLE, media=str(media)), voices=HearOptions(voices=3))
    assert [part.voice for part in added.debate.segments] == [A, B, C, B, C, None]
    assert ear.listened[0][0] == media
    assert NoteKind.VOICES_HEARD in {note.kind for note in added.report.notes}
    assert engine.report("neuf") == added.report
    again = list(engine.add_files([file], Details(id="neuf", title=TITLE, media=str(media)), voices=HearOptions()))
    assert [outcome.unchanged for outcome in again] == ["neuf"]


@pytest.mark.parametrize("media", ["https://example.org/a.mp3", None])
def test_only_a_recording_that_is_here_is_heard(engine: Engine, file: Path, ear: Ear, media: str | None) -> None:
    engine.add(file, Details(id="neuf", title=TITLE, media=media), voices=HearOptions())
    assert not ear.listened


def test_a_file_that_tells_its_voices_is_not_heard(engine: Engine, file: Path, ear: Ear) -> None:
    file.write_text(srt(("SPEAKER_00: Bonsoir à tous.", "SPEAKER_01: Bonsoir.", "SPEAKER_00: Merci.")), "utf-8")
    added = engine.add(file, Details(id="neuf", title=TITLE, media="/r/a.mp3"), voices=HearOptions())
    assert not ear.listened
    assert [note.detail for note in added.report.notes if note.kind is NoteKind.VOICES_OF_FILE] == ["2"]
    file.write_text(srt(("Ada Martin : Bonsoir à tous.", "Jean Petit : Bonsoir.", "Ada Martin : Merci.")), "utf-8")
    named = engine.add(file, Details(id="noms", title=TITLE, media="/r/a.mp3"), voices=HearOptions())
    assert NoteKind.VOICES_OF_FILE not in [note.kind for note in named.report.notes]


def test_without_the_extra_a_file_is_added_and_a_note_says_what_to_install(home: Path, file: Path) -> None:
    def deaf(*_said: object, **_more: object) -> Heard:
        raise AudioMissing

    engine = Engine(LocalStore(home), HashEncoder(), Settings(home=home), hear=deaf)
    added = engine.add(file, Details(title=TITLE, media="/r/a.mp3"), voices=HearOptions())
    assert [(note.kind, note.detail) for note in added.report.notes] == [
        (NoteKind.NOT_HEARD, "pip install 'qui-dit-quoi[audio]'")
    ]
    assert added.report.notes[0].message("en").endswith("pip install 'qui-dit-quoi[audio]', then qdq voices DEBATE")
    with pytest.raises(AudioMissing):
        engine.hear("soir", RECORDING)
    engine.close()


def test_a_file_that_could_not_be_heard_is_heard_when_it_is_added_again(engine: Engine, file: Path, home: Path) -> None:
    def deaf(*_said: object, **_more: object) -> Heard:
        raise AudioMissing

    details = Details(id="neuf", title=TITLE, media="/r/a.mp3")
    without = Engine(LocalStore(home), HashEncoder(), engine.settings, hear=deaf)
    without.add(file, details, voices=HearOptions())
    without.close()
    (unwanted,) = engine.add_files([file], details)
    assert unwanted.unchanged == "neuf"
    (again,) = engine.add_files([file], details, voices=HearOptions())
    assert again.added and again.added.debate.segments[0].voice == A
    (last,) = engine.add_files([file], details, voices=HearOptions())
    assert last.unchanged == "neuf"


def test_what_a_model_said_is_not_overruled_by_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    base = heard([("mot " * 50, A), ("mot " * 50, A)])
    told = {A: Attribution(ADA, Origin.SUGGESTED, 0.96)}
    monkeypatch.setattr("index.speakers.attribution.names_of_voices", lambda *_said, **_more: told)
    assert {part.speaker for part in attributed(base, [], {}).debate.segments} == {ADA}
    second = base.segments[1]
    said = Correction(
        CorrectionKind.SPEAKER, second.start, second.end, second.text, "Jean Petit", None, Origin.MODEL, 0.7, "m"
    )
    found = attributed(base, [said], {})
    assert [part.speaker for part in found.debate.segments] == [ADA, None]
    assert found.guesses[1].attribution.speaker == "Jean Petit"


def test_the_text_names_whole_voices_of_a_file_too(monkeypatch: pytest.MonkeyPatch) -> None:
    base = as_labelled(heard([("mot " * 50, A), ("mot " * 50, B)]))
    told = {A: Attribution(ADA, Origin.SUGGESTED, 0.96), B: Attribution("Jean Petit", Origin.SUGGESTED, 0.94)}
    monkeypatch.setattr("index.speakers.attribution.names_of_voices", lambda *_said, **_more: told)
    first, second = attributed(base, [], {}).debate.segments
    assert first.attribution == Attribution(ADA, Origin.SUGGESTED, 0.96)
    assert second.speaker is None  # not sure enough


def test_a_file_whose_recording_is_refused_is_not_added(home: Path, file: Path) -> None:
    def refuse(*_said: object, **_more: object) -> Heard:
        raise RecordingOther(reason="r", reason_fr="r")

    engine = Engine(LocalStore(home), HashEncoder(), Settings(home=home), hear=refuse)
    (outcome,) = engine.add_files([file], Details(title=TITLE, media="/r/a.mp3"), voices=HearOptions())
    assert isinstance(outcome.error, RecordingOther)
    assert engine.debates() == []
    engine.close()


def test_what_was_heard_is_packed_with_the_names_of_the_file() -> None:
    base = heard([("un deux", A), ("trois", None), ("quatre", B), ("cinq", A)])
    parts = list(base.segments)
    parts[2] = replace(parts[2], attribution=Attribution("Zoé Roux", Origin.LABELLED, 0.8))
    parts[3] = replace(parts[3], attribution=Attribution(B, Origin.LABELLED, 1.0), voice=B)
    base = replace(base, segments=tuple(parts))
    assert unpacked(packed(base), replace(base, segments=())) == base


def test_three_excerpts_are_spread_over_what_a_voice_says_alone() -> None:
    said = [("court mot", A), ("un deux trois quatre", A), ("autre", B)] * 6
    base = heard(said)
    over = replace(base.segments[17], start=base.segments[16].start)
    base = replace(base, segments=(*base.segments[:17], over))
    found = excerpts(attributed(base, [], {}), A)
    assert [one.start for one in found] == [0.0, 20.0, 50.0]
    assert all(3.0 <= one.end - one.start <= 8.0 for one in found)
    assert not any(one.start < over.end and over.start < one.end for one in found)
    assert excerpts(attributed(base, [], {}), "SPEAKER_07") == ()


def test_an_excerpt_of_a_long_segment_is_its_beginning() -> None:
    words = " ".join(f"mot{at}" for at in range(40))
    part = Segment(0, 10.0, 50.0, words, Attribution(A, Origin.VOICE, 0.9), (), A)
    (found,) = excerpts(attributed(Debate("d", "D", (part,)), [], {}), A)
    assert found.start == 10.0 and found.end <= 18.0
    assert found.text.split() == words.split()[:8]


def test_moments_in_which_two_speak_are_told_with_the_times_of_the_longest() -> None:
    parts = heard([("Le budget double.", A), ("Non.", B)]).segments

    def told(*at_once: tuple[float, float]) -> list[str]:
        found = notes_of(parts, Heard(parts, (), at_once, 4_000.0, 3_000.0))
        return [note.detail for note in found if note.kind is NoteKind.VOICES_AT_ONCE]

    assert told() == []
    assert told((61.5, 63), (3_723, 3_724.2)) == ["2 (3 s) – 01:01, 1:02:03"]
    many = [(10.0 * at, 10.0 * at + (2 if at == 14 else 1)) for at in range(15)]
    assert told(*many) == ["15 (16 s) – " + ", ".join(f"{at // 6:02}:{at % 6}0" for at in (*range(11), 14)) + ", …"]


def test_a_name_that_a_voice_has_is_guessed_of_no_other() -> None:
    base = heard([(f"La phrase numéro {at} parle du budget et de l'énergie.", A if at < 4 else B) for at in range(8)])
    base = replace(base, title="Débat", participants=())
    first = base.segments[0]
    said = Correction(CorrectionKind.VOICE, first.start, first.end, first.text, ADA)
    assert [part.speaker for part in attributed(base, [said], {}).debate.segments] == [ADA] * 4 + [None] * 4


@given(st.lists(st.tuples(st.sampled_from([A, B, None]), st.floats(0.1, 30), st.floats(0, 3), st.integers(1, 40))))
def test_excerpts_are_short_and_lie_in_what_the_voice_says(drawn: list[tuple[str | None, float, float, int]]) -> None:
    parts: list[Segment] = []
    for at, (voice, seconds, gap, words) in enumerate(drawn):
        start = parts[-1].end + gap if parts else 0.0
        said = Attribution(voice, Origin.VOICE, 0.9) if voice else UNKNOWN
        text = " ".join(f"m{at}w{word}" for word in range(words))
        parts.append(Segment(at, start, start + seconds, text, said, (), voice))
    debate = Debate("d", "D", tuple(parts))
    found = excerpts(Attributed(debate, ()), A)
    assert len(found) <= MOST and list(found) == sorted(found, key=lambda one: one.start)
    assert bool(found) == any(part.voice == A for part in parts)
    for one in found:
        assert 0 < one.end - one.start <= MOST_SECONDS + 1e-6
        assert one.text in joined_text(parts)
        assert {part.voice for part in parts if part.start < one.end and one.start < part.end} == {A}


@given(
    st.lists(st.tuples(st.integers(1, 4), st.integers(1, 20), st.booleans()), min_size=1, max_size=12),
    st.floats(-60, 60),
    st.floats(0.9, 1.1),
)
def test_what_is_moved_by_a_clock_stays_with_its_words(
    drawn: list[tuple[int, int, bool]], later: float, rate: float
) -> None:
    """Whatever is cut, as long as cuts only add segments; a time is rounded to the millisecond."""
    before: list[Segment] = []
    after: list[Segment] = []
    for at, (words, seconds, cut) in enumerate(drawn):
        start = before[-1].end if before else 100.0
        part = Segment(at, start, start + seconds, " ".join(f"m{at}w{word}" for word in range(words)))
        before.append(part)
        moved = replace(part, start=rate * part.start + later, end=rate * part.end + later)
        after += split_at(moved, 1) if cut and words > 1 else (moved,)
    made = [Correction(CorrectionKind.SPEAKER, part.start, part.end, part.text, ADA) for part in before]
    found = _moved(made, before, after)
    times = [rate * part.start + later for part in before]
    assert [one.start for one in (made if found is None else found)] == pytest.approx(times, abs=0.002)


def test_a_recording_that_nothing_proves_is_said_to_be_one() -> None:
    parts = heard([("Le budget double.", A), ("Non.", B)]).segments

    def told(*, proven: bool) -> list[str]:
        found = notes_of(parts, Heard(parts, (), (), 243.0, 200.0, proven))
        return [note.message("en") for note in found if note.kind is NoteKind.RECORDING_UNPROVEN]

    assert told(proven=True) == []
    (said,) = told(proven=False)
    assert said == "nothing proves that this recording (04:03) is the transcript's: listen to an excerpt"
