"""Asks a running bot the questions of read/ and writes docs/real_questions.md.

Usage: python -m tests.evaluation.questions

The reader saw only the question, `must` and the reply. A verdict belongs to the reply
that was read: it no longer counts when the reply changes.
"""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date

from bot import ROOT
from tests.conftest import READY_WITHIN_SECONDS, Server
from tests.evaluation.score import got, text_of
from tests.evaluation.sets import HERE, READ, load

PATH = ROOT / "docs" / "real_questions.md"
NOT_READ = "not read yet"


def main() -> None:
    """Asks them all and writes the page."""
    questions = load(READ, "real_questions")
    verdicts = {entry["id"]: entry for entry in load(HERE, "verdicts") or []}
    server = Server()
    try:
        server.wait("/health/ready", READY_WITHIN_SECONDS)
        replies = {q["id"]: server.ask(q["text"]).replies for q in questions}
    finally:
        server.stop()
    lines = _page(questions, replies, verdicts)
    PATH.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.stdout.write(f"{PATH.relative_to(ROOT)}: {len(questions)} questions.\n")


def seal(replies: list[dict]) -> str:
    """What a verdict belongs to: the first letters of the hash of the reply."""
    return hashlib.sha256(text_of(replies).encode()).hexdigest()[:8]


def _page(
    questions: list[dict], replies: dict[str, list[dict]], verdicts: dict[str, dict]
) -> Iterator[str]:
    read = {
        q["id"]: verdict
        for q in questions
        if (verdict := verdicts.get(q["id"]))
        and verdict["reply"] == seal(replies[q["id"]])
    }
    counted = Counter(verdict["verdict"] for verdict in read.values())
    counted[NOT_READ] = len(questions) - len(read)
    yield "# Real questions and their replies"
    yield ""
    yield (
        f"Written on {date.today()} by `make questions`: {len(questions)} questions of "
        "the kind that people ask in public, with every detail changed, what an answer "
        "must contain, and what the bot replies. The verdicts come from a reader who "
        "saw nothing else (`tests/evaluation/verdicts.yml`)."
    )
    yield ""
    yield "| verdict | questions |"
    yield "| --- | --- |"
    for verdict, number in counted.most_common():
        if number:
            yield f"| {verdict} | {number} |"
    for question in questions:
        yield from _entry(question, replies[question["id"]], read.get(question["id"]))


def _entry(question: dict, replies: list[dict], verdict: dict | None) -> Iterator[str]:
    yield ""
    yield f"## {question['id']} ({question['kind']})"
    yield ""
    yield _quoted(question["text"])
    yield ""
    yield f"Must: {question['must']}"
    yield ""
    yield f"Reply ({got(replies)}, {seal(replies)}):"
    yield ""
    yield _quoted(text_of(replies))
    yield ""
    why = f": {verdict['why']}" if verdict and verdict.get("why") else ""
    yield f"**Verdict: {verdict['verdict'] if verdict else NOT_READ}**{why}"


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


if __name__ == "__main__":
    main()
