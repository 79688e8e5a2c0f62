#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What the desktop reads of the console: desktop file, description, icons. Deeper where the desktop's own tools are.
. "$2/tests/app/tap.sh"
cd "$2/data" || exit 1
id=io.github.gridbeat.Gridbeat

well_formed()
{
    python3 -c 'import sys, xml.dom.minidom as dom; [dom.parse(path) for path in sys.argv[1:]]' "$@"
}

check "the desktop file names the program in Chinese" grep -qx 'Name\[zh_CN\]=巡格' $id.desktop
check "and the icon that is there" grep -qx "Icon=$id" $id.desktop
check "every XML is well formed" well_formed $id.metainfo.xml $id.gschema.xml \
    icons/hicolor/scalable/apps/$id.svg icons/hicolor/symbolic/apps/$id-symbolic.svg
check "the description is of the desktop file" grep -q "desktop-id\">$id.desktop<" $id.metainfo.xml
check "and of this version" grep -q "release version=\"$(sed -n "s/^  version: '\(.*\)',/\1/p" ../meson.build)\"" $id.metainfo.xml
if command -v desktop-file-validate >/dev/null 2>&1; then
    check "desktop-file-validate is content" desktop-file-validate $id.desktop
fi
if command -v appstreamcli >/dev/null 2>&1; then
    check "appstreamcli is content" appstreamcli validate --no-net $id.metainfo.xml
fi
done_testing
