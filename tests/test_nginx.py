"""The shipped nginx in front of two processes: nobody is left without a reply."""

from __future__ import annotations

import json
import re
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from bot.server.guard import MOST_BYTES
from tests.conftest import (
    READY_WITHIN_SECONDS,
    Answer,
    Server,
    assert_carries_the_numbers,
    calls_999_first,
    free_port,
)
from tests.front import CONF, FAST, Front, nginx
from tests.test_app import KEYS

BUTTON = b'{"topic": "harm"}'
URGENT = b'{"message": "he is hurting my son right now"}'
QUESTION = b'{"message": "is the helpline anonymous"}'
FORM = "application/x-www-form-urlencoded"
# More than nginx's usual buffer for a line; what it had not read could cut its reply.
LONG = b"a" * 9_000
PROXIED = {"TRUSTED_PROXIES": "127.0.0.1"}
# Engines that are there at once: what becomes of a question is not for nginx.
QUICK = ("tests.faulty_server", "quick")


@dataclass
class Pair:
    """Two processes of the bot behind one nginx."""

    bots: list[Server]
    front: Front

    def replace(self, number: int) -> None:
        """Starts a stopped process anew, where it was."""
        address = self.bots[number].address
        port = address.rsplit(":", 1)[1]
        new = Server(module=QUICK, PORT=port, **PROXIED)
        new.address = address
        self.bots[number] = new


@pytest.fixture(scope="module")
def pair(tmp_path_factory) -> Iterator[Pair]:
    bots = [Server(module=QUICK, **PROXIED) for _ in range(2)]
    found = Pair(bots, in_front(tmp_path_factory.mktemp("front"), *bots))
    for bot in bots:
        bot.wait_until_ready()
    yield found
    found.front.stop()
    for bot in found.bots:
        bot.stop()


@pytest.fixture
def lone(tmp_path) -> Iterator[Front]:
    """Nginx with nobody behind it."""
    nobody = f"127.0.0.1:{free_port()}"
    front = Front(tmp_path, nobody, nobody, FAST)
    yield front
    front.stop()


def in_front(folder, one: Server, two: Server, **edits: str) -> Front:
    hosts = [bot.address.removeprefix("http://") for bot in (one, two)]
    return Front(folder, *hosts, {**FAST, **edits})


def assert_answered(sent: bytes, answer: Answer) -> None:
    """Whether a reply is what its request must get, whatever happened meanwhile."""
    assert all(set(reply) == KEYS for reply in answer.replies), answer.status
    if sent == BUTTON:
        assert answer.status == 200 and answer.replies[0]["topic"] == "harm"
    elif sent == URGENT:
        assert answer.status == 200 and calls_999_first(answer.text)
    elif answer.status != 200:  # an engine may be too slow on a busy machine
        assert answer.status == 503 and answer.replies[0]["kind"] == "unavailable"
        assert_carries_the_numbers(answer.text)


def test_the_conf_is_one_that_nginx_takes(lone):
    subprocess.run([nginx(), "-t", "-q", "-c", lone.conf], check=True)


def test_the_answers_of_the_bot_come_through(pair):
    front = pair.front

    for sent in (BUTTON, URGENT, QUESTION):
        assert_answered(sent, front.post(sent))
    page = front.get("/", Accept="text/html", Accept_Encoding="identity")
    assert page.status == 200 and 'href="tel:999"' in page.body
    assert front.get("/nothing").status == 404


def test_a_page_comes_compressed(pair):
    page = pair.front.get("/static/style.css", Accept_Encoding="gzip")

    assert page.headers["Content-Encoding"] == "gzip"


def test_a_process_killed_under_load_loses_no_request(pair):
    done = []

    def ask(number: int) -> tuple[bytes, Answer]:
        sent = (BUTTON, URGENT, BUTTON, QUESTION)[number % 4]
        answer = pair.front.post(sent)
        done.append(number)
        if len(done) == 60:
            pair.bots[0]._process.kill()
        return sent, answer

    with ThreadPoolExecutor(8) as visitors:
        found = list(visitors.map(ask, range(200)))

    assert pair.bots[0]._process.wait(10) == -9
    assert len(found) == 200
    for sent, answer in found:
        assert_answered(sent, answer)


def test_one_after_the_other_can_be_restarted_and_no_request_is_lost(pair):
    over = threading.Event()

    def ask_on(number: int) -> list[tuple[bytes, Answer]]:
        found = []
        while not over.is_set():
            sent = (BUTTON, URGENT, QUESTION)[(number + len(found)) % 3]
            found.append((sent, pair.front.post(sent)))
            time.sleep(0.02)
        return found

    with ThreadPoolExecutor(3) as visitors:
        asking = [visitors.submit(ask_on, number) for number in range(3)]
        try:
            # Ready, before the next goes; the last one is waited for by nobody.
            for number, state in ((0, "/health/ready"), (1, "/health/live")):
                pair.bots[number].stop()
                pair.replace(number)
                pair.bots[number].wait(state, READY_WITHIN_SECONDS)
        finally:
            over.set()
        found = [each for future in asking for each in future.result()]

    assert len(found) > 20
    for sent, answer in found:
        assert_answered(sent, answer)


def test_an_answer_that_typed_questions_are_off_keeps_its_body(tmp_path):
    notice = tmp_path / "notice.yml"
    notice.write_text('notice: ""\nclosed: true\n')
    bot = Server(NOTICE_FILE=str(notice), engine=False, **PROXIED)
    front = in_front(tmp_path / "front", bot, bot)
    try:
        bot.wait("/health/live", 20)
        # Several: a process that said so must not be set aside.
        for _ in range(5):
            answer = front.post(QUESTION)
            assert answer.status == 503 and len(answer.session) == 64
            assert answer.replies[0]["buttons"]
            assert_answered(URGENT, front.post(URGENT))
    finally:
        front.stop()
        bot.stop()


