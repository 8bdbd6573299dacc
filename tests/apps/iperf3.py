# SPDX-License-Identifier: MIT
"""iperf3.py tcp|udp BYTES: is the JSON on stdin that of a run that carried at
least so many bytes? A TCP receiver stops when the sender says so, with bytes
still on the way."""
import json
import sys

kind, expected = sys.argv[1], int(sys.argv[2])
run = json.load(sys.stdin)
assert "error" not in run, run["error"]
end = run["end"]
for which in "", "_bidir_reverse":
    if kind == "udp":
        total = end.get("sum" + which)
        if total is None:
            continue
        print(which, total["bytes"], "bytes, lost", total["lost_packets"],
              "of", total["packets"])
        assert total["bytes"] >= expected
        assert total["packets"] > 0
        # how many get lost is a matter of who may run when
        assert total["lost_packets"] < total["packets"]
        continue
    sent = end.get("sum_sent" + which)
    if sent is None:
        continue
    received = end["sum_received" + which]
    print(which, "sent", sent["bytes"], "received", received["bytes"])
    assert sent["bytes"] >= expected
    assert 0 < received["bytes"] <= sent["bytes"]
for interval in run["intervals"]:
    for stream in interval["streams"] if kind == "tcp" else ():
        if stream["sender"]:   # from TCP_INFO
            assert stream["snd_cwnd"] > 0 and stream["rtt"] > 0, stream
