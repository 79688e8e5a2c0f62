#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""gridbeatctl patrol against a slow plain count: each unit's seconds one by one, each asked of the
squares. On the simulator's walks, whose every second is known, and on a morning of Austin's buses.
test-patrol.py GRIDBEATCTL KEEP-FIXES SOURCE"""
import calendar
import datetime
import io
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile

CTL, KEEP, SOURCE = sys.argv[1:4]
CELLS = 225000  # to a degree: what the store keeps of a place
M_PER_DEGREE = 111319.49079327358
n_tests = 0
failures = 0


def check(name, ok, detail=""):
    global n_tests, failures
    n_tests += 1
    failures += not ok
    print(f"{'ok' if ok else 'not ok'} {n_tests} - {name}", flush=True)
    if not ok and detail:
        print(f"# {detail}", flush=True)


def run(program, *args, text=None):
    done = subprocess.run([program, *args], capture_output=True, text=True, input=text)
    if done.returncode not in (0, 1):
        sys.exit(f"{' '.join(args)}: exit {done.returncode}: {done.stderr}")
    return done.stdout


def snap(degrees):
    """The middle of the cell that the store keeps."""
    cells = degrees * CELLS
    return math.copysign(math.floor(abs(cells) + 0.5), cells) / CELLS


class Squares:
    """n x n squares of so many degrees, from the south-west."""

    def __init__(self, west, south, size, n):
        self.west, self.south, self.size, self.n = west, south, size, n
        self.m_per_lon = M_PER_DEGREE * math.cos(math.radians(south + size * n / 2))

    def write(self, path):
        features = []
        for row in range(self.n):
            for column in range(self.n):
                w, s = self.west + column * self.size, self.south + row * self.size
                e, n = self.west + (column + 1) * self.size, self.south + (row + 1) * self.size
                features.append({
                    "type": "Feature", "properties": {"code": f"G{row:02}{column:02}"},
                    "geometry": {"type": "Polygon",
                                 "coordinates": [[[w, s], [e, s], [e, n], [w, n], [w, s]]]}})
        with open(path, "w") as out:
            json.dump({"type": "FeatureCollection", "features": features}, out)

    def find(self, lon, lat):
        column = math.floor((lon - self.west) / self.size)
        row = math.floor((lat - self.south) / self.size)
        if 0 <= column < self.n and 0 <= row < self.n:
            return f"G{row:02}{column:02}"
        return None

    def distance_m(self, a, b):
        return math.hypot((a[1] - b[1]) * self.m_per_lon, (a[2] - b[2]) * M_PER_DEGREE)


class Count:
    """The plain count of fixes {unit: [(ms, lon, lat)]} in time order."""

    def __init__(self, squares, fixes, from_s, to_s, gap_s=60, away_s=600, silence_s=3600):
        self.cells, self.anybody, self.units = {}, {}, {}
        self.from_s, self.to_s = from_s, to_s
        for unit, track in fixes.items():
            self.add(unit, self.seconds(squares, track, gap_s), away_s, silence_s)
        self.gaps()

    def seconds(self, squares, track, gap_s):
        """second -> square or None; a second that is not there is unknown."""
        where = {}
        for (t, lon, lat), after in zip(track, track[1:] + [None]):
            second = t // 1000
            if after and after[0] - t < gap_s * 1000 and \
                    squares.distance_m((t, lon, lat), after) <= 50 * (after[0] - t) / 1000:
                span = after[0] - t
                for k in range(-(-t // 1000), -(-after[0] // 1000)):
                    share = (k * 1000 - t) / span
                    where[k] = squares.find(lon + share * (after[1] - lon),
                                            lat + share * (after[2] - lat))
            where.setdefault(second, squares.find(lon, lat))
        return {k: where[k] for k in sorted(where) if self.from_s <= k < self.to_s}

    def add(self, unit, where, away_s, silence_s):
        last_in, last_told = {}, (None, None)
        for k, area in where.items():
            if area:
                cell = self.cells.setdefault((area, k // 3600),
                                             {"visits": 0, "units": set(), "unit_s": 0})
                cell["unit_s"] += 1
                cell["units"].add(unit)
                self.units.setdefault(area, set()).add(unit)
                self.anybody.setdefault(area, set()).add(k)
                if area not in last_in:
                    cell["visits"] += 1
                elif last_told[1] == area:
                    cell["visits"] += k - last_told[0] > silence_s
                else:
                    cell["visits"] += k - last_in[area] > away_s
                last_in[area] = k
            last_told = (k, area)

    def gaps(self):
        self.gap, self.hour_gap, self.last = {}, {}, {}
        for area, seconds in self.anybody.items():
            gap = within = longest = 0
            for k in range(self.from_s, self.to_s):
                within = 0 if k % 3600 == 0 else within
                gap, within = (0, 0) if k in seconds else (gap + 1, within + 1)
                longest = max(longest, gap)
                key = (area, k // 3600)
                self.hour_gap[key] = max(self.hour_gap.get(key, 0), within)
            self.gap[area], self.last[area] = longest, max(seconds)

    def seen_s(self, area):
        return len(self.anybody.get(area, ()))

    def differs(self, report):
        """What patrol --json --hours says otherwise: texts, at most ten."""
        wrong = []

        def same(what, told, counted):
            if told != counted and len(wrong) < 10:
                wrong.append(f"{what}: {told}, counted {counted}")

        for area in report["areas"]:
            code = area["code"]
            seconds = self.anybody.get(code, set())
            same(f"{code} units", area["units"], len(self.units.get(code, ())))
            same(f"{code} gap", area["longest_gap_s"],
                 self.gap.get(code, self.to_s - self.from_s))
            same(f"{code} last", area["last_seen"] and moment_s(area["last_seen"]),
                 self.last.get(code))
            for hour in area["hours"]:
                number = moment_s(hour["hour"]) // 3600
                begin = max(number * 3600, self.from_s)
                end = min(number * 3600 + 3600, self.to_s)
                cell = self.cells.get((code, number), {"visits": 0, "units": (), "unit_s": 0})
                what = f"{code} at {hour['hour']}"
                same(what + " visits", hour["visits"], cell["visits"])
                same(what + " units", hour["units"], len(cell["units"]))
                same(what + " unit_s", hour["unit_s"], cell["unit_s"])
                same(what + " seen_s", hour["seen_s"],
                     sum(1 for k in range(begin, end) if k in seconds))
                same(what + " gap", hour["longest_gap_s"],
                     self.hour_gap.get((code, number), end - begin))
        return wrong


def moment_s(text):
    return int(datetime.datetime.fromisoformat(text).timestamp())


def moment(second):
    return datetime.datetime.fromtimestamp(second, datetime.timezone.utc).isoformat()


def make_city(folder, name, squares, units, zone):
    city = os.path.join(folder, name + ".gridbeat")
    squares.write(os.path.join(folder, name + ".geojson"))
    run(CTL, "import", city, "areas", os.path.join(folder, name + ".geojson"), "--level", "grid",
        "--zone", zone)
    if units:
        with open(os.path.join(folder, name + ".csv"), "w") as out:
            out.write("code,unit_kind,lon,lat\n")
            for unit in units:
                out.write(f"{unit},car,{squares.west + squares.size},"
                          f"{squares.south + squares.size}\n")
        run(CTL, "import", city, "units", os.path.join(folder, name + ".csv"))
    return city


def keep(city, rows):
    """rows: (unit, ms, lon, lat) in the order that they come in; what is kept of them."""
    text = io.StringIO()
    for unit, ms, lon, lat in rows:
        text.write(f"{unit} {ms} {lon!r} {lat!r}\n")
    kept, refused = run(KEEP, city, text=text.getvalue()).split()
    check(f"{kept} fixes are kept, none refused", refused == "0", f"{refused} refused")
    return by_unit(rows)


def by_unit(rows):
    """By unit and time; of one moment the fix that came first; who has lost its place says 0, 0."""
    fixes = {}
    for unit, ms, lon, lat in rows:
        if (lon, lat) != (0, 0):
            fixes.setdefault(unit, {}).setdefault(ms, (ms, snap(lon), snap(lat)))
    return {unit: [track[ms] for ms in sorted(track)] for unit, track in fixes.items()}


def patrol(city, from_s, to_s, *options):
    return json.loads(run(CTL, "patrol", city, "--from", moment(from_s), "--to", moment(to_s),
                          "--hours", "--json", *options))


# ---- the simulator's walks ----

def simulate(folder, squares, units, begin_s, minutes):
    """A city with streets, and each unit's place at every second."""
    city = make_city(folder, "walks", squares, None, "Asia/Shanghai")
    lines = []
    for k in range(19):
        at = [(squares.west + (0.2 + i * 0.2) * squares.size,
               squares.south + (0.2 + k * 0.2) * squares.size) for i in range(19)]
        lines.append(at)
        lines.append([(squares.west + (y - squares.south), squares.south + (x - squares.west))
                      for x, y in at])
    roads = os.path.join(folder, "roads.geojson")
    with open(roads, "w") as out:
        json.dump({"type": "FeatureCollection", "features": [
            {"type": "Feature", "properties": {"highway": "residential", "osm_id": str(i)},
             "geometry": {"type": "LineString", "coordinates": line}}
            for i, line in enumerate(lines)]}, out)
    run(CTL, "import", city, "roads", roads)
    run(CTL, "simulate", city, "--units", str(units), "--minutes", str(minutes), "--step", "1",
        "--speed", "0", "--seed", "11", "--at", moment(begin_s))
    truth = {}
    for i in range(units):
        unit = f"SIM-{i + 1:04}"
        track = json.loads(run(CTL, "tracks", city, "--unit", unit, "--purpose", "case:count",
                               "--from", moment(begin_s), "--to", moment(begin_s + minutes * 60 + 60),
                               "--json"))["track"]
        truth[unit] = [(moment_s(fix["at"]) * 1000, snap(fix["lon"]), snap(fix["lat"]))
                       for fix in track]
    return city, truth


