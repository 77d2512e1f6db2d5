"""More than can be worked on at once waits its turn or is refused; health is always answered."""

import asyncio
import json
import socket
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from skillpassport.web import admission
from skillpassport.web.admission import Admission, accept_queue
from skillpassport.web.metrics import Metrics

Answer = tuple[int, dict[str, str], bytes]


class Slow:
    """An application that answers when it is told to, each request in turn or all."""

    def __init__(self) -> None:
        self.go_on = asyncio.Event()
        self.begun = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.begun += 1
        await receive()
        if scope["path"] != "/livez":
            await self.go_on.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


async def at_once() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


async def ask(
    app: ASGIApp, path: str = "/x", method: str = "GET", receive: Receive = at_once
) -> Answer:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    scope: dict[str, Any] = {
        "type": "http", "method": method, "path": path, "headers": [],
        "app": SimpleNamespace(state=SimpleNamespace()),
    }  # fmt: skip
    await app(scope, receive, send)
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], headers, sent[1]["body"]


def admitting(app: ASGIApp, at_once: int = 3, writes: int = 2, waiting: int = 0) -> Admission:
    base = "https://passport.example"
    return Admission(app, base, Metrics(), at_once=at_once, writes_at_once=writes, waiting=waiting)


async def started(number: int, ask_one: Callable[[], Any]) -> list["asyncio.Task[Answer]"]:
    tasks = [asyncio.create_task(ask_one()) for _ in range(number)]
    for _ in range(5):
        await asyncio.sleep(0)
    return tasks


def test_what_is_too_much_is_refused_at_once_and_the_rest_is_served() -> None:
    async def play() -> None:
        app = Slow()
        door = admitting(app)
        tasks = await started(3, lambda: ask(door))
        status, headers, body = await ask(door)
        problem = json.loads(body)
        assert (status, problem["code"], problem["status"]) == (503, "overloaded", 503)
        assert headers["content-type"] == "application/problem+json"
        assert int(headers["retry-after"]) > 0
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-request-id"] == problem["trace_id"] != "0" * 32
        assert int(headers["content-length"]) == len(body)
        assert app.begun == 3
        app.go_on.set()
        assert [answer[0] for answer in await asyncio.gather(*tasks)] == [200] * 3
        assert (await ask(door))[0] == 200

    asyncio.run(play())


def test_a_burst_waits_its_turn_and_nobody_is_refused() -> None:
    async def play() -> None:
        app = Slow()
        door = admitting(app, waiting=10)
        tasks = await started(13, lambda: ask(door))
        assert app.begun == 3
        assert (await ask(door))[0] == 503
        app.go_on.set()
        assert [answer[0] for answer in await asyncio.gather(*tasks)] == [200] * 13
        assert (await ask(door))[0] == 200

    asyncio.run(play())


def test_waiting_writes_are_passed_by_reads_and_served_in_the_order_of_coming() -> None:
    async def play() -> None:
        app = Slow()
        door = admitting(app, waiting=10)
        ended: list[str] = []

        async def one(path: str, method: str) -> int:
            status, _, _ = await ask(door, path, method)
            ended.append(path)
            return status

        writes = [asyncio.create_task(one(f"/{n}", "POST")) for n in range(6)]
        await asyncio.sleep(0)
        read = asyncio.create_task(one("/read", "GET"))
        for _ in range(5):
            await asyncio.sleep(0)
        assert app.begun == 3  # two writes, and the read that came after all of them
        app.go_on.set()
        assert await asyncio.gather(*writes, read) == [200] * 7
        assert [path for path in ended if path != "/read"] == [f"/{n}" for n in range(6)]

    asyncio.run(play())


