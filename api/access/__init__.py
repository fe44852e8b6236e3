"""Who may do what over HTTP. Read ``scopes.py``, then ``gate.py``."""
