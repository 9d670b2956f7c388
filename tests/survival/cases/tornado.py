# requires: tornado==6.6.1
# An application on loopback: handlers, templates with auto-escaping, a websocket, the client, locales, errors.
import asyncio

import tornado.httpclient
import tornado.httpserver
import tornado.locale
import tornado.netutil
import tornado.template
import tornado.web
import tornado.websocket


class Main(tornado.web.RequestHandler):
    async def get(self, name):
        if name == "bad":
            raise tornado.web.HTTPError(418, reason="Teapot")
        self.write({"name": name, "q": self.get_argument("q", None)})

    def post(self, name):
        self.set_signed_cookie("c", "v")
        self.write(self.request.files["f"][0]["body"] if self.request.files else self.request.body)


class Echo(tornado.websocket.WebSocketHandler):
    def on_message(self, message):
        self.write_message(message[::-1])


async def run():
    app = tornado.web.Application([(r"/e", Echo), (r"/(\w+)", Main)], cookie_secret="s", gzip=True)
    server = tornado.httpserver.HTTPServer(app)
    sockets = tornado.netutil.bind_sockets(0, "127.0.0.1")
    server.add_sockets(sockets)
    base = f"127.0.0.1:{sockets[0].getsockname()[1]}"
    client = tornado.httpclient.AsyncHTTPClient()
    answer = await client.fetch(f"http://{base}/one?q=ä")
    post = await client.fetch(f"http://{base}/one", method="POST", body="x=1")
    try:
        await client.fetch(f"http://{base}/bad")
    except tornado.httpclient.HTTPClientError as problem:
        error = str(problem)
    socket = await tornado.websocket.websocket_connect(f"ws://{base}/e")
    await socket.write_message("abc")
    echo = await socket.read_message()
    socket.close()
    server.stop()
    return [answer.body.decode(), post.body.decode(), "c=" in post.headers["Set-Cookie"], error, echo]


def handler(event, context):
    loader = tornado.template.DictLoader(
        {"a": "{% extends b %}{% block x %}{{ v }}{% end %}", "b": "<{% block x %}{% end %}>"}
    )
    try:
        tornado.template.Template("{% if %}")
        error = None
    except tornado.template.ParseError as problem:
        error = str(problem)
    when = tornado.locale.get("en_US").friendly_number(1234567)
    return {
        "http": asyncio.run(run()),
        "template": loader.load("a").generate(v="<&>").decode(),
        "error": error,
        "number": when,
    }
