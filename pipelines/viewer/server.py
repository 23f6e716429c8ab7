"""A web server for one reader: what `answers` has, to whoever may ask.

It reads and never writes, and asks nobody for a name, so that it must not answer what a stranger's
page in the same browser asks: by a name of the stranger's that leads here (DNS rebinding), or from
another site (`Sec-Fetch-Site`). What it sends can load nothing from elsewhere.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from email.message import Message
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from ocr_core.errors import ConfigError
from pipelines.viewer.answers import Answer, Answers, refuse

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
# What a browser says of a request that a page of somebody else's made.
_FOREIGN = frozenset(("cross-site", "same-site"))


class Server(ThreadingHTTPServer):
    """Serves until it is shut down.

    Args:
        host: a name or an address of this machine.
        port: 0 for any that is free.

    Raises:
        ConfigError: it cannot be had.
    """

    daemon_threads = True

    def __init__(self, answers: Answers, host: str, port: int) -> None:
        self.answers = answers
        self.host = host
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            self.address_family = found[0][0]
            super().__init__((host, port), _Handler)
        except (OSError, OverflowError) as error:
            raise ConfigError(f"cannot serve at {host}, port {port}: {error}") from error

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.server_port}/"

    @property
    def is_private(self) -> bool:
        """Whether nobody but this machine can reach it."""
        return ipaddress.ip_address(str(self.server_address[0])).is_loopback

    def server_bind(self) -> None:
        """Binds without asking for the name of this machine, which may take seconds."""
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = self.host, self.server_address[1]

    def may_be_called(self, host: str) -> bool:
        """Whether a `Host` is a name that only whoever runs this server can have given it.

        Addresses are no names, so that nobody can make them lead anywhere else; the port is any,
        for tunnels.
        """
        match = re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[^:\[\]]+)(:\d{1,5})?", host)
        if match is None:
            return False
        name = match[1].strip("[]").lower()
        if name in {"localhost", self.host.lower()}:
            return True
        if not self.is_private and name == socket.gethostname().lower():
            return True
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            return False
        return address.is_loopback or not self.is_private


class _Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server_version = "beam-ocr"
    sys_version = ""
    timeout = 60.0
    server: Server

    def do_GET(self) -> None:
        self._send(self._answer())

    do_HEAD = do_GET  # noqa: N815 - named by the base class

    def do_POST(self) -> None:
        self.close_connection = True  # whatever follows is not looked at
        words = "this server is only read from"
        self._send(refuse(HTTPStatus.METHOD_NOT_ALLOWED, words), {"Allow": "GET, HEAD"})

    do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_POST  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Tells nobody: what a reader looks at is the reader's own."""

    def _answer(self) -> Answer:
        hosts = self.headers.get_all("Host", [])
        if len(hosts) != 1 or not self.server.may_be_called(hosts[0]):
            return refuse(HTTPStatus.FORBIDDEN, "this server is not known by that name")
        if _is_foreign(self.headers):
            return refuse(HTTPStatus.FORBIDDEN, "another site asks")
        return self.server.answers.answer(self.path)

    def _send(self, answer: Answer, more: dict[str, str] | None = None) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.media_type)
        self.send_header("Content-Length", str(len(answer.body)))
        for name, value in (_HEADERS | (more or {})).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)


def _is_foreign(headers: Message) -> bool:
    """Whether a page of another site asks, but for a link that somebody follows."""
    asks = headers.get("Sec-Fetch-Site", "") in _FOREIGN
    return asks and headers.get("Sec-Fetch-Mode", "") != "navigate"
