#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the window says of a place, a unit, a camera and a grid is what gridbeatctl says of the same city; layers,
search, dispatch and language by real keys and clicks. test-drive-facts.py GRIDBEATCTL GRIDBEAT
The time is held, so that the store has what the screen shows."""
import math
import os
import re
import sys
import tempfile

sys.dont_write_bytecode = True
from driver_city import City, Maker  # noqa: E402
from driver_tap import Tap  # noqa: E402

KINDS = {'foot': 'foot', 'ebike': 'e-bike', 'car': 'car', 'team': 'team'}
STATUSES = {'available': 'available', 'fixed_post': 'at a post', 'cleared': 'cleared', 'on_scene': 'on scene',
            'reserved': 'reserved', 'en_route': 'en route', 'break': 'break', 'busy': 'busy', 'dispatched': 'sent',
            'accepted': 'accepted', 'handling': 'handling', 'escort': 'escort'}
OWNERS = {'government': 'public area', 'unit': 'unit interior', 'shop': 'shop front', 'compound': 'compound'}
FREE_PX = 34  # around what is clicked there is nothing else


def span(seconds):
    s = math.floor(seconds + 0.5)
    return f'{s // 60}:{s % 60:02d}'


def seconds_of(text):
    return sum(int(part) * scale for part, scale in zip(reversed(text.split(':')), (1, 60, 3600)))


class Scene:
    """What lies on the map as gridbeatctl says, in pixels of the screen."""

    def __init__(self, console, city):
        self.view = console.view()
        lon, lat = self.view.place
        self.units = [(*self.view.to_px(u['lon'], u['lat']), u) for u in city.units_on_duty(lon, lat)]
        self.cameras = [(*self.view.to_px(*c[:2]), c) for c in city.rows('cameras')]
        self.incidents = [(*self.view.to_px(*i[:2]), i) for i in city.rows('incidents')
                          if i[2]['state'] not in ('closed', 'void', 'called_back', 'duplicate')]
        left, top = console.origin(console.map())
        x, y, width, height = console.map().extents
        self.box = (left + x + 60, top + y + 60, left + x + width - 60, top + y + height - 120)

    def inside(self, x, y):
        return self.box[0] < x < self.box[2] and self.box[1] < y < self.box[3]

    def alone(self, x, y, but=None):
        return self.inside(x, y) and all(
            other[2] is but or math.hypot(other[0] - x, other[1] - y) > FREE_PX
            for group in (self.units, self.cameras, self.incidents) for other in group)

    def pick(self, group):
        for x, y, thing in group:
            if self.alone(x, y, thing):
                return x, y, thing
        raise AssertionError('no such thing lies alone on the map')

    def empty_place(self, wanted):
        for y in range(round(self.box[1]), round(self.box[3]), 23):
            for x in range(round(self.box[0]), round(self.box[2]), 31):
                if self.alone(x, y) and wanted(*self.view.to_place(x, y)):
                    return x, y
        raise AssertionError('no empty place on the map')


def same_place(text, lon, lat, slack=4e-5):
    got = [float(n) for n in text.split(', ')]
    return abs(got[0] - lon) < slack and abs(got[1] - lat) < slack


def wait_answer(console, lon, lat):
    """The panel's answer about this place, and the place."""
    from driver import until

    def answered():
        tree = console.read()
        labels = [n for n in tree.within() if n.role == 'label']
        place = next((n for n in labels if re.fullmatch(r'-?\d+\.\d{5}, -?\d+\.\d{5}', n.name)
                      and same_place(n.name, lon, lat)), None)
        done = any(re.match('within .* in 28 days', n.name) for n in labels)
        return (tree, place.name) if place and done else None
    tree, _ = until(answered, f'an answer about {lon:.5f}, {lat:.5f}')
    return list(tree.within()), (lon, lat)


