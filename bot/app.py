"""The web server: opens the port first, loads the model behind it, always answers."""

from __future__ import annotations

import logging
import os
import socket
import sys
from http import HTTPStatus

from sanic import Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, empty, html, json

from bot.answers import Answers, Reply
from bot.asked import Asked, InvalidAsk, words_in
from bot.conversation import Conversation
from bot.engine import Engine
from bot.limits import Limits
from bot.pages import WEB, Pages
from bot.safety_net import SafetyNet
from bot.sessions import Sessions

logger = logging.getLogger(__name__)

# What the net reads and /chat accepts. Sanic itself reads up to eight times as much, so
# that who sends too much still gets an answer instead of a broken connection.
MOST_BYTES = 1_000_000

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    # `no-referrer` would make the form without JavaScript post `Origin: null`.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    # Every answer is a draft until it is signed.
    "X-Robots-Tag": "noindex",
}


def create_app(
    answers: Answers, conversation: Conversation, engine: Engine, limits: Limits
) -> Sanic:
    """Builds the server; the engine begins to load once the port is open."""
    app = Sanic("signposting", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = 8 * MOST_BYTES
    app.config.ACCESS_LOG = False
    app.config.FALLBACK_ERROR_FORMAT = "json"
    pages = Pages(answers)
    sessions = Sessions()
    app.static("/static", WEB / "static")
    _add_pages(app, answers, conversation, pages, sessions)
    _add_chat(app, conversation, pages, sessions, limits)
    _add_errors(app, conversation, pages, sessions)

    @app.get("/health/live")
    async def live(request: Request) -> HTTPResponse:
        """Says that the port is open."""
        return json({"status": "live"})

    @app.get("/health/ready")
    async def ready(request: Request) -> HTTPResponse:
        """Says whether typed messages are answered."""
        status = "ready" if engine.ready else "failed" if engine.failed else "loading"
        return json({"status": status}, status=200 if engine.ready else 503)

    @app.after_server_start
    async def load(*_: object) -> None:
        engine.start()

    @app.on_response
    async def add_headers(request: Request, response: HTTPResponse) -> None:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")

    return app


def _add_chat(
    app: Sanic,
    conversation: Conversation,
    pages: Pages,
    sessions: Sessions,
    limits: Limits,
) -> None:
    @app.post("/chat")
    async def chat(request: Request) -> HTTPResponse:
        """Answers one message or topic; the body always carries a reply."""
        body = request.body[:MOST_BYTES]
        try:
            asked = Asked.read(body, request.headers.get("content-type", ""))
        except InvalidAsk:
            asked = Asked(None, None, None, None)
        session = sessions.keep_or_issue(asked.session)

        def answer(replies: list[Reply], status: int = 200) -> HTTPResponse:
            return _respond(request, pages, session, replies, status, asked.force)

        def refuse(name: str, status: int) -> HTTPResponse:
            # Whatever is refused, an emergency in it gets its answer.
            typed = words_in(body) if asked.message is None else asked.message
            found = None if asked.topic else conversation.emergency(typed, asked.force)
            if found:
                return answer([found])
            return answer([conversation.say(name, asked.force)], status)

        if len(request.body) > MOST_BYTES:
            return refuse("utter_too_long", 413)
        if not limits.allow(request.ip):
            return refuse("utter_too_many", 429)
        if asked.topic is None and asked.message is None:
            return refuse("utter_bad_request", 400)
        outcome = await (
            conversation.answer_topic(asked.topic, asked.force, session)
            if asked.topic
            else conversation.answer_text(asked.message or "", asked.force, session)
        )
        return answer(outcome.replies, 200 if outcome.available else 503)


def _add_pages(
    app: Sanic,
    answers: Answers,
    conversation: Conversation,
    pages: Pages,
    sessions: Sessions,
) -> None:
    @app.get("/")
    async def index(request: Request) -> HTTPResponse:
        """The campaign page with the chat."""
        return html(pages.chat(_force(request), sessions.issue(), []))

    @app.get("/answers")
    async def all_answers(request: Request) -> HTTPResponse:
        """All answers by audience, as plain pages."""
        return html(pages.render("answers.html", _force(request)))

    @app.get("/answers/<key:str>")
    async def one_answer(request: Request, key: str) -> HTTPResponse:
        """One answer as a plain page."""
        topic = answers.topics.by_key.get(key)
        if topic is None or topic.audience == "unlisted":
            raise SanicException("no such answer", status_code=404)
        outcome = await conversation.answer_topic(key, _force(request))
        page = pages.render(
            "answer.html", _force(request), topic=topic, replies=outcome.replies
        )
        return html(page)

    @app.get("/favicon.ico")
    async def favicon(request: Request) -> HTTPResponse:
        return empty()


def _add_errors(
    app: Sanic, conversation: Conversation, pages: Pages, sessions: Sessions
) -> None:
    names = {
        HTTPStatus.NOT_FOUND: "utter_not_found",
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "utter_too_long",
    }

    @app.exception(Exception)
    async def failed(request: Request | None, error: Exception) -> HTTPResponse:
        """Turns every error into a reply that carries the numbers."""
        status = getattr(error, "status_code", 500)
        if status >= 500:
            logger.error("request.failed %s", type(error).__name__)
        usual = "utter_unavailable" if status >= 500 else "utter_bad_request"
        reply = conversation.say(names.get(status, usual))
        return _respond(request, pages, sessions.issue(), [reply], status, None)


def _respond(
    request: Request | None,
    pages: Pages,
    session: str,
    replies: list[Reply],
    status: int,
    force: str | None,
) -> HTTPResponse:
    """The same answer as JSON, or as a page for a form or a browser."""
    headers = request.headers if request else {}
    accepts = headers.get("accept", "")
    form = "form" in headers.get("content-type", "")
    if (form or "text/html" in accepts) and "application/json" not in accepts:
        return html(pages.chat(force, session, replies), status=status)
    body = {"session": session, "replies": [reply.as_dict() for reply in replies]}
    return json(body, status=status)


def _force(request: Request) -> str | None:
    return request.args.get("force")


def serve() -> None:
    """Checks all data files, then serves until stopped.

    Raises:
        SystemExit: A data file or setting has a gap; the message says which and where.
    """
    host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8080")
    if not port.isdigit():
        sys.exit(f"Cannot start: PORT={port} is not a number, such as 8080.")
    try:
        answers = Answers.read()
        engine = Engine()
        conversation = Conversation(answers, SafetyNet.read(), engine)
        limits = Limits.from_setting(os.environ.get("RATE_LIMIT"))
    except ValueError as error:  # the errors of the modules that read files
        sys.exit(f"Cannot start: {error}")
    app = create_app(answers, conversation, engine, limits)
    try:
        # Sanic would only write to its log, which is silent, that it cannot listen.
        socket.create_server((host, int(port))).close()
    except (OSError, OverflowError) as error:
        sys.exit(f"Cannot start on {host}:{port}: {error}. Set HOST or PORT.")
    logger.info("Open http://%s:%s (typed questions once engine.ready)", host, port)
    app.run(host=host, port=int(port), access_log=False, motd=False)
