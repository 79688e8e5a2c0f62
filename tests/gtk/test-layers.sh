#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# test-layers under Xvfb: layers need a window that is shown.
. "$2/tests/app/tap.sh"
for tool in xvfb-run Xvfb xauth; do
    command -v $tool >/dev/null 2>&1 || skip_all "$tool is not installed"
done
export GDK_DEBUG=gl-disable GDK_BACKEND=x11 GSK_RENDERER=cairo GTK_A11Y=none GSETTINGS_BACKEND=memory XDG_RUNTIME_DIR="$tap_dir"
xvfb-run -a -s '-screen 0 800x600x24' "$1"
