"""``/v1/debates/{id}/media``: a recording that comes over HTTP, and where its copy stays and goes."""

import errno
import io
import json
import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from starlette.datastructures import Headers

from api.access.keys import Keys
from api.access.policy import Access, Mode
from api.access.quotas import used_by_key
from api.access.scopes import KeyScope
from api.serving.app import create_app
from api.serving.arriving import Copy, given_up
from api.serving.working import steps
from index.errors import RecordingUnsupported, StoreFull
from index.local import LocalStore
from index.sound.hear import HearOptions
from index.types import Origin, Progress
from index.writing.build import Details
from index.writing.editing import Changes
from rag.engine import Engine
from rag.settings import Settings
from rag.uploads import Uploads
from tests.fakes import HashEncoder
from tests.listening import CERTAIN, SECONDS, Listener
from tests.live import live
from tests.suite_files import srt
from tests.test_access import bearing
from tests.test_adding import events

SAID = ["Le budget de la culture doit doubler.", "Je refuse d'augmenter ce budget.", "Il le faut pourtant."]
SOUND = b"ID3 sound " * 1_000
PLACE = "/v1/debates/d/media"


@pytest.fixture
def ear() -> Iterator[Listener]:
    ear = Listener()
    yield ear
    ear.free.set()


def opened(home: Path, ear: Listener, **settings: Any) -> Engine:
    """With one debate of three sentences that nobody is known to speak."""
    path = home.parent / "d.srt"
    path.write_text(srt(SAID), "utf-8")
    engine = Engine(LocalStore(home), HashEncoder(), Settings(home=home, **settings), hear=ear)
    engine.add(path)
    return engine


@pytest.fixture
def engine(home: Path, ear: Listener) -> Iterator[Engine]:
    engine = opened(home, ear)
    yield engine
    engine.close()


@pytest.fixture
def client(engine: Engine) -> TestClient:
    return TestClient(create_app(engine), raise_server_exceptions=False)


def bring(client: Any, name: str = "soir.mp3", content: bytes = SOUND, **form: Any) -> Any:
    """``client`` is one of httpx, or of the tests of an app."""
    language, stream = form.pop("accept", "en"), form.pop("stream", False)
    headers = {"Accept-Language": language}
    return client.post(PLACE, files={"file": (name, content)}, data=form, params={"stream": stream}, headers=headers)


def kind(response: Any) -> str:
    found: str = response.json()["type"].removeprefix("urn:qui-dit-quoi:")
    return found


def copies(home: Path) -> list[Path]:
    return sorted((home / "media").glob("*"))


def _voices(engine: Engine) -> list[str | None]:
    return [segment.voice for segment in engine.debate("d").segments]


