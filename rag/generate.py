"""A language model words the answer, and nothing of it is shown before it is checked.

    quotes found -> the model is asked -> sentences as they come -> checked -> kept, or taken out and counted

The model has ``llm_answer_seconds`` in all. It is read in a thread of its own, so that one that trickles a byte now and
then, or does not even begin, is left behind in time: its connections are closed. Whatever happens there is an answer:
what was kept of the model's, and the quotes in any case.
"""

import logging
import queue
import threading
import time
from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace

from index.errors import Language, LlmError, LlmUnavailable, LlmUnset
from index.types import DebateSummary
from rag.checked import Checker, Fault
from rag.generate_notice import notice
from rag.generate_prompt import NO_ANSWER, messages, sources
from rag.llm import ChatServer, Message
from rag.reply import Reply
from rag.settings import Settings
from rag.types import Answer, Generated, Removed, Sentence, Waiting

_LOG = logging.getLogger("qdq")
_TRIES_AGAIN = 1
_MOST_CHARACTERS = 8_000
_TICK = 1.0
"""Seconds between signs of life to whoever waits."""


def wants_model(settings: Settings, asked: bool | None, answer: Answer) -> bool:
    """Whether a model is to word ``answer``: as the question says, else the settings; never where nothing answers."""
    if answer.abstained or not answer.citations:
        return False
    return settings.llm_url is not None and settings.llm_answers if asked is None else asked


def generate(
    answer: Answer, language: Language, debates: Mapping[str, DebateSummary], settings: Settings
) -> Generator[Sentence | Waiting | Answer, None, None]:
    """The sentences that pass, with waits between them; at last ``answer`` with them before its quotes, and what became
    of the others. Never fails. Closing the iterator leaves the model."""
    passages = sources(answer.citations, debates)
    checker = Checker(passages, answer.question, answer.speaker)
    kept: list[Sentence] = []
    removed: Counter[Fault] = Counter()
    declined, failure = False, None
    try:
        with closing(_written(messages(answer.question, language, passages), settings)) as sentences:
            for written in sentences:
                if written is None:
                    yield Waiting()
                elif _declines(written):
                    declined = True
                elif isinstance(found := checker.check(written), Fault):
                    removed[found] += 1
                else:
                    kept.append(found)
                    yield found
    except LlmError as error:
        failure = error
        told = "no words of the language model: %s"  # what its server says may repeat what it was asked
        _LOG.log(logging.INFO if isinstance(error, LlmUnset) else logging.WARNING, told, type(error).__name__)
    counted = tuple(Removed(fault.value, removed[fault]) for fault in Fault if removed[fault])
    named = None if failure is None else type(failure).__name__
    generated = Generated(settings.llm_model, tuple(kept), counted, failure is None, named)
    yield _worded(answer, generated, notice(generated, language, failure, declined=declined))


def _worded(answer: Answer, generated: Generated, said: str) -> Answer:
    """The model's sentences, what is said of them, then the quotes as they were."""
    sentences = " ".join(sentence.text for sentence in generated.sentences)
    parts = [sentences, said, answer.answer] if sentences else [answer.answer, said]
    return replace(answer, answer="\n\n".join(parts), generated=generated, notice=said)


def _declines(sentence: str) -> bool:
    return any(sentence.strip(' .*"«»').upper().startswith(words) for words in NO_ANSWER.values())


def _written(asked: Sequence[Message], settings: Settings) -> Generator[str | None, None, None]:
    """The model's sentences, unchecked; None while there is none. Raises an LlmError, after the sentences that were
    whole by then."""
    reply, failure = Reply(), None
    try:
        with closing(_parts(asked, settings)) as parts:
            for part in parts:
                yield from reply.feed(part) or (None,)
    except LlmError as error:
        failure = error
    yield from reply.end(cut=failure is not None)
    if failure is not None:
        raise failure


def _parts(asked: Sequence[Message], settings: Settings) -> Generator[str, None, None]:
    """What the model writes, with "" once a second where nothing comes. Raises an LlmError, also when the time is
    up."""
    until = time.monotonic() + settings.llm_answer_seconds
    came: queue.SimpleQueue[str | Exception | None] = queue.SimpleQueue()
    characters = 0
    with ChatServer.of(settings, timeout=settings.llm_answer_seconds, retries=_TRIES_AGAIN) as server:
        threading.Thread(target=_read, args=(server, asked, came), daemon=True).start()
        while (left := until - time.monotonic()) > 0:
            try:
                part = came.get(timeout=min(left, _TICK))
            except queue.Empty:
                part = ""
            if part is None:
                return
            if isinstance(part, LlmError):
                raise part
            if isinstance(part, Exception):
                raise _unavailable(settings, f"{part}", f"{part}") from part
            yield part
            characters += len(part)
            if characters > _MOST_CHARACTERS:
                raise _unavailable(settings, "it does not come to an end", "il n'en finit pas")
    seconds = f"{settings.llm_answer_seconds:g} s"
    raise _unavailable(settings, f"{seconds} have passed", f"délai de {seconds} dépassé")


def _read(server: ChatServer, asked: Sequence[Message], came: "queue.SimpleQueue[str | Exception | None]") -> None:
    """Put what comes into the queue, then None or the error. When the server is closed meanwhile, nobody reads on."""
    try:
        for part in server.stream(asked):
            came.put(part)
        came.put(None)
    except Exception as error:
        came.put(error)


def _unavailable(settings: Settings, reason: str, reason_fr: str) -> LlmUnavailable:
    return LlmUnavailable(model=settings.llm_model, url=settings.llm_url, reason=reason, reason_fr=reason_fr)
