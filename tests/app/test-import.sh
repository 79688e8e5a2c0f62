#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Import and export through the command line: what bad input does (exit 3, one line, the city as it was), what good
# input does (counts in --json), what each audience may have.
ctl=$1
root=$2
. "$root/tests/app/tap.sh"
GRIDBEAT_DATA_DIR=$root/data
export GRIDBEAT_DATA_DIR
city=$tap_dir/c.gridbeat
shared=$root/../shared/data

# what the city holds, as text, without the times of imports
content()
{
    for layer in areas roads cameras facilities; do
        "$ctl" export "$city" "$layer" "$tap_dir/content.csv" >/dev/null 2>&1 && cat "$tap_dir/content.csv"
        rm -f "$tap_dir/content.csv"
    done | sha256sum
}

# refuse NAME KIND FILE WORDS [OPTION VALUE]: exit 3, one line that holds the words, the city unchanged
refuse()
{
    name=$1 kind=$2 file=$3 words=$4
    shift 4
    "$ctl" import "$city" "$kind" "$file" "$@" >"$tap_dir/out" 2>"$tap_dir/err"
    code=$?
    [ $code -eq 3 ] && [ "$(wc -l <"$tap_dir/err")" -eq 1 ] && [ ! -s "$tap_dir/out" ] &&
        grep -qF -- "$words" "$tap_dir/err" && [ "$(content)" = "$before" ]
    ok=$?
    [ $ok -eq 0 ] || { echo "# exit $code"; sed 's/^/# /' "$tap_dir/err"; }
    tap_line $ok "$name"
}

printf 'name,lon,lat,type\nschool,117.283,31.861,school\nnowhere,,,other\nswapped,31.8,117.2,other\n' >"$tap_dir/places.csv"

"$ctl" import "$city" facilities "$tap_dir/places.csv" --dry-run >"$tap_dir/out" 2>&1
check_code 'a dry run ends well' 0 $?
check 'a dry run makes no city' test ! -e "$city"
"$ctl" import "$city" facilities "$tap_dir/places.csv" --strict >"$tap_dir/out" 2>&1
check_code 'a strict import with refused rows has findings' 1 $?
check 'a strict import with refused rows makes no city' test ! -e "$city"
"$ctl" import "$city" facilities "$tap_dir/missing.csv" >"$tap_dir/out" 2>&1
check_code 'a missing file is a data error' 3 $?
check 'a missing file makes no city' test ! -e "$city"
"$ctl" import "$city" tempers "$tap_dir/places.csv" >"$tap_dir/out" 2>&1
check_code 'an unknown kind is a usage error' 2 $?

"$ctl" import "$city" facilities "$tap_dir/places.csv" --json --name Town >"$tap_dir/out" 2>"$tap_dir/err"
check_code 'the first import makes the city' 0 $?
check 'it tells rows read' grep -q '"read" : 3' "$tap_dir/out"
check 'it tells rows taken' grep -q '"taken" : 1' "$tap_dir/out"
check 'it tells rows refused' grep -q '"refused" : 2' "$tap_dir/out"
check 'it tells why' grep -q 'latitude 117.2 is out of range; longitude and latitude may be swapped' "$tap_dir/out"
check 'it tells the zone' grep -q '"zone" : "Asia/Shanghai"' "$tap_dir/out"
check 'it tells the metric frame' grep -q '"epsg" : 4548' "$tap_dir/out"

