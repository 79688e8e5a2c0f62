# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives the real console in a real window: Xvfb, a window manager, a bus of its own, real keys and pointer by
xdotool, and reads what the window says of itself by AT-SPI.

    with Screen((1280, 800)) as screen, Console(screen, program, [city]) as console:
        console.wait_for('label', re.compile('zoom'))

It waits for a state, never for a time. Everything written lands in a scratch folder that is gone at the end.
"""
import ctypes
import math
import os
import re
import shutil
import subprocess
import tempfile
import time

from driver_picture import Picture
from driver_tree import Gone, Tree, connect, matches

TOOLS = ('Xvfb', 'xdotool', 'xwd', 'openbox', 'dbus-daemon')
LAUNCHER = '/usr/share/dbus-1/services/org.a11y.Bus.service'
PR_SET_CHILD_SUBREAPER = 36
# Only meant for a program built with sanitizers. GTK has no frame pointers: without a slow look at the stack a leak of
# its libraries has no name, and with a deep one a leak of ours has GTK's, since every click comes through it.
ASAN = 'fast_unwind_on_malloc=0:malloc_context_size=10'
LSAN = 'print_suppressions=0:suppressions=' + os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'lsan.supp')
PAUSE_S = 0.03  # between two looks
REST_S = 0.2    # before the button is let go, so that nothing is thrown
TILE_PX = 256
VIEW = re.compile(r'^-?\d+\.\d+ -?\d+\.\d+ \d+\.\d+')

# Windows fill the screen, so that a place in the window is a place on the screen; dialogs float.
OPENBOX = '''<?xml version="1.0"?><openbox_config xmlns="http://openbox.org/3.4/rc">
<focus><focusNew>yes</focusNew></focus><keyboard/><mouse/>
<applications><application class="*" type="normal"><decor>no</decor><maximized>yes</maximized></application>
<application class="*" type="dialog"><decor>no</decor></application></applications></openbox_config>'''


def missing():
    """The first tool that is not there, None: all are."""
    for tool in TOOLS:
        if not shutil.which(tool):
            return tool
    return None if os.path.exists(LAUNCHER) else 'at-spi2-core'


class Late(AssertionError):
    """A state that did not come in time."""


def until(found, what, timeout_s=20.0):
    """The first true answer of found()."""
    end = time.monotonic() + timeout_s
    while True:
        answer = found()
        if answer:
            return answer
        if time.monotonic() > end:
            raise Late(f'{what}: not within {timeout_s:g} s')
        time.sleep(PAUSE_S)


def adopt():
    """What the bus starts by itself becomes ours when the bus is gone, so that nothing is left behind."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def reap(timeout_s=5.0):
    end = time.monotonic() + timeout_s
    while time.monotonic() < end:
        try:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                time.sleep(PAUSE_S)
        except ChildProcessError:
            return


class Screen:
    """An X server of one size with a session bus and a window manager, and a home of its own."""

    def __init__(self, size):
        self.size, self.ours = size, []

    def start(self, argv, **options):
        child = subprocess.Popen(argv, env=self.env, stdin=subprocess.DEVNULL, stderr=self.log, **options)
        self.ours.append(child)
        return child

    def __enter__(self):
        adopt()
        self.home = tempfile.mkdtemp(prefix='gridbeat-drive.')
        self.log = open(os.path.join(self.home, 'tools.log'), 'wb')
        self.env = {k: v for k, v in os.environ.items()
                    if not k.startswith(('XDG_', 'WAYLAND', 'DBUS_', 'GTK_', 'GDK_', 'LANG', 'LC_'))}
        for key, folder in (('CONFIG_HOME', 'config'), ('DATA_HOME', 'data'), ('CACHE_HOME', 'cache'),
                            ('STATE_HOME', 'state'), ('RUNTIME_DIR', 'run')):
            self.env['XDG_' + key] = os.path.join(self.home, folder)
            os.mkdir(self.env['XDG_' + key], 0o700)
        self.env.update(HOME=self.home, LC_ALL='C.UTF-8', LIBGL_ALWAYS_SOFTWARE='1')
        try:
            self.start_tools()
        except BaseException:
            self.__exit__()
            raise
        return self

    def start_tools(self):
        out, put = os.pipe()
        width, height = self.size
        self.start(['Xvfb', '-displayfd', str(put), '-screen', '0', f'{width}x{height}x24', '-nolisten', 'tcp',
                    '-noreset'], pass_fds=[put])
        os.close(put)
        with os.fdopen(out) as numbers:
            self.env['DISPLAY'] = ':' + numbers.readline().strip()
        bus = self.start(['dbus-daemon', '--session', '--nofork', '--nopidfile', '--print-address=1'],
                         stdout=subprocess.PIPE)
        self.env['DBUS_SESSION_BUS_ADDRESS'] = bus.stdout.readline().decode().strip()
        config = os.path.join(self.home, 'openbox.xml')
        with open(config, 'w', encoding='utf-8') as rules:
            rules.write(OPENBOX)
        self.start(['openbox', '--sm-disable', '--config-file', config], stdout=self.log)
        session = connect(self.env['DBUS_SESSION_BUS_ADDRESS'])
        address = session.call_sync('org.a11y.Bus', '/org/a11y/bus', 'org.a11y.Bus', 'GetAddress', None, None, 0,
                                    20000, None).unpack()[0]
        session.close_sync(None)
        self.accessibility = connect(address)
        until(self.managed, 'a window manager')

    def managed(self):
        return subprocess.run(['xdotool', 'get_num_desktops'], env=self.env, capture_output=True).returncode == 0

    def __exit__(self, *_):
        for child in reversed(self.ours):
            child.terminate()
        for child in self.ours:
            child.wait()
            if child.stdout:
                child.stdout.close()
        self.log.close()
        reap()
        shutil.rmtree(self.home, ignore_errors=True)

    def xdotool(self, *args):
        done = subprocess.run(['xdotool', *map(str, args)], env=self.env, check=True, capture_output=True, text=True,
                              timeout=60)
        return done.stdout.strip()

    def picture(self):
        return Picture.grab(self.env)


