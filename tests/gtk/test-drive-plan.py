#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Plan workspace driven by real keys and pointer: what it shows is what
gridbeatctl says of the scenario on disk and of the register it is put into.
test-drive-plan.py GRIDBEATCTL GRIDBEAT"""
import re
import sys
import tempfile

sys.dont_write_bytecode = True
from driver_city import Maker  # noqa: E402: after that
from driver_tap import Tap  # noqa: E402

SHARES = re.compile(r'^([\d.]+) % → ([\d.]+) %$')
CHANGE = re.compile(r'^New camera, added · phase \d · (\d+)°, ')
EMPTY = re.compile('^Nothing is changed yet')


def shares(console):
    return tuple(float(n) for n in SHARES.match(console.wait_for('label', SHARES).name).groups())


def changes(console):
    return [n.name for n in console.find_all('list item') if CHANGE.match(n.name)]


def wait_saved(console):
    console.wait_for('label', 'saved', timeout_s=10)


def wait_changes(console, n, what):
    from driver import until
    until(lambda: len(changes(console)) == n, what, 10)


def difference(city, name='Plan 1'):
    return city.ask('scenario', 'show', name)['cameras']


def drive_adding(tap, console, city):
    from driver import until
    before, after = shares(console)
    tap.same('a plan of nothing changes nothing', before, after)
    console.press('a')
    tap.run('A adds a camera, and it is listed', lambda: wait_changes(console, 1, 'one change'), console)
    tap.run('which opens a plan that is saved', lambda: (console.wait_for('label', 'Plan 1'), wait_saved(console)),
            console)
    tap.run('more of the streets is seen', lambda: until(lambda: shares(console)[1] > before, 'a greater share', 10),
            console)
    planned = difference(city)
    lon, lat = console.view().place
    tap.check('on disk it stands in the middle of the map', len(planned) == 1 and planned[0]['what'] == 'add'
              and abs(planned[0]['lon'] - lon) < 2e-5 and abs(planned[0]['lat'] - lat) < 2e-5, planned, lon, lat)
    return before


def drive_turning(tap, console, city):
    from driver import until

    def heading():
        return int(CHANGE.match(changes(console)[0]).group(1))
    first = heading()
    console.press('bracketright', 'bracketright', 'bracketright')
    tap.run('] turns it to the right by five degrees', lambda: until(
        lambda: heading() == (first + 15) % 360, f'{first + 15}°', 8), console)
    console.press('bracketleft')
    tap.run('[ to the left', lambda: until(lambda: heading() == (first + 10) % 360, f'{first + 10}°', 8), console)

    def on_disk():
        return abs(difference(city)[0]['heading_deg'] - (first + 10) % 360) < 0.5
    tap.run('and the disk knows', lambda: until(on_disk, 'the heading on disk', 8), console)
    x, y = (round(v) for v in console.view().px)
    console.drag((x, y), (x + 90, y - 50))

    def moved():
        one = difference(city)[0]
        px, py = console.view().to_px(one['lon'], one['lat'])
        return abs(px - x - 90) < 4 and abs(py - y + 50) < 4
    tap.run('a drag takes the camera along, not the map', lambda: until(moved, 'the camera dragged', 8), console)
    console.press('ctrl+Right', 'ctrl+Right')


def drive_undoing(tap, console, city, before):
    from driver import until
    wait_saved(console)
    done = city.ask('scenario', 'show', 'Plan 1')['done']
    for _ in range(done):
        console.wait_for('button', re.compile('^Take back'), states=('sensitive',))
        console.press('ctrl+z')
        wait_saved_or_empty(console)
    tap.run(f'Ctrl+Z takes back each of {done} steps', lambda: console.wait_for('label', EMPTY), console)
    tap.same('and the share is what it was', (before, before), shares(console))
    tap.same('on disk too', [], difference(city))
    console.press('ctrl+shift+z')
    tap.run('Ctrl+Shift+Z brings the first again', lambda: wait_changes(console, 1, 'one change'), console)
    tap.run('which sees more again', lambda: until(lambda: shares(console)[1] > before, 'a greater share', 8), console)


def wait_saved_or_empty(console):
    from driver import until
    until(lambda: not console.find('label', 'being saved'), 'an answer', 10)


def drive_asking(tap, console):
    x, y = (round(v) for v in console.view().px)
    console.click(x - 160, y + 120)
    tap.run('a click on a place says what a camera there would do', lambda: console.wait_for(
        'label', re.compile(r'usual camera.* would add ')), console)
    console.press('Escape')
    console.press('b')
    tap.run('B shows the city before', lambda: (console.wait_for('label', 'Before'), console.wait_for('label', 'After')),
            console)
    console.press('b')
    tap.run('and hides it', lambda: console.wait_gone('label', 'Before'), console)


def drive_placing(tap, console, city):
    before = shares(console)[1]
    console.press('p')
    tap.run('P chooses five more places in sight', lambda: wait_changes(console, 6, 'six changes'), console)
    tap.run('and says what no choice passes', lambda: console.wait_for('label', re.compile('no choice of so many')),
            console)
    tap.check('more is seen with them', shares(console)[1] > before, shares(console), before)
    wait_saved(console)
    tap.same('they are one step on disk', 2, city.ask('scenario', 'show', 'Plan 1')['done'])
    console.press('ctrl+z')
    tap.run('which Ctrl+Z takes back as one', lambda: wait_changes(console, 1, 'one change'), console)
    console.press('r')
    tap.run('R proposes repairs and turns before new cameras',
            lambda: console.wait_for('label', re.compile('repairs and turns bring'), 60), console)
    tap.check('more is seen with them', shares(console)[1] > before, shares(console), before)
    wait_saved(console)
    console.press('ctrl+z')
    tap.run('and all of it is one step too', lambda: wait_changes(console, 1, 'one change'), console)


def press_button(console, name):
    """By the keyboard: a popover's own place on the screen is not told rightly."""
    for _ in range(30):
        # The window behind a dialog keeps a focus of its own.
        if any(n.role == 'button' and name.match(n.name) for n in console.find_all(states=('focused',))):
            console.press('Return')
            return
        console.press('Tab')
    raise AssertionError(f'30 times Tab and no {name.pattern}')


