"""The base of most comparisons: aiohttp answering constant bytes, as a program or in a thread.

    python -m benchmarks.bare PORT FILE

FILE is JSON: a list of answers, each with `method`, `path`, `status`, `headers` and `body`.
"""

from __future__ import annotations

import asyncio
import json
import sys
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiohttp import web

Answer = Mapping[str, Any]


def make_app(answers: Iterable[Answer]) -> web.Application:
    """An application of one handler for each answer, by its exact path: nothing is faster."""
    app = web.Application()
    for each in answers:
        app.router.add_route(each["method"], each["path"], handler(each))
    return app


def handler(answer: Answer) -> Any:
    """A handler that always answers the same."""
    status, headers, body = answer["status"], answer["headers"], answer["body"].encode()

    async def constant(request: web.Request) -> web.Response:
        return web.Response(status=status, headers=headers, body=body)

    return constant


class BareThread:
    """The application in a new thread with a loop of its own, from `with` on."""

    def __init__(self, answers: Iterable[Answer] = ()) -> None:
        self._answers = answers

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        started = asyncio.run_coroutine_threadsafe(self._start(), self._loop)
        self.url = f"http://127.0.0.1:{started.result()}"
        return self

    async def _start(self) -> int:
        self._runner = web.AppRunner(make_app(self._answers), access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        port: int = self._runner.addresses[0][1]
        return port

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


def main() -> None:
    """Serve until it is ended."""
    answers = json.loads(Path(sys.argv[2]).read_text())
    web.run_app(
        make_app(answers), host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None
    )


if __name__ == "__main__":
    main()
