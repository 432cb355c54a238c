"""What the tests of the plugin share: a pytest inside the test."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

# Imported here once: an inner run would import them anew each time, and forget them.
import twilio.rest

from tests.inner_pytest import without_coverage
from twilio_mock.pytest_plugin import any_loop, one_test, servers

PRELOADED = (twilio.rest, any_loop, one_test, servers)

INI = """\
[pytest]
addopts = -p no:randomly -p no:schemathesis -p no:cacheprovider --strict-markers -W error
asyncio_default_fixture_loop_scope = function
"""
PROVISION = '''
"""The application: it makes its client itself, deep inside."""
from twilio.rest import Client

def provision(name, **fields):
    return Client().applications.create(friendly_name=name, **fields).sid
'''

Run = Callable[..., pytest.RunResult]


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a test module in a pytest inside this one; `ini` adds lines to its configuration."""
    monkeypatch.delenv("TWILIO_ACCOUNT_SID", raising=False)
    monkeypatch.delenv("TWILIO_AUTH_TOKEN", raising=False)
    monkeypatch.delenv("CI", raising=False)  # there pytest writes longer lines
    pytester.makepyfile(provision=PROVISION)

    def run_inside(
        text: str, *flags: str, ini: str = "", conftest: str = "", apart: bool = False
    ) -> pytest.RunResult:
        pytester.makefile(".ini", pytest=INI + ini)
        pytester.makepyfile(test_it=text)
        if conftest:
            pytester.makeconftest(conftest)
        if not apart:
            return pytester.runpytest(*flags)
        # In a process of its own, where other plugins or workers could disturb this one.
        for name in os.environ.keys() - without_coverage(os.environ).keys():
            monkeypatch.delenv(name)
        return pytester.runpytest_subprocess(*flags)

    return run_inside
