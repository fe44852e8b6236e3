"""A suite by its name or its path."""

from pathlib import Path

from eval.shipped import FOLDER
from eval.suites.beir import is_beir, read_beir
from eval.suites.native import read_file, read_folder
from eval.suites.suite import Suite
from index.errors import SuiteInvalid, SuiteUnknown
from index.transcripts.report import shortened
from rag.engine import Engine
from rag.settings import Settings

BUILT_IN = {"debate": FOLDER}


def find_suite(name: str, settings: Settings) -> Suite:
    """A built-in suite, a folder (native or BEIR), or a file of questions to the index of ``settings``.

    A built-in name goes before a path; "./debate" is the path. Raises SuiteUnknown, SuiteInvalid, QuestionsInvalid, or
    an error of a transcript.
    """
    suite = _read(BUILT_IN.get(name, Path(name)), name, settings)
    if not suite.questions:
        raise SuiteInvalid(suite=name, reason="it has no question", reason_fr="il n'y a aucune question")
    if not suite.recordings:
        raise SuiteInvalid(suite=name, reason="the index is empty", reason_fr="l'index est vide")
    return suite


def _read(path: Path, name: str, settings: Settings) -> Suite:
    try:
        is_file, is_folder = path.is_file(), path.is_dir()
    except (OSError, ValueError):  # a name that no file can have
        is_file = is_folder = False
    if is_file:
        engine = Engine.open(settings=settings)
        try:
            return read_file(path, engine)
        finally:
            engine.close()
    if not is_folder:
        raise SuiteUnknown(suite=shortened(name, 100), known=", ".join(BUILT_IN))
    title = name if name in BUILT_IN else path.resolve().name
    return read_beir(path, title) if is_beir(path) else read_folder(path, title, limits=settings.limits)
