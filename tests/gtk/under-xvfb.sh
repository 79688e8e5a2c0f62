#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# under-xvfb.sh PROGRAM ARGUMENT...: a test that speaks TAP, on a screen of its own
for tool in xvfb-run Xvfb xauth; do
    command -v $tool >/dev/null 2>&1 || {
        echo "1..0 # SKIP $tool is not installed"
        exit 0
    }
done
export GDK_DEBUG=gl-disable GDK_BACKEND=x11 GSK_RENDERER=cairo GTK_A11Y=none GSETTINGS_BACKEND=memory
exec xvfb-run -a -s '-screen 0 1600x1000x24' "$@"
