"""The services and police forces that answers point to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from bot import DATA
from bot.words import forces as forces_file
from bot.words import shapes, yaml_files
from bot.words.forces import NATIONAL, DirectoryError, Force
from bot.words.lifelines import NUMBER_FIELDS, Lifelines
from bot.words.reply import MOST_LINKS, Link

SERVICES, FORCES = "data/services.yml", forces_file.FILE
ADDRESS = re.compile(r"https?://[^\s,]+")


class Directory:
    """Every number and address a visitor may read, by service or force and field."""

    def __init__(
        self, services: dict[str, Any], forces: dict[str, Any], lifelines: Lifelines
    ) -> None:
        """Takes the content of both files; raises DirectoryError or LifelinesError."""
        shapes.check(SERVICES, services, "services", DirectoryError)
        _check_fields(services)
        self.services = services
        self.all_forces = forces_file.read(forces)
        self.national = self.all_forces[NATIONAL]
        self.forces = {k: f for k, f in self.all_forces.items() if k != NATIONAL}
        self._titles = self._collect_titles()
        self._lifelines = lifelines
        self._numbers = set(self._collect_numbers())
        self._check_lifelines(forces)
        self._ways = self._collect_ways()
        self._helps = frozenset(way["href"] for way in self._ways)

    @classmethod
    def read(cls, folder: Path = DATA) -> Directory:
        """Reads services.yml, forces.yml and lifelines.yml in `folder`.

        Raises:
            YamlFileError: A file cannot be read.
            DirectoryError: An entry lacks a field, or a link names none.
            LifelinesError: A number that saves lives is not what lifelines.yml says.
        """
        return cls(
            yaml_files.read(folder / "services.yml"),
            yaml_files.read(folder / "forces.yml"),
            Lifelines.read(folder),
        )

    def value(self, name: str, field: str, force: str | None = None) -> str:
        """The text of a field, for the force of the visitor.

        Args:
            name: A service, or `force`.
            field: The field of the service or force.
            force: A key of data/forces.yml; None, an unknown one, or one that lacks
                the field: the national route.

        Raises:
            DirectoryError: There is no such entry or field.
        """
        if name == "force":
            entry: dict[str, Any] = self.force(force).fields
        else:
            entry = self.services.get(name, {})
        value = entry.get(field)
        if not isinstance(value, str):
            file = FORCES if name == "force" else SERVICES
            raise DirectoryError(
                f"{{{name}.{field}}} names nothing: add `{field}` to `{name}` in "
                f"{file}, or correct the placeholder."
            )
        return value

    def links(self, name: str, field: str, force: str | None = None) -> list[Link]:
        """What can be pressed for a field: `{"title", "href"}` each, or nothing.

        If the visitor's force is not known, the addresses of all forces are only text.
        """
        value = self.value(name, field, force)
        if name != "force":
            title = self.services[name]["links"].get(field)
            return [{"title": title, "href": href(field, value)}] if title else []
        found = ADDRESS.findall(value)
        if len(found) != 1:
            return []
        return [{"title": self._titles.get(found[0], found[0]), "href": found[0]}]

    def slip(self, text: str) -> str | None:
        """A number in a text that is nearly one that saves lives; or None.

        A short number that a text says to call counts too, if it is not in here.
        """
        return self._lifelines.slip(text, self._numbers)

    def numbers(self) -> dict[str, str]:
        """What to press for a number in a text: number to address.

        Only for those that have words for a link: others are not telephone numbers,
        such as the 55 of a silent call.
        """
        return {
            value: href(field, value)
            for name, entry in self.services.items()
            for field in entry["links"]
            if not ADDRESS.match(value := self.value(name, field))
        }

    def sites(self) -> dict[str, str]:
        """What an address of a force is called in a text: address to name.

        Four of them in one sentence are more than anybody reads.
        """
        return {
            force.fields[field]: force.name
            for force in self.forces.values()
            for field in ("site", "report_online")
        }

    def force(self, key: str | None) -> Force:
        """The force of a visitor; None or unknown: the national routes."""
        return self.forces.get(key or "", self.national)

    def ways(self) -> list[dict[str, str]]:
        """The ways to help that are offered together: `{"way", "title", "href"}`."""
        return self._ways

    def offers_help(self, links: Iterable[Link]) -> bool:
        """Whether one of the links is one of these ways."""
        return any(link["href"] in self._helps for link in links)

    def side_by_side(self, links: Sequence[Link]) -> tuple[Link, ...]:
        """The links, with as many `ways` to help as there is room for.

        They come together, where the first of them was; if there was none, nothing
        is added.
        """
        ways = [{k: way[k] for k in ("title", "href")} for way in self.ways()]
        others = [link for link in links if link not in ways]
        if len(others) == len(links):
            return tuple(links)
        further = [way for way in ways if way not in links]
        added = further[: max(0, MOST_LINKS - len(links))]
        at = next(i for i, link in enumerate(links) if link in ways)
        shown = [way for way in ways if way in links or way in added]
        return (*others[:at], *shown, *others[at:])

    def _collect_ways(self) -> list[dict[str, str]]:
        return [
            {"way": way, **link}
            for name, entry in self.services.items()
            for way, field in entry.get("ways", {}).items()
            for link in self.links(name, field)
        ]

    def place(self, text: str) -> str | None:
        """The force whose area a text names, or None when it names none or several."""
        words = " " + " ".join(re.findall(r"[a-z]+", text.lower())) + " "
        found = {
            key
            for key, force in self.forces.items()
            if any(f" {place} " in words for place in force.places)
        }
        return found.pop() if len(found) == 1 else None

    def _collect_numbers(self) -> Iterator[str]:
        entries = [
            *self.services.values(),
            *(f.fields for f in self.all_forces.values()),
        ]
        for entry in entries:
            yield from (entry[field] for field in NUMBER_FIELDS if field in entry)

    def _check_lifelines(self, forces: dict[str, Any]) -> None:
        """Compares every number that saves lives, and looks for slips in words."""
        for name, field, _ in self._lifelines.entries():
            if name != "force":
                place = yaml_files.at(SERVICES, self.services, name, field)
                number = self.services.get(name, {}).get(field)
                self._lifelines.compare(place, name, field, number)
                continue
            for key, force in self.all_forces.items():
                place = yaml_files.at(FORCES, forces, key, field)
                self._lifelines.compare(place, name, field, force.fields.get(field))
        for file, content in ((SERVICES, self.services), (FORCES, forces)):
            for name, entry in content.items():
                self._check_words(file, content, name, entry)

    def _check_words(
        self, file: str, content: dict[str, Any], name: str, entry: dict[str, Any]
    ) -> None:
        links = entry.get("links", {}).values()
        words = [entry[key] for key in ("name", "hours_text", "area") if key in entry]
        for text in (*words, *links):
            if slip := self.slip(text):
                raise DirectoryError(
                    f"{yaml_files.at(file, content, name)}: “{text}” of `{name}` holds "
                    f"{slip}, which is not the number of any service. Correct it."
                )

    def _collect_titles(self) -> dict[str, str]:
        titles = {}
        for name, entry in self.services.items():
            for field, title in entry["links"].items():
                titles[self.value(name, field)] = title
        for force in self.forces.values():
            for field in ("site", "report_online", "family_page"):
                # The national page of a field keeps the name of its service.
                titles.setdefault(force.fields[field], force.name)
        return titles


def href(field: str, value: str) -> str:
    """The address to press for a value: `tel:`, `sms:` or the web address itself."""
    if ADDRESS.match(value):
        return value
    return ("sms:" if field == "text" else "tel:") + value.replace(" ", "")


def _check_fields(services: dict[str, Any]) -> None:
    """Raises DirectoryError when a link or a way names a field that is not there."""
    for name, entry in services.items():
        named = {"links": entry["links"], "ways": entry.get("ways", {}).values()}
        for key, fields in named.items():
            if missing := [field for field in fields if field not in entry]:
                raise DirectoryError(
                    f"{yaml_files.at(SERVICES, services, name, key)}: `{key}` of "
                    f"`{name}` names {missing}, which it lacks. Add the field, or "
                    "remove the name."
                )
