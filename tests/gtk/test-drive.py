#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The console driven as a person drives it. test-drive.py GRIDBEATCTL GRIDBEAT
Debian's own Python, for its bindings. GRIDBEAT_CITY names another city to
drive on."""
import os
import re
import sys
import tempfile

sys.dont_write_bytecode = True
from driver_city import City, Maker  # noqa: E402: after that
from driver_tap import Tap  # noqa: E402

SYNTHETIC = 'synthetic streets and events, real names'


def drive_map(tap, console):
    """One city: the map comes, tells what is under the pointer, and is moved by keys."""
    tap.run('the window names the city and that it is synthetic', lambda: console.wait_for('label', SYNTHETIC), console)
    first = tap.run('its first map gets complete', lambda: console.wait_view(lambda view: True, 'a complete map'), console)
    tap.run('it says that it lives', lambda: console.wait_for('label', re.compile('LIVE simulation')), console)
    wide = console.map().extents[2]
    tap.run('an incident arrives, with who is to go', lambda: console.wait_for('label', re.compile('^D to dispatch')),
            console)
    console.press('space')
    tap.run('the space bar holds the time', lambda: console.wait_for('label', re.compile('PAUSED')), console)
    picture = console.wait_still(300)
    tap.check('the map is drawn', picture.colours() > 300 and picture.plain() < 0.8, f'{picture.plain():.2f} is one colour')
    drive_keys(tap, console, first)
    tap.same('the map is as wide as before the first incident', wide, console.map().extents[2])
    drive_drag(tap, console, first)


def drive_keys(tap, console, first):
    width, height = console.map().extents[2:]

    def key(keys, name, right, down, nearer):
        """Where the first middle is to lie after these keys, by shares of the map."""
        console.press(*keys)

        def there(view):
            x, y = view.to_px(*first.place)
            return (abs(view.zoom - first.zoom - nearer) < 0.01 and abs(x - view.px[0] + right * width) < 2
                    and abs(y - view.px[1] + down * height) < 2)

        def step():
            try:
                console.wait_view(there, name, 8)
            except AssertionError as error:
                raise AssertionError(f'{error}; it was {first}, it is {console.view()}') from None
        tap.run(name, step, console)

    key(['plus'], '+ brings it nearer by one', 0, 0, 1)
    key(['minus'], '- takes it back', 0, 0, 0)
    key(['Right'], 'the arrow to the right shows a fifth more there', 0.2, 0, 0)
    key(['Down'], 'the arrow down too', 0.2, 0.2, 0)
    key(['Left', 'Up', 'Up'], 'the others go back and up', 0, -0.2, 0)
    key(['Home'], 'Home returns', 0, 0, 0)


def drive_drag(tap, console, first):
    x, y = (round(v) for v in first.px)
    console.drag((x, y), (x - 150, y + 90))

    def dragged(view):
        px, py = view.to_px(*first.place)
        return abs(px - x + 150) < 12 and abs(py - y - 90) < 8
    tap.run('a drag takes the ground along', lambda: console.wait_view(dragged, 'the ground dragged', 8), console)
    at = (x + 100, y - 80)
    before = console.view().to_place(*at)
    console.scroll(*at, 3)

    def nearer(view):
        px, py = view.to_px(*before)
        return view.zoom > first.zoom + 0.3 and abs(px - at[0]) < 3 and abs(py - at[1]) < 3
    tap.run('the wheel brings nearer what is under the pointer',
            lambda: console.wait_view(nearer, 'the ground nearer', 8), console)


def drive_style(tap, console):
    dark = console.wait_still(100).brightness()
    console.click_on(console.wait_for('button', description=re.compile('^Night')))

    def day():
        light = console.wait_still(100).brightness()
        assert light > dark + 60, f'brightness {dark:.0f} then {light:.0f}'
    tap.run('the night button makes the map light', day, console)
    console.click_on(console.wait_for('button', description=re.compile('^Night')))

    def night():
        again = console.wait_still(100).brightness()
        assert again < dark + 10, f'brightness {dark:.0f} then {again:.0f}'
    tap.run('and dark again', night, console)


def drive_dialog(tap, console):
    console.press('ctrl+o')
    tap.run('Ctrl+O asks for a city folder', lambda: console.wait_for(name='Open a city folder'), console)
    console.press('Escape')
    tap.run('Escape closes that', lambda: console.wait_gone(name='Open a city folder'), console)


def drive_end(tap, console, name):
    console.press('ctrl+q')
    try:
        tap.same(name, 0, console.ended(), console.output())
    except AssertionError as error:
        tap.check(name, False, error, tap.shown(console))


def drive_page(tap, console, name, title, advice):
    tap.run(f'{name} has a page', lambda: console.wait_for('label', title), console)
    tap.run('that says what to do', lambda: console.wait_for('label', advice), console)
    drive_end(tap, console, 'and Ctrl+Q ends it well')


def drive_pages(tap, start, maker):
    with start([maker.broken().path]) as console:
        drive_page(tap, console, 'a damaged city', 'This city cannot be opened',
                   re.compile(r'broken\.gridbeat.*gridbeatctl restore', re.S))
    with start([maker.hollow().path]) as console:
        drive_page(tap, console, 'an empty city', 'This city holds nothing yet', re.compile('gridbeatctl import'))
    with start([]) as console:
        drive_page(tap, console, 'no city', 'No city is open', re.compile('gridbeatctl demo'))


def main():
    tap = Tap()
    gridbeatctl, gridbeat = sys.argv[1:3]
    try:
        from driver import Console, Screen, missing
    except ImportError as error:
        tap.skip_all(f'{error} (python3-gi)')
    if missing():
        tap.skip_all(f'{missing()} is not installed')
    with tempfile.TemporaryDirectory(prefix='gridbeat-city.') as folder, Screen((1600, 900)) as screen:
        maker = Maker(gridbeatctl, folder)
        given = os.environ.get('GRIDBEAT_CITY')
        city = City(maker, given) if given else maker.demo()

        def start(args):
            return Console(screen, gridbeat, ['--lang', 'en', '--size', '1600x900', *args])

        with start([city.path]) as console:
            drive_map(tap, console)
            drive_style(tap, console)
            drive_dialog(tap, console)
            drive_end(tap, console, 'Ctrl+Q ends it with 0')
        with start([city.path]) as console:
            drive_end(tap, console, 'and so it does while the city is being opened')
        drive_pages(tap, start, maker)
    tap.done()


if __name__ == '__main__':
    main()
