#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every word that people read has its Chinese.
. "$2/tests/app/tap.sh"
cd "$2" || exit 1

check "the catalogue is well formed" msgfmt -c -o /dev/null po/zh_CN.po
xgettext -k_ -kN_ --from-code=UTF-8 -f po/POTFILES -o "$tap_dir/words.pot"
check "no word lacks its Chinese" msgcmp po/zh_CN.po "$tap_dir/words.pot"
missing=$(grep -rlE '(^|[^A-Za-z_])N?_\("' app maps --include='*.c' | sort | comm -23 - po/POTFILES)
[ -z "$missing" ] || echo "# not in po/POTFILES: $missing"
check "every file with words is listed" [ -z "$missing" ]
done_testing
