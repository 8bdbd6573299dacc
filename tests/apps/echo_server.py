# SPDX-License-Identifier: MIT
"""echo_server.py KIND: echo on 127.0.0.1:7000 until stopped. The kinds are the
functions below."""
import asyncio
import multiprocessing
import multiprocessing.reduction
import selectors
import signal
import socket
import socketserver
import sys
import threading

ADDRESS = ("127.0.0.1", 7000)
WORKERS = 4


def listener(**options):
    return socket.create_server(ADDRESS, backlog=2048, **options)


def ready():
    print("ready", flush=True)


def echo(connection):
    with connection:
        while data := connection.recv(65536):
            connection.sendall(data)


# ---- one process ----

async def serve_asyncio(sock):
    async def client(reader, writer):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(client, sock=sock, backlog=2048)
    ready()
    await server.serve_forever()


def use_asyncio():
    asyncio.run(serve_asyncio(listener()))


def use_threads():
    """A thread a connection, each blocked in its own recv()."""
    sock = listener()
    threading.stack_size(256 * 1024)
    ready()
    while True:
        connection, _ = sock.accept()
        threading.Thread(target=echo, args=(connection,), daemon=True).start()


def use_selector(kind):
    """Everything waits in one poll() or select()."""
    sock = listener()
    sock.setblocking(False)
    with kind() as selector:
        selector.register(sock, selectors.EVENT_READ)
        ready()
        while True:
            for key, _ in selector.select():
                if key.fileobj is sock:
                    connection, _ = sock.accept()
                    selector.register(connection, selectors.EVENT_READ)
                elif data := key.fileobj.recv(65536):
                    key.fileobj.setblocking(True)
                    key.fileobj.sendall(data)
                    key.fileobj.setblocking(False)
                else:
                    selector.unregister(key.fileobj)
                    key.fileobj.close()


def use_poll():
    use_selector(selectors.PollSelector)


def use_select():
    use_selector(selectors.SelectSelector)


# ---- many processes ----

def start_workers(work):
    fork = multiprocessing.get_context("fork")
    workers = [fork.Process(target=work, daemon=True) for _ in range(WORKERS)]
    for worker in workers:
        worker.start()
    workers[0].join()


def use_workers():
    """Processes that inherit the listener; each waits for it and for its own
    connections in an epoll set."""
    sock = listener()

    def work():
        asyncio.run(serve_asyncio(sock))

    start_workers(work)


def use_reuseport():
    """Processes with a listener each, on the same port."""
    def work():
        asyncio.run(serve_asyncio(listener(reuse_port=True)))

    start_workers(work)


def receive_and_echo(pipe):
    async def client(reader, writer):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        writer.close()

    async def adopt(connection):
        await client(*await asyncio.open_connection(sock=connection))

    async def work():
        loop = asyncio.get_running_loop()
        clients = set()
        while True:
            fd = await loop.run_in_executor(
                None, multiprocessing.reduction.recv_handle, pipe)
            task = asyncio.create_task(adopt(socket.socket(fileno=fd)))
            clients.add(task)
            task.add_done_callback(clients.discard)

    asyncio.run(work())


def use_handover():
    """Freshly executed processes that get each connection by SCM_RIGHTS."""
    spawn = multiprocessing.get_context("spawn")
    pipes = []
    workers = []
    for _ in range(WORKERS):
        ours, theirs = spawn.Pipe()
        worker = spawn.Process(target=receive_and_echo, args=(theirs,),
                               daemon=True)
        worker.start()
        theirs.close()
        pipes.append(ours)
        workers.append(worker)
    sock = listener()
    ready()
    number = 0
    while True:
        connection, _ = sock.accept()
        multiprocessing.reduction.send_handle(
            pipes[number % WORKERS], connection.fileno(),
            workers[number % WORKERS].pid)
        connection.close()
        number += 1


def use_fork():
    """A process a connection."""
    class Handler(socketserver.BaseRequestHandler):
        def handle(self):
            echo(self.request)

    class Server(socketserver.ForkingTCPServer):
        max_children = 10000
        request_queue_size = 2048
        allow_reuse_address = True

    with Server(ADDRESS, Handler) as server:
        ready()
        server.serve_forever()


if __name__ == "__main__":
    # An ordinary exit, so that the workers are ended too.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
    globals()[f"use_{sys.argv[1]}"]()
