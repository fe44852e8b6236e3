"""A person with a browser: opens pages, and notes all that must happen on none of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, Request, WebError

WIDE, PHONE, NARROW = 1100, 390, 320
"""CSS pixels; at 320 a page must need no scrolling sideways (WCAG 2.2, 1.4.10)."""
HEIGHT = 900


@dataclass
class Reader:
    """Every page is opened as somebody new: no cookies, nothing stored. Not slotted: Playwright writes on it."""

    browser: Browser
    address: str
    wrong: list[str] = field(default_factory=list)
    """Requests to another host, errors of scripts or of the console, refusals of the policy, dialogs."""
    elsewhere: list[str] = field(default_factory=list)
    """The addresses of those requests; what a test expects it takes out of ``wrong`` with ``forgive``."""
    _contexts: list[BrowserContext] = field(default_factory=list)

    def open(
        self,
        path: str,
        *,
        language: str = "fr",
        width: int = WIDE,
        dark: bool = False,
        scripts: bool = True,
        permissions: Sequence[str] = (),
    ) -> Page:
        """The page at ``path``, or at a whole address, loaded."""
        context = self.browser.new_context(
            base_url=self.address,
            locale=language,
            viewport={"width": width, "height": HEIGHT},
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        context.grant_permissions(permissions)
        self._contexts.append(context)
        self._watch(context)
        page = context.new_page()
        page.goto(path)
        return page

    def forgive(self, *pieces: str) -> None:
        """Takes out of ``wrong`` what holds one of ``pieces``: each must be there."""
        for piece in pieces:
            assert any(piece in one for one in self.wrong), (piece, self.wrong)
            self.wrong = [one for one in self.wrong if piece not in one]

    def leave(self) -> None:
        for context in self._contexts:
            context.close()

    def _watch(self, context: BrowserContext) -> None:
        context.on("request", self._requested)
        context.on("console", self._printed)
        context.on("weberror", self._failed)
        context.on("dialog", self._interrupted)

    def _requested(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and f"{parts.scheme}://{parts.netloc}" != self.address:
            self.wrong.append(f"request: {request.url}")
            self.elsewhere.append(request.url)

    def _printed(self, message: ConsoleMessage) -> None:
        """The browser prints here, too, what it refuses by the policy and each answer from 400."""
        if message.type in ("error", "warning"):
            self.wrong.append(f"console: {message.text}")

    def _failed(self, error: WebError) -> None:
        self.wrong.append(f"script: {error.error}")

    def _interrupted(self, dialog: Dialog) -> None:
        self.wrong.append(f"dialog: {dialog.message}")
        dialog.dismiss()


def watched(reader: Reader) -> Iterator[Reader]:
    """What a fixture yields from: whatever went wrong fails the test at its end."""
    try:
        yield reader
    finally:
        reader.leave()
    assert not reader.wrong, reader.wrong  # pytest rewrites no assertion of this module
