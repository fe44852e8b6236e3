"""Names as the recogniser misheard them: a question's word -> how the transcripts write it. See ``widen.py``."""

from rag.heard.hearing import Hearing
from rag.heard.telling import with_heard
from rag.heard.widen import Widened, widened

__all__ = ["Hearing", "Widened", "widened", "with_heard"]
