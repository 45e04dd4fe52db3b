"""Everything in a request that may be a visitor's words, for the net.

A message may be sent twice, in the address, in a field with another name, in a list or
in another charset. The chat answers what the contract of /chat names; the net reads the
rest as well.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

from bot.chat import form
from bot.chat.asked import Asked

# This many texts are read separately, so that calm words in one silence no other.
MOST_APART = 50
_PRESSED = re.compile(r"\w+:")  # what a button of Rasa's protocol sends
# In JSON that broke off: "\u0068" is a letter, and "\n" ends a word.
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|.)")


def beside(asked: Asked, body: bytes, content_type: str, query: str) -> list[str]:
    """The texts of a request, besides the message that is answered.

    Args:
        asked: What is answered; empty if the body is not a request.
        body: As much of the body as is read.
        content_type: The header.
        query: What comes after `?` in the address.
    """
    taken = [value for value in vars(asked).values() if isinstance(value, str)]
    fields = _fields(body, content_type)
    texts = _as_it_stands(body, content_type) if fields is None else fields
    kept = [
        text
        for text in dict.fromkeys([*texts, *_texts(parse_qsl(query))])
        if text.strip() and text != asked.message and not _is_name(text, taken)
    ]
    if fields is None or len(kept) < 2:
        return kept
    rest = kept[MOST_APART:]
    return ["\n".join(kept), *kept[:MOST_APART], *(["\n".join(rest)] if rest else [])]


def _is_name(text: str, taken: list[str]) -> bool:
    """Whether a text is a topic, a session or the like: one word that is known."""
    if " " in text:
        return False
    # Only at its beginning: looking further on takes very long in a long word.
    pressed = _PRESSED.match(text)
    return text[pressed.end() if pressed else 0 :] in taken


def _fields(body: bytes, content_type: str) -> list[str] | None:
    """The texts of JSON or of a form; None: it is neither, or broke off."""
    try:
        return _strings(json.loads(body, object_pairs_hook=tuple))
    except (ValueError, RecursionError):
        pass
    if "form" in content_type:
        try:
            return _texts(form.read(body, content_type))
        except (form.FormError, RecursionError):
            pass
    return None


def _as_it_stands(body: bytes, content_type: str) -> list[str]:
    """A body that is not a request, as it is and with its escapes undone."""
    text = form.decoded(body, form.charset_of(content_type)).replace("\0", "")
    # One field's words must not calm another's, such as "script" beside danger.
    fields = text.split("&", MOST_APART)
    apart = map(unquote_plus, fields) if len(fields) > 1 else ()
    return [text, unquote_plus(text), _ESCAPE.sub(_unescaped, text), *apart]


def _strings(value: Any) -> list[str]:
    """Every text in a JSON value; its objects kept every pair."""
    found, left = [], [value]
    while left:
        value = left.pop()
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, tuple):
            found += _texts(value)
            left += [inner for _, inner in value if not isinstance(inner, str)]
        elif isinstance(value, list):
            left += value
    return found


def _texts(pairs: Iterable[tuple[str, Any]]) -> list[str]:
    """The texts of some fields, and names that are really sentences."""
    return [
        text
        for name, value in pairs
        for text in (name if " " in name else "", value)
        if isinstance(text, str) and text
    ]


def _unescaped(match: re.Match[str]) -> str:
    return chr(int(match[1], 16)) if match[1] else " "