def test_walks(folder):
    squares = Squares(117.2801234567, 31.8601234567, 0.0031, 4)
    minutes, units = 40, 24
    now = calendar.timegm(datetime.datetime.now(datetime.timezone.utc).timetuple())
    begin_s = now // 3600 * 3600 - 2 * 3600 - 1500  # over a full hour
    end_s = begin_s + minutes * 60
    city, truth = simulate(folder, squares, units, begin_s, minutes)
    count = Count(squares, truth, begin_s, end_s)
    total = sum(count.seen_s(area) for area in count.anybody)
    check("the walks come through many squares", len(count.anybody) >= 12 and total > 5000,
          f"{len(count.anybody)} squares, {total} s")
    wrong = count.differs(patrol(city, begin_s, end_s))
    check("patrol agrees with the plain count of every second of the walks", not wrong,
          "; ".join(wrong))
    test_thinned(folder, squares, truth, count, begin_s, end_s)


def test_thinned(folder, squares, truth, count, begin_s, end_s):
    """Of every ten seconds one fix, and a third of the units silent for five minutes: what is told
    is the plain count of it, and near to the truth where the truth was heard."""
    rows = []
    for number, (unit, track) in enumerate(sorted(truth.items())):
        last = 0
        for ms, lon, lat in track:
            silent = number % 3 == 0 and begin_s + 600 <= ms // 1000 < begin_s + 900
            if ms >= last + 10000 and not silent:
                rows.append((unit, ms, lon, lat))
                last = ms
    rows.sort(key=lambda row: row[1])
    city = make_city(folder, "thinned", squares, sorted(truth), "Asia/Shanghai")
    heard = keep(city, rows)
    report = patrol(city, begin_s, end_s)
    wrong = Count(squares, heard, begin_s, end_s).differs(report)
    check("patrol agrees with the plain count of a fix in ten seconds", not wrong, "; ".join(wrong))
    whole = sum(sum(cell["unit_s"] for cell in (count.cells.get((a["code"], h), {"unit_s": 0})
                                                for h in range(begin_s // 3600, end_s // 3600 + 1)))
                for a in report["areas"])
    told = sum(area["unit_s"] for area in report["areas"])
    silent = len([n for n in range(len(truth)) if n % 3 == 0]) * 300
    check("and is not below the truth by more than the silence and a hundredth",
          whole * 0.99 - silent * 1.1 <= told <= whole * 1.01, f"{told} of {whole}, {silent} silent")
    off = sum(abs(area["seen_s"] - count.seen_s(area["code"])) for area in report["areas"])
    seen = sum(count.seen_s(area["code"]) for area in report["areas"])
    check("areas are off the truth by less than a fifth of it in all", off < 0.2 * seen,
          f"{off} of {seen} s")
    rate = report["rates"]["on_post"]
    check("silent duty is unknown and not absent",
          abs(rate["unknown"] * 3600 - silent) < 0.2 * silent + 20 * len(truth)
          and rate["part"] + rate["unknown"] <= rate["whole"] + 0.001,
          json.dumps(rate))


# ---- Austin's buses ----

def read_buses(path):
    rows = []
    text = subprocess.run(["zstd", "-dcq", path], capture_output=True, text=True, check=True).stdout
    lines = iter(text.splitlines())
    columns = next(lines).split(",")
    unit, time, lat, lon = (columns.index(name) for name in
                            ("vehicle_id", "timestamp", "latitude", "longitude"))
    for line in lines:
        fields = line.split(",")
        rows.append(("B" + fields[unit], moment_s(fields[time]) * 1000, float(fields[lon]),
                     float(fields[lat])))
    return rows


def test_buses(folder):
    days = os.path.join(SOURCE, "..", "shared", "data", "gps", "austin")
    if not os.path.isdir(days) or not shutil.which("zstd"):
        print("# ../shared/data is not there, or no zstd: the buses are not counted")
        return
    squares = Squares(-97.9012345678, 30.1512345678, 0.0151234, 22)
    # Rows are not in time order, and some are there twice.
    for day, begin, hours in (("2017-03-21", "2017-03-21T07:40:00-05:00", 3),
                              ("2015-03-07", "2015-03-07T06:20:00-06:00", 3)):
        begin_s = moment_s(begin)
        end_s = begin_s + hours * 3600
        path = os.path.join(days, day + ".csv.zst")
        city = make_city(folder, "buses-" + day, squares, None, "America/Chicago")
        taken = json.loads(run(CTL, "import", city, "tracks", path, "--make-units", "--json"))
        check(f"{day}: {taken['written']} of {taken['read']} rows come in",
              taken["written"] > 0.99 * taken["read"], json.dumps(taken["gate"]))
        heard = by_unit(row for row in read_buses(path)
                        if begin_s - 7200 <= row[1] // 1000 < end_s + 7200)
        for gap_s in (60, 200):
            count = Count(squares, heard, begin_s, end_s, gap_s=gap_s)
            report = patrol(city, begin_s, end_s, "--gap", str(gap_s))
            wrong = count.differs(report)
            check(f"{day}: {len(heard)} buses in {len(count.anybody)} squares, {report['links']} ways "
                  f"told of fixes under {gap_s} s apart, agree with the plain count", not wrong,
                  "; ".join(wrong))
        check(f"{day}: the squares saw buses", len(count.anybody) > 50, str(len(count.anybody)))


def main():
    with tempfile.TemporaryDirectory() as folder:
        test_walks(folder)
        test_buses(folder)
    print(f"1..{n_tests}")
    sys.exit(1 if failures else 0)


main()
