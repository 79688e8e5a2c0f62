#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Positions from files: every defect is counted and nothing else is lost; a replay brings the same. The public
bus days of Austin, where they lie beside the checkout, are counted again here by plain reading.
test-replay.py GRIDBEATCTL SHARED"""
import csv
import datetime
import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

CTL, SHARED = sys.argv[1], sys.argv[2]
n_tests = failures = 0


def check(name, ok, detail=""):
    global n_tests, failures
    n_tests += 1
    failures += not ok
    print(f"{'ok' if ok else 'not ok'} {n_tests} - {name}", flush=True)
    if not ok:
        print(f"# {detail}", flush=True)


def same(name, wanted, got):
    check(name, wanted == got, f"wanted {wanted}, got {got}")


def ctl(*args, code=0):
    done = subprocess.run([CTL, *args, "--json"], capture_output=True, text=True)
    if done.returncode != code:
        print(f"# {' '.join(args)}: exit {done.returncode}: {done.stderr}", flush=True)
        return {}
    return json.loads(done.stdout) if done.stdout else {"error": done.stderr}


def write(folder, name, text, encoding="utf-8"):
    path = os.path.join(folder, name)
    with open(path, "wb") as file:
        file.write(text.encode(encoding))
    return path


# Rows not in order, one twice, one at another place at the same time, a jump, no unit, no time, no place, off the
# earth, and a clock that changes from -06:00 to -05:00 on the way.
DEFECTS = """vehicle_id,timestamp,speed,longitude,latitude
A,2015-03-08T01:59:00-06:00,3,-97.7400,30.2600
A,2015-03-08T01:58:00-06:00,3,-97.7402,30.2600
A,2015-03-08T03:00:00-05:00,3,-97.7398,30.2600
A,2015-03-08T03:00:00-05:00,3,-97.7398,30.2600
A,2015-03-08T03:00:00-05:00,3,-97.7300,30.2600
A,2015-03-08T03:01:00-05:00,3,-97.7396,30.2600
A,2015-03-08T03:01:20-05:00,3,-98.7396,30.2600
B,2015-03-08T03:01:00-05:00,3,-97.7500,30.2700
,2015-03-08T03:02:00-05:00,3,-97.7500,30.2700
B,yesterday,3,-97.7500,30.2700
B,2015-03-08T03:03:00-05:00,3,,30.2700
B,2015-03-08T03:04:00-05:00,3,-297.75,30.2700
B,2015-03-08T03:05:00-05:00,3,0,0
"""
FULL = {"read": 13, "written": 5, "refused": 8, "out_of_order": 1, "other_offset": 9, "without_speed": 8}


def seconds(city, unit, day):
    track = ctl("tracks", city, "--unit", unit, "--purpose", "task:2026-001", "--from", day + "T00:00", "--to",
                day + "T23:59:59")
    return sorted(int(datetime.datetime.fromisoformat(one["at"]).timestamp()) for one in track.get("track", []))


def test_defects(folder):
    city, file = os.path.join(folder, "a.gridbeat"), write(folder, "defects.csv", DEFECTS)
    same("without a city and units a file is refused", 3, subprocess.run(
        [CTL, "import", city, "tracks", file], capture_output=True, check=False).returncode)
    done = ctl("import", city, "tracks", file, "--make-units", "--zone", "America/Chicago")
    same("every row is counted", FULL, {key: done.get(key) for key in FULL})
    same("by what is wrong with it", {"no-unit": 1, "no-time": 1, "no-place": 3}, done["flaws"])
    gate = {word: n for word, n in done["gate"].items() if n}
    same("or by what the gate says", {"live": 5, "replay": 1, "not-newer": 1, "too-fast": 1}, gate)
    base = int(datetime.datetime.fromisoformat("2015-03-08T01:58:00-06:00").timestamp())
    same("times go on over the clock change", [base, base + 60, base + 120, base + 180],
         seconds(city, "A", "2015-03-08"))
    again = ctl("import", city, "tracks", file)
    same("again, nothing is there twice", [base, base + 60, base + 120, base + 180], seconds(city, "A", "2015-03-08"))
    check("and no unit is made again", again.get("made_units") == 0)
    strict = subprocess.run([CTL, "import", city, "tracks", file, "--strict"], capture_output=True, text=True,
                            check=False)
    check("strict takes nothing and says so", strict.returncode == 1 and "nothing was taken" in strict.stdout,
          strict.stdout)
    return city


def test_shapes(folder):
    chinese = "编号,时间,经度,纬度,时速,方向\nP-1,2026-11-21 22:00:00,117.28,31.86,36,90\n" \
              "P-1,2026-11-21 22:00:10,117.2801,31.86,36,90\nP-2,2026-11-21 22:00:00,117.29,31.87,0,\n"
    file = write(folder, "chinese.csv", chinese, "gb18030")
    city = os.path.join(folder, "b.gridbeat")
    done = ctl("import", city, "tracks", file, "--make-units", "--zone", "Asia/Shanghai")
    same("Chinese headings in GB18030", (3, 3), (done.get("read"), done.get("written")))
    same("a local time is the city's", [int(datetime.datetime.fromisoformat(f"2026-11-21T22:00:{s}+08:00").timestamp())
                                        for s in ("00", "10")], seconds(city, "P-1", "2026-11-21"))
    gpx = """<?xml version="1.0"?><gpx version="1.1" creator="t" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>
