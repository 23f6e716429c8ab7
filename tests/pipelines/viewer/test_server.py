"""Who is answered, and what nobody is."""

import http.client
import threading

import pytest

from ocr_core.errors import ConfigError
from pipelines.viewer.answers import Answers
from pipelines.viewer.server import Server


@pytest.fixture
def server(books, pictures):
    with Server(Answers(books, pictures), "127.0.0.1", 0) as served:
        thread = threading.Thread(target=served.serve_forever)
        thread.start()
        yield served
        served.shutdown()
        thread.join()


def ask(server, target="/api/run", method="GET", **headers):
    """Status, headers and body of an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    try:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, target, headers=given)
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


def test_it_serves(server):
    status, headers, body = ask(server)
    assert (status, headers["Content-Type"]) == (200, "application/json")
    assert int(headers["Content-Length"]) == len(body) > 0
    assert server.address == f"http://127.0.0.1:{server.server_port}/"


@pytest.mark.parametrize(
    "host",
    ["localhost", "localhost:9999", "127.0.0.1", "127.0.0.1:80", "[::1]:80", "LOCALHOST:1"],
)
def test_it_answers_to_its_own_names(server, host):
    assert ask(server, Host=host)[0] == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:80",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "192.168.0.1",
        "",
        "localhost:",
        "localhost:80:80",
        "[evil.example]",
    ],
)
def test_it_does_not_answer_to_another_name(server, host):
    for target in ("/", "/api/run", "/style.css"):
        status, _, body = ask(server, target, Host=host)
        assert status == 403
        assert b"documents" not in body


def test_two_names_are_none(server):
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    connection.putrequest("GET", "/api/run", skip_host=True)
    connection.putheader("Host", "localhost")
    connection.putheader("Host", "evil.example")
    connection.endheaders()
    assert connection.getresponse().status == 403
    connection.close()


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_it_is_only_read_from(server, method):
    status, headers, _ = ask(server, method=method)
    assert (status, headers["Allow"]) == (405, "GET, HEAD")
    assert "Access-Control-Allow-Origin" not in headers


def test_an_unknown_method_is_refused(server):
    assert ask(server, method="TRACE")[0] == 501


def test_a_head_has_no_body(server):
    status, headers, body = ask(server, method="HEAD")
    assert (status, body) == (200, b"")
    assert int(headers["Content-Length"]) > 0


def test_pages_of_other_sites_are_not_answered(server):
    assert ask(server, Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="no-cors")[0] == 403
    assert ask(server, Sec_Fetch_Site="same-site", Sec_Fetch_Mode="cors")[0] == 403
    assert ask(server, "/", Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="navigate")[0] == 200
    assert ask(server, Sec_Fetch_Site="same-origin", Sec_Fetch_Mode="cors")[0] == 200


@pytest.mark.parametrize("target", ["/", "/api/run", "/nothing", "/main.js"])
def test_every_answer_confines_what_it_may_do(server, target):
    _, headers, _ = ask(server, target)
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("target", ["/../../../../etc/passwd", "/pictures/..%2f..%2fx/0", "*"])
def test_paths_lead_nowhere(server, target):
    assert ask(server, target)[0] == 404


def test_a_port_that_is_taken_is_told(server, books, pictures):
    with pytest.raises(ConfigError, match="cannot serve"):
        Server(Answers(books, pictures), "127.0.0.1", server.server_port)


@pytest.mark.parametrize(("host", "port"), [("127.0.0.1", 70_000), ("203.0.113.7", 0)])
def test_an_address_that_is_not_this_machines_is_told(books, pictures, host, port):
    with pytest.raises(ConfigError, match="cannot serve"):
        Server(Answers(books, pictures), host, port)


def test_on_a_network_it_answers_to_addresses_too(books, pictures):
    with Server(Answers(books, pictures), "0.0.0.0", 0) as served:
        assert not served.is_private
        assert served.may_be_called("192.168.0.1:8000")
        assert not served.may_be_called("evil.example")
