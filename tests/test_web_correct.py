"""Who speaks, said on the pages: what a form saves reaches the next answer, is told, and is taken back."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from api.serving.app import create_app
from api.web.speakers.acts import acts_of
from api.web.speakers.checked import checked_turns
from api.web.speakers.choosing import choice_of, spoken_by
from index.local import LocalStore
from index.speakers.attribution import Attributed, Guess
from index.speakers.corrections import Correction, CorrectionKind
from index.types import Attribution, Debate, Origin, Participant, Segment
from index.writing.build import Details
from index.writing.labelling import Saying, mark_of, uncertain
from rag.engine import Engine
from rag.settings import Settings
from tests.fakes import HashEncoder
from tests.suite_files import srt

TEXTS = (
    "Bonsoir à tous et bienvenue dans notre émission du soir.",
    "Le nucléaire est nécessaire pour notre industrie.",
    "Les éoliennes coûtent trop cher aux communes. Je ne suis pas d'accord.",
    "La culture mérite un budget qui double enfin.",
)
TITLE = "Débat entre Ada Martin (maire) et Jean Petit (avocat)"
QUESTION = "Que dit Ada Martin du nucléaire ?"
HOSTILE = "<script>alert('x')</script>"


@pytest.fixture
def engine(home: Path, tmp_path: Path) -> Iterator[Engine]:
    (tmp_path / "soir.srt").write_text(srt(list(TEXTS)), "utf-8")
    opened = Engine(LocalStore(home), HashEncoder(), Settings(home=home, abstain_below=0.0))
    opened.add(tmp_path / "soir.srt", Details(title=TITLE))
    yield opened
    opened.close()


@pytest.fixture
def client(engine: Engine) -> TestClient:
    return TestClient(create_app(engine), headers={"Accept-Language": "fr"})


def choice(engine: Engine, first: int, last: int | None = None) -> str:
    return str(choice_of(engine.debate("soir"), first, first if last is None else last))


def posted(client: TestClient, path: str, **data: object) -> Response:
    return client.post(path, data=data, follow_redirects=False)


def followed(client: TestClient, response: Response) -> str:
    """The page after a form, its text as it is read."""
    assert response.status_code == 303
    shown = client.get(response.headers["location"])
    assert shown.status_code == 200
    return read(shown)


def read(response: Response) -> str:
    text = re.sub(r"<(script|style|datalist|option)\b.*?(</\1>|>)", " ", response.text, flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def asked(response: Response) -> dict[str, list[str]]:
    return parse_qs(urlsplit(response.headers["location"]).query)


def speakers(engine: Engine) -> list[str | None]:
    return [segment.speaker for segment in engine.debate("soir").segments]


def quoted(engine: Engine) -> set[tuple[str | None, str]]:
    return {(one.speaker, one.text) for one in engine.ask(QUESTION).citations}


def test_what_a_form_says_changes_the_next_answer_and_undo_brings_it_back(engine: Engine, client: TestClient) -> None:
    before = quoted(engine)
    assert {speaker for speaker, _text in before} == {None}
    saved = posted(client, "/d/soir/speakers", turns=choice(engine, 1), speaker="Martin")
    assert quoted(engine) == {("Ada Martin", TEXTS[1])}
    assert asked(saved) == {"correct": ["1"], "t": ["10,20"], "done": ["1"]}
    page = followed(client, saved)
    assert "C'est enregistré. Ada Martin 00:10" in page
    undone = posted(client, "/d/soir/undo", act=1)
    assert asked(undone) == {"correct": ["1"], "t": ["10,20"], "undone": ["1"]}
    assert "La correction 1 n'est plus parmi celles de ce débat." in followed(client, undone)
    assert quoted(engine) == before


@pytest.mark.parametrize("back", ["read", "check"])
def test_what_is_undone_already_is_said_where_it_was_to_be_undone(
    engine: Engine, client: TestClient, back: str
) -> None:
    engine.correct("soir", 1, 1, "Ada Martin")
    posted(client, "/d/soir/undo", act=1, back=back)
    again = posted(client, "/d/soir/undo", act=1, back=back, skip="a")
    path = "/d/soir/check?problem=gone&skip=a" if back == "check" else "/d/soir?correct=1&problem=gone"
    assert again.headers["location"] == path
    assert "Cette correction est déjà annulée." in followed(client, again)


def test_an_address_does_not_say_that_what_holds_is_undone(engine: Engine, client: TestClient) -> None:
    engine.correct("soir", 1, 1, "Ada Martin")
    for path in ("/d/soir?correct=1&undone={}", "/d/soir/check?undone={}"):
        assert "n'est plus parmi" not in read(client.get(path.format(1)))
        assert "La correction 2 n'est plus parmi celles de ce débat." in read(client.get(path.format(2)))
        assert client.get(path.format("x")).status_code == 422


def test_a_name_is_asked_for_before_ticks_are_sent_and_looking_for_words_keeps_them_possible(
    client: TestClient,
) -> None:
    page = client.get("/d/soir?correct=1").text
    assert re.search(r'<input id="speaker" [^>]* required>', page)
    assert '<button name="nobody" value="1" formnovalidate>' in page
    search = page[page.index('<form class="find"') :]
    assert '<input type="hidden" name="correct" value="1">' in search[: search.index("</form>")]
    assert 'name="correct"' not in client.get("/d/soir").text


def test_several_turns_that_are_chosen_are_one_act(engine: Engine, client: TestClient) -> None:
    saved = posted(client, "/d/soir/speakers", turns=[choice(engine, 0), choice(engine, 2, 3)], speaker=" Zoé  Roux ")
    assert speakers(engine) == ["Zoé Roux", None, "Zoé Roux", "Zoé Roux"]
    assert {one.act for one in engine.corrections("soir")} == {1}
    assert "Zoé Roux 00:00 00:20" in followed(client, saved)
    posted(client, "/d/soir/speakers", turns=[choice(engine, 2)], nobody="1")
    assert speakers(engine) == ["Zoé Roux", None, None, "Zoé Roux"]
    assert "personne de connu 00:20" in read(client.get("/d/soir?correct=1&done=2"))


def test_all_that_somebody_speaks_in_a_debate_is_said_at_once(engine: Engine, client: TestClient) -> None:
    engine.correct_all("soir", [Saying(0, 0, "Jean Petit"), Saying(2, 3, "Jean Petit"), Saying(1, 1, "Ada Martin")])
    posted(client, "/d/soir/speakers", whose="person:Jean Petit", speaker="Zoé Roux")
    assert speakers(engine) == ["Zoé Roux", "Ada Martin", "Zoé Roux", "Zoé Roux"]
    assert [one.number for one in acts_of("soir", engine.corrections("soir"))] == [2, 1]


def test_a_voice_without_a_name_is_all_its_segments_that_nobody_is_said_to_speak() -> None:
    ada = Attribution("Ada", Origin.CORRECTED, 1.0)
    segments = tuple(
        Segment(at, at, at + 1, f"mot {at}", ada if at == 2 else Attribution(), voice=f"SPEAKER_0{at % 4 // 3}")
        for at in range(6)
    )
    debate = Debate("d", "D", segments)
    chosen = spoken_by(debate, "voice:SPEAKER_00")
    assert [(one.first, one.last) for one in chosen] == [(0, 1), (4, 5)]
    assert chosen[1].mark == mark_of("mot 4 mot 5")
    assert [(one.first, one.last) for one in spoken_by(debate, "person:Ada")] == [(2, 2)]
    assert spoken_by(debate, "SPEAKER_00") == []


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"speaker": "Ada Martin"}, "Aucun tour n'est choisi"),
        ({"turns": "1-1-{mark}", "speaker": " "}, "Il manque un nom"),
        ({"turns": "1-1-{mark}", "speaker": "\a"}, "Il manque un nom"),
        ({"turns": "1-1-000000000000", "speaker": "Ada Martin"}, "La transcription a changé"),
        ({"turns": "1-9-{mark}", "speaker": "Ada Martin"}, "La transcription a changé"),
        ({"whose": "person:Zoé", "speaker": "Ada Martin"}, "Aucun tour n'est choisi"),
    ],
)
def test_what_cannot_be_saved_is_told_in_the_reader(
    engine: Engine, client: TestClient, data: dict[str, str], sentence: str
) -> None:
    sent = {name: value.format(mark=mark_of(TEXTS[1])) for name, value in data.items()}
    assert sentence in followed(client, posted(client, "/d/soir/speakers", **sent))
    assert engine.corrections("soir") == []


@pytest.mark.parametrize(
    ("path", "data", "status", "sentence"),
    [
        ("/d/nulle-part/speakers", {}, 404, "Aucun débat « nulle-part »"),
        ("/d/nulle-part/check", {}, 404, "Aucun débat « nulle-part »"),
        ("/d/soir/speakers", {"turns": "<b>", "speaker": "Ada"}, 422, "il faut un tour de la page"),
        ("/d/soir/speakers", {"turns": "0-0-000000000000", "speaker": "a" * 201}, 422, "200 lettres au plus"),
        ("/d/nulle-part/undo", {"act": "7"}, 404, "Aucun débat « nulle-part »"),
        ("/d/soir/undo", {"act": "x"}, 422, "act"),
        ("/d/soir/cut", {"word": "9:1"}, 422, "n'a pas les segments 9 à 9"),
        ("/people/rename", {"names": "Zoé", "person": "Ada"}, 404, "Personne ne s'appelle « Zoé »"),
        ("/people/rename", {"names": "Ada Martin", "person": "Animateur 2"}, 422, "qui présente un débat : qdq label"),
        ("/people/part", {"name": "Zoé"}, 404, "Personne ne s'appelle « Zoé »"),
    ],
)
def test_what_no_page_sends_is_refused_with_a_sentence(
    client: TestClient, path: str, data: dict[str, str], status: int, sentence: str
) -> None:
    response = client.post(path, data=data)
    assert (response.status_code, sentence in read(response)) == (status, True)


def test_a_problem_in_a_debate_leads_back_to_it(client: TestClient) -> None:
    def ways(path: str, **data: str) -> list[str]:
        page = client.post(path, data=data) if data else client.get(path)
        assert page.status_code in (404, 422)
        content = page.text[page.text.index("<main") : page.text.index("</main>")]
        return [unescape(link) for link in re.findall(r'href="([^"]*)"', content)]

    assert ways("/d/soir/cut", word="9:1") == ["/d/soir", "/"]
    assert ways("/d/soir?t=x") == ["/d/soir", "/"]
    assert ways("/d/soir%22%3E?t=x") == ["/d/soir%22%3E", "/"]
    assert ways("/d/nulle-part/undo", act="7") == ways("/d/nulle-part") == ["/"]
    assert ways("/people/part", name="Zoé") == ["/"]


def test_the_least_certain_turns_come_first_and_those_that_are_left_do_not_come_again(
    engine: Engine, client: TestClient
) -> None:
    engine.correct("soir", 2, 2, None)
    turns = uncertain(engine.attribution("soir"))
    assert {turn.first for turn in turns} == {0, 1, 3}
    page = client.get("/d/soir/check")
    assert [unescape(text) for text in re.findall(r"<blockquote[^>]*><p>(.*?)</p>", page.text)] == [
        turn.text for turn in turns
    ]
    assert f"Vérifier {len(turns)} tours" in read(page)
    assert "Ada Martin deviné d'après le texte, incertain" in read(page)
    saved = posted(client, "/d/soir/check", **answers(page, {0: "=Jean Petit", 1: "=Ada Martin"}))
    assert speakers(engine)[:2] == ["Jean Petit", "Ada Martin"]
    assert asked(saved) == {"done": ["2"], "skip": [mark_of(TEXTS[3])]}
    shown = followed(client, saved)
    assert "Rien à vérifier" in shown
    assert "1 tour laissé de côté." in shown
    assert "Jean Petit 00:00 Ada Martin 00:10" in shown
    assert len(re.findall("<blockquote", client.get("/d/soir/check").text)) == 1


def answers(page: Response, chosen: dict[int, str], **typed: str) -> dict[str, object]:
    """What the form of ``page`` sends when these answers are chosen, by first segment."""
    turns = re.findall(r'name="turn" value="([^"]+)"', page.text)
    return {"turn": turns, **{f"who-{first}": value for first, value in chosen.items()}, **typed}


def test_somebody_else_is_typed_and_an_empty_name_keeps_the_other_answers(engine: Engine, client: TestClient) -> None:
    page = client.get("/d/soir/check")
    first = int(re.findall(r'name="turn" value="(\d+)-', page.text)[0])
    refused = posted(client, "/d/soir/check", **answers(page, {first: "+", 1 - first: "=Jean Petit"}))
    assert (refused.status_code, "Il manque un nom" in read(refused)) == (422, True)
    assert re.search(rf'name="who-{first}" value="\+" checked', refused.text)
    assert engine.corrections("soir") == []
    posted(client, "/d/soir/check", **answers(page, {first: "+"}, **{f"name-{first}": "Zoé Roux"}))
    assert speakers(engine)[first] == "Zoé Roux"


def test_turns_that_changed_meanwhile_are_refused_and_nothing_is_saved(engine: Engine, client: TestClient) -> None:
    page = client.get("/d/soir/check")
    engine.split("soir", 1, 3)
    refused = posted(client, "/d/soir/check", **answers(page, {0: "=Jean Petit", 1: "=Ada Martin"}))
    assert refused.status_code == 409
    assert "ont changé depuis : relisez-les" in read(refused)
    assert [one.kind for one in engine.corrections("soir")] == [CorrectionKind.SPLIT]


def test_an_answer_to_a_turn_that_changed_is_not_kept(engine: Engine, client: TestClient) -> None:
    page = client.get("/d/soir/check")
    first = int(re.findall(r'name="turn" value="(\d+)-', page.text)[0])
    sent = answers(page, {first: "=Jean Petit"})
    turns = sent["turn"]
    assert isinstance(turns, list)
    other = re.sub(r"[0-9a-f]{12}$", "0" * 12, turns[0])
    for turn, kept in ((turns[0], True), (other, False)):
        refused = posted(client, "/d/soir/check", **sent | {"turn": [turn, f"3-3-{'0' * 12}"], "who-3": "=Ada Martin"})
        assert refused.status_code == 409
        assert bool(re.search(rf'name="who-{first}" value="=Jean Petit" checked', refused.text)) == kept


def test_a_turn_to_check_is_described_by_its_words_and_acts_by_their_numbers(
    engine: Engine, client: TestClient
) -> None:
    engine.correct("soir", 2, 2, "Ada Martin")
    engine.correct("soir", 3, 3, "Ada Martin")
    engine.undo("soir", 1)
    page = client.get("/d/soir/check").text
    described = [ids.split() for ids in re.findall(r'<fieldset [^>]*aria-describedby="([^"]*)"', page)]
    assert described
    for said, who in described:
        assert page.count(f'<blockquote id="{said}"') == page.count(f'<p class="question" id="{who}"') == 1
    assert re.findall(r'<li value="(\d+)">', page) == ["2"]
    assert re.findall(r'<li value="(\d+)">', client.get("/d/soir?correct=1").text) == ["2"]


@pytest.mark.parametrize(
    ("host", "participants", "offered"),
    [
        (Attribution("Présentatrice", Origin.LABELLED, 1.0), (), "Présentatrice"),
        (Attribution("Présentateur", Origin.LABELLED, 1.0), (Participant("Léa", "journaliste"),), "Présentateur"),
        (Attribution("Journaliste", Origin.VOICE, 0.9), (Participant("Léa Roux", "animatrice"),), "Léa Roux"),
        (Attribution("Journaliste", Origin.VOICE, 0.9), (Participant("Léa Roux", "maire"),), "Présentateur"),
    ],
)
def test_a_debate_that_has_a_host_is_offered_no_second_one(
    host: Attribution, participants: tuple[Participant, ...], offered: str
) -> None:
    guess = Attribution("Présentateur", Origin.SUGGESTED, 0.6)
    segments = (Segment(0, 0, 5, "Bonsoir.", host), Segment(1, 5, 9, "Et vous ?"))
    known = Attributed(Debate("d", "D", segments, participants), tuple(Guess(guess, 1.0) for _ in segments))
    shown, _left, _skipped = checked_turns(known, (), {}, "fr")
    assert [one.guess for one in shown if one.turn.first == 1] == [offered]
    names = [candidate.name for one in shown if one.turn.first == 1 for candidate in one.candidates]
    assert names == list(dict.fromkeys([offered, *(one.name for one in participants)]))


def test_nothing_uncertain_is_said_and_what_was_corrected_can_be_undone(engine: Engine, client: TestClient) -> None:
    engine.correct("soir", 0, 3, "Ada Martin")
    page = client.get("/d/soir/check")
    assert "Rien à vérifier" in read(page)
    assert "Corrections faites Ada Martin 00:00 Annuler" in read(page)
    undone = posted(client, "/d/soir/undo", act=1, back="check")
    assert undone.headers["location"] == "/d/soir/check?undone=1"
    assert speakers(engine) == [None] * 4


def test_a_correction_that_lost_its_place_is_told(engine: Engine, client: TestClient, tmp_path: Path) -> None:
    engine.correct("soir", 3, 3, "Jean Petit")
    (tmp_path / "soir.srt").write_text(srt([*TEXTS[:3], "Tout autre chose fut dit ici."]), "utf-8")
    engine.add(tmp_path / "soir.srt", Details(title=TITLE))
    assert "1 segment n'est plus dans la transcription" in read(client.get("/d/soir/check"))


def test_a_turn_is_cut_before_a_word(engine: Engine, client: TestClient) -> None:
    page = client.get("/d/soir/cut?first=2&last=2&back=check")
    words = re.findall(r'name="word" value="2:(\d+)" required><span>(.*?)</span>', page.text)
    assert [unescape(word) for _at, word in words] == TEXTS[2].split()[1:]
    sent = {"turn": choice(engine, 2), "back": "check", "word": "2:7"}
    cut = posted(client, "/d/soir/cut", **sent)
    assert [part.text for part in engine.debate("soir").segments][2:4] == [
        "Les éoliennes coûtent trop cher aux communes.",
        "Je ne suis pas d'accord.",
    ]
    assert "Tour coupé 00:20 Je ne suis pas d'accord." in followed(client, cut)
    assert "La transcription a changé" in followed(client, posted(client, "/d/soir/cut", **sent))
    assert "Aucun mot n'est choisi" in followed(client, posted(client, "/d/soir/cut", back="read"))


def test_a_long_turn_is_cut_a_part_at_a_time(engine: Engine, client: TestClient, tmp_path: Path) -> None:
    (tmp_path / "long.srt").write_text(srt([f"{'mot ' * 99}{at}." for at in range(9)]), "utf-8")
    engine.add(tmp_path / "long.srt")
    page = client.get("/d/long/cut?first=1&last=8")
    assert len(re.findall('name="word"', page.text)) == 4 * 100 - 1
    assert 'href="/d/long/cut?first=5&amp;last=8&amp;back=read"' in page.text


def test_people_are_renamed_merged_and_separated_on_a_page(engine: Engine, client: TestClient) -> None:
    engine.correct("soir", 1, 1, "Ada Martin")
    saved = posted(client, "/people/rename", names="Ada Martin", person="Ada Roux")
    assert saved.headers["location"] == "/people?done=Ada+Martin"
    assert "« Ada Martin » s'appelle maintenant « Ada Roux »" in followed(client, saved)
    assert {speaker for speaker, _text in quoted(engine)} == {"Ada Roux"}
    parted = posted(client, "/people/part", name="Ada Martin")
    assert "« Ada Martin » est de nouveau une personne à part." in followed(client, parted)
    posted(client, "/people/rename", names=["Ada Martin"], person="Jean Petit")
    assert speakers(engine)[1] == "Jean Petit"
    assert "aussi appelé Ada Martin" in read(client.get("/people?q=martin"))
    assert "Il manque un nom" in followed(client, posted(client, "/people/rename", names="Jean Petit", person=" "))


def test_people_who_may_be_one_are_offered_to_be_merged(engine: Engine, client: TestClient, tmp_path: Path) -> None:
    (tmp_path / "matin.vtt").write_text(
        "WEBVTT\n\n00:01.000 --> 00:09.000\n<v Petit>Le nucléaire reste utile.\n", "utf-8"
    )
    engine.add(tmp_path / "matin.vtt", Details(title="Le matin"))
    assert engine.people_alike() == [("Petit", "Jean Petit")]
    assert "Petit et Jean Petit Oui : Jean Petit Oui : Petit" in read(client.get("/people"))
    posted(client, "/people/rename", names="Petit", person="Jean Petit")
    assert [person.debates for person in engine.people() if person.name == "Jean Petit"] == [("matin", "soir")]
    assert "Une seule personne ?" not in read(client.get("/people"))


def test_thousands_of_people_come_a_page_at_a_time(engine: Engine, client: TestClient) -> None:
    names = [f"Personne Numéro{at:04}" for at in range(55)]
    cues = "\n".join(f"00:{at:02}.000 --> 00:{at:02}.900\n<v {name}>Phrase {at}.\n" for at, name in enumerate(names))
    path = engine.settings.home.parent / "foule.vtt"
    path.write_text(f"WEBVTT\n\n{cues}", "utf-8")
    engine.add(path, Details(title="La foule"))
    pages = [re.findall("<h3>(.*?)</h3>", client.get(f"/people?at={at}").text) for at in (1, 2, 3)]
    assert [len(found) for found in pages] == [50, 7, 7]
    assert pages[0] + pages[1] == [person.name for person in engine.people()]
    assert re.findall("<h3>(.*?)</h3>", client.get("/people?q=numero0003").text) == ["Personne Numéro0003"]


@pytest.mark.parametrize(
    "path", ["/d/soir?correct=1&done=1", "/d/soir/check?done=1", "/people", "/people?q=" + HOSTILE]
)
def test_names_are_only_shown(engine: Engine, client: TestClient, path: str) -> None:
    engine.correct("soir", 1, 1, HOSTILE)
    page = client.get(path)
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert HOSTILE in unescape(page.text)


@pytest.mark.parametrize(
    "path",
    ["/d/soir/check?done=7", "/d/soir?correct=1&done=7", "/people?done=Le+maire+ment", "/people?parted=Le+maire+ment"],
)
def test_a_link_made_by_somebody_else_says_nothing(client: TestClient, path: str) -> None:
    page = client.get(path)
    assert page.status_code == 200
    assert 'role="status"' not in page.text.replace('<p role="status">', "")
    assert "Le maire ment" not in read(page)


def test_pages_to_correct_speak_english(engine: Engine, client: TestClient) -> None:
    engine.correct("soir", 1, 1, "Ada Martin")
    for path, sentence in {
        "/d/soir/check?done=1": "It is saved. Ada Martin",
        "/d/soir?correct=1&problem=no_turn": "No turn is chosen",
        "/d/soir/cut?first=1&last=1": "Cut a turn",
        "/people": "2 people",
    }.items():
        assert sentence in read(client.get(path, headers={"Accept-Language": "en"}))


def test_an_act_is_told_by_person_and_place() -> None:
    def said(start: float, speaker: str | None, act: int, **more: object) -> Correction:
        return Correction(CorrectionKind.SPEAKER, start, start + 2, "un mot", speaker, act=act, **more)  # type: ignore[arg-type]

    lost = said(90, "Bob", 2)
    made = [said(0, "Ada", 1), said(2, "Ada", 1), said(10, None, 1), said(20, "Ada", 1), lost]
    made += [said(10 * at, "Eve", 3, origin=Origin.MODEL, by="petit") for at in range(8)]
    by_number = {one.number: one for one in acts_of("d", made, {lost})}
    assert list(by_number) == [3, 2, 1]
    assert [(one.speaker, [place.start for place in one.places]) for one in by_number[1].namings] == [
        ("Ada", [0, 20]),
        (None, [10]),
    ]
    assert by_number[1].namings[0].places[0].link == "/d/d?t=0,4"
    assert (by_number[2].lost, by_number[3].model, by_number[3].namings[0].more) == (1, "petit", 3)


def test_a_turn_to_check_can_be_heard(engine: Engine, client: TestClient, tmp_path: Path) -> None:
    assert 'class="play"' not in client.get("/d/soir/check").text
    engine.add(tmp_path / "soir.srt", Details(title=TITLE, url="https://www.youtube.com/watch?v=abcdefghijk"))
    page = client.get("/d/soir/check")
    assert re.findall(r'class="play".*?data-start="(\d+)" data-end="(\d+)"', page.text) == [("0", "10"), ("10", "40")]
    assert "frame-src https://www.youtube-nocookie.com" in page.headers["content-security-policy"]
