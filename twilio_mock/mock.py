"""What a test holds: a mock of Twilio, in its blocking and its async face."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import wraps
from inspect import iscoroutinefunction
from os import PathLike
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, ParamSpec, Self, TypeVar, cast

from twilio_mock.account_handles import AccountHandle
from twilio_mock.control.accounts import Accounts
from twilio_mock.control.requests import Requests
from twilio_mock.control.seed_file import Document, export, read_document, seed
from twilio_mock.control.seeding import open_account
from twilio_mock.defaults import DEFAULT_ACCOUNT_SID, DEFAULT_AUTH_TOKEN
from twilio_mock.resources import RESOURCES
from twilio_mock.resources.schema import Resource
from twilio_mock.settings import Settings
from twilio_mock.state import State
from twilio_mock.state.webhooks import WebhookSettings

# aiohttp takes a third of a second to import, and twilio a second: both are imported where a
# server is started or a client is made.
if TYPE_CHECKING:
    from aiohttp import web

    from twilio_mock.serving.loop_thread import LoopThread
    from twilio_mock.serving.server import Server
    from twilio_mock.serving.targets import Target

P = ParamSpec("P")
T = TypeVar("T")
Transport = Literal["socket", "in_process"]

RUNS_ALREADY = "twilio_mock: this mock is running already; make a second one"


class TwilioMock(AccountHandle):
    """Twilio's Applications API, alive while the `with` or `async with` block is, or the
    function that it decorates.

    It has one account, or more, and is itself the handle of the first, its default account.

    `with` runs the server in a thread of its own, `async with` in the running loop. `accounts`
    maps further AccountSids to their auth tokens. `seed` makes the SIDs the same in every run.
    `resources` adds resources of your own to those that the mock has. Webhooks are delivered to
    this machine, and besides it to `allow_hosts`, which may have patterns (`*.example.com`).

    While it is active, twilio-python asks it instead of the real Twilio, whatever client the code
    makes or has made; `redirect=False` leaves the SDK alone. `allow` names what may be asked for
    real, such as `lookups.twilio.com`; any other host of Twilio's raises `EscapedRequest`. With
    `transport="in_process"` there is no server: the SDK is answered without a socket.
    What was stored stays when the block ends; a mock can be entered again.

    Raises `ValueError` for an AccountSid or a transport that is none, and, on entering, `OSError`
    for a port that is taken and `RuntimeError` if it is running already.
    """

    def __init__(
        self,
        *,
        account_sid: str = DEFAULT_ACCOUNT_SID,
        auth_token: str = DEFAULT_AUTH_TOKEN,
        accounts: Mapping[str, str] | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        seed: str | None = None,
        settings: Settings | None = None,
        resources: Iterable[Resource] = RESOURCES,
        allow_hosts: Iterable[str] = (),
        redirect: bool = True,
        transport: Transport = "socket",
        allow: Collection[str] = (),
    ) -> None:
        if transport not in ("socket", "in_process"):
            raise ValueError(f"twilio_mock: transport is socket or in_process, not {transport!r}")
        self.redirect = redirect
        self.transport = transport
        self.allow = allow
        self.host = host
        self.port = port
        self.state = State(resources, settings or Settings(), seed)
        self.state.webhook_settings = WebhookSettings(allow_hosts=frozenset(allow_hosts))
        for sid, token in {account_sid: auth_token, **(accounts or {})}.items():
            open_account(self.state, {"sid": sid, "auth_token": token})
        super().__init__(self, self.state.accounts[account_sid])
        self.accounts = Accounts(self.state, lambda account: AccountHandle(self, account))
        self.account = self.accounts[account_sid]
        self._server: Server | None = None
        self._thread: LoopThread | None = None
        self._target: Target | None = None
        self._loop_thread: int | None = None

    def seed(self, part: Document | str | PathLike[str]) -> None:
        """Store a seed document: a file's path, or what was read from one.

        It says what there is in several accounts (`{"accounts": [...]}`), or, as on an account
        handle, what the default account holds. Raises `ValueError`, which names the path to the
        value, and `OSError` for a file that cannot be read; then nothing is stored.
        """
        document = read_document(part)
        if "accounts" in document:
            seed(self.state, document)
        else:
            super().seed(document)

    def export(self) -> dict[str, Any]:
        """The whole state, with its secrets, as a seed document: seeding it gives it again."""
        return export(self.state)

    @property
    def unknown_requests(self) -> Requests:
        """The requests that reached no account: their credentials opened none."""
        return Requests(self.state)

    @property
    def running(self) -> bool:
        """Whether a server is listening."""
        return self._server is not None

    @property
    def in_thread(self) -> bool:
        """Whether the server has a thread of its own."""
        return self._thread is not None

    @property
    def loop_thread(self) -> LoopThread | None:
        """The thread of the server, where it has one."""
        return self._thread

    @property
    def url(self) -> str:
        """Where the server listens, such as `http://127.0.0.1:50123`.

        Raises `RuntimeError` while none does.
        """
        return self._running_server().url

    def __enter__(self) -> Self:
        if self.transport == "socket":
            self._start_in_thread()
        elif self._target is not None:
            raise RuntimeError(RUNS_ALREADY)
        self._lead_the_sdk(self._thread.ident if self._thread else None)
        return self

    def __call__(self, test: Callable[P, T]) -> Callable[P, T]:
        """Decorate a function, plain or async: the mock is active while it runs.

        What the function stores in the default account is taken back when it returns.
        """
        if not iscoroutinefunction(test):

            @wraps(test)
            def run(*args: P.args, **kwargs: P.kwargs) -> T:
                with self, self.rollback():
                    return test(*args, **kwargs)

            return run

        @wraps(test)
        async def run_async(*args: P.args, **kwargs: P.kwargs) -> object:
            async with self:
                with self.rollback():
                    return await test(*args, **kwargs)

        return cast("Callable[P, T]", run_async)

    def _start_in_thread(self) -> None:
        from twilio_mock.serving.loop_thread import LoopThread

        server = self._new_server()
        thread = LoopThread()
        thread.start()
        try:
            thread.run(server.start())
        except BaseException:
            thread.stop()
            raise
        self._server, self._thread = server, thread

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._leave_the_sdk()
        server, thread = self._server, self._thread
        self._server = self._thread = None
        if server is not None and thread is not None:
            try:
                thread.run(server.stop())
            finally:
                thread.stop()

    async def __aenter__(self) -> Self:
        if self.transport == "in_process":
            return self.__enter__()
        server = self._new_server()
        await server.start()
        self._server = server
        self._lead_the_sdk(threading.get_ident())
        return self

    async def __aexit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._leave_the_sdk()
        server, self._server = self._server, None
        if server is not None:
            await server.stop()

    def target(self, allow: Collection[str] = ()) -> Target:
        """This running mock as `serving.redirection` wants it."""
        from twilio_mock.serving.redirection import target_for

        return target_for(self.state, self._server, self._loop_thread, allow)

    def _lead_the_sdk(self, loop_thread: int | None) -> None:
        """Redirect twilio-python to this mock."""
        from twilio_mock.serving.redirection import REDIRECTION

        self._loop_thread = loop_thread
        self._target = self.target(self.allow)
        if self.redirect:
            REDIRECTION.add(self._target)

    def _leave_the_sdk(self) -> None:
        from twilio_mock.serving.redirection import REDIRECTION

        if self._target is not None:
            REDIRECTION.remove(self._target)
            self._target = None

    def _new_server(self) -> Server:
        """A server for this mock, not started yet."""
        from twilio_mock.serving.app import Door
        from twilio_mock.serving.server import Server

        if self._server is not None:
            raise RuntimeError(RUNS_ALREADY)
        door = Door(self.state)
        settings = self.state.settings
        return Server(
            door.answer,
            door.refuse,
            host=self.host,
            port=self.port,
            header_timeout=settings.header_timeout,
        )

    def _running_server(self) -> Server:
        if self.transport == "in_process":
            raise RuntimeError("twilio_mock: there is no URL: the transport is in_process")
        if self._server is None:
            raise RuntimeError("twilio_mock: no server runs; enter the mock with `with` first")
        return self._server


def create_app(mock: TwilioMock | None = None) -> web.Application:
    """An `aiohttp.web.Application` for a runner of your own: `aiohttp_client(create_app(mock))`.

    Without a mock it has one of its own with the default account. What a foreign runner's parser
    refuses is answered in aiohttp's words instead of Twilio's.
    """
    from twilio_mock.serving.app import make_app

    return make_app((mock or TwilioMock()).state)