def compare_place(tap, city, nodes, at, what):
    nearest, here = city.nearest(*at), city.ask('here', f'{at[0]:.7f}', f'{at[1]:.7f}')
    rows = [n.name for n in nodes if n.role == 'list item' and re.match(r'\d [A-Z]', n.name)]
    shown = [re.match(r'(\d) ([^,]+), ([\d:]+), ([\d.]+) (k?m), ', r).groups() for r in rows]
    tap.same(f'{what}: the nearest five in their order', [u['name'] for u in nearest['units']], [s[1] for s in shown])
    late = [(s[1], s[2], span(u['travel_s'])) for s, u in zip(shown, nearest['units'])
            if abs(seconds_of(s[2]) - u['travel_s']) > 1]
    tap.check(f'{what}: with the same times by road', shown and not late, *late)
    far = [(s, u['distance_m']) for s, u in zip(shown, nearest['units'])
           if abs(float(s[3]) * (1000 if s[4] == 'km' else 1) - u['distance_m']) > (60 if s[4] == 'km' else 2)]
    tap.check(f'{what}: and the same ways', shown and not far, *far)
    areas = [f"{a['level']} {a['code']} {a['name']}" for a in here['areas']]
    tap.same(f'{what}: the areas it lies in', areas,
             [n.name for n in nodes if n.role == 'button' and re.match(r'\w+ \d{6,15} ', n.name)])
    cameras = [c['name'] for c in here['cameras'][:6]]
    tap.same(f'{what}: the cameras that see it', cameras,
             [n.name.split()[1].rstrip(',') for n in nodes if n.role == 'button' and 'px/m' in n.name])
    past = next(re.findall(r'\d+', n.name) for n in nodes if re.match('within .* in 28 days', n.name))
    wanted = here['radius_m'], here['incidents_28d'], here['incidents_365d']
    # One may lie on the rim: the click is known to a part of a pixel.
    tap.check(f'{what}: what happened there', all(abs(int(p) - w) <= 1 for p, w in zip(past[:2] + past[3:], wanted)), past,
              wanted)


def drive_places(tap, console, city, scene):
    def seen(lon, lat):
        here = city.ask('here', f'{lon:.5f}', f'{lat:.5f}')
        return len(here['areas']) > 3 and here['cameras']

    x, y = scene.empty_place(seen)
    console.click(x, y)
    nodes, at = wait_answer(console, *scene.view.to_place(x, y))
    compare_place(tap, city, nodes, at, 'a click on a place')
    drive_area(tap, console, nodes)
    x, y = scene.empty_place(lambda lon, lat: not city.ask('here', f'{lon:.5f}', f'{lat:.5f}')['areas'])
    console.click(x, y)
    nodes, at = wait_answer(console, *scene.view.to_place(x, y))
    tap.check('a place outside says so', any(n.name == 'In no area of this city.' for n in nodes))
    console.press('w')
    nodes, at = wait_answer(console, *scene.view.place)
    compare_place(tap, city, nodes, at, 'W, the middle')


def drive_area(tap, console, nodes):
    button = next(n for n in nodes if n.role == 'button' and n.name.startswith('grid '))
    _, code, name = button.name.split(' ', 2)
    console.click_on(button)
    tap.run('a grid shows its code', lambda: console.wait_for('label', f'code: {code}'), console)
    tap.run('its name', lambda: console.wait_for('label', name), console)
    tap.run('and that it is a grid', lambda: console.wait_for('label', 'level: grid'), console)


def drive_things(tap, console, scene):
    x, y, unit = scene.pick(scene.units)
    console.click(x, y)
    tap.run('a click on a unit shows its call sign', lambda: console.wait_for('label', unit['name']), console)
    tap.run('its kind', lambda: console.wait_for('label', f"kind: {KINDS[unit['kind']]}", timeout_s=5), console)
    tap.run('its state', lambda: console.wait_for('label', f"status: {STATUSES[unit['status']]}", timeout_s=5), console)
    fact = console.find('label', re.compile('^position: '))
    tap.check('and where it is', fact and same_place(fact.name[len('position: '):], unit['lon'], unit['lat']),
              fact and fact.name, unit)
    x, y, camera = scene.pick(scene.cameras)
    lon, lat, facts = camera
    console.click(x, y)
    tap.run('a click on a camera shows its name', lambda: console.wait_for('label', facts['name']), console)
    tap.run('its code', lambda: console.wait_for('label', f"code: {facts['code']}", timeout_s=5), console)
    tap.run('who built it', lambda: console.wait_for('label', f"built by: {OWNERS[facts['owner']]}", timeout_s=5), console)
    tap.run('and its state', lambda: console.wait_for('label', f"state: {facts['state']}", timeout_s=5), console)


