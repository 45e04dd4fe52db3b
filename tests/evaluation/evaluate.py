"""Scores the bot on the messages of this folder, as visitors would meet it.

Usage: python -m tests.evaluation.evaluate [--misses]

Starts a server of its own and posts every message to it. `answered`: a reply of kind
answer or emergency carries the topic and what the topic must; `one tap`: that, or the
topic is behind one of the first three buttons. Intervals are Wilson's, 95 %.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter, defaultdict
from math import sqrt
from pathlib import Path

import yaml

from bot.topics import Topics
from tests.conftest import Server, calls_999_first

HERE = Path(__file__).parent

TOPICS = Topics.read().by_key


def share(right: int, total: int) -> str:
    """A ratio as percent with its 95 % interval."""
    p, z = right / total, 1.96
    middle = (p + z * z / (2 * total)) / (1 + z * z / total)
    half = z * sqrt(p * (1 - p) / total + z * z / (4 * total**2)) / (1 + z * z / total)
    low, high = 100 * (middle - half), 100 * (middle + half)
    return f"{100 * p:5.1f} % of {total} ({low:.1f} to {high:.1f})"


def load(name: str) -> list[dict]:
    """The entries of one evaluation set."""
    return yaml.safe_load((HERE / f"{name}.yml").read_text(encoding="utf-8"))


class Judge:
    """Asks the server and judges what comes back."""

    def __init__(self, server: Server, misses: bool) -> None:
        self._server = server
        self._misses = misses
        self._pressed: dict[str, list[dict]] = {}

    def ask(self, text: str, session: str | None = None) -> tuple[list[dict], str]:
        """The replies to a message, and the session."""
        answer = json.loads(self._server.ask(text, session=session).body)
        return answer["replies"], answer["session"]

    def answered(self, replies: list[dict], topic: str) -> bool:
        text = text_of(replies)
        kinds = ("answer", "emergency", "fallback")
        said = {r["topic"] for r in replies if r["kind"] in kinds}
        musts = TOPICS[topic].must
        return topic in said and all(re.search(m, text, re.I | re.S) for m in musts)

    def one_tap(self, replies: list[dict], topic: str) -> bool:
        offered = [b["topic"] for r in replies for b in r["buttons"]][:3]
        if topic not in offered:
            return self.answered(replies, topic)
        if topic not in self._pressed:
            body = self._server.post({"topic": topic}).body
            self._pressed[topic] = json.loads(body)["replies"]
        return self.answered(self._pressed[topic], topic)

    def miss(self, what: str, text: str, replies: list[dict]) -> None:
        if self._misses:
            got = ", ".join(f"{r['kind']} {r['topic']}" for r in replies)
            say(f"    {what} <- {text[:110]!r}: {got}")


def say(line: str) -> None:
    """Prints one line of the report."""
    sys.stdout.write(line + "\n")


def text_of(replies: list[dict]) -> str:
    """What the visitor reads of all replies."""
    return "\n".join(reply["text"] for reply in replies)


def risk(judge: Judge) -> None:
    """How many emergencies are told to call 999, by kind and style."""
    entries = load("immediate_risk")
    led, emergencies = 0, 0
    missed: dict[str, Counter] = defaultdict(Counter)
    totals: dict[str, Counter] = defaultdict(Counter)
    for entry in entries:
        replies, _ = judge.ask(entry["text"])
        hit = calls_999_first(text_of(replies))
        led += hit
        emergencies += hit and replies[0]["kind"] == "emergency"
        for by in ("kind", "style"):
            totals[by][entry[by]] += 1
            missed[by][entry[by]] += not hit
        if not hit:
            judge.miss(entry["kind"], entry["text"], replies)
    say(f"emergencies led by 999            {share(led, len(entries))}")
    say(f"emergencies of kind emergency     {share(emergencies, len(entries))}")
    for by in ("kind", "style"):
        found = [f"{k} {n}/{totals[by][k]}" for k, n in missed[by].most_common() if n]
        say(f"  missed by {by}: {', '.join(found) or 'none'}")


def calm(judge: Judge) -> None:
    """How often a calm message full of alarming words is taken for an emergency."""
    entries = load("immediate_risk_hard_negatives")
    emergencies, led, quiet = 0, 0, 0
    for entry in entries:
        replies, _ = judge.ask(entry["text"])
        alarmed = any(reply["kind"] == "emergency" for reply in replies)
        emergencies += alarmed
        if alarmed:
            judge.miss(entry["topic"], entry["text"], replies)
        if TOPICS[entry["topic"]].lead == "none":
            quiet += 1
            led += calls_999_first(text_of(replies))
    say(f"calm near-misses as emergency     {share(emergencies, len(entries))}")
    say(f"calm near-misses led by 999       {share(led, quiet)}")


def topics(judge: Judge) -> None:
    """How many ordinary questions get their answer."""
    entries = load("topics_messages")
    answered, tapped, lengths = 0, 0, []
    wrong: Counter = Counter()
    for entry in entries:
        replies, _ = judge.ask(entry["text"])
        wanted = [entry["topic"], *entry.get("also", [])]
        hit = any(judge.answered(replies, topic) for topic in wanted)
        answered += hit
        tapped += any(judge.one_tap(replies, topic) for topic in wanted)
        lengths.append(len(text_of(replies)))
        if not hit:
            wrong[f"{entry['topic']} > {replies[0]['topic']}"] += 1
            judge.miss(entry["topic"], entry["text"], replies)
    say(f"topics answered at once           {share(answered, len(entries))}")
    say(f"topics answered or one tap away   {share(tapped, len(entries))}")
    worst = ", ".join(f"{pair} {n}" for pair, n in wrong.most_common(12))
    say(f"  confused most: {worst}")
    say(
        f"reply length, 95th percentile     {sorted(lengths)[int(0.95 * len(lengths))]}"
    )


def doubles(judge: Judge) -> None:
    """How many messages with two questions get both answers."""
    entries = load("multi_intent")
    both, tapped = 0, 0
    for entry in entries:
        replies, _ = judge.ask(entry["text"])
        both += all(judge.answered(replies, topic) for topic in entry["topics"])
        tapped += all(judge.one_tap(replies, topic) for topic in entry["topics"])
    say(f"double questions, both answered   {share(both, len(entries))}")
    say(f"double questions, one tap away    {share(tapped, len(entries))}")


def turns(judge: Judge) -> None:
    """Whether 999 comes at the turn where the risk becomes visible."""
    entries = load("multi_turn")
    led, risky, alarmed = 0, 0, 0
    for entry in entries:
        session, replies = None, []
        for index, text in enumerate(entry["turns"]):
            replies, session = judge.ask(text, session)
            if index == entry["risk_turn"]:
                risky += 1
                led += calls_999_first(text_of(replies))
            elif entry["risk_turn"] is None:
                alarmed += any(reply["kind"] == "emergency" for reply in replies)
    say(f"conversations, 999 at the turn    {share(led, risky)}")
    say(f"calm conversations alarmed        {alarmed} of {len(entries) - risky}")


def main() -> None:
    """Prints the whole report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--misses", action="store_true", help="list every miss")
    asked = parser.parse_args()
    sys.stderr.write("Starting a server and loading the model ...\n")
    server = Server()
    try:
        server.wait("/health/ready", 180)
        say("# Evaluation")
        say("")
        say(
            "Written by `make evaluate`: the messages of `tests/evaluation/`, which the"
        )
        say(
            "model has never seen, posted to a running bot. In brackets 95 % intervals."
        )
        say("")
        say("```")
        judge = Judge(server, asked.misses)
        for score in (risk, calm, topics, doubles, turns):
            score(judge)
        say("```")
    finally:
        server.stop()


if __name__ == "__main__":
    main()
