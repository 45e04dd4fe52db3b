"""Where to report a weakness of this site."""

from __future__ import annotations

from datetime import date

from sanic import Blueprint
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, text

security_txt = Blueprint("security_txt")


@security_txt.get("/.well-known/security.txt")
async def contact(request: Request) -> HTTPResponse:
    """The file of RFC 9116, until it expires."""
    found = request.app.ctx.site.security_txt
    if not found.current(date.today()):
        raise SanicException("security.txt has expired", status_code=404)
    return text(found.text)
