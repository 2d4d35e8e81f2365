"""A plain browser of our own: cookies, forms with their token, sign-in, and bytes over the wire."""

from __future__ import annotations

import http.client
import re
import time
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin

import yaml

from bench.content import DEMO
from bench.rows import BenchError
from bench.server import Instance

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_CSS_URL = re.compile(r"""url\(\s*['"]?([^'")]+)""")
_LINKS = {"stylesheet", "icon", "manifest", "preload", "modulepreload"}
_TIMEOUT = 20
#: The server closes a connection that rests for longer than its `keepalive`.
_REST_SECONDS = 2.0


@dataclass(frozen=True)
class Answer:
    """`wire` counts head and body as they came, in bytes."""

    status: int
    location: str
    text: str
    wire: int


class Browser:
    """One visitor of the server on `port`."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT)
        self._cookies: dict[str, str] = {}
        self._used_at = time.monotonic()

    @property
    def cookie(self) -> str:
        """The Cookie header."""
        return "; ".join(f"{name}={value}" for name, value in self._cookies.items())

    def get(self, path: str, **headers: str) -> Answer:
        """Ask for a page; redirects are not followed."""
        return self._ask("GET", path, None, headers)

    def post(self, path: str, **fields: str) -> Answer:
        """Send a form."""
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, urlencode(fields).encode(), kind)

    def token_of(self, path: str) -> str:
        """The token in the form of a page. Raises BenchError."""
        answer = self.get(path)
        found = _TOKEN.search(answer.text)
        if answer.status != 200 or found is None:
            raise BenchError(f"{path} answered {answer.status} without a form token")
        return found[1]

    def sign_in(self, email: str, password: str) -> None:
        """Sign in through the page. Raises BenchError."""
        token = self.token_of("/cuenta/ingresar")
        answer = self.post("/cuenta/ingresar", csrf_token=token, correo=email, clave=password)
        if answer.status != 303:
            raise BenchError(f"signing in answered {answer.status}")

    def close(self) -> None:
        self._connection.close()

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        if self._cookies:
            headers = {**headers, "Cookie": self.cookie}
        if time.monotonic() - self._used_at > _REST_SECONDS:
            self._connection.close()
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        content = response.read()
        self._used_at = time.monotonic()
        for value in response.headers.get_all("Set-Cookie") or ():
            name, _, rest = value.partition("=")
            self._cookies[name] = rest.partition(";")[0]
        head = sum(len(k) + len(v) + 4 for k, v in response.getheaders()) + 19
        text = content.decode("utf-8", "replace")
        return Answer(
            response.status, response.headers.get("Location", ""), text, head + len(content)
        )


def staff(role: str) -> str:
    """The address of a demonstration person with this role."""
    people = yaml.safe_load((DEMO / "people.yaml").read_text("utf-8"))
    return next(str(one["email"]) for one in people["staff"] if role in one["roles"])


def customer() -> str:
    """The address of a demonstration customer who may do everything in her company."""
    people = yaml.safe_load((DEMO / "people.yaml").read_text("utf-8"))
    members = (member for company in people["companies"] for member in company["members"])
    return next(str(one["email"]) for one in members if one["preset"] == "administrador")


def signed_in(port: int, instance: Instance, email: str) -> Browser:
    """A browser in which a demonstration person is signed in."""
    browser = Browser(port)
    browser.sign_in(email, (instance.folder / "demo_password").read_text("ascii").strip())
    return browser


class _Assets(HTMLParser):
    """The addresses a browser fetches for a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, None] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        target = given.get("src") if tag in {"script", "img", "source", "iframe"} else None
        if tag == "link" and _LINKS & set((given.get("rel") or "").split()):
            target = given.get("href")
        if tag == "use":
            target = given.get("href") or given.get("xlink:href")
        address = (target or "").partition("#")[0]
        if address and not address.startswith(("data:", "http:", "https:")):
            self.found[address] = None


def first_visit(port: int, path: str) -> dict[str, int]:
    """Bytes over the wire of a page and of every asset a browser fetches with it, by address."""
    accepted = {"Accept-Encoding": "gzip, deflate, br, zstd"}
    plain, wire = Browser(port), Browser(port)
    try:
        page = plain.get(path)
        if page.status != 200:
            raise BenchError(f"{path} answered {page.status}")
        sizes = {path: wire.get(path, **accepted).wire}
        parser = _Assets()
        parser.feed(page.text)
        waiting = [urljoin(path, address) for address in parser.found]
        while waiting:
            address = waiting.pop(0)
            if address in sizes:
                continue
            asset = plain.get(address)
            if asset.status != 200:
                raise BenchError(f"{address} answered {asset.status}")
            sizes[address] = wire.get(address, **accepted).wire
            if ".css" in address:
                inside = (m for m in _CSS_URL.findall(asset.text) if not m.startswith("data:"))
                waiting += [urljoin(address, target.partition("#")[0]) for target in inside]
        return sizes
    finally:
        plain.close()
        wire.close()