before=$(content)
printf '' >"$tap_dir/empty.csv"
printf 'a,b\n1,2\n' >"$tap_dir/columns.csv"
printf 'code,lon,lat\nx,nan,31\n' >"$tap_dir/nan.csv"
printf '<osm version="0.6"><node id="1" lat="31.8" lon="117.2"><tag k="amenity" v="school"/></node><node' >"$tap_dir/cut.osm"
printf 'code,lon,lat\nx,31.8,117.2\n' >"$tap_dir/swapped.csv"
printf 'name,lon,lat\nx,117.2,31.8\n' | iconv -t UTF-16LE | head -c 51 >"$tap_dir/half.csv"
printf '{"type":"FeatureCollection","features":[' >"$tap_dir/cut.geojson"
printf '{"type":"Point",\n"coordinates":[117,"31"]}' >"$tap_dir/words.geojson"
printf 'PK\003\004 this is no archive' >"$tap_dir/cut.zip"
printf 'lon,lat,name\n1,2,"open\n' >"$tap_dir/quote.csv"
head -c 300000 /dev/zero | tr '\0' '[' >"$tap_dir/deep.json"
mkdir "$tap_dir/folder.geojson"
sqlite3 "$tap_dir/other.gpkg" 'CREATE TABLE t(x); INSERT INTO t VALUES (1)' 2>/dev/null
refuse 'a missing file is refused' cameras "$tap_dir/none.csv" 'No such file'
refuse 'a line end in a name does not end the message' cameras "$tap_dir/a
b.csv" 'a?b.csv'
refuse 'a directory is refused' cameras "$tap_dir/folder.geojson" 'directory'
refuse 'an empty file is refused' cameras "$tap_dir/empty.csv" 'empty'
refuse 'wrong columns are refused' cameras "$tap_dir/columns.csv" 'line 1: no column'
refuse 'cut JSON is refused' areas "$tap_dir/cut.geojson" 'ends too early'
refuse 'a coordinate in words is refused' cameras "$tap_dir/words.geojson" 'line 2'
refuse 'deep JSON is refused' areas "$tap_dir/deep.json" 'deeper than 64'
refuse 'a cut zip is refused' roads "$tap_dir/cut.zip" 'cut'
refuse 'an open quote is refused' facilities "$tap_dir/quote.csv" 'line 2'
refuse 'a name of a driver is refused' cameras /vsicurl/http://127.0.0.1/x.csv 'no local file'
refuse 'a device is refused' cameras /dev/null 'no regular file'
[ ! -s "$tap_dir/other.gpkg" ] ||
    refuse 'a database of another program is refused' areas "$tap_dir/other.gpkg" 'another program'
refuse 'a file whose only row is no number is refused' cameras "$tap_dir/nan.csv" 'line 2: longitude or latitude'
refuse 'a file of swapped rows is refused' cameras "$tap_dir/swapped.csv" 'may be swapped'
refuse 'a cut OSM text is refused' osm "$tap_dir/cut.osm" 'unclosed token'
refuse 'a height is no place' cameras "$tap_dir/places.csv" 'no longitude and latitude' --crs EPSG:5773
refuse 'nor are metres from the centre of the earth' cameras "$tap_dir/places.csv" 'no longitude' --crs EPSG:4978
refuse 'half a character of UTF-16 is refused' cameras "$tap_dir/half.csv" 'the file is cut'
refuse 'a device is no profile' cameras "$tap_dir/places.csv" 'no regular file' --profile /dev/zero
"$ctl" import "$city" cameras "$tap_dir/nan.csv" --dry-run >"$tap_dir/out" 2>"$tap_dir/err"
check_code 'a row that is no number is told, the dry run ends well' 0 $?
check 'it is told with its line' grep -q 'refused 1: position is no number; line 2' "$tap_dir/out"

# the newer program is still at it, so its schema's number stands in the log and not yet in the file
if command -v sqlite3 >/dev/null; then
    cp -r "$city" "$tap_dir/newer.gridbeat"
    sqlite3 "$tap_dir/newer.gridbeat/city.sqlite" 'PRAGMA user_version = 99' \
        ".system $ctl import $tap_dir/newer.gridbeat cameras $tap_dir/places.csv 2>$tap_dir/err; echo \$? >$tap_dir/code"
    check_code 'a city of a newer program is refused' 3 "$(cat "$tap_dir/code")"
    check 'as newer' grep -q 'newer Gridbeat (schema 99' "$tap_dir/err"
fi

printf 'code,name,lon,lat,owner\nA1,=gate,117.283,31.861,shop\n' >"$tap_dir/cameras.csv"
"$ctl" import "$city" cameras "$tap_dir/cameras.csv" >"$tap_dir/out" 2>&1
check_code 'cameras are taken' 0 $?
check 'what was assumed is told' grep -q 'camera heading not given: assumed' "$tap_dir/out"
"$ctl" export "$city" cameras "$tap_dir/a.csv" >/dev/null 2>&1
check_code 'cameras are exported' 0 $?
check 'formulas are taken the sting' grep -q "'=gate" "$tap_dir/a.csv"
"$ctl" export "$city" cameras "$tap_dir/b.csv" >/dev/null 2>&1
check 'the same bytes each time' cmp "$tap_dir/a.csv" "$tap_dir/b.csv"
"$ctl" export "$city" cameras "$tap_dir/p.csv" --audience public >/dev/null 2>"$tap_dir/err"
check_code 'cameras are not for the public' 4 $?
check 'nothing is written then' test ! -e "$tap_dir/p.csv"
"$ctl" export "$city" fields "$tap_dir/p.geojson" --audience public >/dev/null 2>&1
check_code 'the public gets no fields of cameras' 4 $?
check 'and no file of them' test ! -e "$tap_dir/p.geojson"
for layer in fields covered gaps; do
    "$ctl" export "$city" $layer "$tap_dir/$layer.geojson" --class observe --night >/dev/null 2>&1
    check_code "$layer are exported" 0 $?
