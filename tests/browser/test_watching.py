"""Guards the other tests of the browser against a watch that sees nothing."""

import pytest

from tests.browser.reader import Reader


@pytest.mark.parametrize(
    ("body", "seen"),
    [
        ("<script>alert('hostile')</script>", "dialog: hostile"),
        ("<script>throw new Error('broken')</script>", "script: "),
        ("<script>console.error('complains')</script>", "console: complains"),
        ("<img src='http://elsewhere.example/spy.png'>", "request: http://elsewhere.example/spy.png"),
        (
            "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'\"><script>1</script>",
            "Content Security Policy",
        ),
    ],
)
def test_what_must_not_happen_is_seen(reader: Reader, body: str, seen: str) -> None:
    page = reader.open("/verify")
    assert reader.wrong == []
    page.context.route(f"{reader.address}/made-up", lambda route: route.fulfill(body=body, content_type="text/html"))
    page.goto("/made-up")
    assert any(seen in one for one in reader.wrong), reader.wrong
    reader.wrong.clear()