def test_a_body_just_over_the_limit_is_read_by_the_bot_and_a_larger_one_refused(pair):
    urgent = URGENT.ljust(MOST_BYTES + 1_000)
    assert_answered(URGENT, pair.front.post(urgent))

    refused = pair.front.post(URGENT.ljust(2 * MOST_BYTES))
    assert refused.status == 413 and refused.replies[0]["kind"] == "unavailable"
    assert_carries_the_numbers(refused.text)


def test_without_a_bot_the_error_page_carries_the_numbers_as_json_and_as_a_page(lone):
    for answer in (lone.post(BUTTON), lone.get("/"), lone.post(BUTTON, Accept="*/*")):
        assert answer.status == 502
        assert answer.headers["Content-Type"] == "application/json"
        assert [set(reply) for reply in answer.replies] == [KEYS]
        assert_carries_the_numbers(answer.text)

    browser = lone.get("/", Accept="text/html,application/xhtml+xml,*/*;q=0.8")
    form = lone.post(b"message=hello", Content_Type=FORM)
    for page in (browser, form):
        assert page.status == 502
        assert page.headers["Content-Type"].startswith("text/html")
        assert_carries_the_numbers(page.body)
    both = lone.post(BUTTON, Accept="application/json, text/html")
    assert both.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"garbage\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX-Long: " + LONG + b"\r\n\r\n", 400),
        (b"GET /" + LONG + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414),
    ],
)
def test_what_is_no_request_gets_the_numbers_too(lone, sent, status):
    said = lone.raw(sent)

    assert said.startswith(f"HTTP/1.1 {status} ")
    assert_carries_the_numbers(said)


def test_a_plain_request_to_the_port_of_tls_gets_the_numbers(lone):
    said = lone.raw(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", tls=False)

    assert said.startswith("HTTP/1.1 400 ")
    assert_carries_the_numbers(said)


def test_too_many_requests_get_a_page_with_the_numbers(tmp_path):
    nobody = f"127.0.0.1:{free_port()}"
    edits = {"rate=20r/s": "rate=1r/m", "burst=200": "burst=2"}
    front = Front(tmp_path, nobody, nobody, edits)
    try:
        answers = [front.post(URGENT) for _ in range(5)]
    finally:
        front.stop()

    assert [answer.status for answer in answers] == [502, 502, 502, 429, 429]
    for answer in answers:
        assert_carries_the_numbers(answer.text)


def test_a_body_that_does_not_come_is_given_up(tmp_path):
    nobody = f"127.0.0.1:{free_port()}"
    edits = {f"client_{part}_timeout 10s": f"client_{part}_timeout 1s"
             for part in ("body", "header")}  # fmt: skip
    front = Front(tmp_path, nobody, nobody, edits)
    try:
        front.raw(b"POST /chat HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{")
        front.raw(b"POST /chat HTTP/1.1\r\nHost: a\r\n")
    finally:
        front.stop()


def test_tls_is_asked_for_once_and_only_where_there_is_tls(pair):
    front = pair.front
    plain = front.get(f"http://127.0.0.1:{front.plain}/answers?force=kent")

    assert plain.status == 301
    assert plain.headers["Location"] == "https://127.0.0.1/answers?force=kent"
    assert "Strict-Transport-Security" not in plain.headers
    assert "Strict-Transport-Security" in front.get("/").headers
    assert "Strict-Transport-Security" not in pair.bots[1].get("/").headers


@pytest.mark.parametrize("path", ["/", "/nothing", "/static/style.css"])
def test_no_header_comes_twice_and_none_names_a_program(pair, path):
    request = f"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    head = pair.front.raw(request.encode()).split("\r\n\r\n")[0].lower()

    names = re.findall(r"^([\w-]+):", head, re.M)
    assert len(names) == len(set(names))
    assert "uvicorn" not in head and not re.search(r"nginx/\d", head)
    assert {"content-security-policy", "strict-transport-security"} <= set(names)


def test_the_error_page_has_the_security_headers_once(lone):
    request = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    head = lone.raw(request).split("\r\n\r\n")[0].lower()

    names = re.findall(r"^([\w-]+):", head, re.M)
    assert len(names) == len(set(names))
    assert {
        "content-security-policy", "strict-transport-security", "cache-control",
        "referrer-policy", "x-content-type-options", "x-robots-tag",
    } <= set(names)  # fmt: skip


def test_a_body_never_reaches_a_disk():
    conf = CONF.read_text()
    [most] = re.findall(r"client_max_body_size (\d+)k;", conf)

    assert MOST_BYTES < int(most) * 1024 < 1.1 * MOST_BYTES
    assert f"client_body_buffer_size {most}k;" in conf
    assert "proxy_max_temp_file_size 0;" in conf


def test_nginx_writes_nothing_about_a_visitor():
    conf = CONF.read_text()

    assert re.findall(r"^\s*access_log (.*);", conf, re.M) == ["off"]
    assert re.findall(r"^\s*error_log (.*);", conf, re.M) == ["stderr emerg"]


def test_no_number_is_typed_into_the_conf():
    assert not re.search(r"\b(999|0808|0800)\b", re.sub("#.*", "", CONF.read_text()))


def test_a_reply_of_the_error_page_has_a_session_that_the_bot_replaces(pair, lone):
    given = json.loads(lone.post(BUTTON).body)["session"]
    again = pair.front.post(json.dumps({"topic": "harm", "session": given}).encode())

    assert given == "" and len(again.session) == 64
