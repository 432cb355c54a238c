"""One long-lived Node process that runs JavaScript snippets with twilio-node for the tests."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.real_parts import NODE_PROJECT, clean_environment
from twilio_mock import TwilioMock

DRIVER = Path(__file__).with_name("node_driver.mjs")


class NodeError(Exception):
    """What a snippet threw: the name of its class and the properties of a RestException."""

    def __init__(self, thrown: dict[str, Any]) -> None:
        super().__init__(thrown.get("message"))
        self.thrown = thrown


@contextmanager
def started_node() -> Iterator[subprocess.Popen[str]]:
    """Node with twilio loaded, for many tests: loading it takes longer than any of them."""
    with subprocess.Popen(
        ["node", str(DRIVER)],
        cwd=NODE_PROJECT,
        env=clean_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        try:
            yield process
        finally:
            process.kill()


class Node:
    """A Node process whose `client` is wired to one mock."""

    def __init__(self, process: subprocess.Popen[str], mock: TwilioMock) -> None:
        self._process = process
        self._mock = mock

    def __call__(self, snippet: str, /, **given: object) -> Any:
        """Run the body of an async function that has `client` and what is given, and `return`s.

        Raises `NodeError` for what the snippet throws.
        """
        assert self._process.stdin
        assert self._process.stdout
        task = {
            "url": self._mock.url,
            "accountSid": self._mock.account.sid,
            "authToken": self._mock.account.auth_token,
            "snippet": snippet,
            "given": given,
        }
        print(json.dumps(task), file=self._process.stdin, flush=True)
        answer = json.loads(self._process.stdout.readline())
        if "error" in answer:
            raise NodeError(answer["error"])
        return answer["value"]

    def create(self, **parameters: object) -> str:
        """The SID of a new application."""
        snippet = "return (await client.applications.create(parameters)).sid"
        return str(self(snippet, parameters=parameters))

    def create_many(self, count: int) -> set[str]:
        """The SIDs of so many new applications, asked for twenty at a time."""
        snippet = """
            const created = [];
            while (created.length < count) {
                const length = Math.min(20, count - created.length);
                const wave = Array.from({length}, () => client.applications.create());
                created.push(...(await Promise.all(wave)));
            }
            return created.map((application) => application.sid);
        """
        return set(self(snippet, count=count))