class Console:
    """The program under test, from its start to its exit code."""

    def __init__(self, screen, program, args=(), settings='memory', **env):
        self.screen, self.argv = screen, [program, *args]
        self.env = dict(screen.env, GDK_BACKEND='x11', GSK_RENDERER='cairo', GDK_DEBUG='gl-disable', GTK_A11Y='atspi',
                        GTK_USE_PORTAL='0', GSETTINGS_BACKEND=settings, **env)
        self.env.setdefault('ASAN_OPTIONS', ASAN)
        self.env.setdefault('LSAN_OPTIONS', LSAN)
        self.tree = Tree(screen.accessibility)
        self.code = None

    def __enter__(self):
        self.said = open(os.path.join(self.screen.home, 'said.log'), 'w+b')
        self.process = subprocess.Popen(self.argv, env=self.env, stdin=subprocess.DEVNULL, stdout=self.said,
                                        stderr=self.said)
        try:
            until(self.come, 'the program on the accessibility bus', 60)
            self.wait_for('window', timeout_s=60)
        except BaseException:
            self.__exit__()
            raise
        return self

    def come(self):
        if self.process.poll() is not None:
            raise Gone(f'it ended with {self.process.returncode} before it showed a window: {self.output()}')
        return self.tree.attach(self.process.pid)

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.said.close()

    def output(self):
        self.said.flush()
        with open(self.said.name, encoding='utf-8', errors='replace') as said:
            return said.read()

    # ---- what it shows ----

    def read(self, hidden=False):
        return self.tree.read(hidden)

    def find_all(self, role=None, name=None, hidden=False, **more):
        return [n for n in self.read(hidden).within() if matches(n, role, name, **more)]

    def find(self, role=None, name=None, **more):
        found = self.find_all(role, name, **more)
        return found[0] if found else None

    def wait_for(self, role=None, name=None, timeout_s=20.0, **more):
        what = ' '.join(str(w.pattern if isinstance(w, re.Pattern) else w) for w in (role, name, *more.values()) if w)
        return until(lambda: self.find(role, name, **more), what, timeout_s)

    def wait_gone(self, role=None, name=None, timeout_s=20.0, **more):
        until(lambda: not self.find(role, name, **more), f'{role} {name} gone', timeout_s)

    def text_of(self, role=None, name=None, **more):
        node = self.find(role, name, **more)
        return node.name if node else None

    def dump(self):
        """The tree in words, for a failed test."""
        return '\n'.join(n.line() for n in self.read().within())

    # ---- what a person does ----

    def press(self, *combinations):
        for keys in combinations:
            self.screen.xdotool('key', '--clearmodifiers', keys)

    def type_text(self, text):
        """By keys into the entry that has the focus. For Chinese xdotool borrows a key for each letter; should the
        window have missed one, the text is put as an input method would."""
        entry = until(lambda: self.find(states=('focused', 'editable')), 'an entry with the focus')
        wanted = entry.text() + text
        self.screen.xdotool('type', '--delay', 12 if text.isascii() else 60, '--', text)
        try:
            until(lambda: entry.text() == wanted, f'{text} in the entry', 3)
        except Late:
            entry.put_text(wanted)

    def windows(self):
        """(x, y, width, height) of its X windows."""
        found = []
        for xid in self.screen.xdotool('search', '--onlyvisible', '--pid', self.process.pid).split():
            at = dict(line.split('=') for line in self.screen.xdotool('getwindowgeometry', '--shell', xid).split())
            found.append(tuple(int(at[key]) for key in ('X', 'Y', 'WIDTH', 'HEIGHT')))
        return found

    def origin(self, node):
        """What to add to the node's extents for its place on the screen. A popover has an X window of its own and
        extents that are wrong but by an even shift; a window's X window may be larger by an even border."""
        windows, top = self.windows(), node.window()
        while node is not top:
            for x, y, width, height in windows:
                if node.role != 'group' and node.extents and (width, height) == node.extents[2:]:
                    return x - node.extents[0], y - node.extents[1]
            node = node.parent
        found = [(width - top.extents[2], height - top.extents[3], x, y) for x, y, width, height in windows]
        found = [f for f in found if f[0] >= 0 and f[1] >= 0]
        if not found:
            raise Gone(f'no X window for {top.name!r}')
        wide, high, x, y = min(found, key=lambda f: f[0] + f[1])
        return x + wide // 2, y + high // 2

    def middle(self, node):
        left, top = self.origin(node)
        x, y, width, height = node.extents
        return left + x + width // 2, top + y + height // 2

    def move(self, x, y):
        self.screen.xdotool('mousemove', round(x), round(y))

    def click(self, x, y, button=1, times=1):
        self.screen.xdotool('mousemove', round(x), round(y), 'click', '--repeat', times, '--delay', 60, button)

    def click_on(self, node, button=1):
        self.click(*self.middle(node), button)

    def scroll(self, x, y, clicks):
        """Up, that is nearer, when clicks is positive."""
        self.click(x, y, 4 if clicks > 0 else 5, abs(clicks))

    def drag(self, start, end, steps=12):
        self.move(*start)
        self.screen.xdotool('mousedown', 1)
        for i in range(1, steps + 1):
            share = i / steps
            self.move(start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)
        time.sleep(REST_S)
        self.screen.xdotool('mouseup', 1)

    def ended(self, timeout_s=60.0):
        """Its exit code once it has ended by itself."""
        try:
            return self.process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            raise Late(f'the program did not end within {timeout_s:g} s') from None

    # ---- the map ----

    def map(self):
        """Its description is "longitude latitude zoom", of its middle, and "complete" once all in sight is drawn."""
        return self.wait_for('widget', description=VIEW)

    def map_picture(self):
        """The map's pixels as they are on the screen, its corners' words too."""
        node = self.map()
        left, top = self.origin(node)
        x, y, width, height = node.extents
        return self.screen.picture().crop(left + x, top + y, width, height)

    def wait_still(self, least_colours=1, timeout_s=60.0):
        """A picture of the map that is drawn and does not change any more."""
        last = None

        def still():
            nonlocal last
            before, last = last, self.map_picture()
            return last if before and last.colours() >= least_colours and last.rgb == before.rgb else None

        return until(still, 'a map that stands still', timeout_s)

    def pointed(self):
        """Longitude and latitude in the strip: under the pointer, else the map's middle."""
        label = self.wait_for('label', re.compile(r'^-?\d+\.\d{5}, -?\d+\.\d{5}$'))
        return tuple(float(n) for n in label.name.split(', '))

    def point(self, x, y):
        """Moves the pointer there by real events and returns the place that the strip tells."""
        for at in ((x - 9 if x > 9 else x + 9, y), (x, y)):  # a pointer that is there already sends nothing
            before = self.pointed()
            self.move(*at)
            until(lambda: self.pointed() != before, 'another place in the strip', 5)
        return self.pointed()

    def view(self):
        """How the map lies on the screen."""
        node = self.map()
        lon, lat, zoom = (float(n) for n in node.description.split()[:3])
        left, top = self.origin(node)
        x, y, width, height = node.extents
        return View((left + x + width / 2, top + y + height / 2), (lon, lat), zoom)

    def wait_view(self, holds, what, timeout_s=20.0):
        """The first view for which holds(view), all of it drawn."""
        def found():
            node = self.find('widget', description=VIEW)
            view = self.view() if node and node.description.endswith('complete') else None
            return view if view and holds(view) else None

        return until(found, what, timeout_s)

    def place_to_px(self, lon, lat):
        return self.view().to_px(lon, lat)


