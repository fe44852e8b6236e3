"""``/d/{debate}``: the routes in ``page.py``; the rest is computed apart from requests: ``transcript.py`` lays the text
out for reading, ``marks.py`` says what is marked in it, ``timeline.py`` draws who speaks when, ``finding.py`` looks for
words, ``speaking.py`` counts them, ``kept.py`` remembers all of it while the index does not change; ``address.py`` says
what is asked for, ``shown.py`` and ``around.py`` what of it a template shows."""
