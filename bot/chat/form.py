"""Reads what an HTML form sends, in either of its two encodings and any charset."""

from __future__ import annotations

import json
import re
from email.message import Message
from email.parser import BytesParser
from urllib.parse import parse_qsl

MULTIPART = "multipart/form-data"
MOST_FIELDS = 20
# The header that gives a name, a charset or a boundary; `email` takes quadratic time.
MOST_IN_A_HEADER = 1_000
# Those that a page can be written in. Others are slow to decode, or are not text.
_CHARSETS = re.compile(
    r"utf-?(8|16|32)([lb]e)?|us-ascii|iso-8859-\d+|windows-125\d", re.I
)


class FormError(ValueError):
    """A body is not a form."""


def read(body: bytes, content_type: str) -> list[tuple[str, str]]:
    """The fields of a form in their order, each as often as it was sent.

    Raises:
        FormError: It is not a form, or has more than `MOST_FIELDS` fields.
        RecursionError: Its parts are nested too deeply.
    """
    if len(content_type) > MOST_IN_A_HEADER:
        raise FormError("a long content type")
    if content_type.lower().startswith(MULTIPART):
        fields = _parts(body, content_type)
        if len(fields) > MOST_FIELDS:
            raise FormError("too many fields")
        return fields
    try:
        text = decoded(body, charset_of(content_type), "strict")
        return parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise FormError("not a form") from error


def charset_of(content_type: str) -> str:
    """The charset that a header names, or an empty text."""
    if len(content_type) > MOST_IN_A_HEADER:
        return ""
    found = Message()
    found["Content-Type"] = content_type
    return found.get_content_charset("")


def decoded(raw: bytes, charset: str = "", errors: str = "replace") -> str:
    """Bytes as text: the first ones say more than the charset that is named.

    Args:
        raw: The bytes.
        charset: What a header names; an unknown charset counts as none.
        errors: As for `bytes.decode`.

    Raises:
        UnicodeDecodeError: It cannot be decoded, and `errors` is "strict".
    """
    seen: str = json.detect_encoding(
        raw
    )  # UTF-16 and UTF-32, by their zeros or their mark
    if seen == "utf-8" and _CHARSETS.fullmatch(charset):
        seen = charset
    return raw.decode(seen, errors)


def _parts(body: bytes, content_type: str) -> list[tuple[str, str]]:
    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1", "replace")
    whole = BytesParser().parsebytes(head + body)
    if not whole.is_multipart():
        raise FormError("no parts")
    parts = list(whole.walk())
    if any(len(str(v)) > MOST_IN_A_HEADER for part in parts for v in part.values()):
        raise FormError("a long header")
    return [(_name(part), _value(part)) for part in parts if not part.is_multipart()]


def _name(part: Message) -> str:
    name = part.get_param("name", "", "content-disposition")
    return name if isinstance(name, str) else ""


def _value(part: Message) -> str:
    raw = part.get_payload(decode=True)
    return decoded(raw, part.get_content_charset("")) if isinstance(raw, bytes) else ""