def mercator(lon, lat):
    """Web Mercator, the world as 0..1."""
    return lon / 360 + 0.5, 0.5 - math.log(math.tan(math.pi / 4 + math.radians(lat) / 2)) / (2 * math.pi)


class View:
    """A map on the screen: the place under one pixel and the zoom."""

    def __init__(self, px, place, zoom):
        self.px, self.place, self.zoom = px, place, zoom

    def __eq__(self, other):
        return (self.px, self.place, self.zoom) == (other.px, other.place, other.zoom)

    def world_px(self):
        return TILE_PX * 2 ** self.zoom

    def to_px(self, lon, lat):
        (x, y), (mx, my) = mercator(lon, lat), mercator(*self.place)
        return self.px[0] + (x - mx) * self.world_px(), self.px[1] + (y - my) * self.world_px()

    def to_place(self, x, y):
        mx, my = mercator(*self.place)
        mx, my = mx + (x - self.px[0]) / self.world_px(), my + (y - self.px[1]) / self.world_px()
        return 360 * (mx - 0.5), math.degrees(2 * math.atan(math.exp(2 * math.pi * (0.5 - my))) - math.pi / 2)

    def __str__(self):
        return f'{self.place[0]:.6f} {self.place[1]:.6f} {self.zoom:.4f} at {self.px}'