done
"$ctl" export "$city" nonsense "$tap_dir/p.csv" >/dev/null 2>&1
check_code 'an unknown layer is a usage error' 2 $?
"$ctl" export "$city" cameras "$tap_dir/p.doc" >/dev/null 2>&1
check_code 'an unknown ending is a data error' 3 $?
printf 'time,type,lon,lat\n' >"$tap_dir/calls.csv"
for i in 1 2 3 4 5 6; do echo "2020-01-0$i 08:00,theft,117.283,31.861"; done >>"$tap_dir/calls.csv"
echo '2020-01-01 08:00,theft,117.383,31.961' >>"$tap_dir/calls.csv"
"$ctl" import "$city" incidents "$tap_dir/calls.csv" >/dev/null 2>&1
"$ctl" export "$city" incidents "$tap_dir/public.csv" --audience public --json >"$tap_dir/out" 2>&1
check 'the public gets counts of five or more' grep -q ',6,' "$tap_dir/public.csv"
check 'and is told how many were held back' grep -q '"held_back" : 1' "$tap_dir/out"
check 'and no category' sh -c "! grep -q theft '$tap_dir/public.csv'"

# A killed import: whenever it dies, all of it is there or nothing.
awk 'BEGIN { print "time,type,lon,lat"; for (i = 0; i < 100000; i++)
    printf "2020-01-01 08:00,theft,117.%06d,31.86\n", 280000 + i % 9999 }' >"$tap_dir/many.csv"
incidents()
{
    "$ctl" info "$city" --json 2>/dev/null | sed -n 's/.*"incidents" : \([0-9]*\).*/\1/p' | head -n 1
}
for delay in 0.2 0.5 0.8; do
    had=$(incidents)
    "$ctl" import "$city" incidents "$tap_dir/many.csv" >/dev/null 2>&1 &
    victim=$!
    sleep "$delay"
    kill -9 $victim 2>/dev/null
    wait $victim 2>/dev/null
    has=$(incidents)
    echo "# killed after $delay s: $had incidents before, $has after"
    [ -n "$had" ] && { [ "$has" = "$had" ] || [ "$has" = $((had + 100000)) ]; }
    tap_line $? "an import killed after $delay s leaves all or nothing"
done
"$ctl" check "$city" >"$tap_dir/out" 2>&1
check_code 'and the city is whole' 0 $?
"$ctl" import "$city" incidents "$tap_dir/many.csv" >/dev/null 2>&1
"$ctl" import "$city" incidents "$tap_dir/calls.csv" --replace >/dev/null 2>&1
check 'a replaced import is no longer seen' [ "$(incidents)" = 7 ]
"$ctl" check "$city" >"$tap_dir/out" 2>&1
check_code 'nor does it leave rows behind' 0 $?

