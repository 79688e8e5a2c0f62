#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""simulate over real connections to gridbeatctl feed, on loopback: whatever the feed acknowledged is in
its city, also when it is killed in between. test-send.py GRIDBEATCTL SOURCE"""
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

CTL = sys.argv[1]
UNITS = 40
n_tests = 0
failures = 0


def check(name, ok, detail=""):
    global n_tests, failures
    n_tests += 1
    failures += not ok
    print(f"{'ok' if ok else 'not ok'} {n_tests} - {name}", flush=True)
    if not ok and detail:
        print(f"# {detail}", flush=True)


def make_city(folder):
    """A lattice of streets; ten units whose codes are numbers, then simulated ones whose codes are not.
    Nobody has a roster, so all are on duty."""
    city, roads, units = (os.path.join(folder, name) for name in ("t.gridbeat", "r.geojson", "u.csv"))
    n, lon, lat, step = 8, 117.28, 31.86, 0.002
    lines = [[(lon + i * step, lat + k * step) for i in range(n)] for k in range(n)]
    lines += [[(lon + k * step, lat + i * step) for i in range(n)] for k in range(n)]
    with open(roads, "w", encoding="utf-8") as out:
        json.dump({"type": "FeatureCollection", "features": [
            {"type": "Feature", "properties": {"highway": "residential", "osm_id": str(i)},
             "geometry": {"type": "LineString", "coordinates": line}} for i, line in enumerate(lines)]}, out)
    with open(units, "w", encoding="utf-8") as out:
        out.write("code,name,kind,lon,lat\n")
        for i in range(UNITS):
            code = 13900000000 + i if i < UNITS // 2 else f"巡-{i}"
            out.write(f"{code},Unit {i},foot,{lon + i * 1e-4:.6f},{lat}\n")
    for words in (["roads", roads], ["units", units, "--zone", "Asia/Shanghai"]):
        done = subprocess.run([CTL, "import", city, *words], capture_output=True, text=True)
        if done.returncode:
            print(f"# {done.stderr}")
    return city


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Feed:
    """Listens when it is there; port 0 takes a free one."""

    def __init__(self, city, *args):
        self.process = subprocess.Popen([CTL, "feed", city, *args], stdout=subprocess.DEVNULL,
                                        stderr=subprocess.PIPE, text=True)
        self.ports = []
        wanted = sum(word in ("--jt808", "--http", "--mqtt") for word in args)
        while wanted > 0:
            line = self.process.stderr.readline()
            if not line:
                raise RuntimeError("the feed has ended")
            if "port" in line:
                self.ports.append(int(line.split()[-1]))
            wanted -= "port" in line or "MQTT" in line

    def end(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        self.process.communicate(timeout=30)


def start(city, *args):
    return subprocess.Popen([CTL, "simulate", city, "--everybody", "--json", "--check", city, *args], stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True)


def result(process):
    out, err = process.communicate(timeout=120)
    if not out:
        print(f"# {err}")
        return process.returncode, None
    return process.returncode, json.loads(out)


def whole(code, said, rounds):
    """All that there was is acknowledged and in the store."""
    return (code == 0 and said is not None and said["given"] == rounds * UNITS == said["acknowledged"]
            and said["check"]["missing"] == 0 and said["check"]["acknowledged"] == said["acknowledged"]
            and said["unanswered"] == said["refused"] == said["forgotten"] == 0)


def test_terminals(city, port):
    at = f"127.0.0.1:{port}"
    code, said = result(start(city, "--jt808", at, "--interval", "1", "--minutes", "0.05"))
    check("a terminal for each unit, and all they said is there", whole(code, said, 3), f"{code} {said}")
    check("on a connection each, none lost", said and said["opened"] == UNITS and said["lost"] == 0, said)
    check("answered within 2 s", said and 0 < said["reply_p99_ms"] < 2000, said)
    code, said = result(start(city, "--jt808", at, "--interval", "1", "--minutes", "0.1", "--edition", "2013",
                              "--lost-signal", "1", "--lost-seconds", "0.5"))
    check("of 2013, in and out of signal: nothing is lost", whole(code, said, 6), f"{code} {said}")
    check("and what was said late is known", said and said["late"] > 0 and said["out_of_signal"] > 0, said)
    code, said = result(start(city, "--jt808", at, "--interval", "2", "--minutes", "0.1", "--units", "10"))
    check("fewer units, every other second",
          code == 0 and said["devices"] == 10 and said["given"] == 30 == said["acknowledged"], f"{code} {said}")


def test_phones(city, port):
    at = f"http://127.0.0.1:{port}/"
    for words in ([], ["--shape", "traccar-client", "--connections", "5"]):
        code, said = result(start(city, "--http", at, "--interval", "1", "--minutes", "0.05", *words))
        check(f"phones {' '.join(words)}", whole(code, said, 3), f"{code} {said}")


def test_kill(city):
    """The feed dies without a word and comes back: what it had acknowledged is there, and what it had not is said
    again."""
    port = free_port()
    feed = Feed(city, "--jt808", str(port))
    sending = start(city, "--jt808", f"127.0.0.1:{port}", "--interval", "1", "--minutes", "0.15")
    time.sleep(3)
    feed.end(signal.SIGKILL)
    time.sleep(1)
    feed = Feed(city, "--jt808", str(port))
    code, said = result(sending)
    check("a killed feed loses nothing that it acknowledged", code == 0 and said["check"]["missing"] == 0,
          f"{code} {said}")
    check("and gets the rest later", whole(code, said, 9) and said["lost"] >= UNITS and said["late"] > 0, said)
    feed.end()


def test_broker(city, folder):
    if not shutil.which("mosquitto"):
        check("gateways # SKIP no mosquitto here", True)
        return
    port = free_port()
    file = os.path.join(folder, "mosquitto.conf")
    with open(file, "w", encoding="utf-8") as out:
        out.write(f"listener {port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\n")
    broker = subprocess.Popen(["mosquitto", "-c", file], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    end = time.monotonic() + 20
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            time.sleep(0.05)
    feed = Feed(city, "--mqtt", f"mqtt://127.0.0.1:{port}/owntracks/#,jt808/#")
    health = os.path.join(city, "feed-health.json")
    connected = False
    while not connected and time.monotonic() < end:
        time.sleep(0.1)
        try:
            with open(health, encoding="utf-8") as file:
                connected = any(one.get("kind") == "mqtt" and one.get("connected") for one in json.load(file)["sources"])
        except (OSError, ValueError):
            pass
    for shape in ("emqx", "owntracks"):
        code, said = result(start(city, "--mqtt", f"mqtt://127.0.0.1:{port}", "--shape", shape, "--interval", "1",
                                  "--minutes", "0.05"))
        check(f"gateways that speak {shape}, acknowledged by the broker",
              whole(code, said, 3) and said["acknowledged_by"] == "broker", f"{code} {said}")
    code, said = result(start(city, "--mqtt", f"mqtt://127.0.0.1:{port}", "--qos", "0", "--interval", "1",
                              "--minutes", "0.05"))
    check("at QoS 0 nobody acknowledges", code == 0 and said["acknowledged"] == 0 and said["sent"] == 3 * UNITS
          and said["acknowledged_by"] == "nobody", f"{code} {said}")
    feed.end()
    broker.terminate()
    broker.wait()


def test_usage(city):
    for words, what in ((["--jt808", "127.0.0.1:1", "--http", "http://127.0.0.1"], "one of"),
                        (["--jt808", "127.0.0.1:1", "--speed", "2"], "by the clock"),
                        (["--http", "http://127.0.0.1", "--shape", "emqx"], "osmand"),
                        (["--jt808", "127.0.0.1:1", "--edition", "2015"], "2013"),
                        (["--jt808", "127.0.0.1:1", "--lost-signal", "2"], "share")):
        done = subprocess.run([CTL, "simulate", city, *words], capture_output=True, text=True)
        check(f"simulate {' '.join(words)} is wrong", done.returncode == 2 and what in done.stderr, done.stderr)
    done = subprocess.run([CTL, "simulate", city, "--everybody", "--jt808", f"127.0.0.1:{free_port()}"],
                          capture_output=True, text=True)
    check("nobody there is told", done.returncode == 3 and "nobody takes connections" in done.stderr, done.stderr)


def main():
    folder = tempfile.mkdtemp(prefix="gridbeat-send-")
    try:
        city = make_city(folder)
        feed = Feed(city, "--jt808", "0", "--http", "0")
        test_terminals(city, feed.ports[0])
        test_phones(city, feed.ports[1])
        feed.end()
        test_kill(city)
        test_broker(city, folder)
        test_usage(city)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"1..{n_tests}")
    return failures > 0


sys.exit(main())
