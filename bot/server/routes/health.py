"""Whether the server is up, for its operators."""

from __future__ import annotations

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

health = Blueprint("health")


@health.get("/health/live")
async def live(request: Request) -> HTTPResponse:
    """Says that the port is open."""
    return json({"status": "live"})


@health.get("/health/ready")
async def ready(request: Request) -> HTTPResponse:
    """Says whether typed messages get answers, and will go on getting them."""
    site = request.app.ctx.site
    engine = site.engine
    status = "ready" if engine.ready else "failed" if engine.failed else "loading"
    if site.stopping.is_set():
        status = "stopping"
    return json({"status": status}, status=200 if status == "ready" else 503)
