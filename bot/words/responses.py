"""The responses of domain.yml, checked; bot/words/answers.py renders them.

Gaps that a visitor could meet are refused here, with where they are and what to do.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from bot import DATA, ROOT
from bot.words import shapes, yaml_files
from bot.words.directory import Directory
from bot.words.forces import DirectoryError
from bot.words.sign_off import SignOff
from bot.words.topics import FALLBACK, REFUSALS, Topic, Topics
from bot.words.topics import FILE as TOPICS_FILE

FILE = "domain.yml"
PLACEHOLDER = re.compile(r"\{([a-z_0-9]+)(?:\.([a-z_]+))?\}")
LEAD = "utter_lead"
YOUNG_FIRST = ("utter_young_childline", "utter_young_report_remove")
# Instead of a wording that is not approved, when only approved ones are served.
NOT_REVIEWED = "utter_not_reviewed"
# Every reply may need these.
NEEDED = (LEAD, *YOUNG_FIRST, NOT_REVIEWED)
# What else must be approved before the server starts.
ESSENTIAL_KINDS = ("emergency", "clarify", "fallback", "unavailable")


class AnswersError(ValueError):
    """A response of domain.yml cannot be rendered, or may not be served."""


def gaps_in(
    text: str, directory: Directory, own: Collection[str] = ()
) -> Iterator[str]:
    """What is wrong with a text whose placeholders the directory fills.

    Args:
        text: The text.
        directory: The services and forces.
        own: Placeholders without a dot that something else fills.
    """
    typed = PLACEHOLDER.sub("…", text)
    if set("{}") & set(typed):
        yield "holds a brace that belongs to no placeholder. Write {service.field}."
    if slip := directory.slip(typed):
        yield (
            f"holds {slip}, which is not the number of any service. Name its field, as "
            "in {stop_it_now.phone}."
        )
    for entry, field in PLACEHOLDER.findall(text):
        if entry not in own or field:
            try:
                directory.value(entry, field)
            except DirectoryError as error:
                yield f"cannot be filled. {error}"


def filled(text: str, directory: Directory, force: str | None, **own: str) -> str:
    """A text without gaps, with its placeholders filled.

    Args:
        text: The text.
        directory: The services and forces.
        force: The visitor's police force; None: the national routes.
        **own: What fills the placeholders without a dot.
    """

    def fill(match: re.Match[str]) -> str:
        entry, field = match.groups()
        return directory.value(entry, field, force) if field else own[entry]

    return PLACEHOLDER.sub(fill, text)


class Responses(Mapping[str, dict[str, Any]]):
    """The entries by name: `{"text", "metadata"}` each."""

    def __init__(
        self,
        entries: dict[str, list[dict[str, Any]]],
        directory: Directory,
        topics: Topics,
        sources: dict[str, dict[str, Any]],
        sign_off: SignOff | None = None,
        only_approved: bool = False,
    ) -> None:
        """Checks every entry; raises AnswersError.

        Args:
            entries: The `responses` of domain.yml.
            directory: What fills their placeholders.
            topics: What they are about.
            sources: The content of data/sources.yml.
            sign_off: Who has approved what; None: nobody anything.
            only_approved: No wording may be said that is not approved.
        """
        shapes.check(FILE, entries, "responses", AnswersError)
        shapes.check("data/sources.yml", sources, "sources", AnswersError)
        self.directory = directory
        self.topics = topics
        self.sources = sources
        self.only_approved = only_approved
        self._lines = entries
        self._entries = {name: only for name, (only,) in entries.items()}
        self._approved = {
            name
            for name, entry in self._entries.items()
            if sign_off and not sign_off.missing(name, entry)
        }
        self._check()

    @classmethod
    def read(
        cls, root: Path = ROOT, data: Path = DATA, only_approved: bool = False
    ) -> Responses:
        """Reads domain.yml and the files in data/ that fill it.

        Raises:
            YamlFileError, DirectoryError, LifelinesError, TopicsError, SignOffError: A
                file is missing or has a gap.
            AnswersError: A response has a placeholder, source or kind nobody knows, or
                one that must be approved is not.
        """
        domain = yaml_files.read(root / FILE)
        shapes.check(FILE, domain, "domain", AnswersError)
        return cls(
            domain["responses"],
            Directory.read(data),
            Topics.read(data),
            yaml_files.read(data / "sources.yml"),
            SignOff.read(data),
            only_approved,
        )

    def __getitem__(self, name: str) -> dict[str, Any]:
        return self._entries[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def topic(self, name: str) -> Topic | None:
        """The topic that a response is about; None: a part or a reply to a failure."""
        return self.topics.of_intent(name.removeprefix("utter_"))

    def kind(self, name: str) -> str:
        """The kind of a response: `part`, or one of `Reply.kind`."""
        own: str | None = self[name]["metadata"].get("kind")
        if own:
            return own
        topic = self.topic(name)
        if topic and topic.is_emergency:
            return "emergency"
        return "fallback" if topic and topic.key == FALLBACK else "answer"

    def approved(self, name: str) -> bool:
        """Whether every signatory has signed the wording of a response as it is."""
        return name in self._approved

    def may_be_said(self, name: str) -> bool:
        """Whether a visitor may read the wording of a response."""
        return not self.only_approved or self.approved(name)

    def checked_on(self, name: str) -> str | None:
        """The day the facts of an approved wording were checked; None: a draft."""
        checked: str | None = self[name]["metadata"]["checked_on"]
        return checked if self.approved(name) else None

    def place(self, name: str, *path: str) -> str:
        """Where a response is, or a part of it: domain.yml, line 212."""
        return yaml_files.at(FILE, self._lines, name, *((0, *path) if path else ()))

    def _check(self) -> None:
        for name in self:
            self._check_metadata(name)
            self._check_placeholders(name)
            self._check_numbers(self.place(name, "text"), self[name]["text"])
        for topic in self.topics.by_key.values():
            self._check_numbers(TOPICS_FILE, topic.title)
        for opening in self.topics.openings.values():
            self._check_numbers(TOPICS_FILE, opening.title)
        for words in (*self.topics.words.values(), *self.topics.audiences.values()):
            self._check_numbers(TOPICS_FILE, words)
        needed = {*NEEDED, *(f"utter_opening_{key}" for key in self.topics.openings)}
        if missing := sorted(needed - set(self)):
            raise AnswersError(f"{FILE}: add the responses {missing}.")
        if self.only_approved:
            self._check_approved({*NEEDED, *(f"utter_{key}" for key in REFUSALS)})

    def _check_approved(self, essential: set[str]) -> None:
        """Raises AnswersError unless the essential wordings are approved."""
        missing = [
            name
            for name in self
            if (name in essential or self.kind(name) in ESSENTIAL_KINDS)
            and not self.approved(name)
        ]
        if missing:
            raise AnswersError(
                "data/sign_off.yml: with REQUIRE_SIGN_OFF=1 all signatories must "
                f"have signed these wordings: {', '.join(missing)}. Have them "
                "signed: python -m bot sign-off NAME --by ROLE --on DATE"
            )

    def _check_metadata(self, name: str) -> None:
        metadata = self[name]["metadata"]
        if unknown := [n for n in metadata["sources"] if n not in self.sources]:
            raise AnswersError(
                f"{self.place(name, 'metadata', 'sources')}: `{name}` names sources "
                f"{unknown}. Correct the name, or add the source to data/sources.yml."
            )
        if not self.topic(name) and "kind" not in metadata:
            raise AnswersError(
                f"{self.place(name)}: `{name}` belongs to no topic of data/topics.yml: "
                "give it one of the kinds part, clarify, fallback or unavailable."
            )

    def _check_placeholders(self, name: str) -> None:
        metadata = self[name]["metadata"]
        wording = self[name]["text"]
        for entry, field in PLACEHOLDER.findall(wording):
            self._check_placeholder(name, entry, field)
        for link in metadata.get("links", []):
            self._check_placeholder(name, *link.split("."))
        if set("{}") & set(PLACEHOLDER.sub("", wording)):
            raise AnswersError(
                f"{self.place(name)}: `{name}` holds a brace that belongs to no "
                "placeholder. Write {service.field}, in small letters and no spaces."
            )

    def _check_numbers(self, place: str, words: str) -> None:
        """Raises AnswersError for a number that was typed and is nearly a right one."""
        if slip := self.directory.slip(PLACEHOLDER.sub("…", words)):
            raise AnswersError(
                f"{place}: holds {slip}, which is not the number of any service. Name "
                "the service's field instead, as in {stop_it_now.phone}."
            )

    def _check_placeholder(self, name: str, entry: str, field: str) -> None:
        place = f"{self.place(name)}: `{name}`"
        try:
            if field:
                self.directory.links(entry, field)
        except DirectoryError as error:
            raise AnswersError(f"{place}: {error}") from error
        example = self[name]["metadata"].get("example", {})
        if not field and entry not in example:
            raise AnswersError(
                f"{place}: {{{entry}}} is filled by nothing. Write {{service.field}}; "
                "a value that an action gives needs an `example` in the metadata."
            )
