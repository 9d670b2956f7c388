# requires: httpx==0.28.1
# ci: yes
# Sync and async clients over MockTransport: redirects, auth, streams, decoding, timeouts, IDNA.
import asyncio
import gzip
import json

import httpx


def answer(request):
    path = request.url.path
    if path == "/moved":
        return httpx.Response(308, headers={"location": "/json"})
    if path == "/json":
        return httpx.Response(200, json={"auth": request.headers.get("authorization"), "q": request.url.params.get("q")})
    if path == "/gzip":
        body = gzip.compress("Grüße".encode("utf-8"), mtime=0)
        return httpx.Response(200, headers={"content-encoding": "gzip", "content-type": "text/plain"}, content=body)
    if path == "/upload":
        return httpx.Response(200, json=[request.headers["content-type"].split(";")[0], len(request.content) > 100])
    if path == "/slow":
        raise httpx.ReadTimeout("too slow", request=request)
    return httpx.Response(404)


async def several():
    async with httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="https://bücher.example") as client:
        answers = await asyncio.gather(*[client.get("/json", params={"q": str(n)}) for n in range(3)])
        return [a.json()["q"] for a in answers] + [str(answers[0].url)]


def handler(event, context):
    with httpx.Client(transport=httpx.MockTransport(answer), follow_redirects=True, auth=("u", "p")) as client:
        moved = client.get("http://example.com/moved")
        text = client.get("http://example.com/gzip").text
        upload = client.post("http://example.com/upload", files={"f": ("a.txt", b"1" * 100)}).json()
        with client.stream("GET", "http://example.com/gzip") as stream:
            lines = list(stream.iter_lines())
        errors = []
        try:
            client.get("http://example.com/slow")
        except httpx.TimeoutException as caught:
            errors.append(type(caught).__name__)
        try:
            client.get("http://example.com/none").raise_for_status()
        except httpx.HTTPStatusError as caught:
            errors.append(str(caught.response.status_code))
    with httpx.Client() as plain:
        try:
            plain.get("http://127.0.0.1:9/")
        except httpx.ConnectError as caught:
            errors.append(type(caught).__name__)
    return [moved.json(), len(moved.history), text, upload, lines, errors, asyncio.run(several())]
