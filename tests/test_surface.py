"""What an attacker meets: headers, methods, paths, tokens. On a real server process."""

from __future__ import annotations

import http.client
import re
import subprocess
from collections.abc import Callable
from datetime import date

import pytest

from bot import ROOT
from tests.conftest import (
    ENGINE,
    FRONT,
    Answer,
    Server,
    assert_carries_the_numbers,
    serving,
)

FORM = "application/x-www-form-urlencoded"

# One of every kind of response, by name: its status and how to get it.
ANY: dict[str, tuple[int, Callable[[Server], Answer]]] = {
    "page": (200, lambda s: s.get("/")),
    "list of answers": (200, lambda s: s.get("/answers")),
    "answer page": (200, lambda s: s.get("/answers/harm?force=kent")),
    "chat": (200, lambda s: s.ask("is the helpline anonymous")),
    "chat page": (200, lambda s: s.post(b"message=is+it+free", Content_Type=FORM)),
    "button": (200, lambda s: s.post({"topic": "harm"})),
    "emergency": (200, lambda s: s.ask("he is hurting my son right now")),
    "health": (200, lambda s: s.get("/health/live")),
    "static file": (200, lambda s: s.get("/static/chat.js")),
    "favicon": (204, lambda s: s.get("/favicon.ico")),
    "bad request": (400, lambda s: s.post(b"{")),
    "bad form": (400, lambda s: s.post(b"x=1", Content_Type=FORM)),
    "no such page": (404, lambda s: s.get("/nothing")),
    "no such page, in a browser": (404, lambda s: s.get("/x", Accept="text/html")),
    "no such static file": (404, lambda s: s.get("/static/nothing.js")),
    "wrong method": (405, lambda s: s.get("/chat")),
    "too large": (413, lambda s: s.ask("a" * 1_100_000)),
}
ALL = pytest.mark.parametrize("name", list(ANY))


@pytest.fixture(scope="module")
def answers_of(server) -> dict[str, Answer]:
    return {name: send(server) for name, (_, send) in ANY.items()}


@pytest.fixture(scope="module")
def young_server():
    """A server that cannot answer typed messages yet, and soon refuses more."""
    with serving(RATE_LIMIT="1", engine=False) as running:
        yield running


def assert_guarded(answer: Answer) -> None:
    headers = answer.headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; ")
    assert "unsafe" not in policy and "*" not in policy and "http" not in policy
    assert "base-uri 'none'" in policy and "frame-ancestors 'none'" in policy
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    for feature in ("camera", "geolocation", "microphone"):
        assert f"{feature}=()" in headers["Permissions-Policy"]
    assert headers["X-Robots-Tag"] == "noindex"


def assert_silent(answer: Answer) -> None:
    for name in ("Server", "X-Powered-By", "Via", "Set-Cookie"):
        assert name not in answer.headers
    said = answer.body + str(answer.headers)
    assert not re.search(r"\b(sanic|uvicorn|rasa|python|werkzeug)/?\s?\d", said, re.I)
    assert "Traceback" not in said and ".py" not in said


@ALL
def test_every_kind_of_response_has_its_status_and_the_headers(answers_of, name):
    assert answers_of[name].status == ANY[name][0]
    assert_guarded(answers_of[name])


@ALL
def test_no_response_says_what_runs_here_or_sets_a_cookie(answers_of, name):
    assert_silent(answers_of[name])


@ALL
def test_only_a_static_file_may_be_kept(answers_of, name):
    kept = answers_of[name].headers["Cache-Control"]

    assert (kept == "no-store") is (name != "static file")


ERRORS = [name for name, (status, _) in ANY.items() if status >= 400]


@pytest.mark.parametrize("name", ERRORS)
def test_every_error_carries_the_numbers(answers_of, name):
    assert_carries_the_numbers(answers_of[name].body)


def test_a_refusal_for_want_of_a_model_or_of_patience_is_guarded_too(young_server):
    early = young_server.ask("is the helpline anonymous")
    flooding = young_server.ask("is the helpline anonymous")

    assert (early.status, flooding.status) == (503, 429)
    for answer in (early, flooding, young_server.get("/health/ready")):
        assert_guarded(answer)
        assert_silent(answer)
        assert answer.headers["Cache-Control"] == "no-store"
    for answer in (early, flooding):
        assert_carries_the_numbers(answer.text)


@pytest.mark.parametrize(
    "path",
    ["/version", "/status", "/domain", "/model/parse", "/model/train", "/model/predict",
     "/model/test/intents", "/model", "/conversations/abc/tracker",
     "/conversations/abc/tracker/events", "/conversations/abc/messages",
     "/conversations/abc/story", "/conversations/abc/execute",
     "/conversations/abc/trigger_intent", "/webhooks/rest/webhook", "/webhooks/rest/",
     "/webhooks/callback/webhook", "/webhooks/slack/webhook", "/webhook", "/actions",
     "/socket.io/", "/metrics", "/docs", "/openapi.json", "/admin", "/.env",
     "/.git/config", "/sbom.json"],
)  # fmt: skip
def test_nothing_of_rasa_or_of_the_project_answers(server, path):
    for method in ("GET", "POST", "PUT", "DELETE"):
        answer = server.send(method, path, None if method == "GET" else b"{}")

        assert answer.status == 404
        assert_carries_the_numbers(answer.body)


