# requires: anyio==4.16.0 trio==0.35.0 websockets==17.4 aiofiles==25.1.0
# The same code on two back ends chosen by name; websockets on loopback with compression; lazily imported aliases.
import asyncio
import os
import tempfile

import aiofiles
import anyio
import trio
import websockets


async def work():
    send, receive = anyio.create_memory_object_stream(3)
    seen = []

    async def child(n):
        await anyio.sleep(0.01 * n)
        await send.send(n)

    async with anyio.create_task_group() as group:
        for n in range(3):
            group.start_soon(child, n)
    send.close()
    async for n in receive:
        seen.append(n)
    with anyio.move_on_after(0.01) as scope:
        await anyio.sleep(5)
    seen.append(scope.cancelled_caught)
    seen.append(await anyio.to_thread.run_sync(sum, [1, 2]))
    found = await anyio.run_process(["/bin/echo", "hi"])
    seen.append(found.stdout.decode())
    return seen


async def sockets():
    async def echo(connection):
        async for message in connection:
            await connection.send(message[::-1])

    async with websockets.serve(echo, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with websockets.connect(f"ws://127.0.0.1:{port}", proxy=None) as connection:
            await connection.send("abc" * 100)
            answer = await connection.recv()
    try:
        await websockets.connect("http://x")
    except websockets.exceptions.InvalidURI as error:
        return [len(answer), answer[:3], str(error)]


async def files():
    path = os.path.join(tempfile.gettempdir(), "slim.txt")
    async with aiofiles.open(path, "w") as file:
        await file.write("one\ntwo\n")
    async with aiofiles.open(path) as file:
        return [line.strip() async for line in file]


async def fail():
    async with trio.open_nursery() as nursery:
        nursery.start_soon(trio.sleep, 1)
        raise ValueError("x")


def handler(event, context):
    result = {name: anyio.run(work, backend=name) for name in ("asyncio", "trio")}
    try:
        anyio.run(work, backend="none_such")
    except LookupError as error:
        result["error"] = str(error)
    try:
        trio.run(fail)
    except ExceptionGroup as error:
        result["group"] = [str(part) for part in error.exceptions]
    result["sockets"] = asyncio.run(sockets())
    result["files"] = asyncio.run(files())
    return result
