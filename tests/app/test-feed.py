#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""gridbeatctl feed over real loopback connections: what is acknowledged is on disk, who is not known
is not heard, and hostile clients cost the others nothing. test-feed.py GRIDBEATCTL SOURCE"""
import datetime
import json
import os
import select
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

from devices import Feed, Terminal, broker, frame, free_port, http, now, place, publish, until

CTL, SOURCE = sys.argv[1], sys.argv[2]
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


def ctl(*args, code=0):
    done = subprocess.run([CTL, *args], capture_output=True, text=True)
    if done.returncode != code:
        print(f"# {' '.join(args)}: exit {done.returncode}: {done.stderr}", flush=True)
    return done


# ---- the city and its feed ----

def make_city(folder):
    """Units 1..UNITS without roster, so that they are always on duty; their codes are numbers."""
    city, file = os.path.join(folder, "feed.gridbeat"), os.path.join(folder, "units.csv")
    with open(file, "w", encoding="utf-8") as out:
        out.write("code,name,kind,lon,lat\n")
        for i in range(1, UNITS + 1):
            out.write(f"{13900000000 + i},Unit {i},foot,{117.28 + i * 1e-4:.6f},31.86\n")
    done = ctl("import", city, "units", file, "--zone", "Asia/Shanghai", "--json")
    return city, json.loads(done.stdout) if done.stdout else {}


def phone(i):
    return str(13900000000 + i)


def stored(city, i):
    """The seconds of a unit's fixes that are on disk."""
    day = datetime.datetime.now(datetime.timezone.utc)
    done = ctl("tracks", city, "--unit", phone(i), "--purpose", "task:2026-001", "--json",
               "--from", (day - datetime.timedelta(hours=30)).strftime("%Y-%m-%dT%H:%M:%SZ"),
               "--to", (day + datetime.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ"))
    track = json.loads(done.stdout)["track"] if done.returncode == 0 else []
    return {int(datetime.datetime.fromisoformat(one["at"]).timestamp()) for one in track}


# ---- what it must do ----

def test_terminal(port, city):
    terminal = Terminal(port, phone(1))
    check("a place before authentication is refused",
          terminal.acked(terminal.send(0x0200, place(now(), 117.28, 31.86))) == 1)
    check("a wrong code is refused", terminal.acked(terminal.send(0x0102, b"guess")) == 1)
    check("a known terminal registers and authenticates", terminal.enter())
    at = now()
    check("a place is acknowledged",
          terminal.acked(terminal.send(0x0200, place(at, 117.281, 31.861))) == 0)
    check("and on disk when it is", at in stored(city, 1))
    batch = (2).to_bytes(2, "big") + b"\x01"
    late = [at - 600, at - 300]
    for one in late:
        body = place(one, 117.2812, 31.8612)
        batch += len(body).to_bytes(2, "big") + body
    check("a batch from a dead zone is acknowledged",
          terminal.acked(terminal.send(0x0704, batch)) == 0)
    check("and on disk, too", set(late) <= stored(city, 1))
    check("a heartbeat is answered", terminal.acked(terminal.send(0x0002)) == 0)
    check("what is not understood is said so", terminal.acked(terminal.send(0x0F01)) == 3)
    garbled = frame(0x0002, phone(1), 999, b"")[:-2] + b"\x00\x7e"
    terminal.socket.sendall(garbled)
    check("a garbled frame costs the line nothing", terminal.acked(terminal.send(0x0002)) == 0)
    other = frame(0x0200, phone(2), 7, place(now(), 117.28, 31.86))
    terminal.socket.sendall(other)
    check("a terminal speaks for itself alone", terminal.acked(7) == 1)
    second = Terminal(port, phone(1))
    check("the same terminal over again", second.enter())
    check("ends its older connection", terminal.is_closed())
    stranger = Terminal(port, "13800000000")
    stranger.send(0x0100, bytes(37) + b"A1")
    message, body, _ = stranger.next() or (0, b"   ", 0)
    check("an unknown terminal is not registered", message == 0x8100 and body[2] == 4)
    return second


def test_text(city, terminal):
    asked = subprocess.Popen([CTL, "text", city, phone(1), "去长江路", "--json"],
                             stdout=subprocess.PIPE, text=True)
    while (one := terminal.next(10)) is not None and one[0] != 0x8300:
        pass
    check("a text comes down in GBK", one and one[1][1:].decode("gbk") == "去长江路", str(one))
    terminal.send(0x0001, one[2].to_bytes(2, "big") + b"\x83\x00\x00")
    out, _ = asked.communicate(timeout=20)
    check("and is delivered when the terminal says so", json.loads(out)["delivered"] is True, out)


def test_http(port, city):
    at = now()
    query = f"/?id={phone(3)}&lat=31.86&lon=117.28&timestamp={at}&speed=1"
    check("a position by HTTP is answered 200", http(port, query)[0] == 200)
    check("and on disk when it is", at in stored(city, 3))
    body = json.dumps({"location": {"timestamp": "%sZ" % datetime.datetime.fromtimestamp(
        at + 2, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S"),
        "coords": {"latitude": 31.8601, "longitude": 117.2801, "accuracy": 5}},
        "device_id": phone(3)}).encode()
    check("Traccar Client's JSON as well",
          http(port, "/", body, {"Content-Type": "application/json"})[0] == 200)
    check("and on disk", at + 2 in stored(city, 3))
    check("an unknown device is told so", http(port, query.replace(phone(3), "42"))[0] == 404)
    check("nonsense is told so", http(port, "/?id=1&lat=north")[0] == 400)
    check("a body above the limit is refused before it is read",
          http(port, "/", b"x" * 70000)[0] == 413)
    check("health is JSON", json.loads(http(port, "/health")[1])["schema"] == 1)
    status, words = http(port, f"/text?unit={phone(9)}", b"hello")
    check("a text to nobody is told so", status == 409 and "no terminal" in words, words)


def hostile(port, seconds):
    """Opens connections that are silent, slow, garbage and oversized, again and again."""
    sockets, end, i = [], time.monotonic() + seconds, 0
    payloads = [b"", b"\x7e", b"GET / HTTP/1.0\r\n\r\n", os.urandom(3000), b"A" * 5000,
                frame(0x0102, "13800000001", 1, b"guess"), b"\x7e" * 4000]
    while time.monotonic() < end:
        while len(sockets) < 1000 and time.monotonic() < end:
            try:
                one = socket.create_connection(("127.0.0.1", port), timeout=2)
                one.setblocking(False)
                one.send(payloads[i % len(payloads)])
                sockets.append(one)
            except OSError:
                time.sleep(0.01)
            i += 1
        for one in sockets[::7]:
            try:
                one.send(b"\x30")
            except OSError:
                pass
        time.sleep(0.05)
        gone = [one for one in sockets if select.select([one], [], [], 0)[0]]
        for one in gone[:200]:
            one.close()
            sockets.remove(one)
    for one in sockets:
        one.close()
    return i


def test_hostile(feed, city):
    """While 1,000 hostile connections stand, forty units send ten fixes each."""
    child = os.fork()
    if child == 0:
        hostile(feed.ports["jt808"], 6)
        os._exit(0)
    time.sleep(1.5)
    terminals = [Terminal(feed.ports["jt808"], phone(i)) for i in range(1, UNITS + 1)]
    check("all units come in beside 1,000 hostile connections", all(t.enter() for t in terminals))
    base, sent, worst = now() - 3000, [], 0
    for step in range(10):
        begun = time.monotonic()
        serials = [t.send(0x0200, place(base + step * 60 + i, 117.28 + i * 1e-4, 31.86))
                   for i, t in enumerate(terminals)]
        ok = [t.acked(serial) == 0 for t, serial in zip(terminals, serials)]
        worst = max(worst, time.monotonic() - begun)
        sent += [(i, base + step * 60 + i) for i, good in enumerate(ok) if good]
    check("every fix is acknowledged", len(sent) == 10 * UNITS, f"{len(sent)}")
    check("within two seconds", worst < 2, f"{worst:.2f} s")
    on_disk = [stored(city, i + 1) for i in range(UNITS)]
    lost = [one for one in sent if one[1] not in on_disk[one[0]]]
    check("and none that was acknowledged is lost", not lost, str(lost[:5]))
    os.waitpid(child, 0)
    health = json.loads(http(feed.ports["http"], "/health")[1])
    print(f"# hostile: {health['connections']}", flush=True)
    check("the flood pushed out itself", health["connections"]["sent_away"] > 0)


def test_silent(port):
    """Half-open: one that connects and says nothing is hung up."""
    silent = socket.create_connection(("127.0.0.1", port), timeout=30)
    slow = socket.create_connection(("127.0.0.1", port), timeout=30)
    begun = time.monotonic()
    while time.monotonic() - begun < 14:
        try:
            slow.send(b"\x30")
        except OSError:
            break
        if select.select([silent], [], [], 0.5)[0] and not silent.recv(1):
            break
    took = time.monotonic() - begun
    check("who does not prove himself is hung up within 12 s", took < 12.5, f"{took:.1f} s")


def test_refusals(city, folder):
    done = ctl("feed", city, code=2)
    check("no listener is a usage error", done.returncode == 2)
    done = ctl("feed", city, "--jt808", "0.0.0.0:0", code=4)
    check("off loopback without a certificate is refused",
          done.returncode == 4 and "TLS" in done.stderr, done.stderr)
    done = ctl("feed", city, "--mqtt", "mqtt://192.0.2.1/owntracks/#", code=4)
    check("so is a broker elsewhere in the clear", done.returncode == 4, done.stderr)
    done = ctl("feed", os.path.join(folder, "none.gridbeat"), "--jt808", "0", code=3)
    check("a missing city is an error of data", done.returncode == 3)
    done = ctl("text", city, "1", "x", code=5)
    check("a text without a feed is told so", done.returncode == 5, done.stderr)


def test_busy(city):
    done = ctl("feed", city, "--jt808", "0", code=5)
    check("a city has one feed", done.returncode == 5 and "already" in done.stderr, done.stderr)


def test_sos(city, folder):
    """Rosters come, and with them nobody is on duty: a place is dropped, an emergency is not."""
    file = os.path.join(folder, "rosters.csv")
    with open(file, "w", encoding="utf-8") as out:
        out.write(f"code,from,to\n{phone(1)},2026-01-01T00:00:00Z,2026-01-01T08:00:00Z\n")
        out.write(f"{phone(10)},{time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(now() - 7200))},"
                  f"{time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(now() - 3600))}\n")
    ctl("import", city, "rosters", file)
    feed = Feed(city, "--jt808", "0", "--http", "0")
    terminal = Terminal(feed.ports["jt808"], phone(10))
    check("a terminal of somebody off duty comes in", terminal.enter())
    at = now() - 20
    terminal.acked(terminal.send(0x0200, place(at, 117.28, 31.86)))
    check("its place is dropped before the disk", at not in stored(city, 10))
    check("its emergency is acknowledged",
          terminal.acked(terminal.send(0x0200, place(at + 5, 117.28, 31.86, alarm=1))) == 0)
    check("and on disk with its place", at + 5 in stored(city, 10))
    duty = json.loads(ctl("duty", city, "--unit", phone(10), "--json").stdout)
    check("the unit is on duty by it", "sos" in json.dumps(duty), json.dumps(duty)[:300])
    again = terminal.acked(terminal.send(0x0200, place(at + 10, 117.2801, 31.86)))
    check("and heard until it is ended",
          again == 0 and until(lambda: terminal.acked(terminal.send(
              0x0200, place(now(), 117.2801, 31.86))) == 0 and len(stored(city, 10)) > 1, 5))
    ended = ctl("duty", city, "sos-end", phone(10))
    check("which somebody does by an act", ended.returncode == 0, ended.stderr)
    health = json.loads(http(feed.ports["http"], "/health")[1])
    counts = next(one for one in health["sources"] if one["name"] == "jt808")["counts"]
    check("what was dropped is counted by its reason", counts["off-duty"] >= 1 and counts["sos"] == 1, counts)
    check("and the alarm is told", health["sos"] and health["sos"][0]["unit"] == phone(10))
    feed.stop()


def test_disk(port, http_port, city):
    """While positions cannot be written nobody is told that they were; then they are."""
    terminal = Terminal(port, phone(11))
    terminal.enter()
    tracks = os.path.join(city, "tracks")
    os.rename(tracks, tracks + ".away")
    open(tracks, "w", encoding="utf-8").close()
    at = now()
    serial = terminal.send(0x0200, place(at, 117.28, 31.86))
    check("what cannot be written is not acknowledged", terminal.acked(serial, 2.5) is None)
    kept = json.loads(http(http_port, "/health")[1])["kept"]
    check("and the feed says why", kept["failures"] > 0 and kept["trouble"] and kept["waiting"] >= 1, kept)
    os.remove(tracks)
    os.rename(tracks + ".away", tracks)
    check("when it can be again it is", terminal.acked(serial, 10) == 0)
    check("and is on disk", at in stored(city, 11))


def test_mqtt(city, folder):
    if not shutil.which("mosquitto"):
        check("MQTT # SKIP no mosquitto here", True)
        return
    port, http_port = free_port(), None
    server = broker(folder, port)
    feed = Feed(city, "--http", "0", "--mqtt",
                f"mqtt://127.0.0.1:{port}/owntracks/#,jt808/+/+/up,traccar/#")
    http_port = feed.ports["http"]

    def mqtt():
        health = json.loads(http(http_port, "/health")[1])
        return next(one for one in health["sources"] if one["name"] == "mqtt")
    check("the feed finds its broker", until(lambda: mqtt()["connected"] == 1))
    at = now()
    publish(port, [
        (f"owntracks/u/{phone(4)}", json.dumps(
            {"_type": "location", "tst": at, "lat": 31.86, "lon": 117.28, "tid": "a4"})),
        ("traccar/x", json.dumps(
            {"position": {"fixTime": datetime.datetime.fromtimestamp(
                at, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000+00:00"),
                "latitude": 31.86, "longitude": 117.28, "speed": 2, "valid": True},
             "device": {"uniqueId": phone(5)}})),
        ("traccar/x", "{nonsense"),
    ])
    until(lambda: mqtt()["messages"] == 3)
    check("positions by MQTT are heard", mqtt()["messages"] == 3 and mqtt()["wrong"] == 1)
    check("Traccar's are on disk", until(lambda: at in stored(city, 5), 3))
    server.kill()
    server.wait()
    check("a broker that goes is told of", until(lambda: mqtt()["connected"] == 0))
    server = broker(folder, port)
    check("and found again by itself", until(lambda: mqtt()["connected"] == 1, 20))
    feed.stop()
    server.kill()
    server.wait()


def test_tls(city, folder):
    if not shutil.which("openssl"):
        check("TLS # SKIP no openssl here", True)
        return
    pem = os.path.join(folder, "feed.pem")
    key = os.path.join(folder, "feed.key")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key,
                    "-out", pem, "-days", "2", "-subj", "/CN=feed"], check=True,
                   capture_output=True)
    feed = Feed(city, "--jt808", "0.0.0.0:0", "--http", "0.0.0.0:0", "--certificate", pem, "--key",
                key)
    trust = ssl.create_default_context()
    trust.check_hostname = False
    trust.verify_mode = ssl.CERT_NONE
    plain = Terminal(feed.ports["jt808"], phone(6))
    plain.send(0x0002)
    check("a terminal in the clear is not heard", plain.is_closed(12))
    terminal = Terminal(feed.ports["jt808"], phone(6))
    terminal.socket = trust.wrap_socket(terminal.socket)
    check("a terminal comes in by TLS", terminal.enter())
    at = now()
    check("its place is acknowledged",
          terminal.acked(terminal.send(0x0200, place(at, 117.28, 31.86))) == 0)
    check("and on disk", at in stored(city, 6))
    code = json.loads(ctl("feed", city, "--code", phone(7), "--json").stdout)["http"]
    gateway = json.loads(ctl("feed", city, "--code", "*", "--json").stdout)["http"]
    url = f"https://127.0.0.1:{feed.ports['http']}/?id=%s&lat=31.86&lon=117.28&timestamp={at}"

    def ask(address):
        try:
            with urllib.request.urlopen(address, timeout=10, context=trust) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code
    check("HTTP off loopback asks for a code", ask(url % phone(7)) == 401)
    check("takes the device's", ask(url % phone(7) + "&token=" + code) == 200)
    check("not for another device", ask(url % phone(8) + "&token=" + code) == 401)
    check("and a gateway's for all", ask(url % phone(8) + "&token=" + gateway) == 200)
    check("health, too", ask(f"https://127.0.0.1:{feed.ports['http']}/health") == 401)
    feed.stop()


def main():
    folder = tempfile.mkdtemp()
    try:
        city, _ = make_city(folder)
        test_refusals(city, folder)
        feed = Feed(city, "--jt808", "0", "--http", "0")
        test_busy(city)
        terminal = test_terminal(feed.ports["jt808"], city)
        test_text(city, terminal)
        test_http(feed.ports["http"], city)
        test_hostile(feed, city)
        test_silent(feed.ports["jt808"])
        test_disk(feed.ports["jt808"], feed.ports["http"], city)
        health, errors = feed.stop()
        check("it ends when told, and says how it went", health and health["kept"]["fixes"] > 400,
              errors)
        check("nothing was refused by the store after all", health["kept"]["refused"] == 0)
        test_mqtt(city, folder)
        test_tls(city, folder)
        test_sos(city, folder)
    finally:
        shutil.rmtree(folder)
    print(f"1..{n_tests}", flush=True)
    sys.exit(failures > 0)


main()
