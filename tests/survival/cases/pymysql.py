# requires: pymysql[rsa]==1.1.2
# Escaping, converters, an RSA-scrambled password, a server that answers with an error packet, a refused connection.
import datetime
import decimal
import socket
import struct
import threading

import pymysql
import pymysql.cursors
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from pymysql import _auth, charset, converters


def serve(listener):
    peer, _ = listener.accept()
    message = b"\xff" + struct.pack("<H", 1040) + b"#08004Too many connections"
    peer.sendall(struct.pack("<I", len(message))[:3] + b"\0" + message)
    peer.close()


def handler(event, context):
    values = ["o'k\n", 1, 2.5, None, True, decimal.Decimal("1.1"), datetime.datetime(2024, 1, 2, 3, 4, 5), b"\x00a", [1, "b"], {1}]
    escaped = [converters.escape_item(v, "utf8mb4") for v in values]
    decoded = [str(converters.decoders[code](text)) for code, text in ((10, "2024-02-29"), (11, "-01:02:03"), (7, "2024-01-01 00:00:00"))]
    cursor = pymysql.cursors.DictCursor(type("Connection", (), {"literal": lambda s, v: converters.escape_item(v, "utf8")})())
    query = cursor.mogrify("select * from t where a = %s and b in %s", ("x", [1, 2]))
    failures = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        for port in (listener.getsockname()[1], 9):
            try:
                pymysql.connect(host="127.0.0.1", port=port, user="u", password="p", charset="utf8mb4")
            except pymysql.err.OperationalError as caught:
                failures.append([type(caught).__name__, list(caught.args)])
        thread.join()
    key = rsa.generate_private_key(65537, 1024).public_key()
    pem = key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    hashed = len(_auth.sha2_rsa_encrypt(b"secret", b"0" * 20, pem)), _auth.scramble_native_password(b"p", b"1" * 20).hex()
    return [escaped, decoded, query, failures, hashed, charset.charset_by_name("utf8mb4").collation, pymysql.install_as_MySQLdb()]
