# SPDX-License-Identifier: GPL-3.0-or-later
"""What a window says of itself through AT-SPI, asked by D-Bus without any cache in between.

GTK 4.8 answers for every widget: role, name, description, states, and its place within the window.
It knows no place on the screen, and its GetItems cache holds only what was asked for before, so the
tree is walked: level by level, all questions of a level under way at once (90 widgets: 0.1 s).
"""
import re

from gi.repository import Gio, GLib

ACCESSIBLE = 'org.a11y.atspi.Accessible'
COMPONENT = 'org.a11y.atspi.Component'
TEXT = 'org.a11y.atspi.Text'
EDITABLE = 'org.a11y.atspi.EditableText'
ACTION = 'org.a11y.atspi.Action'
VALUE = 'org.a11y.atspi.Value'
PROPERTIES = 'org.freedesktop.DBus.Properties'
ROOT = '/org/a11y/atspi/accessible/root'
WINDOW_COORDS = 1
TIMEOUT_MS = 20000

# AtspiStateType
STATES = {'active': 1, 'busy': 3, 'checked': 4, 'editable': 7, 'enabled': 8, 'expanded': 10, 'focusable': 11,
          'focused': 12, 'modal': 16, 'pressed': 20, 'selected': 23, 'sensitive': 24, 'visible': 30}


class Gone(Exception):
    """The widget or its program is no more."""


def connect(address):
    flags = Gio.DBusConnectionFlags
    bus = Gio.DBusConnection.new_for_address_sync(
        address, flags.AUTHENTICATION_CLIENT | flags.MESSAGE_BUS_CONNECTION, None, None)
    bus.set_exit_on_close(False)
    return bus


class Node:
    """One widget as it was when the tree was read; `extents` are within its window."""

    def __init__(self, tree, path, parent):
        self.tree, self.path, self.parent = tree, path, parent
        self.depth = parent.depth + 1 if parent else 0
        self.name = self.description = self.role = ''
        self.states, self.extents, self.children = 0, None, []

    def has(self, state):
        return bool(self.states >> STATES[state] & 1)

    def shown(self):
        """Laid out and to be seen: pages of a stack that are not in front have no size."""
        return self.has('visible') and (self.extents is None or self.extents[2] > 0 and self.extents[3] > 0)

    def within(self):
        """This and all below it."""
        yield self
        for child in self.children:
            yield from child.within()

    def window(self):
        node = self
        while node.parent and node.parent.path != ROOT:
            node = node.parent
        return node

    def words(self):
        """All words that stand in it, in reading order of the tree."""
        return [n.name for n in self.within() if n.role == 'label' and n.name]

    def call(self, interface, method, signature=None, *args):
        return self.tree.call(self.path, interface, method, GLib.Variant(signature, args) if signature else None)

    def text(self):
        """What stands in an entry; GTK 4.8 gives nothing for an end of -1."""
        n = self.call(PROPERTIES, 'Get', '(ss)', TEXT, 'CharacterCount')[0]
        return self.call(TEXT, 'GetText', '(ii)', 0, n)[0]

    def put_text(self, text):
        """What no keyboard of the X server types."""
        return self.call(EDITABLE, 'SetTextContents', '(s)', text)[0]

    def value(self):
        return self.call(PROPERTIES, 'Get', '(ss)', VALUE, 'CurrentValue')[0]

    def act(self, index=0):
        return self.call(ACTION, 'DoAction', '(i)', index)[0]

    def focus(self):
        return self.call(COMPONENT, 'GrabFocus')[0]

    def line(self):
        states = ' '.join(s for s in STATES if s not in ('visible', 'sensitive') and self.has(s))
        return f"{'  ' * self.depth}{self.role} {self.name!r} {self.description!r} {self.extents} {states}"


class Tree:
    """The accessibles of one program, found on the bus by its process id."""

    def __init__(self, bus):
        self.bus, self.owner = bus, None

    def attach(self, pid):
        """Whether the program of that id has come to the bus."""
        answer = self.bus.call_sync('org.a11y.atspi.Registry', ROOT, ACCESSIBLE, 'GetChildren', None, None, 0,
                                    TIMEOUT_MS, None).unpack()[0]
        for owner, _ in answer:
            found = self.bus.call_sync('org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus',
                                       'GetConnectionUnixProcessID', GLib.Variant('(s)', (owner,)), None, 0,
                                       TIMEOUT_MS, None).unpack()[0]
            if found == pid:
                self.owner = owner
                return True
        return False

    def call(self, path, interface, method, args=None):
        try:
            return self.bus.call_sync(self.owner, path, interface, method, args, None, 0, TIMEOUT_MS, None).unpack()
        except GLib.Error as error:
            raise Gone(f'{method}: {error.message}') from error

    def call_all(self, questions):
        """Answers in the order of the questions, None for one that failed."""
        answers, left = [None] * len(questions), len(questions)

        def done(bus, result, i):
            nonlocal left
            left -= 1
            try:
                answers[i] = bus.call_finish(result).unpack()
            except GLib.Error:
                pass

        for i, (path, interface, method, args) in enumerate(questions):
            self.bus.call(self.owner, path, interface, method, args, None, 0, TIMEOUT_MS, None, done, i)
        while left:
            GLib.MainContext.default().iteration(True)
        return answers

    def describe(self, nodes):
        questions = []
        for n in nodes:
            questions += [(n.path, PROPERTIES, 'GetAll', GLib.Variant('(s)', (ACCESSIBLE,))),
                          (n.path, ACCESSIBLE, 'GetRoleName', None), (n.path, ACCESSIBLE, 'GetState', None),
                          (n.path, COMPONENT, 'GetExtents', GLib.Variant('(u)', (WINDOW_COORDS,)))]
        answers = self.call_all(questions)
        for i, n in enumerate(nodes):
            properties, role, states, extents = answers[4 * i:4 * i + 4]
            n.name = properties[0].get('Name', '') if properties else ''
            n.description = properties[0].get('Description', '') if properties else ''
            n.role = role[0] if role else ''
            n.states = states[0][0] | states[0][1] << 32 if states else 0
            n.extents = extents[0] if extents else None

    def read(self, hidden=False):
        """The tree as it is now, its root; what is not shown is left out unless asked for."""
        root = Node(self, ROOT, None)
        level = [root]
        while level:
            lists = self.call_all([(n.path, ACCESSIBLE, 'GetChildren', None) for n in level])
            below = [Node(self, path, parent) for parent, answer in zip(level, lists) if answer
                     for _, path in answer[0]]
            self.describe(below)
            level = [n for n in below if hidden or n.shown()]
            for n in level:
                n.parent.children.append(n)
        return root


def matches(node, role=None, name=None, description=None, states=()):
    """name and description: whole text, or a compiled pattern that is searched for."""
    def fits(wanted, text):
        if wanted is None:
            return True
        return bool(wanted.search(text)) if isinstance(wanted, re.Pattern) else wanted == text

    return ((role is None or node.role == role) and fits(name, node.name) and fits(description, node.description)
            and all(node.has(s) for s in states))
