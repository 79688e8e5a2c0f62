#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Duty and rosters by real keys: what the window shows is what gridbeatctl says of the same city, each edit is on disk,
and is taken back. test-drive-rosters.py GRIDBEATCTL GRIDBEAT"""
import re
import sys
import tempfile

sys.dont_write_bytecode = True
from driver_city import Maker  # noqa: E402: after that
from driver_tap import Tap  # noqa: E402

NOW = '2026-11-21T23:15'
MORNING = '2026-11-22T05:30'  # the night shift ends an hour later
NIGHT = re.compile(r'^on duty · by roster · until 06:30 \+1$')


def unit_of(city, code, at):
    return city.ask('duty', '--unit', code, '--at', at)['list'][0]


def chosen(console):
    """The code of the unit in the form: it stands before its state."""
    state = console.wait_for('label', NIGHT)
    labels = [n.name for n in console.find_all('label')]
    return labels[labels.index(state.name) - 1]


def wait_on_disk(city, code, at, state, why=None):
    from driver import until

    def there():
        one = unit_of(city, code, at)
        return one['state'] == state and why in (None, one['why'])
    until(there, f'{code} {state} at {at} on disk', 15)


def write(console, *fields):
    """Enter goes to the first field; each is replaced, Enter saves."""
    for i, text in enumerate(fields):
        if i:
            console.press('Tab')
        console.press('ctrl+a')
        console.screen.xdotool('type', '--delay', 20, '--', text)
    console.press('Return')


def drive(tap, console, city):
    from driver import until
    console.press('F8')
    console.wait_for('label', 'Duty and rosters')
    said = city.ask('duty', '--at', NOW)
    tap.run('F8 shows as many on duty as ctl says', lambda: console.wait_for('label', f"{said['on']:,} on duty"),
            console)
    planned = f"{said['planned']:,} planned · {said['missing']} of them off · {said['extra']} on without plan"
    tap.run('planned against present too', lambda: console.wait_for('label', re.compile('^' + re.escape(planned))),
            console)
    code = chosen(console)
    tap.same('a shift that runs now is chosen', ('on', 'shift'), tuple(
        unit_of(city, code, NOW)[key] for key in ('state', 'why')))
    console.press('Return')
    console.wait_for(states=('focused', 'editable'))
    write(console, '21:00', '5:00')
    tap.run('a shift that ends earlier is saved', lambda: wait_on_disk(city, code, MORNING, 'off'), console)
    tap.run('and said', lambda: console.wait_for('label', re.compile(r'until 05:00 \+1$')), console)
    console.press('ctrl+z')
    tap.run('Ctrl+Z takes it back', lambda: wait_on_disk(city, code, MORNING, 'on'), console)
    console.wait_for('label', NIGHT)
    console.press('ctrl+shift+z')
    tap.run('Ctrl+Shift+Z does it again', lambda: wait_on_disk(city, code, MORNING, 'off'), console)
    console.wait_for('label', re.compile(r'until 05:00 \+1$'))
    console.press('ctrl+z')
    wait_on_disk(city, code, MORNING, 'on')
    console.wait_for('label', NIGHT)
    drive_more(tap, console, city, code, until)


def drive_more(tap, console, city, code, until):
    console.press('ctrl+n')
    console.wait_for('button', 'Add shift')
    write(console, '12:00 +1', '13:00 +1')
    tap.run('Ctrl+N adds one more', lambda: wait_on_disk(city, code, '2026-11-22T12:30', 'on'), console)
    console.wait_for('button', 'Save')
    console.press('ctrl+z')
    tap.run('which is taken back as well', lambda: wait_on_disk(city, code, '2026-11-22T12:30', 'off'), console)
    until(lambda: NIGHT.match(console.text_of('label', NIGHT) or ''), 'the shift of the night', 10)
    console.click_on(console.wait_for('button', 'Sign off'))
    tap.run('signed off is off until the shift ends', lambda: wait_on_disk(
        city, code, MORNING, 'off', 'sign'), console)
    tap.run('and shown as missing', lambda: console.wait_for('label', re.compile('planned · 1 of them off')), console)
    console.click_on(console.wait_for('button', 'Sign on, 12 h'))
    tap.run('signed on again it is on', lambda: wait_on_disk(city, code, MORNING, 'on', 'sign'), console)
    console.press('alt+Right')
    tap.run('Alt+Right shows the next day', lambda: console.wait_for('label', '2026-11-22 Sun'), console)
    tap.run('with a row under the keys', lambda: console.wait_for(states=('focused', 'selected')), console)
    console.press('Escape', 'Escape')  # the first may be the toast's
    tap.run('Escape closes', lambda: console.wait_gone('label', '2026-11-22 Sun'), console)


def main():
    tap = Tap()
    try:
        from driver import Console, Screen, missing
    except ImportError as error:
        tap.skip_all(f'{error} (python3-gi)')
    if missing():
        tap.skip_all(f'{missing()} is not installed')
    with tempfile.TemporaryDirectory(prefix='gridbeat-rosters.') as folder, Screen((1366, 768)) as screen:
        city = Maker(sys.argv[1], folder).demo()
        with Console(screen, sys.argv[2], [city.path]) as console:
            console.wait_view(lambda view: True, 'the map', 60)
            tap.step(lambda: drive(tap, console, city), console)
            console.press('ctrl+q')
            tap.same('it ends by itself', 0, console.ended())
    tap.done()


if __name__ == '__main__':
    main()
