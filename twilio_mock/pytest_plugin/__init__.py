"""The pytest plugin: fixtures, options and the marker; nothing heavy is imported until used."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from typing import TYPE_CHECKING

import pytest

from twilio_mock.pytest_plugin import options

if TYPE_CHECKING:
    from twilio.rest import Client

    from twilio_mock.account_handles import AccountHandle
    from twilio_mock.mock import TwilioMock
    from twilio_mock.pytest_plugin.one_test import OneTest
    from twilio_mock.pytest_plugin.servers import Servers
    from twilio_mock.pytest_plugin.shared import SharedServer
    from twilio_mock.remote.shared_mock import SharedMock


ONE_TEST: pytest.StashKey[OneTest] = pytest.StashKey()
FAILED = pytest.StashKey[bool]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options of the ini file and of the command line."""
    options.declare(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker, and refuse values that are none."""
    config.addinivalue_line("markers", options.MARKER_HELP)
    options.check(config)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse markers that say what is not understood, before any test runs."""
    for item in items:
        for marker in item.iter_markers(options.MARKER):
            options.check_marker(item, marker)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Make sure that a server which is to be shared is there, once for all workers."""
    values = options.of_session(session.config)
    is_worker = hasattr(session.config, "workerinput")
    if values["url"] and not is_worker and not session.config.option.collectonly:
        from twilio_mock.pytest_plugin.shared import check_server

        check_server(values)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tell in the report of a failed test what its account was asked."""
    report = yield
    test = item.stash.get(ONE_TEST, None)
    if test is not None and report.failed:
        item.stash[FAILED] = True
        test.diagnosis.tell(report)
    if test is not None and report.when == "teardown":
        del item.stash[ONE_TEST]  # the item stays until the end of the session
    return report


@pytest.fixture(scope="session")
def _twilio_mock_servers(pytestconfig: pytest.Config) -> Iterator[Servers | SharedServer]:
    """The session's servers, none of them started yet, or the one that is shared."""
    values = options.of_session(pytestconfig)
    if values["url"]:
        from twilio_mock.pytest_plugin.shared import SharedServer

        yield SharedServer(values["url"], values["control_token"] or None)
        return
    from twilio_mock.pytest_plugin.servers import Servers

    with Servers(values["transport"]) as servers:
        yield servers


@pytest.fixture(scope="session")
def twilio_mock_server(_twilio_mock_servers: Servers | SharedServer) -> TwilioMock | SharedMock:
    """The session's mock: one server in a thread of its own, with no account until one is made.

    Tests take a fresh account of it with `twilio_mock`. With `twilio_mock_url` it is the server
    there, as far as this test run may touch it.
    """
    from twilio_mock.settings import Settings

    return _twilio_mock_servers.with_settings(Settings())


@pytest.fixture
def twilio_mock_settings() -> Mapping[str, object]:
    """Override this to say under which settings tests run: a mapping, empty as it is.

    `account_sid` and `auth_token` are for code that has credentials of its own; each test still
    gets a fresh account under them. All else is a field of `twilio_mock.Settings`.
    """
    return {}


@pytest.fixture
def twilio_mock(
    request: pytest.FixtureRequest,
    _twilio_mock_servers: Servers | SharedServer,
    twilio_mock_server: TwilioMock | SharedMock,
    twilio_mock_settings: Mapping[str, object],
) -> Iterator[AccountHandle]:
    """A fresh account on the session's server, to which twilio-python is redirected.

    TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN are set to it. It is freed after the test.
    """
    from twilio_mock.pytest_plugin.one_test import OneTest

    with_settings = _twilio_mock_servers.with_settings
    item = request.node
    test = OneTest(item, twilio_mock_settings, twilio_mock_server, with_settings)
    test.begin()
    item.stash[ONE_TEST] = test
    yield test.account
    test.end(failed=item.stash.get(FAILED, False))


@pytest.fixture
def async_twilio_mock(twilio_mock: AccountHandle) -> AccountHandle:
    """The same account for async tests: what waits is awaited, in whatever loop of asyncio's."""
    from twilio_mock.pytest_plugin.any_loop import in_any_loop

    return in_any_loop(twilio_mock)


@pytest.fixture
def twilio_client(twilio_mock: AccountHandle) -> Client:
    """Twilio's own SDK for blocking calls, with the credentials of the account `twilio_mock`."""
    return twilio_mock.client()
