"""Fixtures. Those with the real model live as long as the session: it is loaded once."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from eval.runs.results import Result
from eval.runs.run import Evaluation
from eval.shipped import SPEAKERS, TRANSCRIPT
from eval.suites.find import find_suite
from eval.suites.suite import Suite
from index.encoding.encoder import Encoder
from index.encoding.open import encoder_for
from index.local import LocalStore
from index.milvus.store import MilvusStore
from index.store import Relabelling
from index.writing.build import Details
from rag.engine import Engine
from rag.settings import Settings, load_settings
from tests.fakes import HashEncoder
from tests.suite_files import srt, write_suite

hypothesis_settings.register_profile("qdq", deadline=None, max_examples=100, derandomize=True)
hypothesis_settings.load_profile("qdq")

DEBATE = TRANSCRIPT.stem
KEMPF = "Jean-Baptiste Kempf"
PAVLEAS = "Constantin Pavléas"


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the cache folder, which holds the prepared model, comes from the person who runs the tests."""
    for name in [name for name in os.environ if name.startswith("QDQ_") and name != "QDQ_CACHE"]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def cache() -> Path:
    return load_settings().cache


@pytest.fixture(scope="session")
def model(cache: Path) -> Encoder:
    """The default model, loaded."""
    encoder = encoder_for(cache=cache, threads=1)
    encoder.load()
    return encoder


@pytest.fixture(scope="session")
def debate_home(model: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the shipped debate with its side file. Not to be changed by a test."""
    home = tmp_path_factory.mktemp("debate")
    engine = Engine(LocalStore(home), model, Settings(home=home))
    engine.add(TRANSCRIPT, Details(speakers=SPEAKERS))
    engine.close()
    return home


@pytest.fixture(scope="session")
def debate_engine(model: Encoder, debate_home: Path) -> Iterator[Engine]:
    """The real engine on the shipped debate with its side file. Not to be changed by a test."""
    engine = Engine(LocalStore(debate_home), model, Settings(home=debate_home))
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def unlabelled_engine(model: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The real engine on the shipped debate without speakers. Not to be changed by a test."""
    home = tmp_path_factory.mktemp("unlabelled")
    engine = Engine(LocalStore(home), model, Settings(home=home))
    engine.add(TRANSCRIPT)
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def radio_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("evaluation")
    return Settings(home=folder / "home", cache=folder / "cache")


@pytest.fixture(scope="session")
def radio(radio_settings: Settings) -> Suite:
    """The two made-up debates of ``suite_files`` with their twelve questions."""
    return find_suite(str(write_suite(radio_settings.home.parent / "radio")), radio_settings)


@pytest.fixture(scope="session")
def evaluation(radio: Suite, radio_settings: Settings) -> Evaluation:
    """Of ``radio``, with the fake encoder."""
    return Evaluation(radio, radio_settings, HashEncoder())


@pytest.fixture(scope="session")
def shipped(evaluation: Evaluation) -> Result:
    return evaluation.run("shipped")


@pytest.fixture(scope="session")
def fusion(evaluation: Evaluation) -> Result:
    return evaluation.run("fusion")


@pytest.fixture
def own(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An index of one sentence, which the commands find, and the fake encoder in place of the model."""
    (tmp_path / "petit.srt").write_text(srt(["Le budget de la culture doit doubler."]), "utf-8")
    settings = Settings(home=home, cache=tmp_path / "cache")
    engine = Engine(LocalStore(home), HashEncoder(), settings)
    engine.add(tmp_path / "petit.srt")
    engine.close()
    for module in ("api.commands.judging", "eval.runs.run"):
        monkeypatch.setattr(f"{module}.open_encoder", lambda *_, **__: HashEncoder())
    monkeypatch.setenv("QDQ_HOME", str(home))
    monkeypatch.setenv("QDQ_CACHE", str(settings.cache))
    return settings


@pytest.fixture
def encoder() -> HashEncoder:
    return HashEncoder()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder for an index of one test."""
    return tmp_path / "home"


@pytest.fixture(scope="session")
def milvus_place(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A path for milvus-lite, whose collections take seconds to make: one for all tests of a process."""
    pytest.importorskip("pymilvus", reason="the extra milvus is not installed")
    pytest.importorskip("milvus_lite", reason="milvus-lite is not installed")
    return str(tmp_path_factory.mktemp("milvus") / "index.db")


@pytest.fixture
def milvus_index(milvus_place: str) -> str:
    """The same, with nothing in it."""
    store = MilvusStore(milvus_place)
    for summary in store.debates():
        store.remove(summary.id)
    renames: dict[str, str | None] = dict.fromkeys(store.renames())
    assert store.relabel(Relabelling(renames=renames), store.generation())
    store.close()
    return milvus_place


@pytest.fixture
def engine(home: Path, encoder: HashEncoder) -> Iterator[Engine]:
    """An empty engine with the fake encoder, for tests that change it."""
    engine = Engine(LocalStore(home), encoder, Settings(home=home))
    yield engine
    engine.close()


Qdq = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def qdq(home: Path, cache: Path) -> Qdq:
    """Runs the real command in a process of its own, on an index of this test (or ``home=``), in English."""

    def run(
        *arguments: str, home: Path = home, env: dict[str, str] | None = None
    ) -> "subprocess.CompletedProcess[str]":
        variables = {"PATH": os.environ["PATH"], "QDQ_HOME": str(home), "QDQ_CACHE": str(cache), "PYTHONUTF8": "1"}
        return subprocess.run(
            [sys.executable, "-m", "api.commands.main", *arguments],
            env=variables | (env or {}),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    return run