<trkpt lat="31.86" lon="117.28"><time>2026-11-21T14:05:00Z</time></trkpt>
<trkpt lat="31.8601" lon="117.2801"><time>2026-11-21T14:05:10Z</time></trkpt>
<trkpt lat="31.8602" lon="117.2802"></trkpt></trkseg></trk></gpx>"""
    done = ctl("import", city, "tracks", write(folder, "walk.gpx", gpx), "--unit", "P-1")
    same("a GPX track of a named unit", (3, 2, 1), (done.get("read"), done.get("written"), done["flaws"]["no-time"]))
    skipped = "unit,time,lon,lat\nX,2015-03-08 02:30:00,-97.74,30.26\n"
    done = ctl("import", os.path.join(folder, "a.gridbeat"), "tracks", write(folder, "skipped.csv", skipped),
               "--make-units")
    same("an hour that the clocks skipped is told of", (1, 1), (done.get("skipped_hour"), done.get("written")))
    wrong = subprocess.run([CTL, "import", city, "tracks", write(folder, "w.csv", "unit,when,lon,lat\nA,1,2,3\n")],
                           capture_output=True, text=True, check=False)
    check("a file without times is refused by name", wrong.returncode == 3 and "no column is the time" in wrong.stderr,
          wrong.stderr)
    return city


def test_new_cities(folder):
    local = write(folder, "local.csv", "unit,time,lon,lat,speed (km/h),方向角\nP-1,2026-11-21 22:00:00,117.28,31.86,36,90\n")
    bad = write(folder, "bad.csv", "unit,time,lon,lat\nP-1,2026-11-21 22:00:00,117.28,31.86\n,never,1,2\n")
    city = os.path.join(folder, "n.gridbeat")
    done = ctl("import", city, "tracks", local, "--make-units", "--dry-run")
    same("a dry run judges a city that is not there", 1, done["gate"]["live"])
    check("and does not make it", not os.path.exists(city))
    subprocess.run([CTL, "import", city, "tracks", bad, "--make-units", "--strict"], capture_output=True, check=False)
    check("nor does a strict one with a bad row", not os.path.exists(city))
    done = ctl("import", city, "tracks", local, "--make-units")
    same("a new city's zone is that of its places", [int(datetime.datetime.fromisoformat(
        "2026-11-21T22:00:00+08:00").timestamp())], seconds(city, "P-1", "2026-11-21"))
    same("a unit in brackets is read", 0, done.get("without_speed"))
    again = ctl("import", city, "tracks", local)
    same("and the same file again is the same", 1, len(seconds(city, "P-1", "2026-11-21")))
    same("told as a repeat", 1, again["gate"]["replay"])


def test_replay(folder, source):
    city = os.path.join(folder, "c.gridbeat")
    shutil.copytree(source, city)
    shutil.rmtree(os.path.join(city, "tracks"))
    os.mkdir(os.path.join(city, "tracks"))
    file = os.path.join(folder, "defects.csv")
    done = ctl("replay", city, file, "--speed", "0", "--keep-times")
    same("a replay at once brings what an import does", 5, done.get("written"))
    same("at its own times", 4, len(seconds(city, "A", "2015-03-08")))
    done = ctl("replay", city, file, "--speed", "0")
    same("or so that the last is now", 5, done.get("written"))
    rows = "unit,time,lon,lat\n" + "".join(f"A,2015-03-08T10:00:{s:02d}-05:00,{-97.74 + s * 1e-5:.5f},30.26\n"
                                           for s in range(0, 60, 5))
    begun = time.monotonic()
    done = ctl("replay", city, write(folder, "minute.csv", rows), "--speed", "30")
    took = time.monotonic() - begun
    same("every position of a minute comes", 12, done.get("written"))
    check("in two seconds at 30 times the clock", 1.5 < took < 6, f"{took:.1f} s")
    day = ctl("replay", city, file, "--speed", "0", "--keep-times", "--from", "2015-03-08T03:00", "--to",
              "2015-03-08T03:01")
    same("of a span only that is judged", (1, 3), (day.get("written"), sum(day["gate"].values())))


def plain_count(file):
    """Rows, rows out of order, distinct (unit, time): by plain reading."""
    text = subprocess.run(["zstd", "-dc", file], capture_output=True, text=True, check=True).stdout
    last, seen, late, n, placed = {}, set(), 0, 0, 0
    for row in csv.DictReader(text.splitlines()):
        n += 1
        lat, lon = float(row["latitude"] or "nan"), float(row["longitude"] or "nan")
        if not (abs(lat) <= 90 and abs(lon) <= 180) or (lat == 0 and lon == 0):
            continue
        placed += 1
        at = datetime.datetime.fromisoformat(row["timestamp"]).timestamp()
        late += at < last.get(row["vehicle_id"], at)
        last[row["vehicle_id"]] = at
        seen.add((row["vehicle_id"], at))
    return n, placed, late, len(seen)


def test_austin(folder):
    files = sorted(glob.glob(os.path.join(SHARED, "data/gps/austin/*.csv.zst")))
    if not files or not shutil.which("zstd"):
        check("the days of Austin # SKIP they are not beside the checkout", True)
        return
    city = os.path.join(folder, "austin.gridbeat")
    for file in files:
        n, placed, late, distinct = plain_count(file)
        done = ctl("import", city, "tracks", file, "--make-units", "--zone", "America/Chicago")
        gate = done["gate"]
        name = os.path.basename(file)[:10]
        same(f"{name}: rows, places, order", (n, placed, late),
             (done["read"], n - done["flaws"]["no-place"], done["out_of_order"]))
        same(f"{name}: what is left is each once", distinct,
             done["written"] + gate["too-fast"] + gate["outside"] + gate["not-newer"])


def main():
    folder = tempfile.mkdtemp()
    try:
        city = test_defects(folder)
        test_shapes(folder)
        test_new_cities(folder)
        test_replay(folder, city)
        test_austin(folder)
    finally:
        shutil.rmtree(folder)
    print(f"1..{n_tests}", flush=True)
    sys.exit(failures > 0)


main()
