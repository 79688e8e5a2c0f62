#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports of other systems: into the queue once, by table and by HTTP, and what becomes of them back to
who sent them. test-intake.py GRIDBEATCTL SOURCE"""
import csv
import http.server
import io
import json
import os
import subprocess
import sys
import tempfile
import threading

from devices import Feed, http as ask, until

CTL, SOURCE = sys.argv[1], sys.argv[2]
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


def ctl_json(*args):
    return json.loads(ctl(*args, "--json").stdout)


def make_city(folder):
    city = os.path.join(folder, "intake.gridbeat")
    ctl("demo", city, "--scale", "0.01", "--seed", "3")
    return city


# ---- tables ----

TABLE = """编号,受理时间,经度,纬度,地址,事项,诉求内容,来电人,联系电话
A1,2026-11-20 08:00:00,117.283,31.861,长江中路369号,street-lamp,路灯不亮,李雷,13912345678
A2,,117.283,31.861,,,楼上邻居吵架要求调解,韩梅,13987654321
A3,,,,,no-such-item,说不清的事,,
A2,,117.283,31.861,,,楼上邻居吵架要求调解,韩梅,13987654321
,,117.283,31.861,,,没有编号,,
A4,2036-01-01,,,,,未来的事,,
A5,,31.861,117.283,,,经纬颠倒,,
A6,,,,,,,,
"""


def test_table(city, folder):
    path = os.path.join(folder, "reports.csv")
    with open(path, "wb") as out:
        out.write(TABLE.encode("gb18030"))
    report = ctl_json("intake", city, path, "--source", "hotline")
    counts = (report["taken"], report["known"], report["refused"])
    check("good rows are taken, a number once, bad ones refused", counts == (3, 1, 4), str(counts))
    rows = {(one["line"]): one for one in report["reports"]}
    check("every row says what became of it", [rows[i]["state"] for i in range(2, 10)] ==
          ["taken", "taken", "taken", "known", "refused", "refused", "refused", "refused"])
    check("a refusal names the field and the remedy",
          rows[6]["reason"].startswith("number: ") and rows[7]["reason"].startswith("time: ") and
          rows[8]["reason"].startswith("lon: ") and rows[9]["reason"].startswith("words: "))
    check("a retry in one file has the number that it has", rows[5]["incident"] == rows[3]["incident"])
    check("an item routes to the grid and its department",
          (rows[2]["item"], rows[2]["level"], rows[2]["department"]) == ("street-lamp", "grid", "city"))
    check("words suggest an item and are shown",
          (rows[3]["item"], rows[3]["matched"], rows[3]["department"]) ==
          ("neighbour-dispute", "邻居+吵架", "justice"))
    check("mediation begins at the community", rows[3]["level"] == "community")
    check("what fits no item is taken all the same", rows[4]["item"] is None and rows[4]["incident"])
    again = ctl_json("intake", city, path, "--source", "hotline")
    check("the whole file again takes nothing", (again["taken"], again["known"]) == (0, 4))
    other = ctl_json("intake", city, path, "--source", "app")
    check("another source's numbers are its own", other["taken"] == 3)
    check("--strict finds", ctl("intake", city, path, "--source", "app", "--strict", code=1).returncode == 1)
    check("a source needs a name", ctl("intake", city, path, "--source", "A B", code=2).returncode == 2)
    return rows[2]["incident"], rows[3]["incident"]


def test_caller_is_masked(city, code):
    shown = ctl("incident", city, "show", code).stdout
    check("the caller is masked by default", "13912345678" not in shown and "李雷" not in shown, shown)


# ---- the outbox ----

def outbox(city, source="hotline"):
    return ctl_json("outbox", city, "--source", source)["rows"]


def test_outbox(city, code):
    before = outbox(city)
    check("taking and classifying are told",
          [(r["number"], r["to"]) for r in before] ==
          [("A1", "received"), ("A1", "classified"), ("A2", "received"), ("A2", "classified"), ("A3", "received")],
          str(before))
    check("what words suggested says by which", before[3]["reason"] == "suggested by: 邻居+吵架", str(before[3]))
    ctl("incident", city, "step", code, "hold", "--reason", "road closed", "--until", "2036-01-01")
    rows = outbox(city)
    check("a change of state is a row with its reason",
          (rows[-1]["number"], rows[-1]["to"], rows[-1]["reason"]) == ("A1", "held", "road closed"), str(rows[-1]))
    check("rows rise", [r["seq"] for r in rows] == sorted({r["seq"] for r in rows}))
    ctl("outbox", city, "--source", "hotline", "--confirm", str(before[-1]["seq"]))
    rest = outbox(city)
    check("what is confirmed is gone, the rest stays", [r["to"] for r in rest] == ["held"])
    ctl("outbox", city, "--source", "hotline", "--confirm", "1")
    check("a confirmation never goes back", outbox(city) == rest)
    check("another source keeps its own", len(outbox(city, "app")) == 5)
    text = ctl("outbox", city, "--source", "hotline").stdout
    table = list(csv.DictReader(io.StringIO(text)))
    check("as CSV it says the same",
          [(r["number"], r["to"], r["reason"]) for r in table] == [("A1", "held", "road closed")], text)
    check("--confirm needs a source", ctl("outbox", city, "--confirm", "5", code=2).returncode == 2)
    check("a push in the clear to another machine is refused",
          ctl("outbox", city, "--source", "app", "--push", "http://example.org/x", code=4).returncode == 4)


# ---- HTTP ----

def post(port, path, what, headers={}):
    body = what if isinstance(what, bytes) else json.dumps(what).encode()
    status, text = ask(port, path, body, headers)
    return status, json.loads(text) if text.startswith("{") else text


def test_http(city, port):
    rows = [{"number": "W1", "words": "垃圾桶满了", "lon": 117.283, "lat": 31.861, "caller": "王", "phone": "13800000001"},
            {"number": "W2", "item": "noise"}, {"number": "W3", "lon": 500, "lat": 1, "words": "x"},
            {"number": "W1", "words": "垃圾桶满了"}, 7]
    status, answer = post(port, "/reports?source=web", rows)
    states = [one["state"] for one in answer["reports"]] if status == 200 else answer
    check("reports by HTTP: good ones are taken, the rest says why",
          states == ["taken", "taken", "refused", "known", "refused"], str(answer))
    check("it is answered when it is on disk",
          ctl("incident", city, "show", answer["reports"][0]["incident"]).returncode == 0)
    status, again = post(port, "/reports?source=web", rows[0])
    check("a retry has the number that it has", (status, again["reports"][0]["state"], again["reports"][0]["incident"])
          == (200, "known", answer["reports"][0]["incident"]), str(again))
    shown = ctl("incident", city, "show", answer["reports"][0]["incident"]).stdout
    check("the caller stays masked", "13800000001" not in shown and "王" not in shown)
    check("nonsense is refused", post(port, "/reports?source=web", b"{nonsense")[0] == 400)
    check("too many at once are refused",
          post(port, "/reports?source=web", [{"number": str(i), "words": "x"} for i in range(201)])[0] == 400)
    check("a source needs a name", post(port, "/reports", rows)[0] == 400)
    check("reports are posted", ask(port, "/reports?source=web")[0] == 405)
    return answer["reports"][0]["incident"]


def test_http_outbox(city, port, code):
    status, text = ask(port, "/reports/outbox?source=web")
    told = json.loads(text)
    check("the outbox by HTTP has every change", status == 200 and
          [(r["number"], r["to"]) for r in told["rows"]] ==
          [("W1", "received"), ("W1", "classified"), ("W2", "received"), ("W2", "classified")], text)
    middle = told["rows"][1]["seq"]
    rest = json.loads(ask(port, f"/reports/outbox?source=web&after={middle}")[1])
    check("after says from where", [r["number"] for r in rest["rows"]] == ["W2", "W2"])
    one = json.loads(ask(port, "/reports/outbox?source=web&max=1")[1])
    check("max says how many", len(one["rows"]) == 1 and one["last"] == told["rows"][0]["seq"])
    check("a confirmation is kept", post(port, f"/reports/outbox?source=web&seq={told['last']}", b"")[0] == 200)
    check("and empties it", json.loads(ask(port, "/reports/outbox?source=web")[1])["rows"] == [])
    check("nonsense is refused", ask(port, "/reports/outbox?source=web&max=x")[0] == 400 and
          post(port, "/reports/outbox?source=web", b"")[0] == 400)
    ctl("incident", city, "step", code, "hold", "--reason", "later", "--until", "2036-01-01")
    rows = json.loads(ask(port, "/reports/outbox?source=web")[1])["rows"]
    check("what happens next is there", [(r["number"], r["to"], r["reason"]) for r in rows] ==
          [("W1", "held", "later")], str(rows))


class Receiver(http.server.BaseHTTPRequestHandler):
    """Another system: fails as often as it is told, then takes what it is sent."""
    failures, got, codes = 0, [], set()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        Receiver.codes.add(self.headers["Authorization"])
        Receiver.failures -= 1
        if Receiver.failures < 0:
            Receiver.got += json.loads(body)["rows"]
        self.send_response(500 if Receiver.failures >= 0 else 204)
        self.end_headers()

    def log_message(self, *words):
        pass


def test_push(city):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    want = [(r["number"], r["to"]) for r in outbox(city, "app")]
    Receiver.failures = 1
    ctl("outbox", city, "--source", "app", "--push", f"http://127.0.0.1:{server.server_port}/told")
    feed = Feed(city, "--http", "0")
    until(lambda: len(Receiver.got) >= len(want), 15)
    check("rows are pushed, again where it failed", [(r["number"], r["to"]) for r in Receiver.got] == want,
          str(Receiver.got))
    check("and confirmed by the answer", until(lambda: outbox(city, "app") == [], 5))
    check("with a code of their own", len(Receiver.codes) == 1 and
          next(iter(Receiver.codes)).startswith("Bearer "), str(Receiver.codes))
    Receiver.failures = 1000
    post(feed.ports["http"], "/reports?source=app", {"number": "P9", "words": "路灯不亮"})
    until(lambda: Receiver.failures < 999, 5)
    feed.process.kill()
    feed.process.wait()
    check("what was not answered waits", [r["number"] for r in outbox(city, "app")] == ["P9", "P9"])
    Receiver.failures, n = 0, len(Receiver.got)
    feed = Feed(city, "--http", "0")
    until(lambda: outbox(city, "app") == [], 10)
    check("and is told after a crash, once each", [r["to"] for r in Receiver.got[n:]] == ["received", "classified"],
          str(Receiver.got[n:]))
    ctl("outbox", city, "--source", "app", "--push", "none")
    _, errors = feed.stop()
    check("the feed ends when told", feed.process.returncode == 0, errors)
    server.shutdown()


def main():
    with tempfile.TemporaryDirectory(prefix="gridbeat-intake-") as folder:
        city = make_city(folder)
        lamp, _ = test_table(city, folder)
        test_caller_is_masked(city, lamp)
        test_outbox(city, lamp)
        feed = Feed(city, "--http", "0")
        code = test_http(city, feed.ports["http"])
        test_http_outbox(city, feed.ports["http"], code)
        feed.stop()
        test_push(city)
        check("the city is sound", ctl("check", city).returncode == 0)
    print(f"1..{n_tests}")
    return failures > 0


sys.exit(main())
