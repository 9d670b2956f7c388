# requires: urllib3[socks]==2.5.0 certifi==2025.10.5 idna==3.10
# A pool against loopback: retries, redirects, gzip, multipart; TLS context, SOCKS manager, errors.
import gzip
import http.server
import threading

import certifi
import urllib3
from urllib3.contrib.socks import SOCKSProxyManager
from urllib3.util import Retry, Timeout, make_headers, parse_url


class Server(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    failures = 2

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path == "/flaky" and Server.failures:
            Server.failures -= 1
            self.answer(503)
        elif self.path == "/from":
            self.answer(302, location="/gzip")
        else:
            self.answer(200, gzip.compress(b"zipped", mtime=0), content_encoding="gzip")

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(200, body[:2] + self.headers["Content-Type"].split(";")[0].encode())

    def log_message(self, *args):
        pass


def handler(event, context):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}"
    pool = urllib3.PoolManager(retries=Retry(3, backoff_factor=0, status_forcelist=[503]), timeout=Timeout(5), ca_certs=certifi.where())
    found = [pool.request("GET", base + path).data.decode() for path in ("/flaky", "/from")]
    found.append(pool.request("POST", base + "/", fields={"a": ("n.txt", b"x")}).data.decode())
    found.append(pool.request("POST", base + "/", json={"a": 1}).data.decode())
    for manager in (pool, SOCKSProxyManager("socks5h://127.0.0.1:9/")):
        try:
            manager.request("GET", "http://127.0.0.1:9/", retries=False)
        except urllib3.exceptions.HTTPError as caught:
            found.append(type(caught).__name__)
    server.shutdown()
    found.append(str(parse_url("HTTP://Bücher.example:80/ä?q=1#f")))
    return [found, make_headers(basic_auth="u:p", accept_encoding=True)["authorization"]]
