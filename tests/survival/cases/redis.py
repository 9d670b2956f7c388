# requires: redis==6.4.0
# Clients against a small server on loopback: commands, pipelines, a script, pub/sub parsing, async, RESP3, errors.
import asyncio
import hashlib
import socketserver
import threading

import redis
import redis.asyncio
from redis.backoff import ExponentialBackoff
from redis.retry import Retry
from redis.sentinel import Sentinel


class Server(socketserver.StreamRequestHandler):
    data = {}

    def command(self):
        line = self.rfile.readline()
        if not line:
            return None
        parts = []
        for _ in range(int(line[1:])):
            size = int(self.rfile.readline()[1:])
            parts.append(self.rfile.read(size + 2)[:-2])
        return parts

    def handle(self):
        while (parts := self.command()) is not None:
            name = parts[0].upper()
            if name == b"SET":
                self.data[parts[1]] = parts[2]
                answer = b"+OK"
            elif name == b"GET":
                value = self.data.get(parts[1])
                answer = b"$-1" if value is None else b"$%d\r\n%s" % (len(value), value)
            elif name == b"MULTI" or name == b"CLIENT" or name == b"SELECT":
                answer = b"+OK"
            elif name == b"INCRBY":
                answer = b":7"
            elif name == b"HGETALL":
                answer = b"*2\r\n$1\r\na\r\n$1\r\n1"
            else:
                answer = b"-ERR unknown command"
            self.wfile.write(answer + b"\r\n")


async def later(port):
    client = redis.asyncio.Redis(port=port, decode_responses=True)
    await client.set("k", "async")
    found = [await client.get("k"), await client.hgetall("h")]
    await client.aclose()
    return found


def handler(event, context):
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Server)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_address[1]
    client = redis.Redis.from_url(f"redis://127.0.0.1:{port}/0", decode_responses=True, retry=Retry(ExponentialBackoff(), 1))
    found = [client.set("a", "ä"), client.get("a"), client.get("none"), client.incr("n"), client.hgetall("h")]
    with client.pipeline(transaction=False) as pipe:
        found.append(pipe.set("b", 1).get("b").execute())
    script = client.register_script("return 1")
    found.append(script.sha == hashlib.sha1(b"return 1").hexdigest())
    errors = []
    for call in (
        lambda: client.execute_command("NOPE"),
        lambda: redis.Redis(port=9, retry=Retry(ExponentialBackoff(base=0), 0)).ping(),
        lambda: Sentinel([("127.0.0.1", 9)], socket_timeout=0.1).discover_master("m"),
        lambda: redis.Redis(port=port, protocol=3).ping(),
        lambda: client.zadd("z", {}),
    ):
        try:
            call()
        except (redis.RedisError, Exception) as caught:
            errors.append(type(caught).__name__)
    found += asyncio.run(later(port))
    server.shutdown()
    return [found, errors]
