"""Cases made from the description of the API, valid and not, against the app: no answer is a 5xx, and none differs from
what is described. All checks of schemathesis are on, and a key
is asked for. A phase has an app of its own, since some cases remove debates.

More cases, others each time: ``python -m tests.test_openapi_cases 300``.
"""

import itertools
import secrets
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("schemathesis", reason="not installed")

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from api.access.keys import Keys
from api.access.policy import Access, Mode
from api.access.scopes import KeyScope
from api.routes.answers import EXAMPLE
from api.routes.watches import EXAMPLE as WATCH
from api.schemas.shape import DEBATE
from api.serving.app import create_app
from index.local import LocalStore
from index.writing.build import Details
from rag.engine import Engine
from rag.records import Records
from rag.settings import Settings
from tests.conftest import KEMPF, PAVLEAS
from tests.fakes import HashEncoder
from tests.listening import Listener
from tests.suite_files import srt

PHASES = ("examples", "coverage", "fuzzing", "stateful")
_REFUSED = (400, 401, 403, 404, 405, 406, 409, 415, 422, 428, 429)
_REMOVAL = {"method": "DELETE", "path": "/v1/debates/{debate}"}
SRT = srt([f"Le RGPD, Google et la réglementation, point {at}." for at in range(20)])


def _nowhere(host: str, port: int) -> list[str]:
    raise OSError(f"no network in tests: {host}:{port}")


def _engine(folder: Path) -> Engine:
    """Two debates, of which one has what the examples name; corrections, a rename, a kept answer, a
    recording."""
    tokens = itertools.chain([EXAMPLE], iter(lambda: secrets.token_hex(9), None))
    records = Records(folder / "home", days=1, token=lambda: next(tokens))
    settings = Settings(home=folder / "home", requests_per_minute=0)
    engine = Engine(LocalStore(settings.home), HashEncoder(), settings, records, hear=Listener())
    (folder / "d.srt").write_text(SRT, "utf-8")
    (folder / "who.tsv").write_text(f"start\tspeaker\n0\t{KEMPF}\n100\t{PAVLEAS}\n", "utf-8")
    title = f"Débat entre {KEMPF} et {PAVLEAS}"
    engine.add(folder / "d.srt", Details(id=DEBATE, title=title, speakers=folder / "who.tsv"))
    engine.add(folder / "d.srt", Details(id="autre", title="Autre soir"))
    (folder / "soir.mp3").write_bytes(b"ID3")
    engine.hear(DEBATE, folder / "soir.mp3")
    engine.hear("autre", folder / "soir.mp3")
    engine.correct(DEBATE, 3, 4, PAVLEAS)
    engine.correct("autre", 0, 1, "Ada Martin")
    engine.rename(["Ada Martin"], "Ada Martin-Durand")
    assert engine.ask("Que pense Kempf du RGPD ?").id == EXAMPLE
    watches = itertools.chain([WATCH], tokens)
    engine.watching._token = lambda: next(watches)
    engine.watching._sender._resolve = _nowhere  # nothing is sent from here
    assert engine.watching.add(None, "RGPD", backfill=True).id == WATCH
    engine.watching.look()
    return engine


def _config(phase: str, most: int, seed: int | None) -> SchemathesisConfig:
    """Most names are such as there are, and most files transcripts: no schema says what these are."""
    known: dict[str, list[Any]] = {
        "debates": [DEBATE, "autre"],
        "answers": [EXAMPLE],
        "watches": [WATCH],
        "speakers": [KEMPF, "Ada"],
        "acts": [1],
        "files": [SRT],
        "voices": ["SPEAKER_00"],
        "media": ["https://example.org/soir.mp3"],
    }
    names = {"path.debate": "debates", "body.debate": "debates", "query.debate": "debates", "path.answer": "answers"}
    names |= {"path.watch": "watches", "body.path": "media", "path.voice": "voices"}
    names |= {"query.speaker": "speakers", "body.speaker": "speakers", "path.act": "acts", "body.file": "files"}
    return SchemathesisConfig.from_dict(
        {
            "dictionaries": {name: {"values": values} for name, values in known.items()},
            "parameters": {name: {"dictionary": kind, "probability": 0.7} for name, kind in names.items()},
            # a body of too many parts is refused before it is read
            "checks": {"negative_data_rejection": {"expected-statuses": [*_REFUSED, 413]}},
            "phases": {name: {"enabled": name == phase} for name in PHASES},
            "generation": {"max-examples": most, "deterministic": seed is None, "database": "none"},
            "continue-on-failure": True,
            **({} if seed is None else {"seed": seed}),
        }
    )


