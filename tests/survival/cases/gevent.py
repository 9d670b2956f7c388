# requires: gevent==25.9.1 requests==2.34.2
# Greenlets, patched sockets and a server on loopback, pools, events, timeouts.
from gevent import monkey

monkey.patch_all()

import gevent
import requests
from gevent.event import AsyncResult
from gevent.pool import Pool
from gevent.pywsgi import WSGIServer
from gevent.queue import Queue


def application(environ, start_response):
    gevent.sleep(0.01)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["PATH_INFO"].encode()]


def handler(event, context):
    server = WSGIServer(("127.0.0.1", 0), application, log=None)
    server.start()
    session = requests.Session()
    session.trust_env = False
    pool = Pool(3)
    answers = pool.map(lambda n: session.get(f"http://127.0.0.1:{server.server_port}/{n}", timeout=10).text, range(4))
    server.stop()
    ready, queue = AsyncResult(), Queue()
    gevent.spawn(lambda: [queue.put(n) for n in range(3)] and ready.set("set"))
    try:
        with gevent.Timeout(0.05):
            gevent.sleep(5)
        error = None
    except gevent.Timeout as problem:
        error = str(problem)
    failed = gevent.spawn(int, "x")
    gevent.get_hub().handle_error = lambda *args: None
    failed.join()
    thread = gevent.get_hub().threadpool.apply(sum, ([1, 2],))
    return {
        "answers": answers,
        "ready": ready.get(),
        "queue": [queue.get() for _ in range(3)],
        "error": error,
        "failed": type(failed.exception).__name__,
        "thread": thread,
    }
