"""The services and police forces that answers point to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bot import DATA, yaml_files

NATIONAL = "national"
REQUIRED = ("name", "source", "source_date", "confidence", "review_by")
ADDRESS = re.compile(r"https?://[^\s,]+")
ORIGIN = re.compile(r"https://[a-z0-9.-]+(:\d+)?")
COLOUR = re.compile(r"#[0-9a-f]{6}")


class DirectoryError(ValueError):
    """data/services.yml or data/forces.yml has a gap."""


class Directory:
    """Every number and address a visitor may read, by service or force and field."""

    def __init__(self, services: dict[str, Any], forces: dict[str, Any]) -> None:
        for file, entries in (("services.yml", services), ("forces.yml", forces)):
            for name, entry in entries.items():
                _check(file, name, entry)
        if NATIONAL not in forces:
            raise DirectoryError("data/forces.yml: add `national`, the fallback.")
        self.services = services
        self._national = forces[NATIONAL]
        self.forces = {k: v for k, v in forces.items() if k != NATIONAL}
        self._titles = self._collect_titles()

    @classmethod
    def read(cls, folder: Path = DATA) -> Directory:
        """Reads services.yml and forces.yml in `folder`.

        Raises:
            YamlFileError: A file cannot be read.
            DirectoryError: An entry lacks a field, or a link names none.
        """
        return cls(
            yaml_files.read(folder / "services.yml"),
            yaml_files.read(folder / "forces.yml"),
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
            entry = {**self._national, **self.forces.get(force or "", {})}
        else:
            entry = self.services.get(name, {})
        if not isinstance(entry.get(field), str):
            raise DirectoryError(
                f"{{{name}.{field}}} names nothing: add `{field}` to `{name}` in "
                "data/services.yml, or correct the placeholder."
            )
        return entry[field]

    def links(self, name: str, field: str, force: str | None = None) -> list[dict]:
        """What can be pressed for a field: `{"title", "href"}` each, or none."""
        value = self.value(name, field, force)
        if name != "force":
            titles = _titles(self.services[name]["links"].get(field, {}))
            return [{"title": title, "href": href(field, value)} for title in titles]
        return [
            {"title": self._titles.get(found, found), "href": found}
            for found in ADDRESS.findall(value)
        ]

    def accent(self, force: str | None) -> dict[str, str]:
        """The colour of a force in the widget: `light` and `dark`, as #rrggbb."""
        return self.forces.get(force or "", self._national)["accent"]

    def ways(self) -> list[dict[str, str]]:
        """The ways to help that are offered together: `{"way", "title", "href"}`."""
        return [
            {"way": way, **self._way(name, way, field)}
            for name, entry in self.services.items()
            for way, field in entry.get("ways", {}).items()
        ]

    def offers_help(self, links: Iterable[dict[str, str]]) -> bool:
        """Whether one of the links is one of these ways."""
        known = {way["href"] for way in self.ways()}
        return any(link["href"] in known for link in links)

    def side_by_side(self, links: list[dict]) -> list[dict]:
        """The links, with all `ways` to help where there was one of them."""
        ways = [{k: way[k] for k in ("title", "href")} for way in self.ways()]
        known = {way["href"] for way in ways}
        others = [link for link in links if link["href"] not in known]
        if len(others) == len(links):
            return links
        at = next(i for i, link in enumerate(links) if link["href"] in known)
        return others[:at] + ways + others[at:]

    def _way(self, name: str, way: str, field: str) -> dict[str, str]:
        titles = self.services[name]["links"][field]
        title = titles if isinstance(titles, str) else titles[way]
        return {"title": title, "href": href(field, self.value(name, field))}

    def place(self, text: str) -> str | None:
        """The force whose area a text names, or None when it names none or several."""
        words = " " + " ".join(re.findall(r"[a-z]+", text.lower())) + " "
        found = {
            force
            for force, entry in self.forces.items()
            if any(f" {place} " in words for place in entry["places"])
        }
        return found.pop() if len(found) == 1 else None

    def _collect_titles(self) -> dict[str, str]:
        titles = {}
        for name, entry in self.services.items():
            for field, found in entry["links"].items():
                titles[self.value(name, field)] = _titles(found)[0]
        for entry in self.forces.values():
            titles[entry["site"]] = entry["name"]
        return titles


def _titles(found: str | dict[str, str]) -> list[str]:
    """The words of the links of a field: one, or one for each way."""
    return [found] if isinstance(found, str) else list(found.values())


def href(field: str, value: str) -> str:
    """The address to press for a value: `tel:`, `sms:` or the web address itself."""
    if ADDRESS.match(value):
        return value
    return ("sms:" if field == "text" else "tel:") + value.replace(" ", "")


def _check(file: str, name: str, entry: Any) -> None:
    missing = [key for key in REQUIRED if not (entry or {}).get(key)]
    if file == "services.yml" and not isinstance((entry or {}).get("links"), dict):
        missing.append("links")
    if file == "services.yml" and not missing:
        missing += [field for field in entry["links"] if field not in entry]
    if file == "forces.yml" and not missing:
        _check_widget(name, entry)
    if missing:
        raise DirectoryError(f"data/{file}: `{name}` lacks {', '.join(missing)}.")


def _check_widget(name: str, entry: dict[str, Any]) -> None:
    """Raises DirectoryError when a force cannot be shown on its website."""
    origins, accent = entry.get("origins"), entry.get("accent") or {}
    if not isinstance(origins, list) or not all(map(ORIGIN.fullmatch, origins)):
        raise DirectoryError(
            f"data/forces.yml: `origins` of `{name}` must be a list of websites such "
            "as https://www.example.police.uk, without a path or a slash at the end."
        )
    if not all(COLOUR.fullmatch(accent.get(on, "")) for on in ("light", "dark")):
        raise DirectoryError(
            f"data/forces.yml: `accent` of `{name}` needs `light` and `dark`, each a "
            'colour such as "#17427d".'
        )