if [ -d "$shared/formats" ]; then
    before=$(content)
    bad=0
    for file in "$shared"/formats/geojson/bad/*.geojson "$shared"/tiles/bad/*; do
        "$ctl" import "$city" areas "$file" >"$tap_dir/out" 2>"$tap_dir/err"
        code=$?
        { [ $code -eq 3 ] && [ "$(wc -l <"$tap_dir/err")" -eq 1 ]; } || [ $code -eq 0 ] || {
            bad=1
            echo "# $file: exit $code"
        }
    done
    tap_line $bad 'bad files end with 0 or 3 and one line'
    head -c 100000 "$shared/chicago/chicago_osm2014_roads.shp.zip" >"$tap_dir/truncated.zip"
    before=$(content)
    for bytes in 2000 300000 700001 1000000; do
        head -c $bytes "$shared/osm/liechtenstein.osm.pbf" >"$tap_dir/cut.osm.pbf"
        refuse "an extract cut after $bytes bytes is refused" osm "$tap_dir/cut.osm.pbf" 'cut.osm.pbf'
    done
    refuse 'a truncated shapefile zip is refused' roads "$tap_dir/truncated.zip" 'cut'
    rm -rf "$city"
    "$ctl" import "$city" osm "$shared/osm/liechtenstein-2013-08-03.osm.pbf" >/dev/null 2>&1
    "$ctl" import "$city" osm "$shared/osm/liechtenstein.osm.pbf" >/dev/null 2>&1
    "$ctl" info "$city" --json >"$tap_dir/out" 2>&1
    check 'a newer extract replaces the older one' grep -q '"buildings" : 8993' "$tap_dir/out"
else
    echo '# ../shared/data is not there: its files are not tried'
fi

# what an OpenStreetMap file forbids comes with its roads, is replaced with them, and is told when other roads come
cat >"$tap_dir/cross.osm" <<'EOT'
<osm version="0.6">
<node id="1" lat="31.8000000" lon="117.2000000"/><node id="2" lat="31.8010000" lon="117.2000000"/>
<node id="3" lat="31.8010000" lon="117.1990000"><tag k="barrier" v="bollard"/></node>
<node id="4" lat="31.8010000" lon="117.1980000"/>
<way id="11"><nd ref="1"/><nd ref="2"/><tag k="highway" v="primary"/></way>
<way id="12"><nd ref="2"/><nd ref="3"/><nd ref="4"/><tag k="highway" v="residential"/></way>
<relation id="21"><member type="way" ref="11" role="from"/><member type="node" ref="2" role="via"/>
<member type="way" ref="12" role="to"/><tag k="type" v="restriction"/><tag k="restriction" v="no_left_turn"/></relation>
<relation id="22"><member type="way" ref="11" role="from"/><tag k="type" v="restriction"/>
<tag k="restriction" v="no_left_turn"/></relation>
</osm>
EOT
rm -rf "$city"
"$ctl" import "$city" roads "$tap_dir/cross.osm" >"$tap_dir/out" 2>&1
check 'roads of an OSM file bring its turns along' grep -q '^  turns 1$' "$tap_dir/out"
check 'and its barriers' grep -q '^  barriers 1$' "$tap_dir/out"
check 'a malformed restriction is told by its number' grep -q 'refused 1: .*first: relation 22' "$tap_dir/out"
gzip -c "$tap_dir/cross.osm" >"$tap_dir/cross.osm.gz"
"$ctl" import "$city" turns "$tap_dir/cross.osm.gz" >"$tap_dir/out" 2>&1
check_code 'they are taken alone too' 0 $?
"$ctl" info "$city" >"$tap_dir/out" 2>&1
check 'and never doubled' grep -q 'turns in force 1, lost 0; barriers in force 1, lost 0' "$tap_dir/out"
"$ctl" check "$city" >/dev/null 2>&1
check_code 'a city whose rules fit is sound' 0 $?
"$ctl" import "$city" roads "$tap_dir/cross.osm" >"$tap_dir/out" 2>&1
check 'the same again tells of no doubles' test "$(grep -c twice "$tap_dir/out")" -eq 0
cp -r "$city" "$tap_dir/twice.gridbeat"
"$ctl" import "$tap_dir/twice.gridbeat" osm "$tap_dir/cross.osm" >"$tap_dir/out" 2>&1
check 'what another kind of import brought is told' grep -q "there twice.*'roads' of 'cross.osm': undo CITY" "$tap_dir/out"
cp -r "$city" "$tap_dir/undone.gridbeat"
"$ctl" info "$city" --json >"$tap_dir/out"
id=$(python3 -c "import json, sys; print([i['id'] for i in json.load(sys.stdin)['imports'] if i['kind'] == 'roads' and i['state'] == 'live'][0])" <"$tap_dir/out")
"$ctl" undo "$tap_dir/undone.gridbeat" "$id" >/dev/null 2>&1
"$ctl" info "$tap_dir/undone.gridbeat" --json >"$tap_dir/out"
check 'undoing the roads takes their turns and barriers along' [ "$(grep -cE '"(turns|barriers)" : 0' "$tap_dir/out")" -eq 4 ]
printf '%s' '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"highway":"primary"},"geometry":
{"type":"LineString","coordinates":[[117.2,31.8],[117.2,31.801]]}}]}' >"$tap_dir/other.geojson"
"$ctl" import "$city" roads "$tap_dir/other.geojson" --profile osm-ways --replace >/dev/null 2>&1
"$ctl" check "$city" >"$tap_dir/out" 2>&1
check_code 'rules whose roads are gone are found' 1 $?
check 'with what to do' grep -q '1 of 1 turn rules fit no road .*import CITY turns FILE' "$tap_dir/out"
sed 's/"117\./"118./g' "$tap_dir/cross.osm" >"$tap_dir/far.osm"
"$ctl" import "$tap_dir/twice.gridbeat" turns "$tap_dir/far.osm" >"$tap_dir/out" 2>"$tap_dir/err"
check_code "another city's turns are refused" 3 $?
check 'and the old ones stay' sh -c "'$ctl' info '$tap_dir/twice.gridbeat' | grep -q 'turns in force 1'"
rm -rf "$city"
"$ctl" import "$city" turns "$tap_dir/cross.osm" >"$tap_dir/out" 2>"$tap_dir/err"
check_code 'turns without roads are refused' 3 $?
check 'with what to do' grep -q 'no roads; import them first' "$tap_dir/err"
check 'and make no city' test ! -e "$city"

# rules of a list of one's own: what is not said is as usual, what says nothing is refused
"$ctl" import "$city" roads "$tap_dir/cross.osm" >/dev/null 2>&1
printf 'class,foot,ebike,car,hours,lon,lat\nbollard,yes,,no,,117.2836,31.8611\ngate,,,,07:00-22:00,117.2837,31.8612\nthing,,,,,117.28,31.86\n' >"$tap_dir/barriers.csv"
"$ctl" import "$city" barriers "$tap_dir/barriers.csv" >"$tap_dir/out" 2>&1
check 'barriers come from a table' grep -q '3 rows read, 2 taken' "$tap_dir/out"
check 'of which one says neither what it is nor who passes' grep -q 'refused 1: neither its class nor foot' "$tap_dir/out"
printf 'what,from_way,to_way,car,lon,lat\nno_left_turn,1,2,,117.28,31.86\nperhaps,1,2,1,117.28,31.86\nonly,1,2,1,117.28,31.86\n' >"$tap_dir/turns.csv"
"$ctl" import "$city" turns "$tap_dir/turns.csv" >"$tap_dir/out" 2>&1
check 'turns do, by the words of OpenStreetMap, too' grep -q '3 rows read, 2 taken' "$tap_dir/out"
check 'who is bound is said where the table does not' grep -q 'whom it binds not given: e-bikes and cars' "$tap_dir/out"
for kind in barriers turns; do
    "$ctl" export "$city" "$kind" "$tap_dir/$kind-out.csv" >/dev/null 2>&1
done
check 'a gate with hours is passed while it is open' grep -q ',gate,2,2,2,07:00-22:00,' "$tap_dir/barriers-out.csv"
check 'a bollard by all but cars' grep -q ',bollard,1,1,0,' "$tap_dir/barriers-out.csv"
for kind in barriers turns; do
    "$ctl" import "$city" "$kind" "$tap_dir/$kind-out.csv" >"$tap_dir/out" 2>&1
    check "exported $kind come in again" grep -q '0 refused' "$tap_dir/out"
done

# an import is taken back as a whole
rm -rf "$city"
"$ctl" import "$city" facilities "$tap_dir/places.csv" >/dev/null 2>&1
before=$(content)
printf 'name,lon,lat,type\nwrong,117.284,31.862,school\n' >"$tap_dir/wrong.csv"
"$ctl" import "$city" facilities "$tap_dir/wrong.csv" >/dev/null 2>&1
check 'a second import adds rows' [ "$(content)" != "$before" ]
"$ctl" info "$city" --json >"$tap_dir/out"
id=$(python3 -c "import json, sys; print([i['id'] for i in json.load(sys.stdin)['imports'] if i['source'] == 'wrong.csv'][0])" <"$tap_dir/out")
"$ctl" undo "$city" "$id" >/dev/null 2>&1
check_code 'undo takes an import back' 0 $?
check 'and leaves the city as it was' [ "$(content)" = "$before" ]
"$ctl" undo "$city" "$id" >/dev/null 2>"$tap_dir/err"
check_code 'what is undone is not undone again' 4 $?
"$ctl" undo "$city" last >/dev/null 2>&1
check_code 'a word is no number of an import' 2 $?
done_testing
