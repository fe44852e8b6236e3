"""The pages: asked for by a browser, rendered here, and useful without any script.

``pages.py`` lists them; each has a module with its routes and what its template in ``templates/`` shows; sentences are
in ``texts/``, in French and English; ``static/`` holds the one style sheet and a small module of script for each page.
"""
