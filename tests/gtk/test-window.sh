#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The console opens a city under Xvfb, waits until all in sight is drawn and saves what it shows; a city that cannot
# be opened is told of, and no window is left behind. Pictures are taken by state, not by time.
ctl=$1
console=$3
. "$2/tests/app/tap.sh"
for tool in xvfb-run Xvfb xauth python3; do
    command -v $tool >/dev/null 2>&1 || skip_all "$tool is not installed"
done
# Without GL: its software driver is unloaded at the end and takes the names of its own leaks with it.
export GDK_DEBUG=gl-disable GDK_BACKEND=x11 GSK_RENDERER=cairo GTK_A11Y=none GSETTINGS_BACKEND=memory XDG_RUNTIME_DIR="$tap_dir"
city=$tap_dir/small.gridbeat
"$ctl" demo "$city" --scale 0.02 >/dev/null 2>"$tap_dir/err" || cat "$tap_dir/err"

# show FILE.png ARGUMENT...
show()
{
    file=$1
    shift
    xvfb-run -a -s '-screen 0 1400x900x24' "$console" --once "$file" --size 1000x700 "$@" \
        >"$tap_dir/out" 2>"$tap_dir/err"
    shown=$?
    [ $shown -eq 0 ] || sed 's/^/# /' "$tap_dir/err"
    return $shown
}

# The number of colours in a picture without alpha or with, or 0 for a file that is none.
colours()
{
    python3 - "$1" <<'PY'
import struct, sys, zlib
data = open(sys.argv[1], 'rb').read()
at, packed = 8, b''
while at < len(data):
    n, kind = struct.unpack('>I4s', data[at:at + 8])
    if kind == b'IHDR':
        width, height, depth, form = struct.unpack('>IIBB', data[at + 8:at + 18])
    if kind == b'IDAT':
        packed += data[at + 8:at + 8 + n]
    at += 12 + n
step = {2: 3, 6: 4}[form] * depth // 8
raw, line, seen, before = zlib.decompress(packed), width * step, set(), bytes(width * step)
for y in range(height):
    how, row = raw[y * (line + 1)], bytearray(raw[y * (line + 1) + 1:(y + 1) * (line + 1)])
    for i in range(line):
        a, b, c = row[i - step] if i >= step else 0, before[i], before[i - step] if i >= step else 0
        if how == 1:
            row[i] = (row[i] + a) & 255
        elif how == 2:
            row[i] = (row[i] + b) & 255
        elif how == 3:
            row[i] = (row[i] + (a + b) // 2) & 255
        elif how == 4:
            p = a + b - c
            pa, pb, pc = abs(p - a), abs(p - b), abs(p - c)
            row[i] = (row[i] + (a if pa <= pb and pa <= pc else b if pb <= pc else c)) & 255
    before = bytes(row)
    seen.update(before[i:i + step] for i in range(0, line, step))
print(len(seen))
PY
}

show "$tap_dir/night.png" --lang en "$city"
check_code "a small demo city is shown once complete" 0 $?
many=$(colours "$tap_dir/night.png")
[ "${many:-0}" -gt 300 ]
check_code "the picture holds a map, not one colour" 0 $?
show "$tap_dir/day.png" --style day --lang zh "$city"
check_code "by day and in Chinese too" 0 $?
cmp -s "$tap_dir/night.png" "$tap_dir/day.png"
check_code "day differs from night" 1 $?
show "$tap_dir/welcome.png"
check_code "without a city the window says how to get one" 0 $?
many=$(colours "$tap_dir/welcome.png")
[ "${many:-0}" -gt 20 ]
check_code "in words, not in an empty window" 0 $?

show "$tap_dir/none.png" "$tap_dir/nowhere.gridbeat" >/dev/null
check_code "a city that is not there fails" 3 $?
check "and is named" grep -q "there is no city.*nowhere.gridbeat" "$tap_dir/err"
mkdir "$tap_dir/broken.gridbeat"
for file in "$city"/*.sqlite "$city"/*.db; do
    [ ! -f "$file" ] || head -c 4000 /dev/zero >"$tap_dir/broken.gridbeat/$(basename "$file")"
done
show "$tap_dir/broken.png" "$tap_dir/broken.gridbeat" >/dev/null
check_code "a damaged city fails" 3 $?
check "its page is shown all the same" test -s "$tap_dir/broken.png"
check "and what is wrong is said" grep -q "broken.gridbeat" "$tap_dir/err"
"$console" --style dusk >/dev/null 2>&1
check_code "a wrong option is refused before any window" 2 $?
done_testing
