"""The nginx we ship, in front of two processes: everybody gets a reply."""

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

from bot.chat.body import MOST_BYTES
from tests.conftest import (
    READY_WITHIN_SECONDS,
    Answer,
    Server,
    assert_carries_the_numbers,
    calls_999_first,
    until,
)
from tests.front import CONF, FAST, Front, nginx
from tests.ports import free_port
from tests.test_app import KEYS
from tests.test_guard import NO_REQUESTS

BUTTON = b'{"topic": "harm"}'
URGENT = b'{"message": "he is hurting my son right now"}'
QUESTION = b'{"message": "is the helpline anonymous"}'
FORM = "application/x-www-form-urlencoded"
# More than nginx takes for a line, and more than it has read when it replies.
LONG = b"a" * 100_000
PROXIED = {"TRUSTED_PROXIES": "127.0.0.1"}
# Engines that are ready at once: what happens to a question does not concern nginx.
QUICK = ("tests.faulty_server", "quick")


@dataclass
class Pair:
    """Two processes of the bot behind one nginx."""

    bots: list[Server]
    front: Front

    def replace(self, number: int) -> None:
        """Restarts a stopped process at the same address."""
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
    """Whether a reply is right for its request, whatever happened meanwhile."""
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
            # Ready before the next goes; nothing waits for the last one.
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
        bot.wait("/health/live", READY_WITHIN_SECONDS)
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
    for size in (MOST_BYTES, MOST_BYTES + 1, 1_000_000):
        assert_answered(URGENT, pair.front.post(URGENT.ljust(size)))

    refused = pair.front.post(URGENT.ljust(1_100_000))
    assert refused.status == 413 and refused.replies[0]["kind"] == "unavailable"
    assert_carries_the_numbers(refused.text)


def test_a_page_may_post_from_any_port_of_its_own_host(pair):
    host = f"127.0.0.1:{pair.front.tls}"
    assert pair.front.post(BUTTON, Origin=f"https://{host}").status == 200
    for other in ("https://127.0.0.1", "https://127.0.0.1:1", "https://a.example"):
        refused = pair.front.post(BUTTON, Origin=other)
        assert refused.status == 403
        assert_carries_the_numbers(refused.text)


@pytest.mark.parametrize("name", list(NO_REQUESTS))
@pytest.mark.parametrize("tls", [True, False])
def test_what_is_no_request_gets_the_numbers_through_nginx(pair, name, tls):
    front = pair.front
    said = front.raw(NO_REQUESTS[name], tls, front.tls if tls else front.plain)

    # nginx corrects some of it: it leaves out a header without a name.
    assert_carries_the_numbers(said) if tls else told_off(said)


def told_off(said: str) -> None:
    assert re.match("HTTP/1.1 (4|5)", said)
    assert_carries_the_numbers(said)


def test_a_fault_behind_a_fault_gets_the_numbers_too(lone):
    half = b"POST /chat HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"

    for port in (lone.plain, lone.tls):
        told_off(lone.raw(half, tls=False, port=port))


@pytest.mark.parametrize("path", ["/", "/nothing", "/health/live", "/static/chat.js"])
def test_head_is_answered_as_get_without_a_body_through_nginx(pair, path):
    asked = f"HEAD {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    head, _, body = pair.front.raw(asked.encode()).partition("\r\n\r\n")
    got = pair.front.get(path)

    assert f" {got.status} " in head.splitlines()[0] and body == ""
    assert f"content-length: {got.headers['Content-Length']}" in head.lower()


def test_no_reply_comes_in_pieces_of_an_unknown_length(pair):
    """Or nginx would have passed the head on before a process was killed."""
    for path in ("/", "/answers", "/static/chat.js", "/embed.js", "/health/ready"):
        for coding in ("gzip", "identity"):
            answer = pair.front.get(path, Accept_Encoding=coding)
            assert "Transfer-Encoding" not in answer.headers
            assert int(answer.headers["Content-Length"]) > 0
    for sent in (BUTTON, URGENT, QUESTION, b"{"):
        assert "Content-Length" in pair.front.post(sent).headers


def test_one_large_body_of_a_visitor_is_taken_at_a_time(pair):
    """Others send theirs meanwhile, and the same visitor a short one."""
    half = b"POST /chat HTTP/1.1\r\nHost: a\r\nContent-Length: 50000\r\n\r\n{"
    with pair.front.line() as line:
        line.sendall(half)
        until(lambda: pair.front.post(URGENT.ljust(20_000)).status == 429)
        assert_answered(URGENT, pair.front.post(URGENT))
        assert_answered(URGENT, pair.front.post(URGENT.ljust(11_000)))
    until(lambda: pair.front.post(URGENT.ljust(20_000)).status == 200)


def test_of_an_ipv6_address_the_network_counts_in_nginx(tmp_path):
    nobody = f"127.0.0.1:{free_port()}"
    # So that a test can come from any address.
    named = "set_real_ip_from 127.0.0.1; real_ip_header X-From; access_log off;"
    edits = {
        "rate=20r/s": "rate=1r/m",
        "burst=200 ": "burst=1 ",
        "access_log off;": named,
    }
    front = Front(tmp_path, nobody, nobody, edits)
    asked = ["2001:db8:0:1::1", "2001:db8:0:1:a:b:c:d", "2001:db8:0:1::a00",
             "2001:db8:0:2::1", "192.0.2.1", "192.0.2.2"]  # fmt: skip
    try:
        found = [front.post(URGENT, X_From=address).status for address in asked]
    finally:
        front.stop()

    assert found == [502, 502, 429, 502, 502, 502]


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
    told = f"https://127.0.0.1:{front.tls}/answers?force=kent"
    assert plain.headers["Location"] == told
    assert "Strict-Transport-Security" not in plain.headers
    assert "Strict-Transport-Security" in front.get("/").headers
    assert "Strict-Transport-Security" not in pair.bots[1].get("/").headers


@pytest.mark.parametrize("host", ["a.example", "127.0.0.2", "", "a.example:443"])
def test_without_tls_nobody_is_sent_to_another_name(lone, host):
    for path in ("/", "/chat", "http://a.example/", "//a.example/"):
        asked = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        said = lone.raw(asked.encode(), tls=False, port=lone.plain)

        assert "location:" not in said.lower()
        told_off(said)


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

    assert MOST_BYTES < int(most) * 1024
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
