# requires: aiohttp==3.13.0
# A server and a client on loopback: routes, JSON, forms, a websocket, cookies, errors.
import asyncio

import aiohttp
from aiohttp import web


async def hello(request):
    response = web.json_response({"name": request.match_info["name"], "q": request.query.get("q")})
    response.set_cookie("seen", "yes")
    return response


async def form(request):
    data = await request.post()
    return web.Response(text=data["a"] + data["f"].file.read().decode())


async def socket(request):
    ws = web.WebSocketResponse()
    await ws.prepare(request)
    async for message in ws:
        await ws.send_str(message.data.upper())
        break
    await ws.close()
    return ws


async def run():
    app = web.Application()
    app.add_routes([web.get("/hello/{name}", hello), web.post("/form", form), web.get("/ws", socket)])
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    base = f"http://127.0.0.1:{port}"
    found = []
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        async with session.get(base + "/hello/Jörg", params={"q": "ä"}) as answer:
            found += [answer.status, await answer.json(), sorted(c.key for c in session.cookie_jar)]
        data = aiohttp.FormData()
        data.add_field("a", "x")
        data.add_field("f", b"file", filename="f.txt")
        async with session.post(base + "/form", data=data) as answer:
            found.append(await answer.text())
        async with session.ws_connect(base + "/ws") as ws:
            await ws.send_str("hello")
            found.append((await ws.receive()).data)
        try:
            async with session.get(base + "/none", raise_for_status=True):
                pass
        except aiohttp.ClientResponseError as caught:
            found.append(caught.status)
        try:
            await session.get("http://127.0.0.1:9/")
        except aiohttp.ClientConnectorError as caught:
            found.append(type(caught).__name__)
    await runner.cleanup()
    return found


def handler(event, context):
    return asyncio.run(run())
