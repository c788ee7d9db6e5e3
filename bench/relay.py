"""A hop that takes its time: what the far side sends arrives late, in order."""

import asyncio
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from bench.serving import free_port


@contextmanager
def a_slow_hop(port: int, most_seconds: float) -> Iterator[int]:
    """Relays to `port`; each answer takes up to `most_seconds` longer."""
    loop = asyncio.new_event_loop()
    here = free_port()
    chance = random.Random()

    async def relay(reading: asyncio.StreamReader, writing: asyncio.StreamWriter) -> None:
        far_reading, far_writing = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(
            carry(reading, far_writing, 0.0), carry(far_reading, writing, most_seconds)
        )

    async def kept(reading: asyncio.StreamReader, writing: asyncio.StreamWriter) -> None:
        with suppress(asyncio.CancelledError):  # the bench is over
            await relay(reading, writing)

    async def carry(
        reading: asyncio.StreamReader, writing: asyncio.StreamWriter, most: float
    ) -> None:
        try:
            while piece := await reading.read(1 << 16):
                await asyncio.sleep(chance.uniform(0, most))
                writing.write(piece)
                await writing.drain()
        except ConnectionError:
            pass
        finally:
            writing.close()

    loop.run_until_complete(asyncio.start_server(kept, "127.0.0.1", here, backlog=1000))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield here
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        for left in asyncio.all_tasks(loop):
            left.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()
