"""Whether an index is what it has to be, of whichever engine: ``findings.py``, then ``parts.py``. What only SQLite's
tables can tell is in ``index/local/doctor/``."""
