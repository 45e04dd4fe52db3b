"""New wordings while the server runs: on SIGHUP it reads the content files again."""

from __future__ import annotations

import asyncio
import logging
import re
import signal
from typing import Any

from sanic import Sanic

logger = logging.getLogger(__name__)

FILE_NAME = re.compile(r"[\w/.-]+\.yml")


def on_sighup(app: Sanic[Any, Any]) -> None:
    """Lets SIGHUP renew `app.ctx.site`; call it in the server's loop."""
    loop, one_by_one = asyncio.get_running_loop(), asyncio.Lock()

    async def renew_in_turn() -> None:
        async with one_by_one:  # otherwise the older files could win
            await renew(app)

    def begin() -> None:
        # The app keeps it: the loop itself would let go of it.
        app.ctx.reload = asyncio.ensure_future(renew_in_turn())

    loop.add_signal_handler(signal.SIGHUP, begin)


async def renew(app: Sanic[Any, Any]) -> None:
    """Serves the files as they are now or, if one is bad, continues as before.

    The engines and the conversations stay. Requests in progress finish with the content
    that they started with.
    """
    try:
        # Reading takes a moment; others are answered meanwhile.
        fresh = await asyncio.to_thread(app.ctx.site.content.renewed)
        app.ctx.site = app.ctx.site.with_content(fresh)
    except Exception as error:  # noqa: BLE001 - the last good content is served on
        # It cannot hold a visitor's words: it is about the content files.
        named = FILE_NAME.search(str(error))
        file = named[0] if named else "content"
        logger.error("content.reload_refused %s %s", file, type(error).__name__)
        return
    logger.info("content.reloaded")
