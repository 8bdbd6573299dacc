#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Every function that the walk through Linux's socket call names is there, by
name, and runs: on both ABIs.

A fixed set of programs is traced, each name must appear in the path of some
call. Names are those of Linux of today where the old one is gone:

    sock_read        sock_read_iter
    fn_hash_lookup   fib_table_lookup

What runs only while a machine boots (start_kernel, trap_init, ...) belongs to
the booted kernel. array_index_nospec() is an instruction, not a function.
"""
import traced

# Of i386 alone: x86_64 has no such call.
I386 = "sys_socketcall audit_socketcall"
WALK = {
    "entry": "system_call badsys tracesys",
    "bodies_of_the_calls": """
        __sys_socket __sys_bind __sys_connect __sys_listen __sys_accept4
        __sys_getsockname __sys_getpeername __sys_socketpair __sys_sendto
        __sys_recvfrom __sys_shutdown __sys_setsockopt __sys_getsockopt
        __sys_sendmsg __sys_recvmsg __sys_recvmmsg __sys_sendmmsg""",
    "creating_a_socket": """
        sock_create __sock_create security_socket_create sock_alloc SOCKET_I
        request_module inet_create sk_alloc sock_init_data
        tcp_v4_init_sock security_socket_post_create sock_map_fd
        get_unused_fd_flags sock_alloc_file fd_install""",
    "sockets_as_files": """
        sock_read_iter sock_write_iter sock_recvmsg sock_sendmsg
        sock_poll sock_ioctl sock_no_open sock_fasync sock_close
        sock_release""",
    "inside_the_protocols": """
        inet_release ip_mc_drop_socket destroy_sock
        inet_stream_connect tcp_v4_connect tcp_connect tcp_transmit_skb
        tcp_close udp_connect udp_close
        ip_route_connect ip_route_output_key_hash ip_route_output
        ip_route_output_slow fib_lookup fib_table_lookup rt_set_nexthop
        rt_intern_hash
        tcp_v4_rcv tcp_rcv_state_process""",
}
# Programs of tests/syscall: who reaches what the two talkers do not.
PROGRAMS = "seedwalk socketcall fcntl readwrite udp".split()

_seen = {}


def seen(suffix):
    """The functions in the path of some call."""
    if suffix not in _seen:
        objects = traced.conversation(suffix)
        for name in PROGRAMS:
            objects += traced.syscall_test(name + suffix)
        _seen[suffix] = {f for o in objects for f in o["path"]}
    return _seen[suffix]


def check(names):
    missing = [(abi, name) for abi, suffix in traced.ABIS.items()
               for name in names.split() if name not in seen(suffix)]
    assert not missing, missing


def claim(name, names):
    def nothing_is_missing():
        check(names)
    nothing_is_missing.__name__ = name
    traced.test(nothing_is_missing)


for section, functions in WALK.items():
    claim(section, functions)


@traced.test
def socketcall_on_i386():
    missing = [f for f in I386.split() if f not in seen("32")]
    assert not missing, missing


# What one call goes through, in this order. connect is as Linux 5.0.1 was seen
# to do it; accept has its socket and file before inet_csk_accept, which sleeps.
ORDER = {
    "socket": """
        system_call tracesys __sys_socket sock_create __sock_create
        security_socket_create sock_alloc inet_create sk_alloc sock_init_data
        tcp_v4_init_sock security_socket_post_create sock_map_fd
        get_unused_fd_flags sock_alloc_file fd_install""",
    "bind": "__sys_bind security_socket_bind inet_bind inet_csk_get_port",
    "listen": """
        __sys_listen security_socket_listen inet_listen
        inet_csk_listen_start""",
    "accept": """
        __sys_accept4 get_unused_fd_flags sock_alloc sock_alloc_file
        inet_csk_accept fd_install""",
    "connect": """
        __sys_connect inet_stream_connect tcp_v4_connect
        ip_route_output_key_hash fib_table_lookup tcp_connect
        tcp_transmit_skb tcp_v4_rcv tcp_rcv_state_process""",
    "sendto": """
        __sys_sendto sock_sendmsg inet_sendmsg tcp_sendmsg
        tcp_transmit_skb tcp_v4_rcv""",
    "recvfrom": "__sys_recvfrom sock_recvmsg inet_recvmsg tcp_recvmsg",
    "close": """
        sock_close sock_release inet_release ip_mc_drop_socket tcp_close
        tcp_send_fin tcp_transmit_skb tcp_v4_rcv""",
}
# By sys_socketcall, where i386 programs of old enter.
SOCKETCALL = "system_call tracesys sys_socketcall audit_socketcall"
# The talkers' i386 stubs have calls of their own for these.
SOCKETCALL_NAMES = {"sendto": "send", "recvfrom": "recv"}

_talks = {}


def assert_order(path, names):
    at = -1
    for name in names.split():
        assert name in path[at + 1:], (name, path)
        at = path.index(name, at + 1)


def order_claim(call, names):
    def in_order():
        for abi, suffix in traced.ABIS.items():
            if suffix not in _talks:
                _talks[suffix] = traced.conversation(suffix)
            path = [o for o in _talks[suffix] if o["sock"] and o["name"] in
                    (call, SOCKETCALL_NAMES.get(call))][0]["path"]
            assert_order(path, names)
            if abi == "i386" and call != "close":
                assert_order(path, SOCKETCALL)
                assert path.index("audit_socketcall") < path.index(
                    next(n for n in names.split() if n.startswith("__sys")))
    in_order.__name__ = f"order_of_{call}"
    traced.test(in_order)


for one, functions in ORDER.items():
    order_claim(one, functions)


@traced.test
def connected_udp_keeps_its_route():
    """connect() asks for the route; a send after it finds the socket's own."""
    for suffix in traced.ABIS.values():
        connected, sent = set(), 0
        for o in traced.syscall_test("udp" + suffix):
            path, sock = o["path"], o["sock"]
            if "udp_connect" in path and o["ret"] == 0:
                if "ip_route_output_key_hash" in path:
                    connected.add(sock)
                else:
                    connected.discard(sock)
            elif sock in connected and o["name"] in ("write", "send"):
                assert "udp_sendmsg" in path, path
                assert "ip_route_output_key_hash" not in path, path
                sent += 1
        assert sent > 0


traced.main()
