"""Results as text: measures down, systems across."""

from collections.abc import Mapping, Sequence

from eval.measures.names import MEASURES, SPEAKER_MEASURES, Measure
from eval.runs.compare import Difference
from eval.runs.floors import Breach
from eval.runs.results import IndexRecord, Result, Value
from index.errors import Language

_WIDEST = 11


def _pick(language: Language, french: str, english: str) -> str:
    return french if language == "fr" else english


def results_text(results: Sequence[Result], language: Language) -> str:
    """One suite: a head line, then a column for each system, and for each set where only one system was run."""
    first = results[0]
    columns = [column for result in results for column in _columns(result, results, language)]
    rows = [
        (measure.label(language), name)
        for name, measure in MEASURES.items()
        if any(name in values for _title, values in columns)
    ]
    width = max(len(label) for label, _name in rows)
    wide = min(max(8, *(len(title) for title, _values in columns)), _WIDEST)
    lines = [
        _head(first, language),
        "",
        " " * width + "".join(f"  {_cut(title, wide):>{wide}}" for title, _values in columns),
    ]
    for label, name in rows:
        cells = (_number(values.get(name), MEASURES[name]) for _title, values in columns)
        lines.append(f"{label:{width}}" + "".join(f"  {cell:>{wide}}" for cell in cells))
    return "\n".join(
        [*lines, "", *_speakers(results, language), *_costs(results, language), *_faults(results, language)]
    )


def _head(result: Result, language: Language) -> str:
    answerable = sum(record.question.answerable for record in result.questions)
    total, debates = len(result.questions), result.index.debates
    line = _pick(
        language,
        f"{result.suite} : {total} questions, dont {answerable} avec réponse ; {debates} enregistrement(s)",
        f"{result.suite}: {total} questions, {answerable} of them answerable; {debates} recording(s)",
    )
    left = _pick(language, f" ; {result.left_out} non jugées", f"; {result.left_out} without judgement left out")
    return line + (left if result.left_out else "")


def _columns(result: Result, results: Sequence[Result], language: Language) -> list[tuple[str, Mapping[str, Value]]]:
    bare = _pick(language, "sans noms", "no names")
    one_system = len({other.system for other in results}) == 1
    both = len({other.labelled for other in results}) == 2
    title = (_pick(language, "tout", "all") if one_system else result.system) if result.labelled else bare
    if not one_system and not result.labelled:
        title = f"{result.system}, {bare}" if both else result.system
    columns: list[tuple[str, Mapping[str, Value]]] = [(title, result.summary)]
    if one_system:
        sets = [name for name in result.groups if name.startswith("set ")]
        short = "" if result.labelled else "-"
        columns += [(short + name.removeprefix("set "), result.groups[name]) for name in sets]
    return columns


def _cut(title: str, width: int) -> str:
    return title if len(title) <= width else title[: width - 1] + "…"


def _number(value: Value | None, measure: Measure) -> str:
    if value is None:
        return "–"
    return f"{value.value:.3f}" if measure.share else f"{value.value:.1f}"


def _speakers(results: Sequence[Result], language: Language) -> list[str]:
    """How the speakers were told, where the system had to find them out and the gold knows them; once."""
    found = next((result.speakers for result in results if result.speakers and result.speakers["coverage"] > 0), None)
    if found is None:
        return []
    title = _pick(language, "Locuteurs trouvés sans les noms : ", "Speakers found without the names: ")
    return [title + ", ".join(f"{SPEAKER_MEASURES[name].label(language)} {value:.3f}" for name, value in found.items())]


def _costs(results: Sequence[Result], language: Language) -> list[str]:
    """Times of each result, then what each index took when it was built."""
    times = [f"{result.name}: p50 {result.latency.p50:.1f} ms, p95 {result.latency.p95:.1f} ms" for result in results]
    built = {result.labelled: _cost(result.index, language) for result in results}
    return [*times, *dict.fromkeys(built.values())]


def _cost(index: IndexRecord, language: Language) -> str:
    parts = [f"{index.windows} {_pick(language, 'fenêtres', 'windows')}"]
    parts.append(f"{index.bytes_per_window:.0f} {_pick(language, 'octets chacune', 'bytes each')}")
    if index.seconds is not None and index.tokens_per_second is not None:
        speed = f"{index.seconds:.1f} s, {index.tokens_per_second:.0f} {_pick(language, 'jetons/s', 'tokens/s')}"
        parts.append(_pick(language, f"construit en {speed}", f"built in {speed}"))
    if index.peak_mb is not None:
        parts.append(f"{index.peak_mb:.0f} {_pick(language, 'Mo au plus', 'MB at most')}")
    return "index: " + ", ".join(parts)


def _faults(results: Sequence[Result], language: Language) -> list[str]:
    failed = [(result.name, record) for result in results for record in result.errors]
    head = _pick(language, f"{len(failed)} question(s) en erreur :", f"{len(failed)} question(s) failed:")
    lines = [f"  {name} {record.question.id}: {record.error}" for name, record in failed]
    return [head, *lines] if failed else []


def differences_text(first: Result, second: Result, differences: Sequence[Difference], language: Language) -> str:
    """A row for each measure: both values, the difference with its interval, and the questions won and lost. A star
    marks what is more than chance."""
    width = max(len(row.measure.label(language)) for row in differences)
    won, lost = _pick(language, "gagnées", "won"), _pick(language, "perdues", "lost")
    head = _pick(
        language,
        f"{second.name} moins {first.name} (intervalle à 95 %, 10 000 tirages appariés)",
        f"{second.name} less {first.name} (95 % interval, 10,000 paired resamplings)",
    )
    lines = [head, "", f"{'':{width}}  {'1':>8}  {'2':>8}  {'2 - 1':>8}  {'':17}   {won:>7}  {lost:>7}  {'n':>5}"]
    return "\n".join([*lines, *(_difference_line(row, width, language) for row in differences)])


def _difference_line(row: Difference, width: int, language: Language) -> str:
    digits = 3 if row.measure.share else 1
    interval = f"[{row.interval.low:+.{digits}f}, {row.interval.high:+.{digits}f}]"
    counts = "".join(f"  {'–' if count is None else count:>7}" for count in (row.won, row.lost))
    values = f"{row.first:8.{digits}f}  {row.second:8.{digits}f}  {row.difference:+8.{digits}f}"
    star = "*" if row.certain else " "
    return f"{row.measure.label(language):{width}}  {values}  {interval:17} {star}{counts}  {row.count:>5}"


def breaches_text(found: Sequence[Breach], path: str, language: Language) -> str:
    """A line for each measure below its floor, or one that says that all is well."""
    if not found:
        return _pick(language, f"Rien sous les seuils de {path}.", f"Nothing below the floors of {path}.")
    lines = [_pick(language, f"Sous les seuils de {path} :", f"Below the floors of {path}:")]
    for breach in found:
        value = _pick(language, "absent", "missing") if breach.value is None else f"{breach.value:.3f}"
        sign = "<" if breach.measure.higher else ">"
        lines.append(f"  {breach.result}  {breach.measure.name}  {value} {sign} {breach.floor:.3f}")
    return "\n".join(lines)
