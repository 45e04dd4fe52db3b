"""Compresses pages and files for visitors on a mobile connection."""

from __future__ import annotations

import gzip

from sanic.request import Request
from sanic.response import BaseHTTPResponse, HTTPResponse

SMALLEST_BYTES = 1_000
COMPRESSED = (
    *("text/html", "text/css", "text/javascript"),
    *("application/javascript", "application/json"),
)


async def compress(request: Request, response: BaseHTTPResponse) -> None:
    """Compresses the answer to a GET if the browser can read that.

    Not the answer to a POST: its length must not depend on what somebody sent.
    """
    if request.method != "GET" or not isinstance(response, HTTPResponse):
        return
    if not (response.content_type or "").startswith(COMPRESSED):
        return
    response.headers["Vary"] = "Accept-Encoding"
    body = response.body or b""
    if len(body) < SMALLEST_BYTES:
        return
    if "gzip" in request.headers.get("accept-encoding", ""):
        response.body = gzip.compress(body, compresslevel=9, mtime=0)
        response.headers["Content-Encoding"] = "gzip"