# With these packages, what meets visitors and what reads their messages must make do.
MOST_PACKAGES = {"front": 40, "engine": 20}
PYTHONS = {"front": FRONT, "engine": ENGINE}
LISTING = "import importlib.metadata as m; print(*(d.name for d in m.distributions()))"


@pytest.mark.parametrize("process", PYTHONS)
def test_what_serves_has_few_packages_and_none_of_rasa_s(process):
    listing = [PYTHONS[process], "-c", LISTING]
    told = subprocess.run(listing, capture_output=True, text=True)
    pinned = (ROOT / "requirements" / f"{process}.txt").read_text()
    pins = re.findall(r"^([\w.-]+)==", pinned, re.M)

    installed = {canonical(name) for name in told.stdout.split()}
    assert installed == {canonical(name) for name in pins}
    assert len(installed) <= MOST_PACKAGES[process]
    assert not installed & {"rasa", "rasa-sdk", "tensorflow-cpu", "scikit-learn"}
    assert process == "engine" or not installed & {"numpy", "onnxruntime"}


def canonical(name: str) -> str:
    """A package's name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


@pytest.mark.parametrize(
    ("path", "meant"),
    [("/chat", "POST"), ("/", "GET"), ("/answers", "GET"), ("/answers/harm", "GET"),
     ("/health/ready", "GET"), ("/static/chat.js", "GET"),
     ("/.well-known/security.txt", "GET")],
)  # fmt: skip
def test_a_method_that_is_not_meant_is_refused_with_the_numbers(server, path, meant):
    for method in set(METHODS) - {meant}:
        answer = server.send(method, path, None)

        assert answer.status == 405, method
        assert_carries_the_numbers(answer.body)
        assert meant in answer.headers["Allow"]
        assert answer.headers["Allow"].count("HEAD") == (meant == "GET")


@pytest.mark.parametrize(
    "path",
    ["", "..", "../app.py", "../../app.py", "../../../data/services.yml", "/etc/passwd",
     "%2e%2e/app.py", "%2e%2e%2f%2e%2e%2fapp.py", "..%2f..%2fapp.py",
     "..%5c..%5capp.py", "%252e%252e/app.py", "..;/app.py", "chat.js/../../app.py",
     "%00", "chat.js%00.py",
     "%c0%ae%c0%ae/app.py", "....//app.py", "./././../app.py"],
)  # fmt: skip
def test_no_path_leads_out_of_the_static_files(server, path):
    answer = raw(server, "GET", "/static/" + path)

    assert answer.status in (400, 404)
    assert_carries_the_numbers(answer.body)
    assert "import" not in answer.body and "root:" not in answer.body


@pytest.mark.parametrize("origin", ["http://[", "https://", "\x00", "a" * 5000, "null"])
def test_an_origin_that_is_no_address_does_not_silence_an_emergency(server, origin):
    emergency = {"message": "he is hurting my son right now"}
    answer = server.post(emergency, Origin=origin.replace("\x00", "%00"))

    assert answer.status == 200 and answer.replies[0]["kind"] == "emergency"


def test_a_session_is_128_random_bits_and_their_signature(server):
    tokens = {server.post({"topic": "harm"}).session for _ in range(40)}

    assert len(tokens) == 40
    assert all(re.fullmatch("[0-9a-f]{64}", token) for token in tokens)
    # In every place of the random half most of the sixteen digits are seen.
    for place in range(32):
        assert len({token[place] for token in tokens}) > 8


def test_no_address_of_a_page_holds_a_session(server):
    page = server.post(b"message=is+it+free", Content_Type=FORM)
    [token] = set(re.findall(r"[0-9a-f]{64}", page.body))

    addresses = re.findall(r'(?:href|src|action)="([^"]*)"', page.body)
    assert addresses and not any(token in address for address in addresses)
    assert 'method="post"' in page.body and "method=get" not in page.body.lower()


def test_no_session_is_in_the_log(server):
    first = server.ask("is the helpline anonymous").session
    kept = server.ask("is it free", session=first).session
    server.get(f"/nothing?session={first}")
    server.post(b'{"session": "' + first.encode())

    assert kept == first and first not in server.said()


def test_security_txt_is_plain_text_with_the_headers(server):
    answer = server.get("/.well-known/security.txt")

    assert answer.status in (200, 404)
    assert_guarded(answer)
    if expires := re.search(r"^Expires: (\S{10})T", answer.body, re.M):
        assert date.today() <= date.fromisoformat(expires[1])


def raw(server: Server, method: str, path: str) -> Answer:
    """Sends a path unchanged; urllib would tidy it."""
    connection = http.client.HTTPConnection(server.address.removeprefix("http://"))
    connection.putrequest(method, path, skip_accept_encoding=True)
    connection.endheaders()
    found = connection.getresponse()
    body = found.read().decode()
    connection.close()
    return Answer(found.status, dict(found.getheaders()), body)
