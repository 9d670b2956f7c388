# What Lambda does not allow, and what a test must not have: writing beside the code, a network.
import os
import socket
import tempfile


def refused(call):
    try:
        call()
    except OSError as caught:
        return caught.errno in (30, 101)
    return False


def handler(event, context):
    with tempfile.TemporaryFile() as file:
        file.write(b"x")
    listener = socket.create_server(("127.0.0.1", 0))
    socket.create_connection(listener.getsockname()).close()
    walls = [
        refused(lambda: open("written.txt", "w")),
        refused(lambda: socket.create_connection(("192.0.2.1", 80), timeout=2)),
    ]
    if walls != [True, True]:
        raise AssertionError(walls)
    return walls
