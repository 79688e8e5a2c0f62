#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports of other systems: into the queue once, by table and by HTTP, and what becomes of them back to
who sent them. test-intake.py GRIDBEATCTL SOURCE"""
import csv
import io
import json
import os
import subprocess
import sys
import tempfile

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


def main():
    with tempfile.TemporaryDirectory(prefix="gridbeat-intake-") as folder:
        city = make_city(folder)
        lamp, _ = test_table(city, folder)
        test_caller_is_masked(city, lamp)
        test_outbox(city, lamp)
        check("the city is sound", ctl("check", city).returncode == 0)
    print(f"1..{n_tests}")
    return failures > 0


sys.exit(main())
