#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The walls between the rooms (geo <- maps <- app; model <- store, calc, decode <- work) and the house rules that
# a machine can see. check-house.sh SOURCE_ROOT [BUILD_ROOT]
cd "$1" || exit 1
bad=0

complain()
{
    echo "$1"
    bad=1
}

sources()
{
    find "$@" -name '*.[ch]' 2>/dev/null | sort
}

# refuse ROOM PATTERN WHY: no file of the room includes what matches
refuse()
{
    hits=$(sources "$1" | xargs -r grep -nE "^#include [<\"]($2)" /dev/null)
    [ -z "$hits" ] || complain "$3:
$hits"
}

refuse geo '(maps|app)/' 'geo must not include maps or app'
refuse maps 'app/' 'maps must not include app'
refuse maps/paint '(gtk|gdk|shumate|adwaita|geo/(store|work|decode))' 'maps/paint knows cairo, pango and plain data only'
refuse maps/gtk 'geo/(calc|decode)/' 'maps/gtk shows what store and work give and computes nothing'
refuse app/ctl '(gtk|gdk|gsk|shumate|adwaita|maps/gtk)' 'GTK is only in maps/gtk and app/console'
refuse geo '(gtk|gdk|gio|glib-object|json-glib|cairo|pango)' 'geo knows glib alone, no GObject, GIO or GTK'
refuse geo/model 'geo/(store|calc|decode|work)/' 'model includes nothing above it'
refuse geo/store 'geo/(calc|decode|work)/' 'store meets calc only in work'
refuse geo/calc 'geo/(store|decode|work)/' 'calc is pure and meets store only in work'
refuse geo/decode 'geo/(store|calc|work)/' 'decode turns bytes into fixes, nothing else'
refuse geo/work '(sqlite3|spatialite|gdal|ogr|cpl)' 'work writes no SQL and opens no foreign file'
refuse geo/calc '(sqlite3|spatialite|gdal|ogr|cpl)' 'calc knows no database and no file'

for file in $(sources geo maps app | grep '\.h$'); do
    grep -q '^#pragma once' "$file" || complain "$file: no #pragma once"
    grep -nE '(sqlite3|GEOS[A-Z]|\bPJ\b|OGR[A-Z]|GDAL[A-Z])[A-Za-z_]* *\*' "$file" /dev/null &&
        complain "$file: a library's type in a header"
done

for file in $(sources geo maps app tests); do
    head -n 1 "$file" | grep -q 'SPDX-License-Identifier: GPL-3.0-or-later' || complain "$file: no SPDX line"
    case $(basename "$file") in
    *util* | *helper* | *common* | *misc* | *manager*) complain "$file: name the noun it is about" ;;
    esac
    lines=$(wc -l <"$file")
    [ "$lines" -le 800 ] || complain "$file: $lines lines, 800 is the limit"
done

hits=$(sources geo maps app | xargs grep -nE '\b(TODO|FIXME|XXX)\b|^ *//' /dev/null)
[ -z "$hits" ] || complain "unfinished words or // comments:
$hits"
hits=$(sources geo/calc | xargs -r grep -nE '\b(g_get_real_time|g_get_monotonic_time|time\(|rand\(|g_random_)' /dev/null)
[ -z "$hits" ] || complain "calc knows no clock and no random numbers:
$hits"
hits=$(sources geo maps app | grep -v '^geo/store/' | xargs grep -nE '"(SELECT|INSERT|UPDATE|DELETE|BEGIN|COMMIT|PRAGMA) ' /dev/null)
[ -z "$hits" ] || complain "SQL outside geo/store:
$hits"

# Symbols: a public name carries its room.
if [ -n "$2" ] && [ -f "$2/geo/libgeo.a" ]; then
    hits=$(nm -g --defined-only "$2/geo/libgeo.a" 2>/dev/null | awk 'NF == 3 && $2 ~ /[TDBR]/ && $3 !~ /^(_*geo_|__)/ {print $3}')
    [ -z "$hits" ] || complain "public symbols of geo without geo_:
$hits"
    hits=$(nm -g --defined-only "$2/maps/libmaps-paint.a" "$2/maps/libmaps-gtk.a" 2>/dev/null | awk 'NF == 3 && $2 ~ /[TDBR]/ && $3 !~ /^(_*maps_|__)/ {print $3}')
    [ -z "$hits" ] || complain "public symbols of maps without maps_:
$hits"
fi

if command -v clang-format-14 >/dev/null 2>&1; then
    hits=$(sources geo maps app tests | xargs clang-format-14 --dry-run 2>&1 | grep -E 'warning|error' | cut -d: -f1 | sort | uniq -c)
    [ -z "$hits" ] || complain "not in the house's format (clang-format-14 -i mends it):
$hits"
fi
exit $bad
