"""What a test holds: a mock of Twilio, in its blocking and its async face."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from os import PathLike
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self

from twilio_mock.account_handles import AccountHandle
from twilio_mock.arguments import check_kind, check_server, several
from twilio_mock.control.backend import HERE, Backend
from twilio_mock.control.seed_file import Document, export, read_document, seed_either
from twilio_mock.control.seeding import open_account
from twilio_mock.decoration import P, T, decorated
from twilio_mock.defaults import DEFAULT_ACCOUNT_SID, DEFAULT_AUTH_TOKEN
from twilio_mock.request_handles import Requests
from twilio_mock.resources import RESOURCES
from twilio_mock.resources.schema import Resource
from twilio_mock.serving.redirection import REDIRECTION, target_for
from twilio_mock.serving.targets import Target
from twilio_mock.settings import Settings
from twilio_mock.state import State
from twilio_mock.state.webhooks import WebhookSettings

# aiohttp takes a third of a second to import, and twilio a second: both are imported where a
# server is started or a client is made.
if TYPE_CHECKING:
    from ssl import SSLContext

    from aiohttp import web

    from twilio_mock.serving.live import Live
    from twilio_mock.serving.loop_thread import LoopThread

Transport = Literal["socket", "in_process"]


class TwilioMock(AccountHandle):
    """Twilio's Applications API, alive as long as a block, or the function that it decorates.

    It has one account, or more, and is itself the handle of the first, its default account.
    `with` runs the server in a thread of its own, `async with` in the running loop. `accounts`
    maps further AccountSids to their auth tokens. `seed` makes the SIDs the same in every run.
    `resources` adds resources of your own to those that the mock has. Webhooks are delivered to
    this machine, and besides it to `allow_hosts`, which may have patterns (`*.example.com`).

    While it is active, twilio-python asks it instead of the real Twilio, whatever client the code
    makes or has made; `redirect=False` leaves the SDK alone. `allow` names what may be asked for
    real, such as `lookups.twilio.com`; any other host of Twilio's raises `EscapedRequest`. With
    `transport="in_process"` there is no server: the SDK is answered without a socket.
    With `proxy=True` it is also a proxy that plays api.twilio.com, whose CA is written to
    `ca_folder` (extra `proxy`), and passes on the hosts of `allow`. With `tls` it speaks HTTPS.
    What was stored stays when the block ends; a mock can be entered again.

    Raises `ValueError` for an AccountSid or a transport that is none and for resources that will
    not do together, `TypeError` for a value of the wrong kind, on entering `OSError` for a port
    that is taken.
    """

    backend: Backend = HERE

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
        proxy: bool = False,
        ca_folder: str | PathLike[str] | None = None,
        tls: SSLContext | None = None,
    ) -> None:
        check_server(transport, port, tls is not None, proxy)
        self.redirect, self.transport = redirect, transport
        self.allow = several("allow", allow)
        settings = Settings() if settings is None else settings
        check_kind("settings", settings, Settings, "a Settings(application_limit=2)")
        check_kind("accounts", accounts or {}, Mapping, "a mapping of AccountSids to auth tokens")
        self.host, self.port, self.tls = host, port, tls
        self.state = State(resources, settings, seed)
        hosts = several("allow_hosts", allow_hosts)
        self.state.webhook_settings = WebhookSettings(allow_hosts=hosts)
        for sid, token in {account_sid: auth_token, **(accounts or {})}.items():
            open_account(self.state, {"sid": sid, "auth_token": token})
        super().__init__(self, self.state.accounts[account_sid])
        self.accounts = HERE.accounts(self.state, lambda account: AccountHandle(self, account))
        self.account = self.accounts[account_sid]
        self._live: Live | None = None
        self._target: Target | None = None
        self._proxy = (self.allow, ca_folder) if proxy else None

    def seed(self, part: Document | str | PathLike[str]) -> None:
        """Store a seed document: a file's path, or what was read from one.

        It says what there is in several accounts (`{"accounts": [...]}`), or, as on an account
        handle, what the default account holds. Raises `ValueError`, which names the path to the
        value, and `OSError` for a file that cannot be read; then nothing is stored.
        """
        seed_either(self.state.accounts[self.sid], read_document(part))

    def export(self) -> dict[str, Any]:
        """The whole state, with its secrets, as a seed document: seeding it gives it again."""
        return export(self.state)

    @property
    def unknown_requests(self) -> Requests:
        """The requests that reached no account: their credentials opened none."""
        return Requests(self.state, blocking=self.blocking)

    @property
    def running(self) -> bool:
        """Whether a server is listening."""
        return self._live is not None

    @property
    def in_thread(self) -> bool:
        """Whether the server has a thread of its own."""
        return self.loop_thread is not None

    blocking = in_thread

    @property
    def loop_thread(self) -> LoopThread | None:
        """The thread of the server, where it has one."""
        return self._live.thread if self._live else None

    @property
    def url(self) -> str:
        """Where the server listens, such as `http://127.0.0.1:50123`.

        Raises `RuntimeError` while none does.
        """
        if self.transport == "in_process":
            raise RuntimeError("twilio_mock: there is no URL: the transport is in_process")
        if self._live is None:
            raise RuntimeError("twilio_mock: no server runs; enter the mock with `with` first")
        return self._live.server.url

    @property
    def proxy_environment(self) -> dict[str, str]:
        """The environment variables that lead a program through the proxy, unchanged.

        Raises `RuntimeError` without `proxy=True`, and while the mock does not run.
        """
        if self._live is None or self._live.front is None:
            raise RuntimeError("twilio_mock: no proxy runs; enter a TwilioMock(proxy=True) first")
        return self._live.front.environment(self.url)

    def __enter__(self) -> Self:
        self._check_idle()
        if self.transport == "socket":
            from twilio_mock.serving.live import Live, Place

            place = Place(self.host, self.port, self.tls, self._proxy)
            self._live = Live.in_thread(self.state, place)
            self.state.served = True
        self._lead_the_sdk()
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if (live := self._leave()) is not None:
            live.stop()

    async def __aenter__(self) -> Self:
        self._check_idle()
        if self.transport == "socket":
            from twilio_mock.serving.live import Live, Place

            place = Place(self.host, self.port, self.tls, self._proxy)
            self._live = await Live.in_this_loop(self.state, place)
            self.state.served = True
        self._lead_the_sdk()
        return self

    async def __aexit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if (live := self._leave()) is not None:
            await live.end()

    def __call__(self, function: Callable[P, T]) -> Callable[P, T]:
        """Decorate a function, plain or async: the mock is active while it runs.

        What the function stores in the default account is taken back when it returns.
        """
        return decorated(self, function)

    def target(self, allow: Collection[str] = ()) -> Target:
        """This active mock as `serving.redirection` wants it."""
        url, thread = (live.server.url, live.loop_thread) if (live := self._live) else (None, None)
        return target_for(self.state, url, thread, allow)

    def _lead_the_sdk(self) -> None:
        """Redirect twilio-python to this mock."""
        self._target = self.target(self.allow)
        if self.redirect:
            REDIRECTION.add(self._target)

    def _leave(self) -> Live | None:
        """Lead the SDK here no longer, let go who waits, and give what is to be stopped."""
        if self._target is not None:
            REDIRECTION.remove(self._target)
            self._target = None
        self.state.release_all()
        live, self._live, self.state.served = self._live, None, False
        return live

    def _check_idle(self) -> None:
        if self._target is not None:
            raise RuntimeError("twilio_mock: this mock is running already; make a second one")


def create_app(mock: TwilioMock | None = None) -> web.Application:
    """An `aiohttp.web.Application` for a runner of your own: `aiohttp_client(create_app(mock))`.

    Without a mock it has one of its own with the default account. What a foreign runner's parser
    refuses is answered in aiohttp's words instead of Twilio's.
    """
    from twilio_mock.serving.app import make_app

    return make_app((mock or TwilioMock()).state)
