"""The pages: asked for by a browser, rendered here, and useful without any script.

``pages.py`` lists them. ``ask/``, ``reader/``, ``debates/`` and ``speakers/`` hold a page or a few that belong
together: routes in the modules named ``page``, in the others what a template in ``templates/`` shows. Sentences are in
``texts/``, in French and English; ``static/`` holds the one style sheet and a small script for each page.
"""
