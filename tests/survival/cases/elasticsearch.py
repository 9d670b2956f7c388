# requires: elasticsearch[async]==9.1.1
# The client against a server on loopback: search, bulk helper, the query language, retries, errors; the async one too.
import asyncio
import http.server
import json
import threading

from elasticsearch import ApiError, AsyncElasticsearch, ConnectionError, Elasticsearch, NotFoundError, helpers
from elasticsearch.dsl import Document, Keyword, Q, Search, Text


class Server(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status = 200
        if "_bulk" in self.path:
            out = {"errors": False, "items": [{"index": {"_id": "1", "status": 201}}] * (body.count(b"\n") // 2)}
        elif "none" in self.path:
            status, out = 404, {"found": False}
        elif "_search" in self.path:
            hit = {"_id": "1", "_index": "t", "_score": 1.0, "_source": {"title": "x"}}
            out = {"took": 1, "hits": {"total": {"value": 1, "relation": "eq"}, "hits": [hit]}, "body": json.loads(body)}
        else:
            out = {"version": {"number": "9.1.1"}}
        data = json.dumps(out).encode()
        self.send_response(status)
        self.send_header("X-Elastic-Product", "Elasticsearch")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PUT = answer

    def log_message(self, *args):
        pass


class Post(Document):
    title = Text(fields={"raw": Keyword()})

    class Index:
        name = "t"


async def later(url):
    async with AsyncElasticsearch(url) as client:
        return (await client.search(index="t", query={"match_all": {}}))["hits"]["total"]["value"]


def handler(event, context):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    client = Elasticsearch(url)
    found = [client.info()["version"]["number"], client.search(index="t", query={"term": {"a": 1}})["body"]]
    found.append(helpers.bulk(client, ({"_index": "t", "n": n} for n in range(3))))
    search = Search(using=client, index="t").query(Q("match", title="x") & ~Q("term", a=1)).sort("-n")
    found += [search.to_dict(), [hit.title for hit in search.execute()], Post._index.to_dict()]
    for call in (
        lambda: client.get(index="none", id="1"),
        lambda: Elasticsearch("http://127.0.0.1:9", max_retries=0).info(),
    ):
        try:
            call()
        except (NotFoundError, ApiError, ConnectionError) as caught:
            found.append(type(caught).__name__)
    found.append(asyncio.run(later(url)))
    server.shutdown()
    return found
