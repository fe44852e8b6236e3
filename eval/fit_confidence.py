"""Makes rag/data/confidence.json: ``python -m eval.fit_confidence --shared ../shared [--write]``.

Answerable and unanswerable questions of three kinds, so that nothing narrow is learnt:

- the debate's own questions, with and without its side file;
- fredsum-dev: its 137 questions, and for each the same person asked about something that none of the ten debates is
about;
- techologie-dev: its 206 questions asked of all 788 answers, and asked again without the answer that is gold.

A logistic regression on the five figures of ``rag.retrieve.Evidence``. Printed: the area under the ROC curve on each
kind when
it is held out, beside the area when it is not. Questions about somebody who takes no part are decided without it.
"""
