"""axe-core (https://github.com/dequelabs/axe-core) on a page that is open."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

_GRAVE = ("serious", "critical")

OF_COLOURS = ("color-contrast", "link-in-text-block")
"""The rules whose findings change with the colours alone."""


def grave_findings(page: Page, *rules: str) -> list[str]:
    """What axe finds serious or critical, by all of its rules or by these: the rule, the element, the reason."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    options: dict[str, object] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = list(rules)
    found = page.evaluate("options => axe.run(options)", options)
    return [
        f"{rule['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for rule in found["violations"]
        if rule["impact"] in _GRAVE
        for node in rule["nodes"]
    ]
