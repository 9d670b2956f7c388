# requires: paramiko==5.1.0
# Keys, host keys, a client and a server over a socket pair: transport, ciphers and SFTP in one process.
import io
import socket
import threading

import paramiko

ASKED = threading.Event()


class Server(paramiko.ServerInterface):
    def check_auth_password(self, username, password):
        return paramiko.AUTH_SUCCESSFUL if password == "right" else paramiko.AUTH_FAILED

    def get_allowed_auths(self, username):
        return "password"

    def check_channel_request(self, kind, chanid):
        return paramiko.OPEN_SUCCEEDED

    def check_channel_exec_request(self, channel, command):
        def answer():
            ASKED.wait(20)
            channel.send(command.upper())
            channel.send_exit_status(3)
            channel.close()

        threading.Thread(target=answer).start()
        return True


def handler(event, context):
    key = paramiko.RSAKey.generate(2048)
    text = io.StringIO()
    key.write_private_key(text, password="pw")
    again = paramiko.RSAKey.from_private_key(io.StringIO(text.getvalue()), password="pw")
    result = {"same": again == key, "name": key.get_name()}
    try:
        paramiko.RSAKey.from_private_key(io.StringIO(text.getvalue()))
    except paramiko.PasswordRequiredException as error:
        result["locked"] = type(error).__name__
    near, far = socket.socketpair()
    transport = paramiko.Transport(far)
    transport.add_server_key(key)
    transport.start_server(event=threading.Event(), server=Server())
    client = paramiko.Transport(near)
    client.start_client(timeout=20)
    try:
        client.auth_password("u", "wrong")
    except paramiko.AuthenticationException as error:
        result["denied"] = str(error)
    client.auth_password("u", "right")
    session = client.open_session()
    session.exec_command("hello")
    ASKED.set()
    result["answer"] = session.makefile("rb").read().decode()
    result["status"] = session.recv_exit_status()
    client.close()
    transport.close()
    config = paramiko.SSHConfig.from_text("Host a*\n  User me\n  Port 23\n")
    result["config"] = dict(config.lookup("abc"))
    return result
