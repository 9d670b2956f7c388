# requires: pyzmq==26.4.0
# ci: yes
# libzmq with libsodium: sockets in one process, CURVE keys, polling, asyncio, errors.
import asyncio

import zmq
import zmq.asyncio
import zmq.auth


async def later(context):
    push, pull = context.socket(zmq.PUSH), context.socket(zmq.PULL)
    pull.bind("inproc://later")
    push.connect("inproc://later")
    await push.send_json({"a": [1, "ä"]})
    got = await pull.recv_json()
    push.close(), pull.close()
    return got


def handler(event, context):
    found = {"has": {n: zmq.has(n) for n in ("curve", "ipc", "pgm", "norm", "draft")}, "version": zmq.zmq_version()}
    with zmq.Context() as ctx:
        rep, req = ctx.socket(zmq.REP), ctx.socket(zmq.REQ)
        public, secret = zmq.curve_keypair()
        rep.curve_server, rep.curve_secretkey, rep.curve_publickey = True, secret, public
        mine, key = zmq.curve_keypair()
        req.curve_serverkey, req.curve_publickey, req.curve_secretkey = public, mine, key
        port = rep.bind_to_random_port("tcp://127.0.0.1")
        req.connect(f"tcp://127.0.0.1:{port}")
        req.send_multipart([b"a", b"b"])
        found["poll"] = bool(rep.poll(5000))
        found["got"] = [p.decode() for p in rep.recv_multipart()]
        rep.send_pyobj({"x": 1})
        found["answer"] = req.recv_pyobj()
        try:
            req.recv(zmq.NOBLOCK)
        except zmq.ZMQError as caught:
            found["error"] = str(caught)
        req.close(), rep.close()
        found["derived"] = zmq.curve_public(secret) == public
    found["async"] = asyncio.run(later(zmq.asyncio.Context.instance()))
    return found
