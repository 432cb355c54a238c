"""A crowd of clients that change several accounts at once, and what they were told of it."""

from __future__ import annotations

import asyncio
import random
import re
from dataclasses import dataclass, field

from tests.reliability.wires import Answer, Wire
from twilio_mock import AccountHandle, TwilioMock

ACCOUNT_SID = re.compile(rb"AC[0-9a-f]{32}")
MOST_APPLICATIONS = 12  # of one client, so that an account stays below its limit


@dataclass
class Told:
    """What the clients of one account were told that it holds."""

    account: AccountHandle
    mark: str
    applications: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, str | None] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    anchors: list[str] = field(default_factory=list)
    asked: int = 0
    walks: int = 0
    refused: int = 0


class Client:
    """One client: it changes what it has made itself, and reads what everybody has."""

    def __init__(self, told: Told, name: int, wire: Wire) -> None:
        self.told = told
        self.wire = wire
        self.luck = random.Random(name)
        self.own: list[str] = []
        self.number = f"+1500{name:03d}"
        self.numbers: list[str] = []

    async def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> Answer:
        """Ask; whatever is answered is about this account and no other."""
        answer = await self.wire.ask(method, path, form)
        strangers = set(ACCOUNT_SID.findall(answer.body)) - {self.told.account.sid.encode()}
        assert not strangers, f"{method} {path} told of {strangers}"
        marks = set(re.findall(rb'"(mark-\d)', answer.body)) - {self.told.mark.encode()}
        assert not marks, f"{method} {path} told of {marks}"
        return answer

    async def create(self) -> None:
        """A new Application."""
        if len(self.own) >= MOST_APPLICATIONS:
            return await self.delete()
        name = f"{self.told.mark} {self.luck.random()}"
        answer = await self.ask("POST", "Applications.json", {"FriendlyName": name})
        assert answer.status == 201, answer
        self.own.append(answer.json["sid"])
        self.told.applications[self.own[-1]] = name

    async def update(self) -> None:
        """Another name for one of them."""
        if self.own:
            sid, name = self.luck.choice(self.own), f"{self.told.mark} {self.luck.random()}"
            answer = await self.ask("POST", f"Applications/{sid}.json", {"FriendlyName": name})
            assert (answer.status, answer.json["friendly_name"]) == (200, name)
            self.told.applications[sid] = name

    async def delete(self) -> None:
        """One of them goes, and with it leaves the numbers that carry it."""
        if self.own:
            sid = self.own.pop(self.luck.randrange(len(self.own)))
            answer = await self.ask("DELETE", f"Applications/{sid}.json")
            assert answer.status == 204, answer
            del self.told.applications[sid]
            self.told.deleted.add(sid)

    async def assign(self) -> None:
        """A number of our own gets an Application of anybody's, which may go at any moment."""
        if len(self.numbers) < 2:
            form = {"PhoneNumber": f"{self.number}{len(self.numbers):04d}"}
            answer = await self.ask("POST", "IncomingPhoneNumbers.json", form)
            assert answer.status == 201, answer
            self.numbers.append(answer.json["sid"])
            self.told.numbers[self.numbers[-1]] = None
            return
        number, known = self.luck.choice(self.numbers), list(self.told.applications)
        if known:
            sid = self.luck.choice(known)
            form = {"VoiceApplicationSid": sid}
            answer = await self.ask("POST", f"IncomingPhoneNumbers/{number}.json", form)
            if answer.status == 200:
                self.told.numbers[number] = sid
            else:  # it went while we were asking
                assert sid in self.told.deleted or sid not in self.told.applications, answer
                self.told.refused += 1

    async def walk(self) -> None:
        """All Applications, page by page: those that stay are there, and none is there twice."""
        path, seen = f"Applications.json?PageSize={self.luck.choice([20, 50, 200])}", []
        while path:
            page = (await self.ask("GET", path)).json
            seen += [each["sid"] for each in page["applications"]]
            path = page["next_page_uri"] or ""
        assert len(seen) == len(set(seen)), "a walk met a record twice"
        assert set(self.told.anchors) <= set(seen), "a walk has missed a record"
        self.told.walks += 1

    async def act(self) -> None:
        """Something."""
        acts = [self.create] * 4 + [self.update] * 3 + [self.delete] * 2 + [self.assign] * 3
        await self.luck.choice([*acts, self.walk])()


async def crowd(mock: TwilioMock, clients: int, accounts: int, seconds: float) -> list[Told]:
    """Let clients loose on new accounts for some time; what they were told."""
    told = [Told(mock.accounts.create(), f"mark-{number}") for number in range(accounts)]
    for each in told:
        for number in range(20):
            title = f"{each.mark} anchor {number}"
            sid = each.account.applications.create(friendly_name=title).sid
            each.anchors.append(sid)
            each.applications[sid] = title
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds

    async def live(name: int) -> None:
        mine = told[name % accounts]
        async with Wire(mine.account, mock.url) as wire:
            client = Client(mine, name, wire)
            await client.create()
            await client.walk()
            while loop.time() < end:
                await client.act()
            mine.asked += wire.asked

    async with asyncio.TaskGroup() as group:
        for name in range(clients):
            group.create_task(live(name))
    return told
