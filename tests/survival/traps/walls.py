# What Lambda does not allow, and what a test must not have: writing beside the code, a network.
import errno
import os
import socket
import tempfile


def refused(call):
    try:
        call()
    except OSError as caught:
        return caught.errno in (errno.EROFS, errno.ENETUNREACH, socket.EAI_AGAIN)
    return False


def handler(event, context):
    with tempfile.TemporaryFile() as file:
        file.write(b"x")
    listener = socket.create_server(("127.0.0.1", 0))
    socket.create_connection(listener.getsockname()).close()
    walls = [
        refused(lambda: open("written.txt", "w")),
        refused(lambda: socket.create_connection(("192.0.2.1", 80), timeout=2)),
        refused(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("192.0.2.1", 53))),
        refused(lambda: socket.getaddrinfo("example.com", 80)),
    ]
    if not all(walls):
        raise AssertionError(walls)
    return walls
