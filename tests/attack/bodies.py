"""Bodies that are broken, deep, doubled, long or oddly encoded, with danger in them."""

from __future__ import annotations

import json
from collections.abc import Iterator

from bot.safety.long_text import AN_END
from tests.attack.cases import DANGER, FORM, JSON, PRESSED, Case, post, said, typed

# As many as nginx lets through (deploy/nginx/nginx.conf), less a little.
LONGEST = 1_000_000
D = json.dumps(DANGER)
# Danger is read in each of these, as JSON.
BROKEN = (
    f'{{"message": {D}', f'{{"message": {D},}}', f"{{message: {D}}}", f"[{D}]", D,
    f'{{"message": {D}}} and more', f'{{"message": {D}, "message": "hello"}}',
    f'{{"message": "hello", "message": {D}}}', f'{{"message": [{D}]}}',
    f'{{"message": {{"text": {D}}}}}', f'{{"text": {D}}}', f'{{"MESSAGE": {D}}}',
    f'{{"topic": {D}}}', f'{{"topic": "harm", "message": {D}}}',
    f'{{"opening": "young", "message": {D}}}', f'{{"opening": {D}}}',
    f'{{"message": "hi", "session": {D}}}', f'{{"message": {D}, "session": [[]]}}',
    f'{{"message": {D}, "force": {{}}}}', f'{{"message": {D}, "x": 1e999}}',
    f'{{"message": {D}, "x": NaN}}', f'{{"message": {D}, "x": {"9" * 5000}}}',
    f'{{"message": {D}, "x": {"[" * 3000}{"]" * 3000}}}', f'\ufeff{{"message": {D}}}',
    f'{{"message": "{DANGER}\t\n"}}', f'{{"message": "\\u0000 {DANGER}"}}',
    f'{{"message": "\\ud800 {DANGER}"}}', f"<message>{DANGER}</message>", DANGER,
    f"message={DANGER}", f'{{"{DANGER}": 1}}', f'{{"message": {D}}}' * 2,
)  # fmt: skip
ENCODINGS = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le")
# No message at all; the reply must show the numbers.
EMPTY = (
    b"", b" ", b"{}", b"[]", b"null", b"0", b'""', b"true", b'{"message": null}',
    b'{"message": 7}', b'{"topic": "nothing"}', b'{"opening": "nobody"}', b"\0" * 1000,
    b"\xff" * 1000, b"[" * 60_000, b'{"a":' * 12_000, b"\x1f\x8b\x08" + b"a" * 500,
    b'{"message": "' + b"\xff" * 50 + b'"}', b"%" * 5000, b"&" * 60_000,
)  # fmt: skip


def cases() -> Iterator[Case]:
    """Each body, most of them with danger in it."""
    for text in BROKEN:
        yield Case(f"JSON {text[:40]!r}", post(text.encode("utf-8")), True)
        yield Case(
            f"text {text[:40]!r}", post(text.encode("utf-8"), "text/plain"), True
        )
    for name in ENCODINGS:
        kind = f"{JSON}; charset={name}"
        yield Case(f"JSON in {name}", post(said().decode().encode(name), kind), True)
    for body in EMPTY:
        yield Case(f"empty {body[:20]!r}", post(body))
        yield Case(f"empty form {body[:20]!r}", post(body, FORM))
    yield from _forms()
    yield from _long()


def _forms() -> Iterator[Case]:
    for more in (
        "",
        "&message=hello",
        "&topic=harm",
        "&%",
        "&a" * 30,
        "&session=a&session=b",
    ):
        yield Case(f"form {more[:20]!r}", post(typed() + more.encode(), FORM), True)
    part = f'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n{DANGER}\r\n--b'
    for name, end in (("message", "--\r\n"), ("a", "--\r\n"), ("message", "")):
        sent = (part % name + end).encode()
        kind = "multipart/form-data; boundary=b"
        yield Case(f"multipart {name} {end!r}", post(sent, kind), True)
        yield Case(
            f"multipart {name} {end!r} of no boundary", post(sent, kind[:-2]), True
        )


def _long() -> Iterator[Case]:
    """Longer than the bot takes: it reads both ends of these."""
    for size in (3_000, 20_000, 68_000, 70_000, 200_000, LONGEST):
        filler = "la " * ((size - len(DANGER) - 20) // 3)
        for text in (f"{DANGER}. {filler}", f"{filler}. {DANGER}"):
            yield Case(f"{size} bytes of JSON", post(said(text)), True)
            yield Case(f"{size} bytes of a form", post(typed(text), FORM), True)
        small = ("[]," * (size // 3))[: size - 2 * AN_END] + "[]"
        sent = f'{{"message": {D}, "x": [{small}]}}'.encode()
        yield Case(f"{size} bytes of small values", post(sent), True)
    yield Case("a button in 1 MB", post(PRESSED.ljust(LONGEST)))
    yield Case("7 MB", post(said("la " * 2_300_000)))
