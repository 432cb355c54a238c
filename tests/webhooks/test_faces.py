"""The blocking and the async face: who waits, who must not, and what is left behind."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from freezegun import freeze_time

from tests.webhooks.endpoints import Answer, Endpoint, say
from tests.webhooks.misbehaving import listening, never_answer
from twilio_mock import TwilioMock


async def test_a_blocking_call_in_a_running_loop_is_refused_with_advice(
    endpoint: Endpoint,
) -> None:
    with TwilioMock() as mock:
        app = mock.applications.create(voice_url=endpoint.at("/voice", say("Hello")))
        with pytest.raises(RuntimeError, match=r"would block the event loop.*Use `async with"):
            app.incoming_call()
        assert endpoint.asked == []
        in_a_thread = await asyncio.to_thread(app.incoming_call)
        assert in_a_thread.error_code is None


async def test_an_endpoint_in_the_test_s_own_loop_can_be_asked(endpoint: Endpoint) -> None:
    async def voice(request: web.Request) -> web.Response:
        return web.Response(text="<Response><Say>Hello</Say></Response>", content_type="text/xml")

    site = web.Application()
    site.router.add_post("/voice", voice)
    async with TwilioMock() as mock, TestServer(site) as server:
        app = mock.applications.create(voice_url=str(server.make_url("/voice")))
        delivery = await app.incoming_call()
        assert delivery.twiml.find("Say").text == "Hello"
        assert await delivery.hang_up() is delivery
        assert delivery.status == "completed"


async def test_what_is_not_awaited_cannot_be_read(endpoint: Endpoint) -> None:
    async with TwilioMock() as mock:
        app = mock.applications.create(voice_url=endpoint.at("/voice", say("Hello")))
        delivery = app.incoming_call()
        for read in (lambda: delivery.attempts, lambda: delivery.twiml, delivery.hang_up):
            with pytest.raises(RuntimeError, match="nothing was sent yet; await this first"):
                read()
        assert endpoint.asked == []
        await delivery
        await delivery
        assert len(endpoint.asked) == 1


def test_a_mock_that_was_not_entered_delivers_all_the_same(endpoint: Endpoint) -> None:
    before = set(threading.enumerate())
    mock = TwilioMock()
    app = mock.applications.create(voice_url=endpoint.at("/voice", say("Hello")))
    assert app.incoming_call().error_code is None
    # The endpoint's own threads may still be ending.
    left = {each.name for each in set(threading.enumerate()) - before}
    assert {name for name in left if "process_request" not in name} == set()


def test_time_outs_are_real_while_time_is_frozen(endpoint: Endpoint) -> None:
    with TwilioMock() as mock, freeze_time("2026-02-28"), listening(never_answer) as address:
        mock.webhooks.configure(total_timeout=0.25)
        app = mock.applications.create(
            voice_url=f"http://{address}/", voice_fallback_url=endpoint.at("/fallback")
        )
        delivery = app.incoming_call()
        assert [attempt.error_code for attempt in delivery.attempts] == [11203, None]
        assert delivery.attempts[0].seconds > 0.2
        assert delivery.events[0].time == mock.webhooks[0].started == 1772236800


def test_a_delivery_under_way_ends_when_the_mock_is_stopped() -> None:
    arrived = threading.Event()

    def arrive(connection: object) -> None:
        arrived.set()
        never_answer(connection)  # type: ignore[arg-type]

    problems: list[BaseException] = []
    with listening(arrive) as address:
        mock = TwilioMock()
        with mock:
            app = mock.applications.create(voice_url=f"http://{address}/")

            def call() -> None:
                try:
                    app.incoming_call()
                except RuntimeError as problem:
                    problems.append(problem)

            caller = threading.Thread(target=call)
            caller.start()
            arrived.wait()
        caller.join(5)
        assert not caller.is_alive()
    assert [str(each) for each in problems] == [
        "twilio_mock: the thread was stopped while it was waited for"
    ]


async def test_a_delivery_that_is_cancelled_ends_at_once() -> None:
    arrived = threading.Event()

    def arrive(connection: object) -> None:
        arrived.set()
        never_answer(connection)  # type: ignore[arg-type]

    with listening(arrive) as address:
        async with TwilioMock() as mock:
            app = mock.applications.create(voice_url=f"http://{address}/")

            async def call() -> None:
                await app.incoming_call()

            task = asyncio.create_task(call())
            await asyncio.to_thread(arrived.wait)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task


def test_threads_can_call_at_once(endpoint: Endpoint) -> None:
    with TwilioMock() as mock:
        url = endpoint.at("/voice", say("Hello"))
        app = mock.applications.create(voice_url=url, status_callback=endpoint.at("/status"))
        sids: list[str] = []

        def call() -> None:
            for _ in range(5):
                sids.append(app.incoming_call().hang_up(duration=1).sid)

        threads = [threading.Thread(target=call) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(set(sids)) == 40
        assert {each.sid for each in mock.webhooks} == set(sids)
        assert len(endpoint.asked) == 80


def test_an_endpoint_may_ask_the_mock_while_it_answers(endpoint: Endpoint) -> None:
    with TwilioMock() as mock:
        url = endpoint.at("/voice", say("Hello"))
        app = mock.applications.create(voice_url=url)
        client = mock.account.client()
        answer: Callable[..., Answer] = endpoint.answer

        def ask_back(asked: object) -> Answer:
            client.applications(app.sid).update(friendly_name="Called")
            return answer(asked)

        endpoint.answer = ask_back  # type: ignore[method-assign]
        assert app.incoming_call().error_code is None
        assert app.friendly_name == "Called"
