"""Webhooks: to which places nothing is sent, how what is sent is signed, and when it is sent again."""

import asyncio
import base64
import datetime
import hashlib
import hmac
import ipaddress
import json
import logging
import ssl
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from api.serving.app import create_app
from index.errors import SettingsInvalid, WatchInvalid, WebhookForbidden
from index.local import LocalStore
from rag.engine import Engine
from rag.settings import Settings, load_settings
from rag.watches.addresses import Allowed, Endpoint, checked, is_public, system_addresses
from rag.watches.file import WatchFile
from rag.watches.outbox import Outbox
from rag.watches.schedule import LONGEST, MOST_ATTEMPTS, state_after, wait_after
from rag.watches.sending import Sender
from rag.watches.signing import signed
from rag.watches.types import Attempt, Sent, State
from rag.watches.watching import Watching
from tests.conftest import Qdq
from tests.fakes import HashEncoder
from tests.receiver import Reply, receiving
from tests.suite_files import srt
from tests.test_watches import ADA, SAID, add, told

NOWHERE = Allowed()
HERE = Allowed.of("127.0.0.1")
PUBLIC = "93.184.216.34"
ARRIVED, FAILED, GONE = Attempt(200), Attempt(500), Attempt(410)


class Clock:
    """A time that a test sets."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


# where nothing is sent

HOSTILE = """
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.254 127.0.0.1 127.255.255.254 169.254.169.254
169.254.170.2 172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.170 192.0.2.1 192.88.99.1 192.168.0.1 198.18.0.1
198.19.255.255 198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255
:: ::1 ::2 ::127.0.0.1 ::7f00:1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::ffff:0:127.0.0.1
64:ff9b::127.0.0.1 64:ff9b::10.0.0.1 64:ff9b::169.254.169.254 64:ff9b:1::8.8.8.8 100::1 2001::1 2001:0:7f00:1::
2001:2::1 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1:: 2002:a00:1::1 2002:808:808::1 3fff::1 5f00::1 4000::1
fc00::1 fd00:ec2::254 fd12:3456::1 fe80::1 fe80::1%eth0 fec0::1 ff02::1 ff0e::1 2600::5efe:7f00:1 2600::200:5efe:a00:1
""".split()
OPEN = """
1.1.1.1 8.8.8.8 93.184.216.34 100.63.255.255 100.128.0.1 172.32.0.1 192.167.1.1 198.20.0.1 223.255.255.254
2600:1406:bc00:53::b81e:94ce 2a00:1450:4007:80e::200e ::ffff:8.8.8.8 64:ff9b::808:808
""".split()


@pytest.mark.parametrize("address", HOSTILE)
def test_an_address_that_not_everybody_reaches_is_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))
    with pytest.raises(WebhookForbidden):
        checked(Endpoint.of("https://hook.example/"), NOWHERE, lambda *_: [PUBLIC, address])


@pytest.mark.parametrize("address", OPEN)
def test_an_address_that_everybody_reaches_is(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))
    assert checked(Endpoint.of("https://hook.example/"), NOWHERE, lambda *_: [address])


@given(st.ip_addresses(v=4))
def test_no_address_is_public_by_carrying_another(address: ipaddress.IPv4Address) -> None:
    """Mapped, and behind NAT64, exactly where the address itself is; as compatible, 6to4, Teredo or ISATAP never."""
    number = int(address)
    public = is_public(address)
    assert public <= address.is_global
    assert is_public(ipaddress.IPv6Address((0xFFFF << 32) | number)) == public
    assert is_public(ipaddress.IPv6Address((0x64FF9B << 96) | number)) == public
    for other in (
        number,
        (0x2002 << 112) | (number << 80) | 1,
        (0x20010000 << 96) | (number ^ 0xFFFFFFFF),
        (0x2600 << 112) | (0x5EFE << 32) | number,
    ):
        assert not is_public(ipaddress.IPv6Address(other))


@pytest.mark.parametrize(
    "host",
    """
    localhost LOCALHOST localhost. 127.0.0.1 127.0.0.1. 127.1 127.0.1 2130706433 0x7f000001 0x7f.1 0177.0.0.1
    017700000001 0 0x0 0.0.0.0 [::1] [::] [::ffff:127.0.0.1] [::ffff:7f00:1] [0:0:0:0:0:0:0:1] [64:ff9b::7f00:1]
    10.0.0.1 192.168.1.1 169.254.169.254 2852039166 0xa9fea9fe ①②⑦.⓪.⓪.① １２７.０.０.１ 127。0。0。1
    ʟocalhost ﬀ.invalid
    """.split(),
)
def test_no_spelling_of_a_private_place_is_taken(host: str) -> None:
    """Through this machine's own way of finding addresses, which reads numbers as the system's library does."""
    with pytest.raises((WebhookForbidden, WatchInvalid)):
        checked(Endpoint.of(f"https://{host}/"), NOWHERE, system_addresses)


@pytest.mark.parametrize(
    "url",
    [
        *("", "hook", "/hook", "//127.0.0.1/", "ftp://example.org/", "file:///etc/passwd", "gopher://example.org:70/_"),
        *("https://", "https:///hook", "https://:443/", "https://user@example.org/", "https://u:p@example.org/"),
        *(
            "https://@example.org/",
            "https://example.org@127.0.0.1/",
            "https://example.org:0/",
            "https://example.org:x/",
        ),
        *(
            "https://example.org:99999/",
            "https://example.org/#x",
            "https://example.org/a b",
            "https://example.org/\r\nX:y",
        ),
        *("https://example.org\\@127.0.0.1/", "https://exam\tple.org/", "https://[::1", "https://[fe80::1%eth0]/"),
        *("https://[fe80::1%25eth0]/", "https://example.org/é", "javascript:alert(1)", "https://a..b/", "HTTPS ://a/"),
        f"https://example.org/{'a' * 2000}",
        f"https://{'a' * 64}.example/é",
    ],
)
def test_what_is_no_address_of_a_webhook_is_refused(url: str) -> None:
    with pytest.raises((WatchInvalid, WebhookForbidden)):
        checked(Endpoint.of(url), NOWHERE, lambda *_: [] if ".." in url else [PUBLIC])


def test_an_address_is_read_in_its_parts() -> None:
    assert Endpoint.of("https://Exämple.ORG.:8443/a?b=c") == Endpoint("https", "xn--exmple-cua.org", 8443, "/a?b=c")
    assert Endpoint.of("https://example.org").authority == "example.org"
    assert Endpoint.of("https://[2600::1]:444").authority == "[2600::1]:444"


def _none(host: str, port: int) -> Sequence[str]:
    raise OSError("unknown")


@given(st.text(max_size=60))
def test_whatever_is_written_is_taken_or_refused_with_a_sentence(text: str) -> None:
    for url in (text, f"https://{text}", f"https://{text}.example/{text}"):
        try:
            checked(Endpoint.of(url), NOWHERE, _none)
        except (WatchInvalid, WebhookForbidden) as error:
            assert error.message("fr") != error.message("en")
        else:
            raise AssertionError


def test_a_name_that_is_private_reads_as_one_that_is_not_there() -> None:
    """Whoever may add a watch does not learn the names of this network."""
    reasons = set()
    for found in ([], ["10.0.0.1"], [PUBLIC, "10.0.0.1"]):
        with pytest.raises(WebhookForbidden) as caught:
            checked(Endpoint.of("https://intranet.example/"), NOWHERE, lambda *_, found=found: found)
        reasons.add(caught.value.message("en"))
    assert len(reasons) == 1


def test_plain_http_goes_only_where_it_is_allowed() -> None:
    with pytest.raises(WebhookForbidden, match="only https"):
        checked(Endpoint.of("http://hook.example/"), NOWHERE, lambda *_: [PUBLIC])
    assert checked(Endpoint.of("http://127.0.0.1/"), HERE, lambda *_: ["127.0.0.1"]) == ["127.0.0.1"]


@pytest.mark.parametrize(
    ("allowed", "host", "addresses", "may"),
    [
        ("true", "a.example", ["10.0.0.1"], True),
        ("false", "a.example", ["10.0.0.1"], False),
        ("10.0.0.0/8", "a.example", ["10.0.0.1"], True),
        ("10.0.0.0/8", "a.example", ["10.0.0.1", "192.168.0.1"], False),
        ("10.0.0.0/8, 192.168.0.1", "a.example", ["10.0.0.1", "192.168.0.1"], True),
        ("A.example", "a.example", ["10.0.0.1"], True),
        ("a.example", "b.a.example", ["10.0.0.1"], False),
        ("fd00::/8", "a.example", ["fd00::1"], True),
        ("fd00::/8", "a.example", ["10.0.0.1"], False),
        ("10.0.0.0/8", "a.example", ["::ffff:10.0.0.1"], False),
    ],
)
def test_a_private_place_is_allowed_by_name_address_or_network(
    allowed: str, host: str, addresses: list[str], may: bool
) -> None:
    endpoint = Endpoint.of(f"https://{host}/")
    if may:
        assert checked(endpoint, Allowed.of(allowed), lambda *_: addresses) == addresses
    else:
        with pytest.raises(WebhookForbidden):
            checked(endpoint, Allowed.of(allowed), lambda *_: addresses)


@pytest.mark.parametrize("places", ["10.0.0.0/33", "http://a.example", "a b", ",", "2130706433", "a.example,"])
def test_a_setting_that_allows_nothing_that_is_a_place_is_refused(places: str) -> None:
    with pytest.raises(SettingsInvalid, match="QDQ_WEBHOOK_PRIVATE"):
        load_settings(webhook_private=places)


# signed as others verify it


def test_the_signature_is_that_of_the_specification() -> None:
    """The published example of Standard Webhooks."""
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    assert signed(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body) == {
        "Webhook-Id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "Webhook-Timestamp": "1614265330",
        "Webhook-Signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


# sent once, and again


def test_eight_attempts_take_about_a_day() -> None:
    waits = [wait_after(attempts, FAILED, 0.5) for attempts in range(1, MOST_ATTEMPTS)]
    assert waits == [15, 60, 240, 960, 3840, 15360, 61440]
    assert 0.9 * 86_400 < sum(waits) < 1.1 * 86_400


@given(st.integers(1, 20), st.floats(0, 1), st.none() | st.floats(0, 1e9))
def test_a_wait_keeps_to_its_bounds(attempts: int, chance: float, asked: float | None) -> None:
    wait = wait_after(attempts, Attempt(503, retry_after=asked), chance)
    assert 12 <= wait <= LONGEST
    assert wait >= min(asked or 0, LONGEST)
    assert wait <= max(15 * 4 ** (attempts - 1) * 1.2 + 1e-6, asked or 0)


@pytest.mark.parametrize(
    ("attempt", "state", "last"),
    [
        *((Attempt(status), State.DELIVERED, State.DELIVERED) for status in (200, 202, 204, 299)),
        *((Attempt(status), State.WAITING, State.GIVEN_UP) for status in (100, 302, 400, 404, 408, 429, 500, 503)),
        (Attempt(error="ConnectError"), State.WAITING, State.GIVEN_UP),
        (GONE, State.CANCELLED, State.CANCELLED),
    ],
)
def test_what_an_answer_means(attempt: Attempt, state: State, last: State) -> None:
    assert (state_after(1, attempt), state_after(MOST_ATTEMPTS, attempt)) == (state, last)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def engine(home: Path, clock: Clock) -> Iterator[Engine]:
    """With the fake encoder; webhooks may lie on this machine."""
    settings = Settings(home=home, webhook_private="127.0.0.1", public_url="https://qdq.example")
    engine = Engine(LocalStore(home), HashEncoder(), settings)
    engine.watching = Watching(engine._store, engine._searcher, settings, home, now=clock)
    yield engine
    engine.close()


def states(engine: Engine) -> list[tuple[str, int]]:
    return engine.watching._file.rows("SELECT state, attempts FROM deliveries ORDER BY created, id")


def test_a_receiver_that_fails_first_gets_the_same_notice_again(engine: Engine, tmp_path: Path, clock: Clock) -> None:
    with receiving(lambda number: (500 if number == 0 else 204, {})) as receiver:
        watch = engine.watching.add(ADA, None, webhook=receiver.url)
        add(engine, tmp_path)
        assert [(one.state, one.attempt.status) for one in engine.watching.deliver()] == [(State.WAITING, 500)]
        assert engine.watching.get(watch.id).error == "HTTP 500"
        assert engine.watching.deliver() == [], "not due yet"
        clock.now += 18
        assert [(one.state, one.attempt.status) for one in engine.watching.deliver()] == [(State.DELIVERED, 204)]
        clock.now += 100_000
        assert engine.watching.deliver() == []
        assert engine.watching.get(watch.id).error is None
    first, second = receiver.got
    for got in (first, second):
        assert got.path == "/hook?key=1"
        key = base64.b64decode(watch.secret.removeprefix("whsec_"))
        content = b".".join([got.headers["webhook-id"].encode(), got.headers["webhook-timestamp"].encode(), got.body])
        signature = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
        assert got.headers["webhook-signature"] == f"v1,{signature}"
        assert got.headers["content-type"] == "application/json"
        assert got.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert int(second.headers["webhook-timestamp"]) == int(first.headers["webhook-timestamp"]) + 18
    one, other = json.loads(first.body), json.loads(second.body)
    assert (one.pop("sent_at"), other.pop("sent_at")) == ("2023-11-14T22:13:20+00:00", "2023-11-14T22:13:38+00:00")
    assert one == other
    assert one == {
        "event": "watch.found",
        "watch": {"id": watch.id, "speaker": ADA, "topic": None, "threshold": 0.5},
        "debate": {"id": "d", "title": "d"},
        "findings": [
            {
                "speaker": ADA,
                "attribution": "labelled",
                "attribution_confidence": 1.0,
                "start": 0.0,
                "end": 10.0,
                "quote": SAID[0],
                "confidence": 1.0,
                "spoken": 10.0,
                "permalink": "/d/d?t=0,10",
                "url": "https://qdq.example/d/d?t=0,10",
                "recording": None,
                "found_at": "2023-11-14T22:13:20+00:00",
            }
        ],
    }


def test_after_eight_failures_it_is_given_up(engine: Engine, tmp_path: Path, clock: Clock) -> None:
    with receiving(lambda _: (404, {})) as receiver:
        engine.watching.add(ADA, None, webhook=receiver.url)
        add(engine, tmp_path)
        for attempts in range(1, MOST_ATTEMPTS + 1):
            (sent,) = engine.watching.deliver()
            assert states(engine) == [("waiting" if attempts < MOST_ATTEMPTS else "given_up", attempts)]
            clock.now += LONGEST
        assert sent.state is State.GIVEN_UP
        assert engine.watching.deliver() == []
        assert len(receiver.got) == MOST_ATTEMPTS


def test_a_receiver_that_is_gone_is_told_nothing_more(engine: Engine, tmp_path: Path) -> None:
    with receiving(lambda _: (410, {})) as receiver:
        watch = engine.watching.add(ADA, None, webhook=receiver.url)
        for id_ in ("one", "two"):
            add(engine, tmp_path, id_=id_)
        assert [one.state for one in engine.watching.deliver()] == [State.CANCELLED]
        assert states(engine) == [("cancelled", 1), ("cancelled", 0)]
        assert engine.watching.notices() == {"waiting": 0, "delivered": 0, "given_up": 0, "cancelled": 2}
        told_of = TestClient(create_app(engine)).get("/metrics").text
        assert 'qdq_watch_notices{state="cancelled"} 2.0' in told_of
        assert not engine.watching.get(watch.id).active
        add(engine, tmp_path, id_="three")
        assert engine.watching.deliver() == []
        assert [debate for debate, *_ in told(engine, watch)] == ["one", "two", "three"], "the feed goes on"
        assert len(receiver.got) == 1


@pytest.mark.parametrize(
    ("header", "wait"),
    [("120", 120.0), ("1000000000", LONGEST), ("-5", 15.0), ("soon", 15.0), ("nan", 15.0), ("٣٠", 15.0)],
)
def test_a_receiver_may_ask_for_time(engine: Engine, tmp_path: Path, clock: Clock, header: str, wait: float) -> None:
    with receiving(lambda _: (429, {"Retry-After": header.encode().decode("latin-1")})) as receiver:
        engine.watching.add(ADA, None, webhook=receiver.url)
        add(engine, tmp_path)
        engine.watching._outbox._chance = lambda: 0.5
        engine.watching.deliver()
    due = engine.watching._outbox.next_due()
    assert due == wait


def test_a_receiver_may_ask_for_time_until_a_date(engine: Engine) -> None:
    later = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=1)
    header = later.strftime("%a, %d %b %Y %H:%M:%S GMT")
    with receiving(lambda _: (503, {"Retry-After": header})) as receiver:
        attempt = send(Sender(HERE), receiver.url)
    assert attempt.retry_after is not None
    assert 3_500 < attempt.retry_after <= 3_600


def send(sender: Sender, url: str) -> Attempt:
    return asyncio.run(sender.send(url, {"Webhook-Id": "m"}, b"{}"))


def test_a_redirect_leads_nowhere() -> None:
    with receiving() as inner, receiving(lambda _: (307, {"Location": inner.url})) as outer:
        attempt = send(Sender(Allowed.of("127.0.0.1")), outer.url)
        assert (attempt.status, attempt.delivered) == (307, False)
        assert (len(outer.got), inner.got) == (1, [])


def test_proxies_and_certificates_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving() as proxy, receiving() as receiver:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert send(Sender(HERE), receiver.url) == Attempt(200)
        assert (len(receiver.got), proxy.got) == (1, [])


def test_no_log_holds_the_address_of_a_webhook_nor_what_it_was_sent(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), receiving() as receiver:
        assert asyncio.run(Sender(HERE).send(receiver.url, {}, b'{"quote": "Oui."}')) == Attempt(200)
    assert receiver.got[0].body == b'{"quote": "Oui."}'
    assert caplog.records
    for kept in ("hook", "key", "Oui"):
        assert kept not in caplog.text


@pytest.mark.parametrize("trickles", [False, True])
def test_a_receiver_that_never_answers_has_its_time_and_no_more(trickles: bool) -> None:
    """Also one that sends a byte now and then, which each single wait would take for a sign of life."""
    with receiving(lambda _: (200, {}) if trickles else None, trickles=trickles) as receiver:
        assert send(Sender(HERE, seconds=0.8), receiver.url) == Attempt(error="no answer within 0.8 s")


def test_a_name_that_takes_for_ever_to_be_found_has_its_time_too() -> None:
    free = threading.Event()

    def slow(_host: str, _port: int) -> Sequence[str]:
        free.wait(30)
        return ["127.0.0.1"]

    assert send(Sender(HERE, resolve=slow, seconds=0.1), "http://hook.example/").error == "no answer within 0.1 s"
    free.set()


def test_a_name_that_means_another_address_when_it_is_sent_to_gets_nothing() -> None:
    """DNS rebinding: public when it is added, this machine afterwards."""
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    with receiving() as receiver:
        sender = Sender(NOWHERE, resolve=lambda *_: next(answers))
        url = f"https://hook.example:{receiver.port}/"
        sender.check(url)
        attempt = send(sender, url)
        assert "not public" in str(attempt.error)
        assert receiver.got == []


def test_the_connection_goes_to_the_address_that_was_checked() -> None:
    """Of a name that only the test's resolver knows, asked once a notice."""
    asked: list[tuple[str, int]] = []

    def resolve(host: str, port: int) -> Sequence[str]:
        asked.append((host, port))
        return ["127.0.0.1"]

    with receiving() as receiver:
        attempt = send(Sender(HERE, resolve=resolve), f"http://Hook.Example.:{receiver.port}/")
        assert attempt == Attempt(200)
        assert receiver.got[0].headers["host"] == f"hook.example:{receiver.port}"
    assert asked == [("hook.example", receiver.port)]


