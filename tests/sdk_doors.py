"""Twilio's SDK through four doors: blocking and async, over the socket and in process."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from twilio_mock import AccountHandle

SDK_DOORS = ["blocking socket", "blocking in process", "async socket", "async in process"]


@dataclass
class Sdk:
    """Calls Twilio's SDK for one account; an async call gets a loop of its own."""

    account: AccountHandle
    door: str
    timeout: float | None = None

    @property
    def is_async(self) -> bool:
        return self.door.startswith("async")

    @property
    def in_process(self) -> bool:
        return self.door.endswith("in process")

    def call(self, path: str, name: str, *arguments: Any, **fields: Any) -> Any:
        """Call a method of the SDK by its name: `call("applications", "create")`."""
        if self.is_async:
            return asyncio.run(self._call_async(path, name, arguments, fields))
        client = self.account.client(in_process=self.in_process, timeout=self.timeout)
        return getattr(self._resource(client, path, arguments), name)(**fields)

    async def _call_async(
        self, path: str, name: str, arguments: tuple[Any, ...], fields: dict[str, Any]
    ) -> Any:
        client = self.account.async_client(in_process=self.in_process)
        async with asyncio.timeout(self.timeout):
            resource = self._resource(client, path, arguments)
            return await getattr(resource, name + "_async")(**fields)

    @staticmethod
    def _resource(client: Any, path: str, arguments: tuple[Any, ...]) -> Any:
        resource = getattr(client, path)
        return resource(*arguments) if arguments else resource

    def create(self, **fields: Any) -> Any:
        return self.call("applications", "create", **fields)

    def fetch(self, sid: str) -> Any:
        return self.call("applications", "fetch", sid)

    def update(self, sid: str, **fields: Any) -> Any:
        return self.call("applications", "update", sid, **fields)

    def delete(self, sid: str) -> Any:
        return self.call("applications", "delete", sid)

    def names(self) -> list[str | None]:
        """The friendly names that the list shows."""
        return [each.friendly_name for each in self.call("applications", "list")]
