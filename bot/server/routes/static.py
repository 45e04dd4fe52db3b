"""The style sheets and scripts of the pages."""

from __future__ import annotations

from sanic import Blueprint
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, text

from bot.pages.assets import ASSETS, sent

KINDS = {"css": "text/css", "js": "text/javascript"}

static_files = Blueprint("static_files")


@static_files.get("/static/<name:str>")
async def file(request: Request, name: str) -> HTTPResponse:
    """One of them, by name: an address never becomes a path."""
    if name not in ASSETS:
        raise SanicException("no such file", status_code=404)
    kind = KINDS[name.rpartition(".")[2]]
    return text(sent(name), content_type=f"{kind}; charset=utf-8")
