"""``/``: a question and its answer."""
