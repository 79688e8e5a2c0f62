#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Playback driven by real keys and pointer: it is never taken for live, its clock runs as it says, forward and
backward, nothing can be dispatched in it, and live comes back. test-drive-playback.py GRIDBEATCTL GRIDBEAT [CITY PREFIX]
(a city and a prefix: takes pictures of it)"""
import datetime
import re
import sys
import tempfile
import time

sys.dont_write_bytecode = True
from driver_city import Maker  # noqa: E402: after that
from driver_tap import Tap  # noqa: E402

CLOCK = re.compile(r'^(\d{4}-\d\d-\d\d)  (\d\d:\d\d:\d\d)$')
LIVE = re.compile(r'^● LIVE simulation')
PAST = re.compile(r'^◀ PLAYBACK')
ASKED = re.compile(r'^Follow .*\?$')


def clock(console):
    day, at = CLOCK.match(console.wait_for('label', CLOCK).name).groups()
    return datetime.datetime.fromisoformat(f'{day}T{at}')


def drive_entering(tap, console):
    from driver import until
    live = console.wait_for('label', LIVE, timeout_s=30)
    console.press('t')
    tap.run('T plays the last half hour back', lambda: console.wait_for('label', 'PLAYBACK'), console)
    tap.run('and the window says so at its top', lambda: console.wait_for('label', PAST), console)
    tap.run('nothing says live any more', lambda: console.wait_gone('label', LIVE), console)
    first = clock(console)
    tap.run('its clock runs', lambda: until(lambda: clock(console) > first, 'a later moment', 10), console)
    return live


def drive_speed(tap, console):
    from driver import until
    tap.run('it begins at 60 times the clock', lambda: console.wait_for('label', '×60'), console)
    before, wall = clock(console), time.monotonic()
    time.sleep(2)
    ran = (clock(console) - before).total_seconds() / (time.monotonic() - wall)
    tap.check('and runs about so fast', 30 < ran < 75, ran)
    console.press('bracketleft')
    tap.run('[ slows it down', lambda: console.wait_for('label', '×30'), console)
    console.press('bracketright', 'bracketright', 'bracketright', 'bracketright', 'bracketright')
    tap.run('] speeds it up to 600', lambda: console.wait_for('label', '×600'), console)
    console.press('BackSpace')
    tap.run('Backspace turns it round', lambda: console.wait_for('label', '◀ ×600'), console)
    later = clock(console)
    tap.run('and time runs back', lambda: until(lambda: clock(console) < later, 'an earlier moment', 10), console)
    console.press('space')
    time.sleep(0.5)
    stands = clock(console)
    time.sleep(1)
    tap.same('Space holds it', stands, clock(console))
    console.press('period')
    tap.run('. goes ten seconds on', lambda: until(
        lambda: (clock(console) - stands).total_seconds() == 10, 'ten seconds', 5), console)
    console.press('comma', 'comma')
    tap.run(', goes back', lambda: until(
        lambda: (clock(console) - stands).total_seconds() == -10, 'ten seconds before', 5), console)


def drive_refusing(tap, console):
    console.press('j', 'd')
    tap.run('nothing can be dispatched in it', lambda: console.wait_for('label', re.compile(
        r'^(This is a playback|Choose an incident first|Nobody is recommended|No open incidents)')), console)


def drive_leaving(tap, console):
    console.press('End')
    tap.run('End goes back to live', lambda: console.wait_for('label', LIVE), console)
    tap.run('and the band is gone', lambda: console.wait_gone('label', 'PLAYBACK'), console)


def choose_unit(console, city):
    """Clicks units near the middle until the window shows one of them; its call sign."""
    view = console.view()
    lon, lat = view.place
    for unit in city.units_on_duty(lon, lat)[:12]:
        x, y = view.to_px(unit['lon'], unit['lat'])
        console.click(round(x), round(y))
        try:
            console.wait_for('label', unit['name'], timeout_s=3)
            return unit['name']
        except AssertionError:
            continue
    raise AssertionError('no unit could be chosen')


def drive_following(tap, console, city):
    console.press('f')
    tap.run('F without a playback is nothing', lambda: console.wait_gone('label', ASKED, timeout_s=3), console)
    console.press('space')
    console.wait_for('label', re.compile('PAUSED'))
    name = choose_unit(console, city)
    console.press('t')
    console.wait_for('label', 'PLAYBACK')
    console.press('f')
    tap.run('F asks for what one unit is to be followed', lambda: console.wait_for('label', ASKED), console)
    console.type_text('curiosity')
    console.press('Return')
    tap.run('curiosity is no purpose', lambda: console.wait_for('label', re.compile("'curiosity' is no purpose")),
            console)
    console.press('f')
    console.wait_for('label', ASKED)
    console.type_text('task:2026-001')
    console.press('Return')
    tap.run('a task is one', lambda: console.wait_for('label', f'following {name} (F ends it)'), console)
    console.press('f')
    tap.run('F ends it', lambda: console.wait_gone('label', f'following {name} (F ends it)'), console)
    console.press('End')


def drive(tap, prog, city):
    from driver import Console, Screen
    with Screen((1600, 1000)) as screen:
        with Console(screen, prog, ['--lang', 'en', city.path, '--size', '1600x1000', '--style', 'day']) as console:
            tap.run('the map comes', lambda: console.wait_view(lambda v: True, 'a complete map', 60), console)
            tap.step(lambda: drive_entering(tap, console), console)
            tap.step(lambda: drive_speed(tap, console), console)
            tap.step(lambda: drive_refusing(tap, console), console)
            tap.step(lambda: drive_leaving(tap, console), console)
            tap.step(lambda: drive_following(tap, console, city), console)
            console.press('ctrl+q')
            tap.same('it ends well', 0, console.ended(), console.output())


def main():
    tap = Tap()
    try:
        from driver import missing
    except ImportError as error:
        tap.skip_all(f'{error} (python3-gi)')
    if missing():
        tap.skip_all(f'{missing()} is not installed')
    with tempfile.TemporaryDirectory(prefix='gridbeat-playback-') as folder:
        drive(tap, sys.argv[2], Maker(sys.argv[1], folder).demo())
    tap.done()


if __name__ == '__main__':
    main()
