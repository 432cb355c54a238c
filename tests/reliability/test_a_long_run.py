"""A server that is asked for a long time, with journal, faults and webhooks, and does not grow."""

from __future__ import annotations

import asyncio
import gc
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.reliability.conftest import Tell
from tests.reliability.effort import effort
from tests.reliability.leftovers import open_files
from tests.reliability.wires import Wire
from twilio_mock import Settings, TwilioMock, delay, error

REQUESTS = effort(4_000, 1_000_000)
CLIENTS = 4
# Every so many walks have a call in them.
CALLS = effort(1, 5)
# After so many tenths journals, logs and memories of deletions are full.
WARM = 3
TWIML = b"<Response><Say>Hello</Say></Response>"


class Size(NamedTuple):
    """What a process holds."""

    bytes: int
    tasks: int
    files: int
    threads: int


def resident() -> int:
    """Bytes of this process that are in memory (Linux)."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


async def count_tasks() -> int:
    """The tasks of the loop that this runs in, but for this one."""
    return len(asyncio.all_tasks()) - 1


def size_of(mock: TwilioMock) -> Size:
    """What this process holds, with the tasks of the server."""
    assert mock.loop_thread is not None
    tasks = mock.loop_thread.run(count_tasks())
    gc.collect()
    return Size(resident(), tasks, len(open_files()), threading.active_count())


@asynccontextmanager
async def site() -> AsyncIterator[str]:
    """An endpoint of the user's, quicker than one of a framework; gives its URL."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = head.partition(b"Content-Length: ")[2].partition(b"\r")[0]
        await reader.readexactly(int(length or 0))
        status = b"500 Oh" if b"/broken" in head else b"200 OK"
        writer.write(
            b"HTTP/1.1 %s\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n%s"
            % (status, len(TWIML), TWIML)
        )
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"


async def walk(wire: Wire, url: str, *, with_call: bool) -> int:
    """Create, read, change, list, refuse, call, delete: how many requests that took."""
    before = wire.asked
    made = await wire.ask("POST", "Applications.json", {"VoiceUrl": f"{url}/broken"})
    sid = made.json["sid"]
    fallback = {"VoiceFallbackUrl": url, "StatusCallback": url, "FriendlyName": "x" * 60}
    assert (await wire.ask("POST", f"Applications/{sid}.json", fallback)).status == 200
    for _ in range(8):
        wire.send("GET", f"Applications/{sid}.json")  # one behind the other, answered in turn
    assert {(await wire.receive()).status for _ in range(8)} <= {200, 503}
    assert (await wire.ask("GET", "Applications.json?PageSize=20")).status == 200
    assert (await wire.ask("POST", "Applications.json", {"VoiceMethod": "PUT"})).status == 400
    if with_call:
        await call_and_hang_up(wire, sid)
    assert (await wire.ask("DELETE", f"Applications/{sid}.json")).status == 204
    assert (await wire.ask("GET", f"Applications/{sid}.json")).status in (404, 503)
    return wire.asked - before


async def call_and_hang_up(wire: Wire, sid: str) -> None:
    """A call whose URL fails, so that the fallback is asked, and its end: three webhooks."""
    place = f"/_twilio_mock/accounts/{wire.root.rpartition('/')[2]}"
    delivery = (await wire.ask_json(f"{place}/incoming_call", {"application_sid": sid})).json
    assert [each["error_code"] for each in delivery["attempts"]] == [11217, None]
    completed = {"status": "completed"}
    ended = await wire.ask_json(f"{place}/deliveries/{delivery['sid']}/status", completed)
    assert ended.status == 200


async def ask_for_long(mock: TwilioMock) -> list[Size]:
    """Ask so often; the sizes after each tenth."""
    sizes: list[Size] = []
    async with site() as url:

        async def live(share: int) -> None:
            done = 0
            while done < share:
                async with Wire(mock.account, mock.url) as wire:  # now and then a new connection
                    for number in range(5):
                        done += await walk(wire, url, with_call=number % CALLS == 0)

        for _ in range(10):
            async with asyncio.TaskGroup() as group:
                for _ in range(CLIENTS):
                    group.create_task(live(REQUESTS // 10 // CLIENTS))
            sizes.append(await asyncio.to_thread(size_of, mock))
    return sizes


@pytest.mark.skipif(sys.platform != "linux", reason="it reads /proc")
def test_memory_tasks_files_and_threads_stay_as_they_are_after_the_warming_up(tell: Tell) -> None:
    kept = effort(50, 1000)
    settings = Settings(journal_limit=kept, remembered_deletions=kept)
    with TwilioMock(settings=settings, redirect=False) as mock:
        mock.fault("FetchApplication", error(20503), probability=0.01)
        mock.fault("ListApplication", delay(0.001), probability=0.05)
        for _ in range(50):
            mock.applications.create(friendly_name="stays")
        sizes = asyncio.run(ask_for_long(mock))
        journal = mock.state.accounts[mock.sid].journal
        asked = len(journal.lines) + journal.dropped
        webhooks = len(mock.webhooks) + mock.webhooks.dropped
        assert len(journal.lines) == kept == len(mock.webhooks)
        assert len(mock.applications) == 50
    warm, last = sizes[WARM - 1], sizes[-1]
    growth = last.bytes / warm.bytes - 1
    tell("requests", f"{asked:,}, with {3 * webhooks:,} webhooks")
    tell("memory after each tenth, MiB", " ".join(f"{each.bytes / 2**20:.1f}" for each in sizes))
    tell("growth after the warming up", f"{growth:.2%}")
    tell("tasks, files, threads", f"{warm[1:]} and in the end {last[1:]}")
    assert asked >= 0.8 * REQUESTS
    assert growth < 0.05, sizes
    assert last.threads <= warm.threads
    # The last connections may just be coming to their end.
    assert last.tasks <= warm.tasks + CLIENTS
    assert last.files <= warm.files + CLIENTS
