"""Where a webhook may lie. Whoever may add a watch chooses where this server sends something, so it may not be a place
that only this server reaches (SSRF): its own machine, its network, the metadata of a cloud.

    what is written -> Endpoint: https, a host, no password      (http to what QDQ_WEBHOOK_PRIVATE allows)
    its host        -> addresses, ALL of which have to be public  (or allowed)

The connection goes to an address that was checked here, never to the name again, which may mean another one by then.
Any port will do: what is sent is a TLS handshake, which no other service takes for a command.
"""

import ipaddress
import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import urlsplit

from index.errors import WatchInvalid, WebhookForbidden

Address = IPv4Address | IPv6Address
Resolver = Callable[[str, int], Sequence[str]]
"""From a host and a port to its addresses. Raises OSError where there are none."""

_LONGEST = 2_000
_VISIBLE = re.compile(r"[!-~]+")
_PORTS = {"http": 80, "https": 443}
_UNICAST = ipaddress.ip_network("2000::/3")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_REFUSED = tuple(
    map(
        ipaddress.ip_network,
        (
            "192.0.0.0/24",  # protocol assignments
            "192.88.99.0/24",  # relays of 6to4
            "2001::/23",  # protocol assignments, Teredo and ORCHID among them
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4
            "3fff::/20",  # documentation
        ),
    )
)
_ISATAP = (bytes.fromhex("00005efe"), bytes.fromhex("02005efe"))


@dataclass(frozen=True, slots=True)
class Allowed:
    """What is not public and may be sent to all the same: ``everything``, or these hosts and networks."""

    everything: bool = False
    hosts: frozenset[str] = frozenset()
    networks: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...] = ()

    @classmethod
    def of(cls, text: str) -> "Allowed":
        """``true``, or hosts, addresses and networks with commas between them; empty: nothing. Raises ValueError."""
        if text.strip().lower() in ("true", "false", ""):
            return cls(everything=text.strip().lower() == "true")
        hosts, networks = set(), []
        for entry in (part.strip() for part in text.split(",")):
            try:
                networks.append(ipaddress.ip_network(entry, strict=False))
            except ValueError:
                if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?", entry) or not re.search(
                    "[A-Za-z]", entry
                ):
                    raise ValueError(f"“{entry}” is neither a host nor an address nor a network") from None
                hosts.add(entry.lower())
        return cls(False, frozenset(hosts), tuple(networks))

    def host(self, host: str) -> bool:
        return self.everything or host in self.hosts

    def address(self, address: Address) -> bool:
        return any(address.version == network.version and address in network for network in self.networks)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A webhook's address as it was written, in its parts. ``host`` is in lower case, in ASCII, without a dot at its
    end; ``target`` is the path with its query."""

    scheme: str
    host: str
    port: int
    target: str

    @classmethod
    def of(cls, url: str) -> "Endpoint":
        """Raises WatchInvalid."""
        try:
            parts = urlsplit(url)
            host = _ascii(parts.hostname or "")
            port = _PORTS[parts.scheme] if parts.port is None else parts.port
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            right = (
                parts.scheme in _PORTS
                and parts.username is None
                and parts.password is None
                and not parts.fragment
                and port > 0
            )
        except (ValueError, KeyError):  # what is no address, another scheme, a port that is none
            right, host, port, target = False, "", 0, ""
        unseen = any(not sign.isprintable() or sign in " \\" for sign in url)  # urlsplit passes over some of them
        if not (right and host and _VISIBLE.fullmatch(target) and len(url) <= _LONGEST) or unseen:
            raise WatchInvalid(
                reason="the webhook has to be an address such as https://example.org/hook, without a user's name",
                reason_fr="le webhook doit être une adresse comme https://example.org/hook, sans nom d'utilisateur",
            )
        return cls(parts.scheme, host, port, target)

    @property
    def authority(self) -> str:
        """As the ``Host`` header has it."""
        host = bracketed(self.host)
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _ascii(host: str) -> str:
    """Raises ValueError, also for an address with a zone, which names an interface of this machine."""
    host = host.removesuffix(".").lower()
    if "%" in host or not host:
        raise ValueError(host)
    return host if host.isascii() else host.encode("idna").decode("ascii").lower()


def system_addresses(host: str, port: int) -> list[str]:
    """As this machine finds them. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def checked(endpoint: Endpoint, allowed: Allowed, resolve: Resolver = system_addresses) -> list[str]:
    """The addresses to which a notice for ``endpoint`` may go, all that it has. Raises WebhookForbidden."""
    try:
        found = [ipaddress.ip_address(address) for address in resolve(endpoint.host, endpoint.port)]
    except (OSError, ValueError):  # UnicodeError among the latter, for a name that cannot be one
        found = []
    free = allowed.host(endpoint.host)
    permitted = [free or allowed.address(address) for address in found]
    if not found or not all(may or is_public(address) for may, address in zip(permitted, found, strict=True)):
        raise WebhookForbidden(  # one reason: whoever asks does not learn which names this network has
            host=endpoint.host,
            reason="it has no address, or one that is not public; QDQ_WEBHOOK_PRIVATE can allow it",
            reason_fr="il n'a pas d'adresse, ou une qui n'est pas publique ; QDQ_WEBHOOK_PRIVATE peut la permettre",
        )
    if endpoint.scheme == "http" and not all(permitted):
        raise WebhookForbidden(
            host=endpoint.host,
            reason="only https goes over a public network",
            reason_fr="seul https passe par un réseau public",
        )
    return [str(address) for address in found]


def is_public(address: Address) -> bool:
    """Whether anybody on the internet could reach it: unicast, of no special use, and so is the IPv4 address that it
    may carry (https://www.iana.org/assignments/iana-ipv6-special-registry)."""
    if isinstance(address, IPv6Address):
        if address.scope_id is not None:
            return False
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address in _NAT64:
            return is_public(IPv4Address(address.packed[12:]))
        if address not in _UNICAST or address.packed[8:12] in _ISATAP:
            return False
    refused = any(address.version == network.version and address in network for network in _REFUSED)
    return address.is_global and not (refused or address.is_multicast or address.is_reserved)