def drive_layers(tap, console):
    from driver import until
    tap.run('the coverage is measured', lambda: console.wait_for('label', re.compile(r'streets seen \d')), console)
    for number, name, again in ((1, 'Units', None), (6, 'Heat, 28 days', None), (7, 'Grids', 'alt+7')):
        full = console.wait_still(100)
        console.press(f'alt+{number}')

        def hidden():
            picture = console.wait_still(100)
            assert console.find('button', name) and not console.find('button', name).has('pressed'), 'still pressed'
            assert picture.changed(full) > 0.001, 'the map is the same'
            return picture
        less = tap.run(f'Alt+{number} hides {name}', hidden, console) or full

        def whole():
            picture = console.map_picture()
            return picture.changed(full) < picture.changed(less)

        if again:
            console.press(again)
        else:
            console.click_on(console.wait_for('button', name))

        def back():
            until(whole, 'a map more like the whole one', 8)
            assert console.find('button', name).has('pressed'), 'not pressed'
        tap.run(f"and {'the key' if again else 'its eye'} shows it again", back, console)
    full = console.wait_still(100)
    tap.run('Tab comes to the slider', lambda: tab_to(console, 'opacity of Units'), console)
    console.press('Home')
    tap.run('Home takes it to 0 %', lambda: console.wait_for('label', '0 %'), console)
    tap.check('and the map shows less', console.wait_still(100).changed(full) > 0.001)
    console.press('End')
    tap.run('End takes it back', lambda: console.wait_gone('label', '0 %'), console)
    slider = console.find('slider', 'opacity of Units')
    x, y = console.middle(slider)
    console.drag((x + slider.extents[2] // 2 - 8, y), (x, y))
    tap.run('a drag takes it to the middle', lambda: console.wait_for('label', re.compile('^(3|4|5|6)[05] %$')), console)
    console.press('End')


def tab_to(console, name):
    for _ in range(60):
        focused = console.find(states=('focused',))
        if focused and focused.name == name:
            return
        console.press('Tab')
    raise AssertionError(f'60 times Tab and no {name}')


def drive_search(tap, console, city):
    town = city.ask('find', '县桥')['found'][0]
    console.press('slash')
    console.type_text('县桥')
    tap.run('two letters of a community find it', lambda: console.wait_for('label', town['title']), console)
    console.press('Return')
    tap.run('Enter shows its code', lambda: console.wait_for('label', f"code: {town['code']}"), console)
    tap.run('and flies there', lambda: console.wait_view(
        lambda v: town['west'] < v.place[0] < town['east'] and town['south'] < v.place[1] < town['north'],
        'the community in the middle'), console)


def drive_camera_by_key(tap, console, city):
    lon, lat, facts = city.rows('cameras')[7]
    console.press('slash')
    console.type_text(facts['name'])
    tap.run('a camera is found by its name', lambda: console.wait_for('label', re.compile(facts['code'])), console)
    console.press('Return')
    tap.run('and shown', lambda: console.wait_for('label', f"built by: {OWNERS[facts['owner']]}"), console)
    fact = console.find('label', re.compile('^position: '))
    tap.check('where it is', fact and same_place(fact.name[len('position: '):], lon, lat), fact and fact.name, lon, lat)
    console.wait_view(lambda v: abs(v.place[0] - lon) < 2e-5 and abs(v.place[1] - lat) < 2e-5, 'the camera in the middle')
    console.press('Escape')
    tap.run('Escape lets it go', lambda: console.wait_gone('label', f"code: {facts['code']}"), console)
    console.press('Return')
    tap.run('Return chooses what is in the middle', lambda: console.wait_for('label', re.compile('^(code|status): ')), console)


def drive_dispatch(tap, console, city):
    console.press('Home', 'j')
    button = console.wait_for('button', re.compile('^Dispatch [A-Z]+-'))
    unit = button.name.split()[1]
    console.press('d')
    tap.run('D sends the first of them', lambda: console.wait_for('label', f'sent: {unit}'), console)
    lon, lat = console.view().place
    sent = next(u for u in city.units_on_duty(lon, lat) if u['name'] == unit)
    tap.check('which the store knows', sent['status'] not in ('available', 'fixed_post', 'cleared'), sent)
    console.press('ctrl+z')
    tap.run('Ctrl+Z takes it back', lambda: console.wait_gone('label', f'sent: {unit}'), console)
    back = next(u for u in city.units_on_duty(lon, lat) if u['name'] == unit)
    tap.check('in the store too', back['status'] in ('available', 'fixed_post', 'cleared'), back)


def drive_language(tap, console):
    console.press('F7')
    tap.run('F7 says it in Chinese', lambda: console.wait_for('label', '图层'), console)
    console.press('ctrl+q')
    tap.same('Ctrl+Q while it measures ends it well', 0, console.ended(), console.output())


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
        given = os.environ.get('GRIDBEAT_CITY')
        city = City(Maker(gridbeatctl, folder), given) if given else Maker(gridbeatctl, folder).demo()
        with Console(screen, gridbeat, ['--lang', 'en', '--size', '1600x900', city.path]) as console:
            tap.run('an incident arrives', lambda: console.wait_for('label', re.compile('^D to dispatch')), console)
            console.press('space')
            tap.run('the time is held', lambda: console.wait_for('label', re.compile('PAUSED')), console)
            console.press('plus', 'Escape')
            console.wait_view(lambda view: view.zoom > 16.4, 'the map nearer')
            console.wait_still(100)
            scene = Scene(console, city)
            for step in (lambda: drive_places(tap, console, city, scene), lambda: drive_things(tap, console, scene),
                         lambda: drive_layers(tap, console), lambda: drive_search(tap, console, city),
                         lambda: drive_camera_by_key(tap, console, city), lambda: drive_dispatch(tap, console, city), lambda: drive_language(tap, console)):
                tap.step(step, console)
    tap.done()


if __name__ == '__main__':
    main()
