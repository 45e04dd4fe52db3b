"""Checks what the content files hold against shapes.yml, in plain sentences."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from bot.words import yaml_files

_SHAPES = Path(__file__).parent / "shapes.yml"
_FORMATS = FormatChecker(formats=())
_EMPTY = ("minLength", "pattern", "minItems", "minProperties")
_TYPES = {
    "object": "`name: value` entries",
    "array": "a list",
    "string": "a text",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "null",
}


def check(file: str, content: Any, shape: str, error: type[ValueError]) -> None:
    """Raises `error` when the content of a file has gaps; its message names them all.

    Args:
        file: The file's name for the message, such as `data/services.yml`.
        content: What was read from it.
        shape: A name under `$defs` of bot/words/shapes.yml.
        error: The exception of the module that reads the file.
    """
    if found := gaps(file, content, shape):
        raise error("\n".join(found))


def gaps(file: str, content: Any, shape: str) -> list[str]:
    """What is wrong with the content of a file; each names the place and the remedy."""
    found = [
        f"{yaml_files.at(file, content, *path)}: {says}"
        for problem in _validator(shape).iter_errors(content)
        for path, says in _sentences(problem)
    ]
    return list(dict.fromkeys(found))


@cache
def _validator(shape: str) -> Draft202012Validator:
    return Draft202012Validator(_whole(_shapes()[shape]), format_checker=_FORMATS)


@cache
def _shapes() -> dict[str, Any]:
    shapes: dict[str, Any] = yaml_files.read(_SHAPES)["$defs"]
    return shapes


def _whole(schema: Any) -> Any:
    """A schema with the others in the places that name them: looking up is slow."""
    if isinstance(schema, list):
        return [_whole(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if name := schema.get("$ref"):  # which stands alone
        return _whole(_shapes()[name.removeprefix("#/$defs/")])
    return {key: _whole(part) for key, part in schema.items()}


@_FORMATS.checks("day")
def _is_day(value: Any) -> bool:
    if not isinstance(value, str):
        return True  # `type` judges it
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _sentences(problem: ValidationError) -> Iterator[tuple[list[str | int], str]]:
    """The path and the sentence for each thing that one schema rule found."""
    path = list(problem.absolute_path)
    value: Any = problem.instance
    wanted: Any = problem.validator_value
    schema: Any = problem.schema
    if problem.validator == "required":
        for key in wanted:
            if key not in value:
                yield path, f"{_of(path, key)} is missing. Add it."
    elif problem.validator == "dependentRequired":
        for key in {k for has, needs in wanted.items() if has in value for k in needs}:
            if key not in value:
                yield path, f"{_of(path, key)} is missing. Add it."
    elif problem.validator == "additionalProperties":
        known = schema.get("properties", {})
        for key in value:
            if key not in known:
                hint = did_you_mean(key, known, "Remove it, or correct its name.")
                yield [*path, key], f"{_of(path, key)} is not known. {hint}"
    else:
        *entry, key = path or [""]
        yield path, f"{_of(entry, key)} {_expected(problem)}"


def _of(path: list[str | int], key: Any) -> str:
    """An entry in words: `review_by` of `iwf`."""
    names = [str(name) for name in path if not isinstance(name, int)]
    if isinstance(key, int):  # a part of a list
        return _of(path[:-1], path[-1]) if path else "the list"
    return f"`{key}` of `{'.'.join(names)}`" if names else f"`{key}`"


def did_you_mean(name: Any, known: Iterable[str], otherwise: str) -> str:
    """The known name that is nearest to a wrong one, or what to do if none is near."""
    near = difflib.get_close_matches(str(name), list(known), n=1)
    return f"Did you mean `{near[0]}`?" if near else otherwise


def _expected(problem: ValidationError) -> str:
    value: Any = problem.instance
    schema: Any = problem.schema
    wanted: Any = problem.validator_value
    if isinstance(value, date):
        return f'is a date without quotes. Write "{value}".'
    if problem.validator == "format":
        return 'is not a date. Write one in quotes, such as "2026-11-25".'
    empty = not (value.strip() if isinstance(value, str) else value)
    if empty and problem.validator in _EMPTY:
        return "is empty. Fill it, or restore what was there."
    if problem.validator == "enum":
        return f"must be one of {', '.join(map(str, wanted))}."
    if "description" in schema:
        return f"must be {schema['description']}."
    if problem.validator == "type":
        types = [wanted] if isinstance(wanted, str) else wanted
        return f"must be {' or '.join(_TYPES[name] for name in types)}."
    return f"is wrong: {problem.message}."