def test_of_several_addresses_one_that_takes_a_connection_will_do() -> None:
    with receiving() as receiver:
        sender = Sender(Allowed.of("127.0.0.0/8,::1"), resolve=lambda *_: ["::1", "127.0.0.1"])
        assert send(sender, f"http://hook.example:{receiver.port}/") == Attempt(200)
        assert len(receiver.got) == 1


def certified(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server that says it is ``name``, and what believes its certificate."""
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = folder / f"{name}.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pem)
    return server, ssl.create_default_context(cafile=str(pem))


def test_the_certificate_has_to_be_the_names_though_the_connection_goes_to_an_address(tmp_path: Path) -> None:
    server, trusted = certified(tmp_path, "hook.example")
    with receiving(tls=server) as receiver:

        def to(host: str, believing: ssl.SSLContext | None) -> Attempt:
            sender = Sender(HERE, resolve=lambda *_: ["127.0.0.1"], trusted=believing)
            return send(sender, f"https://{host}:{receiver.port}/")

        assert to("hook.example", trusted) == Attempt(200)
        assert to("other.example", trusted) == Attempt(error="ConnectError")
        assert to("127.0.0.1", trusted) == Attempt(error="ConnectError")
        assert to("hook.example", None) == Attempt(error="ConnectError"), "nobody vouches for it"
        assert receiver.names[:2] == ["hook.example", "other.example"]
        assert len(receiver.got) == 1


# one at a time, by one program


def outbox_of(home: Path, clock: Clock, deliveries: Sequence[tuple[str, str]]) -> tuple[WatchFile, Outbox]:
    """With these deliveries, as (id, watch), due in this order."""
    file = WatchFile(home)
    with file.writing() as connection:
        for watch in dict.fromkeys(watch for _, watch in deliveries):
            told = (watch, 0, None, "a", 0.5, "https://example.org/", "whsec_AAAA", "fr", 1, None, 0, 0)
            connection.execute(f"INSERT INTO watches VALUES ({', '.join('?' * 12)})", told)
        for at, (id_, watch) in enumerate(deliveries):
            row = (id_, watch, "d", 0, "waiting", 0, clock.now - 100 + at, 0, None, None)
            connection.execute(f"INSERT INTO deliveries VALUES ({', '.join('?' * 10)})", row)
    return file, Outbox(file, now=clock, chance=lambda: 0.5)


def claimed(outbox: Outbox) -> str | None:
    delivery = outbox.claim()
    return delivery.id if delivery else None


def test_what_one_program_sends_no_other_does(home: Path, clock: Clock) -> None:
    file, outbox = outbox_of(home, clock, [("a1", "a"), ("a2", "a"), ("b1", "b")])
    others = [Outbox(WatchFile(home), now=clock) for _ in range(3)]
    first = outbox.claim()
    assert first is not None
    assert (first.id, [claimed(other) for other in others]) == ("a1", ["b1", None, None]), "one at a time a webhook"
    outbox.settle(first, ARRIVED)
    assert claimed(others[0]) == "a2"
    assert claimed(outbox) is None
    clock.now += 61  # those who had the others were killed
    assert [claimed(outbox), claimed(outbox), claimed(outbox)] == ["a2", "b1", None]
    file.close()
    for other in others:
        other._file.close()


def test_what_is_released_is_due_at_once(home: Path, clock: Clock) -> None:
    file, outbox = outbox_of(home, clock, [("a1", "a")])
    first = outbox.claim()
    assert first is not None
    assert claimed(outbox) is None
    outbox.release(first)
    assert claimed(outbox) == "a1"
    file.close()


@pytest.mark.parametrize("jump", [-40 * 86_400.0, 40 * 86_400.0])
def test_a_clock_that_jumps_holds_nothing_up(home: Path, clock: Clock, jump: float) -> None:
    file, outbox = outbox_of(home, clock, [("a1", "a"), ("b1", "b")])
    failed = outbox.claim()
    assert failed is not None
    outbox.settle(failed, FAILED)
    assert claimed(outbox) == "b1"
    clock.now += jump
    assert {claimed(outbox), claimed(outbox)} == {"a1", "b1"}
    file.close()


def test_a_watch_that_is_removed_takes_what_was_to_be_sent(engine: Engine, tmp_path: Path, clock: Clock) -> None:
    with receiving() as receiver:
        watches = [engine.watching.add(ADA, None, webhook=receiver.url) for _ in range(2)]
        add(engine, tmp_path)
        held = engine.watching._outbox.claim()
        assert held is not None
        engine.watching.remove(held.watch.id)
        engine.watching._outbox.settle(held, FAILED)
        (left,) = [watch for watch in watches if watch.id != held.watch.id]
        clock.now += 100
        assert [one.watch for one in engine.watching.deliver()] == [left.id]
        engine.remove("d")
        assert states(engine) == []


def test_a_slow_receiver_holds_up_no_other(engine: Engine, tmp_path: Path) -> None:
    arrived = threading.Event()

    def slowly(_number: int) -> Reply:
        arrived.wait(30)
        return 500, {}

    with receiving(slowly) as slow, receiving() as quick:
        for _ in range(3):
            engine.watching.add(ADA, None, webhook=slow.url)
        engine.watching.add(ADA, None, webhook=quick.url)
        for id_ in ("one", "two"):
            add(engine, tmp_path, id_=id_)
        sent: list[Sent] = []
        thread = threading.Thread(target=lambda: sent.extend(engine.watching.deliver()))
        thread.start()
        assert quick.wait_for(2)
        assert len(slow.got) <= 3, "the slow ones are at their first"
        arrived.set()
        thread.join()
    assert sorted(one.state for one in sent) == ["delivered"] * 2 + ["waiting"] * 6


# a server


def test_a_server_tells_what_is_added_to_it_and_what_another_program_left(engine: Engine, tmp_path: Path) -> None:
    with receiving() as receiver:
        engine.watching.add(ADA, None, webhook=receiver.url)
        add(engine, tmp_path, id_="left")
        with TestClient(create_app(engine)) as client:
            assert receiver.wait_for(1)
            files = {"file": ("neuf.srt", srt(SAID)), "speakers": ("who.tsv", f"start\tspeaker\n0\t{ADA}\n")}
            assert client.post("/v1/debates", files=files).status_code == 201
            assert receiver.wait_for(2)
        assert [json.loads(got.body)["debate"]["id"] for got in receiver.got] == ["left", "neuf"]


def test_a_server_that_ends_leaves_what_it_was_sending_to_the_next(engine: Engine, tmp_path: Path) -> None:
    with receiving(lambda _: None) as receiver:
        engine.watching.add(ADA, None, webhook=receiver.url)
        add(engine, tmp_path)
        with engine.watching.in_background():
            assert receiver.wait_for(1)
        assert states(engine) == [("waiting", 0)]
        assert claimed(engine.watching._outbox) is not None
        assert [thread for thread in threading.enumerate() if thread.name == "watches"] == []


def test_the_route_refuses_a_private_webhook_and_hides_the_path_of_another(
    engine: Engine,
) -> None:
    client = TestClient(create_app(engine))
    for webhook in ("https://10.0.0.1/", "https://169.254.169.254/latest/meta-data/", "https://[::1]/"):
        refused = client.post("/v1/watches", json={"speaker": ADA, "webhook": webhook})
        assert (refused.status_code, refused.json()["type"]) == (422, "urn:qui-dit-quoi:webhook-forbidden")
    made = client.post("/v1/watches", json={"speaker": ADA, "webhook": "http://127.0.0.1:9/s3cret"}).json()
    assert (made["webhook"], made["secret"][:6]) == ("http://127.0.0.1:9/s3cret", "whsec_")
    shown = client.get(f"/v1/watches/{made['id']}")
    assert shown.json()["webhook"] == "http://127.0.0.1:9/…"
    assert "s3cret" not in shown.text
    assert made["secret"] not in shown.text


def test_the_commands_send_at_once_and_a_sample(qdq: Qdq, tmp_path: Path) -> None:
    (tmp_path / "d.srt").write_text(srt(SAID), "utf-8")
    (tmp_path / "d.speakers.tsv").write_text(f"start\tspeaker\n0\t{ADA}\n", "utf-8")
    env = {"QDQ_WEBHOOK_PRIVATE": "127.0.0.1"}
    with receiving(lambda number: (200 if number < 1 else 500, {})) as receiver:
        made = json.loads(qdq("watch", "add", "--speaker", ADA, "--webhook", receiver.url, "--json", env=env).stdout)
        assert qdq("add", str(tmp_path / "d.srt"), env=env).returncode == 0
        assert [json.loads(got.body)["event"] for got in receiver.got] == ["watch.found"]
        failed = qdq("watch", "test", made["id"], env=env)
        assert (failed.returncode, failed.stdout) == (1, "Not received: HTTP 500.\n")
        assert json.loads(receiver.got[1].body)["event"] == "watch.test"