def drive_merging(tap, console, city, before):
    from driver import until
    after = shares(console)[1]
    console.press('s')
    tap.run('S opens the plans', lambda: console.wait_for('button', re.compile('^Into the register')), console)
    n = len(city.rows('cameras'))
    press_button(console, re.compile('^Into the register'))
    tap.run('which asks before it changes the register', lambda: console.wait_for(
        'button', re.compile('^Put into the register')), console)
    tap.same('and has not done so yet', n, len(city.rows('cameras')))
    press_button(console, re.compile('^Put into the register'))
    tap.run('the camera is in the register', lambda: until(lambda: len(city.rows('cameras')) == n + 1, 'a camera more', 10),
            console)
    tap.run('and the plan is done', lambda: console.wait_for('label', EMPTY), console)
    wanted = f"{before:.3f}", f"{after:.3f}"
    tap.check('the share had grown', wanted[0] != wanted[1], wanted)


def drive(tap, prog, city):
    from driver import Console, Screen
    with Screen((1600, 1000)) as screen:
        with Console(screen, prog, ['--lang', 'en', city.path, '--workspace', 'plan', '--size', '1600x1000', '--style', 'day']) as console:
            tap.run('the map comes', lambda: console.wait_view(lambda v: True, 'a complete map', 60), console)
            tap.run('the city is read to plan with', lambda: console.wait_for('label', SHARES, timeout_s=60), console)
            console.press('plus', 'plus')
            console.wait_still(60)
            before = drive_adding(tap, console, city)
            tap.step(lambda: drive_turning(tap, console, city), console)
            tap.step(lambda: drive_undoing(tap, console, city, before), console)
            tap.step(lambda: drive_asking(tap, console), console)
            tap.step(lambda: drive_placing(tap, console, city), console)
            console.press('ctrl+q')
            tap.same('it ends well', 0, console.ended(), console.output())
        with Console(screen, prog, ['--lang', 'en', city.path, '--workspace', 'plan', '--size', '1600x1000', '--style', 'day']) as console:
            tap.run('opened again the plan is there', lambda: (
                console.wait_for('label', 'Plan 1', timeout_s=60), wait_changes(console, 1, 'one change')), console)
            tap.step(lambda: drive_merging(tap, console, city, before), console)
            console.press('ctrl+1')
            tap.run('Ctrl+1 asks what can be detected', lambda: console.wait_for(
                'label', re.compile('public street, detect, by night$'), timeout_s=60), console)
            tap.check('which is more', shares(console)[0] > before, shares(console), before)
            console.press('ctrl+q')
            tap.same('and it ends well again', 0, console.ended(), console.output())


def main():
    tap = Tap()
    try:
        from driver import missing
    except ImportError as error:
        tap.skip_all(f'{error} (python3-gi)')
    if missing():
        tap.skip_all(f'{missing()} is not installed')
    with tempfile.TemporaryDirectory(prefix='gridbeat-plan-') as folder:
        drive(tap, sys.argv[2], Maker(sys.argv[1], folder).demo())
    tap.done()


if __name__ == '__main__':
    main()
