"""Where the engines come from: started here, or reached at a socket."""

from __future__ import annotations

import asyncio
import logging
import os
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Protocol

from bot import ROOT, logs
from bot.chat.link import Link, Watch

logger = logging.getLogger(__name__)

PYTHON = ROOT / ".venv-engine" / "bin" / "python"
MODULE = "bot.engine.answer"
OPENS_WITHIN_SECONDS = 20.0
LOADS_WITHIN_SECONDS = 120.0
LOOKS_EVERY_SECONDS = 0.02
# All that an engine sees of the environment: no password and no database address.
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "OPENBLAS_CORETYPE",
             "OPENBLAS_L2_SIZE")  # fmt: skip


class LaunchError(RuntimeError):
    """There is no engine; the log says why."""


class Source(Protocol):
    """Something that opens links to engines."""

    def open(
        self, watch: Watch, changed: Callable[[], None]
    ) -> AbstractAsyncContextManager[Link]:
        """A link to an engine that has said hello; raises LaunchError."""

    def close(self) -> None:
        """Leaves nothing behind."""


class Launcher:
    """Starts an engine for each link, and ends it with the link."""

    def __init__(self, python: Path = PYTHON, module: str = MODULE) -> None:
        """Makes the folder for the sockets, which no other user can enter.

        Args:
            python: The engine's interpreter, with the packages it needs.
            module: What it runs.

        Raises:
            OSError: The folder cannot be made.
        """
        self._python = python
        self._module = module
        self._folder = tempfile.TemporaryDirectory(prefix="signposting-")
        self._started = 0

    @asynccontextmanager
    async def open(
        self, watch: Watch, changed: Callable[[], None]
    ) -> AsyncIterator[Link]:
        """A link to a new engine that has said hello; raises LaunchError."""
        self._started += 1
        path = Path(self._folder.name) / f"engine-{self._started}.sock"
        process = await self._start(path)

        def alive() -> bool:
            return process.returncode is None

        def kill() -> None:
            if alive():
                process.kill()

        try:
            yield await _connect(lambda: Link(watch, changed, kill), path, alive)
        finally:
            kill()
            await process.wait()
            for left in (path, Path(f"{path}.lock")):
                left.unlink(missing_ok=True)

    async def _start(self, path: Path) -> asyncio.subprocess.Process:
        if not os.access(self._python, os.X_OK):
            logger.error(
                "engine.missing %s (`make run` builds it)", logs.place(self._python)
            )
            raise LaunchError
        passed_on = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        return await asyncio.create_subprocess_exec(
            self._python,
            *("-m", self._module, path, "--once"),
            cwd=ROOT,
            env=passed_on,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=logs.descriptor(),
            # Signals to the front's group, such as Ctrl-C, are not for the engine.
            start_new_session=True,
        )

    def close(self) -> None:
        """Removes the folder."""
        self._folder.cleanup()


class Sockets:
    """Reaches engines that somebody else starts, each at its own socket."""

    def __init__(self, paths: list[Path]) -> None:
        """Takes the sockets; each serves one front."""
        self._free: asyncio.Queue[Path] = asyncio.Queue()
        for path in paths:
            self._free.put_nowait(path)

    @asynccontextmanager
    async def open(
        self, watch: Watch, changed: Callable[[], None]
    ) -> AsyncIterator[Link]:
        """A link to an engine that has said hello; raises LaunchError.

        If every socket is in use it waits for one, such as that of a slow engine.
        """
        path = await self._free.get()
        link: Link | None = None
        try:
            link = await _connect(
                lambda: Link(watch, changed, lambda: None), path, lambda: True
            )
            yield link
        except LaunchError:
            logger.error(
                "engine.unreachable %s (is the engine running?)", logs.place(path)
            )
            raise
        finally:
            if link:
                link.end()
            self._free.put_nowait(path)

    def close(self) -> None:
        """Nothing: the sockets belong to the engines."""


async def _connect(
    new_link: Callable[[], Link], path: Path, alive: Callable[[], bool]
) -> Link:
    """A link to the engine at a socket, once it has said hello; raises LaunchError.

    Args:
        new_link: Makes a link that belongs to no connection yet.
        path: The socket, which the engine may still have to open.
        alive: Whether the engine may still come.
    """
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(OPENS_WITHIN_SECONDS) as limit:
            opens_until = limit.when()
            while alive():
                if link := await _opened(new_link, path):
                    limit.reschedule(loop.time() + LOADS_WITHIN_SECONDS)
                    await link.hello
                    if not link.closed.done():
                        return link
                    if link.refused:
                        raise LaunchError
                    # Otherwise nothing would report an engine that hangs up again and
                    # again.
                    limit.reschedule(opens_until)
                await asyncio.sleep(LOOKS_EVERY_SECONDS)
    except TimeoutError:
        pass
    raise LaunchError


async def _opened(new_link: Callable[[], Link], path: Path) -> Link | None:
    """A new connection; None: nothing answers there yet."""
    loop = asyncio.get_running_loop()
    try:
        _, link = await loop.create_unix_connection(new_link, str(path))
    except OSError:
        return None
    return link
