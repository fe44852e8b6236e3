"""One question of a result as text: what was asked, what was expected, what came, and why it counts."""

from eval.measures.names import MEASURES
from eval.output.explain import gold_texts, outcome, verdict
from eval.runs.results import TEXTS_KEPT, Excerpt, QuestionRecord, Result
from index.errors import Language
from index.times import format_range, format_time


def question_text(result: Result, record: QuestionRecord, language: Language) -> str:
    """For the terminal."""
    french = language == "fr"
    question = record.question
    lines = [f"{question.id}  {question.question}", f"{question.category}, {question.lang}, {record.set}"]
    if question.speaker:
        lines.append(f"{'propos de' if french else 'words of'} {question.speaker}")
    lines += ["", "Attendu :" if french else "Expected:"]
    if not question.answerable:
        lines.append("  personne ne le dit" if french else "  nobody says it")
    for gold in gold_texts(result, record):
        grade = ("aide", "répond") if french else ("helps", "answers")
        span = gold.span
        lines.append(f"  {span.debate} {format_range(span.start, span.end)}  {grade[span.grade - 1]}")
        lines += [f"    {'|' if expected else ' '} {_line(excerpt)}" for excerpt, expected in gold.lines]
    lines += ["", ("Obtenu : " if french else "Came: ") + outcome(record, language)]
    for rank, passage in enumerate(record.passages[:TEXTS_KEPT], start=1):
        cited = ("  cité" if french else "  cited") if passage.cited else ""
        speaker = f"  {passage.speaker}" if passage.speaker else ""
        place = f"{passage.debate} {format_range(passage.start, passage.end)}{speaker}{cited}"
        lines += [f"  {rank}. {place}", f"     {verdict(record, passage, language)}", f"     {passage.text}"]
    width = max(len(MEASURES[name].label(language)) for name in record.measures) if record.measures else 0
    lines += [
        "",
        *(
            f"{measure.label(language):{width}}  {record.measures[name]:.3f}"
            for name, measure in MEASURES.items()
            if name in record.measures
        ),
    ]
    return "\n".join([*lines, f"{record.took_ms:.1f} ms"])


def _line(excerpt: Excerpt) -> str:
    speaker = f"{excerpt.speaker}: " if excerpt.speaker else ""
    return f"{format_time(excerpt.start)} {speaker}{excerpt.text}"
