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

ZOOM = re.compile(r'^zoom \d')


def drive_map(tap, console):
    """One city: the map comes, tells what is under the pointer, and is moved by keys."""
    tap.run('the window names the city and that it is synthetic',
            lambda: console.wait_for('label', 'synthetic streets and events, real names'), console)
    picture = console.wait_still(300)
    tap.check('the map is drawn', picture.colours() > 300 and picture.plain() < 0.8, f'{picture.plain():.2f} is one colour')
    node = console.map()
    x, y = console.middle(node)
    console.move(x, 5)
    middle = console.pointed()
    first = console.view()
    lon, lat = console.point(x, y)
    px, py = first.to_px(lon, lat)
    tap.check('the strip tells the place under the pointer', abs(px - x) < 1.5 and abs(py - y) < 1.5,
              f'{lon}, {lat} should be at {px:.1f}, {py:.1f}, the pointer is at {x}, {y}')
    px, py = first.to_px(*middle)
    tap.check('and that of the middle when the pointer is elsewhere', abs(px - x) < 1.5 and abs(py - y) < 1.5,
              f'{middle} is at {px:.1f}, {py:.1f}, the middle at {x}, {y}')
    tap.check('by Web Mercator, as wide as high', abs(first.px_x / first.px_y - 1) < 0.002)
    tap.check('and the code of the grid there', console.find('label', re.compile(r'^\d{12,15}\b')), tap.shown(console))
    drive_keys(tap, console, first)


def drive_keys(tap, console, first):
    place = None

    def moved(keys, holds):
        zoom = console.text_of('label', ZOOM)
        console.press(*keys)

        def step():
            console.wait_still(100)
            view = console.view()
            assert holds(view), f'{shift(view) if place else None} zoom {view.zoom:.2f} after {first.zoom:.2f}, strip said {zoom}'
        return step

    node = console.map()
    a = first.a_px
    tap.run('+ brings it nearer by one', moved(['plus'], lambda v: abs(v.zoom - first.zoom - 1) < 0.02), console)
    tap.run('- takes it back', moved(['minus'], lambda v: abs(v.zoom - first.zoom) < 0.02), console)
    place = console.point(*a)

    def shift(view):
        px, py = view.to_px(*place)
        return px - a[0], py - a[1]

    middle = console.middle(node)
    console.drag(middle, (middle[0] - 200, middle[1] + 90))
    tap.run('a drag takes the ground along',
            moved([], lambda v: abs(shift(v)[0] + 200) < 12 and abs(shift(v)[1] - 90) < 8), console)
    tap.run('Home returns',
            moved(['Home'], lambda v: abs(shift(v)[0]) < 2 and abs(shift(v)[1]) < 2 and abs(v.zoom - first.zoom) < 0.01),
            console)


def drive_style(tap, console):
    dark = console.wait_still(100).brightness()
    console.click_on(console.wait_for('button', description='Night colours'))

    def day():
        light = console.wait_still(100).brightness()
        assert light > dark + 60, f'brightness {dark:.0f} then {light:.0f}'
    tap.run('the night button makes the map light', day, console)
    console.click_on(console.wait_for('button', description='Night colours'))

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
    with tempfile.TemporaryDirectory(prefix='gridbeat-city.') as folder, Screen((1280, 800)) as screen:
        maker = Maker(gridbeatctl, folder)
        given = os.environ.get('GRIDBEAT_CITY')
        city = City(maker, given) if given else maker.demo()

        def start(args):
            return Console(screen, gridbeat, ['--lang', 'en', *args])

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
