# requires: requests==2.32.5
# event: {"name": "Grüße"}
# ci: yes
# A session against a server on loopback: redirects, cookies, JSON, an unknown charset, errors.
import http.server
import json
import threading

import requests


class Server(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/from":
            self.send_response(302)
            self.send_header("Location", "/to")
            self.send_header("Set-Cookie", "seen=yes")
            body = b""
        elif self.path == "/to":
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            body = json.dumps({"cookie": self.headers["Cookie"]}).encode()
        elif self.path == "/latin":
            self.send_response(200)
            self.send_header("Content-Type", "application/octet-stream")
            body = "Größe, Übermut, Ähren und Öl: äöüß".encode("cp1252")
        else:
            self.send_response(404)
            body = b"none"
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.headers["Content-Type"].split(";")[0].encode() + b" " + str(len(body)).encode())

    def log_message(self, *args):
        pass


def handler(event, context):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}"
    with requests.Session() as session:
        moved = session.get(base + "/from", params=None)
        latin = session.get(base + "/latin")
        form = session.post(base + "/form", files={"f": ("n.txt", b"123")}, data={"name": event["name"]})
        try:
            session.get(base + "/none").raise_for_status()
            error = None
        except requests.HTTPError as caught:
            error = caught.response.status_code
        try:
            session.get("http://exa mple/")
            invalid = None
        except requests.exceptions.InvalidURL as caught:
            invalid = type(caught).__name__
        idna = requests.Request("GET", "http://bücher.example/", auth=("u", "p")).prepare()
    server.shutdown()
    ca = open(requests.certs.where(), encoding="ascii").read().count("BEGIN CERTIFICATE") > 50
    return [moved.json(), latin.text, latin.apparent_encoding, form.text.split()[0], error, invalid, idna.url, ca]
