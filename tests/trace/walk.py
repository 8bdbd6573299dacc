#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Every function that Linux's socket walk names is there, by name, and runs.

A fixed set of programs is traced; each name must appear in the path of some
call. Names are those of Linux of today where the old one is gone:

    sock_read        sock_read_iter         destroy_sock  sk_free
    fn_hash_lookup   fib_table_lookup

What runs only while a machine boots (start_kernel, trap_init, ...) belongs to
the booted kernel. array_index_nospec() is an instruction, not a function.
"""
import traced

ENTRY = "system_call sys_socketcall audit_socketcall"
BODIES = """
__sys_socket __sys_bind __sys_connect __sys_listen __sys_accept4
__sys_getsockname __sys_getpeername __sys_socketpair __sys_sendto
__sys_recvfrom __sys_shutdown __sys_setsockopt __sys_getsockopt
__sys_sendmsg __sys_recvmsg __sys_recvmmsg __sys_sendmmsg
"""
CREATE = """
sock_create __sock_create security_socket_create sock_alloc request_module
inet_create security_socket_post_create sock_map_fd get_unused_fd_flags
sock_alloc_file fd_install sk_alloc sock_init_data
"""
FILES = """
sock_read_iter sock_write_iter sock_recvmsg sock_sendmsg sock_ioctl sock_close
sock_fasync sock_release
"""
INSIDE = """
inet_release ip_mc_drop_socket inet_stream_connect tcp_v4_connect
ip_route_connect tcp_connect tcp_transmit_skb tcp_close sk_free
udp_connect udp_close
ip_route_output_key_hash ip_route_output_slow fib_lookup fib_table_lookup
rt_set_nexthop rt_intern_hash
tcp_v4_rcv tcp_rcv_state_process
"""

SOCKETS = """
import array, fcntl, os, socket, struct, termios

def tried(fn, *args):
    try:
        return fn(*args)
    except OSError:
        return None

listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen(5)
client = socket.create_connection(listener.getsockname())
server, peer = listener.accept()
client.getpeername()
os.write(client.fileno(), b"by write")
os.read(server.fileno(), 100)
server.sendmsg([b"a", b"b"])
client.recvmsg(100)
client.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
client.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
fcntl.ioctl(client, termios.FIONREAD, array.array("i", [0]))
fcntl.fcntl(client, fcntl.F_SETFL, fcntl.fcntl(client, fcntl.F_GETFL)
            | os.O_ASYNC)
client.shutdown(socket.SHUT_WR)
server.close()
client.close()
one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
two = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
two.bind(("127.0.0.1", 0))
one.connect(two.getsockname())
one.send(b"datagram")
two.recvfrom(100)
tried(one.connect, ("198.51.100.1", 9))
one.close()
two.close()
tried(socket.socketpair, socket.AF_INET)
tried(socket.socket, 40, socket.SOCK_STREAM)
"""

MMSG = """
import ctypes, socket
libc = ctypes.CDLL(None, use_errno=True)
a = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
a.bind(("127.0.0.1", 0))
a.connect(a.getsockname())
data = ctypes.create_string_buffer(b"x", 16)
iov = (ctypes.c_uint64 * 2)(ctypes.addressof(data), 1)
mmsg = (ctypes.c_uint64 * 8)(0, 0, ctypes.addressof(iov), 1, 0, 0, 0, 0)
assert libc.sendmmsg(a.fileno(), mmsg, 1, 0) == 1
assert libc.recvmmsg(a.fileno(), mmsg, 1, 0, None) == 1
"""

_seen = {}


def seen():
    """Function -> a call in whose path it was."""
    if not _seen:
        objects = traced.python(SOCKETS) + traced.python(MMSG)
        for suffix in traced.ABIS.values():
            objects += traced.conversation(suffix)
            objects += traced.calls([traced.app("menu" + suffix)],
                                    "replyhi\nhello\nquit\n")
        for o in objects:
            for function in o["path"]:
                _seen.setdefault(function, o["name"])
    return _seen


def check(names):
    missing = [n for n in names.split() if n not in seen()]
    assert not missing, missing


@traced.test
def entry():
    check(ENTRY)


@traced.test
def bodies_of_the_calls():
    check(BODIES)


@traced.test
def creating_a_socket():
    check(CREATE)


@traced.test
def sockets_as_files():
    check(FILES)


@traced.test
def inside_the_protocols():
    check(INSIDE)


@traced.test
def order_of_connect():
    """What Linux 5.0.1 was seen to do, in this order."""
    for suffix in traced.ABIS.values():
        connect = [o for o in traced.conversation(suffix)
                   if o["name"] == "connect" and o["sock"]][0]
        at = -1
        for name in ("__sys_connect inet_stream_connect tcp_v4_connect "
                     "ip_route_output_key_hash fib_table_lookup tcp_connect "
                     "tcp_transmit_skb tcp_v4_rcv tcp_rcv_state_process"
                     ).split():
            assert name in connect["path"][at + 1:], (name, connect["path"])
            at = connect["path"].index(name, at + 1)


traced.main()
