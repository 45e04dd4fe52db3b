"""A slow line to a server: what a phone has at the edge of a village."""

from __future__ import annotations

import asyncio
import threading

from tests.ports import free_port

DELAY = 0.2  # seconds each way: 400 ms for a question and the answer
BYTES_A_SECOND = 400_000 // 8
PIECE = 2_500


class SlowLine:
    """Listens on a port of its own and passes all on, late and little by little."""

    def __init__(self, port: int) -> None:
        """Starts to listen, for a server's port."""
        self._to = port
        self.port = free_port()
        self._loop = asyncio.new_event_loop()
        self._free = asyncio.Lock()  # all connections share the line
        listening = asyncio.start_server(self._joined, "127.0.0.1", self.port)
        self._loop.run_until_complete(listening)
        threading.Thread(target=self._loop.run_forever, daemon=True).start()

    def stop(self) -> None:
        """Ends every connection."""
        self._loop.call_soon_threadsafe(self._loop.stop)

    async def _joined(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        back, on = await asyncio.open_connection("127.0.0.1", self._to)
        await asyncio.gather(
            self._passes(reader, on), self._passes(back, writer), return_exceptions=True
        )

    async def _passes(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await asyncio.sleep(DELAY)  # to connect takes its time too
        while piece := await reader.read(PIECE):
            async with self._free:
                await asyncio.sleep(len(piece) / BYTES_A_SECOND)
            self._loop.call_later(DELAY, writer.write, piece)
        self._loop.call_later(DELAY, writer.close)
