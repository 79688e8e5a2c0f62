# SPDX-License-Identifier: GPL-3.0-or-later
"""Test Anything Protocol: each check is a function whose failure is told with what the window showed."""
import sys
import traceback


class Tap:
    def __init__(self):
        self.n, self.bad = 0, 0

    @staticmethod
    def skip_all(why):
        print(f'1..0 # SKIP {why}')
        sys.exit(0)

    def skip(self, name, why):
        self.n += 1
        print(f'ok {self.n} - {name} # SKIP {why}', flush=True)

    def check(self, name, good, *notes):
        self.n += 1
        print(f"{'ok' if good else 'not ok'} {self.n} - {name}", flush=True)
        if not good:
            self.bad += 1
            self.note(*notes)
        return good

    def same(self, name, wanted, got, *notes):
        return self.check(name, wanted == got, f'wanted {wanted!r}', f'got    {got!r}', *notes)

    def run(self, name, step, console=None):
        """step() returns, or raises to fail; what the window showed then is printed."""
        try:
            answer = step()
        except Exception:  # any failure of one step must not end the others
            self.check(name, False, traceback.format_exc(), self.shown(console))
            return None
        self.check(name, True)
        return answer

    def step(self, drive, console):
        """Several checks; one that cannot go on is a failure of its own."""
        try:
            drive()
        except Exception:
            self.check('and so on', False, traceback.format_exc(), self.shown(console))

    @staticmethod
    def shown(console):
        try:
            return console.dump() + '\n' + console.output() if console else ''
        except Exception as error:
            return f'(and the window cannot be read: {error})'

    @staticmethod
    def note(*notes):
        for line in '\n'.join(map(str, notes)).splitlines():
            print('#', line, flush=True)

    def done(self):
        print(f'1..{self.n}', flush=True)
        sys.exit(1 if self.bad else 0)