def test_an_uploaded_recording_is_heard_kept_privately_and_played(
    client: TestClient, engine: Engine, ear: Listener, home: Path
) -> None:
    response = bring(client, voices="2", align="true")
    assert response.status_code == 200
    told = response.json()
    assert (told["debate"], told["media"], told["heard"]) == ("d", "/d/d/media", True)
    assert [one["voice"] for one in told["voices"]] == ["SPEAKER_00", "SPEAKER_01"]
    assert told["notes"] == ["voices told apart by ear: 2"]
    ((content, options),) = ear.listened
    assert (content, options.voices, options.align) == (SOUND, 2, True)
    assert [one.voice for one in engine.attribution("d").debate.segments] == ["SPEAKER_00", "SPEAKER_01", "SPEAKER_00"]
    (copy,) = copies(home)
    assert (copy.stat().st_mode & 0o777, copy.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert engine.debate("d").media == str(copy)
    assert "soir" not in copy.name
    stretch = client.get("/d/d/media", headers={"Range": "bytes=4-8"})
    assert (stretch.status_code, stretch.content) == (206, b"sound")
    assert (stretch.headers["content-type"], stretch.headers["content-range"]) == (
        "audio/mpeg",
        f"bytes 4-8/{len(SOUND)}",
    )


def test_the_progress_then_what_is_answered_without_streaming(client: TestClient, ear: Listener) -> None:
    plain = bring(client)
    response = bring(client, stream=True)
    assert response.headers["content-type"].startswith("text/event-stream")
    assert events(response.text)[-1] == ("heard", plain.json())


def test_it_is_only_played_where_that_is_all_that_is_asked(client: TestClient, engine: Engine, ear: Listener) -> None:
    response = bring(client, hear="false")
    assert (response.status_code, response.json()["heard"], response.json()["voices"]) == (200, False, [])
    assert ear.listened == []
    again = client.post(PLACE, data={"voices": "3"})  # what it plays by now
    assert [one["voice"] for one in again.json()["voices"]] == ["SPEAKER_00", "SPEAKER_01", "SPEAKER_02"]


def test_a_file_of_the_media_folder_is_heard_where_it_lies(home: Path, ear: Listener, tmp_path: Path) -> None:
    folder = tmp_path / "archives"
    folder.mkdir()
    (folder / "soir.mp3").write_bytes(SOUND)
    engine = opened(home, ear, media_folder=folder)
    client = TestClient(create_app(engine))
    assert client.post(PLACE, data={"path": "soir.mp3"}).json()["heard"] is True
    assert engine.debate("d").media == str(folder / "soir.mp3")
    assert bring(client).status_code == 200
    (copy,) = (folder / "uploads").iterdir()
    assert engine.debate("d").media == str(copy)
    assert client.post(PLACE, data={"path": "../d.srt"}).status_code == 422
    assert client.delete(PLACE).status_code == 204
    assert (list((folder / "uploads").iterdir()), (folder / "soir.mp3").exists()) == ([], True)
    engine.close()


def test_an_address_is_kept_and_nothing_is_fetched(client: TestClient, engine: Engine, ear: Listener) -> None:
    response = client.post(PLACE, data={"path": "https://example.org/soir.mp3"})
    assert (response.json()["media"], response.json()["heard"]) == ("https://example.org/soir.mp3", False)
    assert ear.listened == []


@pytest.mark.parametrize(
    ("name", "form", "status", "said"),
    [
        ("soir.txt", {}, 422, "field-invalid"),
        ("soir", {}, 422, "field-invalid"),
        ("soir.mp3", {"path": "x.mp3"}, 422, "field-invalid"),
        ("soir.mp3", {"voices": "0"}, 422, None),
        ("soir.mp3", {"voices": "many"}, 422, None),
    ],
)
def test_what_cannot_be_is_refused_and_no_copy_stays(
    client: TestClient, engine: Engine, home: Path, name: str, form: dict[str, Any], status: int, said: str | None
) -> None:
    for stream in (True, False):
        response = bring(client, name, stream=stream, **form)
        assert response.status_code == status
        assert said is None or kind(response) == said
    assert (copies(home), engine.debate("d").media) == ([], None)


def test_a_debate_without_a_recording_has_none_to_hear_again(client: TestClient, ear: Listener) -> None:
    assert kind(client.post(PLACE, data={"hear": "true"})) == "media-missing"
    assert kind(client.post("/v1/debates/e/media", files={"file": ("a.mp3", SOUND)})) == "debate-unknown"
    assert client.post(PLACE, files=[("file", ("a.mp3", SOUND)), ("file", ("b.mp3", SOUND))]).status_code == 413
    assert ear.listened == []


def test_what_would_be_passed_over_in_silence_is_refused(
    client: TestClient, engine: Engine, ear: Listener, home: Path
) -> None:
    """Not taken for "listen to the recording that there is"."""
    assert bring(client, content=b"first").status_code == 200
    kept, listened = copies(home), len(ear.listened)
    sent = client.post(PLACE, json={"path": "soir.mp3", "align": True})
    assert (sent.status_code, kind(sent)) == (422, "field-invalid")
    assert "multipart/form-data" in sent.json()["detail"]
    other = client.post(PLACE, files={"media": ("soir.mp3", SOUND)})
    assert (other.status_code, kind(other)) == (422, "field-invalid")
    assert "“file”" in other.json()["detail"]
    assert (copies(home), len(ear.listened)) == (kept, listened)


def _unsupported(path: Path) -> RecordingUnsupported:
    return RecordingUnsupported(path=str(path), reason="sealed", reason_fr="scellé")


def test_what_cannot_be_heard_leaves_the_debate_as_it_was_and_tells_no_path(
    client: TestClient, engine: Engine, ear: Listener, home: Path
) -> None:
    assert bring(client, content=b"first").status_code == 200
    before, kept = engine.debate("d"), copies(home)
    ear.error = _unsupported
    plain, streamed = bring(client, accept="fr"), bring(client, stream=True)
    assert (plain.status_code, kind(plain)) == (422, "recording-unsupported")
    assert plain.json()["detail"].startswith("Le son de soir.mp3 ne peut pas être lu (scellé)")
    assert "recording-unsupported" in streamed.text
    assert str(home) not in plain.text + streamed.text
    assert (engine.debate("d"), copies(home)) == (before, kept)


def test_a_copy_goes_when_another_takes_its_place_or_the_debate_goes(
    client: TestClient, engine: Engine, home: Path, tmp_path: Path
) -> None:
    bring(client)
    (first,) = copies(home)
    bring(client, "soir.webm")
    (second,) = copies(home)
    assert (second != first, second.suffix) == (True, ".webm")
    assert client.patch("/v1/debates/d", json={"media": "/d/d/media"}).status_code == 200
    assert copies(home) == [second]
    assert client.patch("/v1/debates/d", json={"media": None}).status_code == 200
    assert copies(home) == []
    for gone in (
        lambda: client.delete(PLACE),
        lambda: engine.add(tmp_path / "d.srt", Details(media="https://example.org/autre.mp3")),
        lambda: client.delete("/v1/debates/d"),
    ):
        assert bring(client).status_code == 200
        assert len(copies(home)) == 1
        gone()
        assert copies(home) == []


def test_a_revised_transcript_keeps_the_copy_and_its_voices_are_heard_again_where_that_is_wanted(
    client: TestClient, engine: Engine, home: Path, tmp_path: Path
) -> None:
    bring(client)
    (copy,) = copies(home)
    engine.add(tmp_path / "d.srt", Details(title="Autre"))
    assert (copies(home), engine.debate("d").media, set(_voices(engine))) == ([copy], str(copy), {None})
    engine.add(tmp_path / "d.srt", Details(title="Encore"), voices=HearOptions())
    assert (copies(home), set(_voices(engine))) == ([copy], {"SPEAKER_00", "SPEAKER_01"})


def test_what_a_killed_process_left_goes_after_a_day_and_nothing_of_others(engine: Engine, home: Path) -> None:
    uploads = engine.uploads
    left, played = _copy(uploads), _copy(uploads)
    other = _copy(Uploads(engine._store, uploads.folder, "0badf00d"))
    engine.edit("d", Changes(media=str(played)))
    for path in (left, other, played):
        os.utime(path, (1, 1))
    young = _copy(uploads)
    uploads.sweep()
    assert set(copies(home)) == {other, played, young}


def _copy(uploads: Uploads) -> Path:
    path, file = uploads.create("a.mp3")
    file.close()
    return path


def test_who_speaks_stays_when_the_recording_is_taken_away(client: TestClient, engine: Engine) -> None:
    bring(client)
    engine.name_voice("d", "SPEAKER_00", "Ada Martin")
    assert client.delete(PLACE).status_code == 204
    assert client.delete(PLACE).status_code == 204
    known = engine.debate("d")
    assert known.media is None
    assert {(one.speaker, one.attribution.origin) for one in known.segments[::2]} == {("Ada Martin", Origin.VOICE)}
    assert 0 < known.segments[0].attribution.confidence <= CERTAIN


@contextmanager
def served(engine: Engine) -> Iterator[httpx.Client]:
    with live(engine) as address, httpx.Client(base_url=address, timeout=SECONDS) as client:
        yield client


# sizes and shares


def test_a_recording_over_the_limit_is_cut_off_and_gone(home: Path, ear: Listener) -> None:
    engine = opened(home, ear, max_media_mb=1, max_body_kb=1)
    with served(engine) as client:
        assert bring(client, content=bytes(1_000_000)).status_code == 200
        declared = bring(client, content=bytes(1_002_000))
        form = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.mp3"\r\n\r\n'
        head = {"Content-Type": "multipart/form-data; boundary=x"}
        parts: Sequence[bytes] = [form, *[bytes(100_000)] * 11]
        chunked = client.post(PLACE, content=iter(parts), headers=head)
        for response in (declared, chunked):
            assert (response.status_code, kind(response)) == (413, "request-too-large")
            assert "QDQ_MAX_MEDIA_MB" in response.json()["detail"]
        cut = client.post(PLACE, content=form + bytes(1_000), headers=head)
        assert cut.status_code == 400
    assert len(copies(home)) == 1
    engine.close()


def test_a_recording_counts_for_the_key_that_sends_it(home: Path, ear: Listener, tmp_path: Path) -> None:
    engine, keys = opened(home, ear), Keys(home)
    key, secret = keys.add("a", KeyScope.WRITE, max_debates=1, max_mb=1)
    _, other = keys.add("b", KeyScope.WRITE, max_mb=1)
    client = TestClient(create_app(engine, access=Access(keys, Mode.KEYS)))
    client.headers.update(bearing(secret))
    assert kind(bring(client)) == "debate-owned"
    engine.remove("d")
    assert client.post("/v1/debates", files={"file": ("d.srt", srt(SAID))}).status_code == 201
    ((_, text),) = used_by_key(keys).values()
    assert bring(client, content=bytes(800_000)).status_code == 200
    assert used_by_key(keys) == {key.id: (1, text + 800_000)}
    refused = bring(client, content=bytes(1_100_000))
    assert (refused.status_code, kind(refused)) == (403, "quota-exceeded")
    assert bring(client, content=bytes(700_000)).status_code == 200  # in place of the one before
    assert used_by_key(keys) == {key.id: (1, text + 700_000)}
    client.headers.update(bearing(other))
    assert [kind(bring(client)), kind(client.delete(PLACE))] == ["debate-owned", "debate-owned"]
    client.headers.update(bearing(secret))
    assert client.delete(PLACE).status_code == 204
    assert used_by_key(keys) == {key.id: (1, text)}
    assert bring(client).status_code == 200
    assert client.delete("/v1/debates/d").status_code == 204
    assert (used_by_key(keys), copies(home)) == ({}, [])
    engine.close()


def test_reading_is_not_enough(home: Path, ear: Listener) -> None:
    engine, keys = opened(home, ear), Keys(home)
    _, secret = keys.add("a", KeyScope.READ)
    client = TestClient(create_app(engine, access=Access(keys, Mode.KEYS)), headers=bearing(secret))
    for response in (bring(client), client.delete(PLACE)):
        assert (response.status_code, kind(response)) == (403, "scope-missing")
    engine.close()


# one at a time, as long as somebody listens


def test_one_is_heard_at_a_time_and_the_next_is_told_that_it_waits(home: Path, ear: Listener) -> None:
    engine = opened(home, ear)
    ear.free.clear()
    with served(engine) as client, ThreadPoolExecutor(1) as pool:
        first = pool.submit(bring, client)
        assert ear.here.acquire(timeout=SECONDS)
        with client.stream(
            "POST",
            PLACE,
            params={"stream": True},
            files={"file": ("b.mp3", SOUND)},
            headers={"Accept-Language": "fr"},
        ) as second:
            told = _events(second)
            label = next(data["label"] for name, data in told if name == "progress")
            assert label == "En attente : un autre enregistrement est à l'écoute"
            assert len(ear.listened) == 1
            ear.free.set()
            assert [name for name, _ in told][-1] == "heard"
        assert first.result().status_code == 200
    assert (len(ear.listened), len(copies(home))) == (2, 1)
    engine.close()


def _events(response: httpx.Response) -> Iterator[tuple[str, Any]]:
    name = ""
    for line in response.iter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


def test_a_fifth_recording_is_told_to_come_back(home: Path, ear: Listener) -> None:
    engine = opened(home, ear)
    ear.free.clear()
    with served(engine) as client, ThreadPoolExecutor(4) as pool:
        coming = [pool.submit(bring, client) for _ in range(4)]
        metrics = (client.get("/metrics").text for _ in range(10_000))
        assert next((True for text in metrics if 'kind="recording"} 4.0' in text), False)
        refused = bring(client)
        assert (refused.status_code, kind(refused), refused.headers["Retry-After"]) == (503, "server-busy", "60")
        ear.free.set()
        assert {one.result().status_code for one in coming} == {200}
    assert len(copies(home)) == 1
    engine.close()


def test_a_client_that_leaves_ends_the_listening(home: Path, ear: Listener) -> None:
    engine = opened(home, ear)
    ear.free.clear()
    with served(engine) as client:
        files = {"file": ("a.mp3", SOUND)}
        with client.stream("POST", PLACE, params={"stream": True}, files=files) as response:
            assert next(_events(response))[0] == "progress"
        places = (client.get("/metrics").text for _ in range(10_000))
        assert next((True for text in places if 'kind="recording"} 0.0' in text), False)
    assert (engine.debate("d").media, copies(home), _voices(engine)) == (None, [], [None] * 3)
    engine.close()


class _Full(io.BytesIO):
    """A file whose last bytes find no room, as often as it is tried."""

    def close(self) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_what_a_full_disk_left_unwritten_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    path.touch()
    copy = Copy(path, _Full(), "a.mp3", Headers())
    with pytest.raises(StoreFull):
        copy.claim()
    assert not copy.claimed
    given_up([copy])
    assert not path.exists()


@pytest.mark.parametrize("tells_again", [False, True])
def test_work_that_is_stored_counts_though_its_client_left(tells_again: bool) -> None:
    failed: list[bool] = []
    gone = threading.Event()

    def work(tell: Progress) -> int:
        tell("load", 0, 0)
        gone.wait(SECONDS)
        if tells_again:
            tell("load", 0, 0)
        return 1

    def ended(kind: type[BaseException] | None, *_: object) -> None:
        failed.append(kind is not None)

    files = ExitStack()
    files.push(ended)
    told = steps(work, files)
    next(told)
    threading.Timer(0.05, gone.set).start()
    told.close()
    assert failed == [tells_again]


def test_events_keep_a_long_listening_alive(home: Path, ear: Listener) -> None:
    """The time of a change is up several times over while it lasts."""
    engine = opened(home, ear, change_seconds=0.2)
    ear.free.clear()
    files = {"file": ("a.mp3", SOUND)}
    with served(engine) as client, client.stream("POST", PLACE, params={"stream": True}, files=files) as response:
        told = _events(response)
        for _ in range(100):
            assert next(told)[0] == "progress"
        ear.free.set()
        assert [name for name, _ in told][-1] == "heard"
    engine.close()