def test_who_gives_up_while_waiting_leaves_the_place_to_the_next() -> None:
    async def play() -> None:
        app = Slow()
        door = admitting(app, waiting=10)
        tasks = await started(8, lambda: ask(door))
        for task in (tasks[3], tasks[5]):
            task.cancel()
        app.go_on.set()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        served = [answer for answer in ended if not isinstance(answer, BaseException)]
        assert [answer[0] for answer in served] == [200] * 6
        again = await asyncio.gather(*(ask(door) for _ in range(3)))
        assert [answer[0] for answer in again] == [200] * 3

    asyncio.run(play())


def test_those_who_wait_for_their_client_let_others_in_that_wait() -> None:
    async def play() -> None:
        app, never = Slow(), asyncio.Event()
        app.go_on.set()

        async def drip() -> Message:
            await never.wait()
            return await at_once()

        door = admitting(app, waiting=10)
        dripping = [asyncio.create_task(ask(door, "/x", "GET", drip)) for _ in range(3)]
        quick = [asyncio.create_task(ask(door)) for _ in range(5)]
        assert {answer[0] for answer in await asyncio.gather(*quick)} == {200}
        never.set()
        assert {answer[0] for answer in await asyncio.gather(*dripping)} == {200}

    asyncio.run(play())


def test_health_is_answered_whatever_else_is_going_on() -> None:
    async def play() -> None:
        app = Slow()
        door = admitting(app)
        tasks = await started(3, lambda: ask(door))
        assert (await ask(door, "/livez"))[0] == 200
        app.go_on.set()
        await asyncio.gather(*tasks)

    asyncio.run(play())


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/x", 200), ("POST", "/api/v1/verifications", 200), ("POST", "/x", 503)],
)
def test_writes_that_wait_leave_room_for_reading(method: str, path: str, status: int) -> None:
    async def play() -> None:
        app = Slow()
        door = admitting(app)
        tasks = await started(2, lambda: ask(door, "/api/v1/credentials", "POST"))
        asked = (await started(1, lambda: ask(door, path, method)))[0]
        app.go_on.set()
        assert (await asked)[0] == status
        await asyncio.gather(*tasks)

    asyncio.run(play())


def test_those_who_wait_for_their_own_client_keep_nobody_out() -> None:
    async def play() -> None:
        app, never = Slow(), asyncio.Event()

        async def drip() -> Message:
            await never.wait()
            return await at_once()

        door = admitting(app)
        waiting = await started(50, lambda: ask(door, "/x", "POST", drip))
        app.go_on.set()
        assert (await ask(door))[0] == 200
        never.set()
        assert {answer[0] for answer in await asyncio.gather(*waiting)} == {200}

    asyncio.run(play())


def test_an_application_that_fails_gives_its_place_back() -> None:
    async def fails(scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError

    async def play() -> None:
        door = admitting(fails)
        for _ in range(5):
            with pytest.raises(RuntimeError):
                await ask(door)

    asyncio.run(play())


def test_a_turn_of_the_loop_does_not_go_on_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests that are answered without waiting never stand beside each other."""
    monkeypatch.setattr(admission, "TURN_REQUESTS", 4)
    monkeypatch.setattr(admission, "TURN_SECONDS", 0.0)

    async def play() -> None:
        app = Slow()
        app.go_on.set()
        door = admitting(app)
        answers = await asyncio.gather(*(ask(door) for _ in range(10)))
        assert [status for status, _, _ in answers] == [200] * 4 + [503] * 6
        assert (await ask(door))[0] == 200

    asyncio.run(play())


def test_a_loop_that_ended_leaves_no_turn_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "TURN_REQUESTS", 4)
    monkeypatch.setattr(admission, "TURN_SECONDS", 0.0)
    app = Slow()
    app.go_on.set()
    door = admitting(app)
    for _ in range(10):
        assert asyncio.run(ask(door))[0] == 200


def test_the_queue_before_a_socket_is_counted() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=100) as listening:
        clients = [socket.create_connection(listening.getsockname()) for _ in range(7)]
        assert accept_queue(listening) in {0, 7}  # 0 where the system does not say
        for client in clients:
            client.close()