async def _not_slowed(_address: str, _key: str) -> None:
    """After ten wrong keys a minute the answer is 429, which the tests of keys look at; here each is told it is one."""


def _failures(
    engine: Engine, config: SchemathesisConfig, answered: Counter[tuple[str, int]], *, stateful: bool
) -> Iterator[str]:
    """What is not as it is described; counts in ``answered`` the operations by the hundreds of their status. Debates
    are removed last, or else nothing would be found after."""
    keys = Keys(engine.settings.home)
    _, secret = keys.add("cases", KeyScope.ADMIN)
    app = create_app(engine, access=Access(keys, Mode.KEYS))
    app.state.slowing.wrong = _not_slowed
    headers = {"Authorization": f"Bearer {secret}"}
    config.projects.default.update(headers=headers)
    schema: Any = schemathesis.openapi.from_asgi("/openapi.json", app, config=config, headers=headers)

    @schema.hook  # type: ignore[untyped-decorator, unused-ignore]
    def filter_failure(context: Any, failure: Any, case: Any, response: Any) -> bool:
        """What no schema says, such as that somebody is in the debates, is refused with an error that has a name."""
        refused = type(failure).__name__ == "RejectedPositiveData" and response.status_code == 422
        return not (refused and response.json()["type"].startswith("urn:qui-dit-quoi:"))

    for part in [schema] if stateful else [schema.exclude(**_REMOVAL), schema.include(**_REMOVAL)]:
        yield from _told(part, answered)


def _told(schema: Any, answered: Counter[tuple[str, int]]) -> Iterator[str]:
    for event in from_schema(schema).execute():
        if isinstance(event, events.NonFatalError | events.FatalError):
            yield repr(event)
        if isinstance(event, events.ScenarioFinished):
            for name, call in event.recorder.interactions.items():
                label = event.recorder.cases[name].value.operation.label
                answered[label, call.response.status_code // 100 if call.response else 0] += 1
            for node in itertools.chain.from_iterable(event.recorder.checks.values()):
                if node.failure_info is not None:
                    yield f"{event.label}: {node.failure_info.failure}\n{node.failure_info.code_sample}"


def _run(most: int, seed: int | None) -> tuple[list[str], Counter[tuple[str, int]]]:
    """What failed in all phases, each once, and what was answered."""
    failures, answered = dict[str, None](), Counter[tuple[str, int]]()
    for phase in PHASES:
        with tempfile.TemporaryDirectory() as folder, closing(_engine(Path(folder))) as engine:
            failures |= dict.fromkeys(
                _failures(engine, _config(phase, most, seed), answered, stateful=phase == "stateful")
            )
    return list(failures), answered


def test_every_answer_is_as_it_is_described() -> None:
    failures, answered = _run(8, None)
    assert not failures, "\n\n".join(failures)
    assert not {label for label, hundreds in answered if hundreds in (0, 5)}
    never = {label for label, _ in answered} - {label for label, hundreds in answered if hundreds == 2}
    assert never == set(), "only refusals were seen of these"


if __name__ == "__main__":
    chosen = secrets.randbits(32)
    found, counted = _run(int(sys.argv[1]), chosen)
    sys.stdout.write("\n\n".join([*found, f"{counted}\n{sum(counted.values())} cases, seed {chosen}\n"]))
