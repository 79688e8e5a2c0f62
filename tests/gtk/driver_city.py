# SPDX-License-Identifier: GPL-3.0-or-later
"""Cities to drive on, and what gridbeatctl says of them: the window must say the same."""
import json
import os
import subprocess

ASAN = 'detect_leaks=0'  # of gridbeatctl: its own tests look at that


class Maker:
    """Makes cities in a scratch folder."""

    def __init__(self, gridbeatctl, folder):
        self.program, self.folder = gridbeatctl, folder

    def ctl(self, *args):
        env = dict(os.environ, ASAN_OPTIONS=ASAN, LC_ALL='C.UTF-8')
        done = subprocess.run([self.program, *map(str, args)], env=env, capture_output=True, text=True)
        if done.returncode:
            raise AssertionError(f"gridbeatctl {' '.join(map(str, args))}: {done.stderr}")
        return done.stdout

    def path(self, name):
        return os.path.join(self.folder, name + '.gridbeat')

    def demo(self, name='small', scale=0.02):
        self.ctl('demo', self.path(name), '--scale', scale)
        return City(self, self.path(name))

    def with_only(self, name, source, *kinds):
        """A city that holds nothing but these kinds of another."""
        for kind in kinds:
            file = os.path.join(self.folder, f'{name}-{kind}.geojson')
            source.ctl('export', kind, file)
            self.ctl('import', self.path(name), kind, file, '--name', name, '--zone', 'Asia/Shanghai')
        return City(self, self.path(name))

    def foreign(self, name, zone, *imports):
        """From public files: (kind, file, option ...) each."""
        for kind, file, *options in imports:
            self.ctl('import', self.path(name), kind, file, '--name', name, '--zone', zone, *options)
        return City(self, self.path(name))

    def hollow(self):
        """A city whose only rows were taken back."""
        file = os.path.join(self.folder, 'hollow.csv')
        with open(file, 'w', encoding='utf-8') as rows:
            rows.write('code,lon,lat\nA-1,117.28,31.86\n')
        self.ctl('import', self.path('hollow'), 'cameras', file, '--name', 'hollow', '--zone', 'Asia/Shanghai')
        city = City(self, self.path('hollow'))
        for one in city.info()['imports']:
            city.ctl('undo', one['id'])
        return city

    def broken(self):
        os.mkdir(self.path('broken'))
        with open(os.path.join(self.path('broken'), 'city.sqlite'), 'wb') as file:
            file.write(bytes(4000))
        return City(self, self.path('broken'))


class City:
    """Questions to gridbeatctl about one city."""

    def __init__(self, maker, path):
        self.maker, self.path = maker, path

    def ctl(self, command, *args):
        return self.maker.ctl(command, self.path, *args)

    def ask(self, command, *args):
        return json.loads(self.ctl(command, *args, '--json'))

    def info(self):
        return self.ask('info')

    def nearest(self, lon, lat, k=5):
        return self.ask('nearest', f'{lon:.7f}', f'{lat:.7f}', '-k', k)

    def units_on_duty(self, lon, lat):
        """All with a place, sent or free."""
        answer = self.nearest(lon, lat, 10000)
        return answer['units'] + answer['left_out']

    def rows(self, kind):
        """(lon, lat, properties) of all rows with a point."""
        file = os.path.join(self.maker.folder, f'rows-{kind}.geojson')
        if os.path.exists(file):
            os.remove(file)
        self.ctl('export', kind, file)
        with open(file, encoding='utf-8') as text:
            features = json.load(text)['features']
        return [(*f['geometry']['coordinates'][:2], f['properties']) for f in features
                if f['geometry'] and f['geometry']['type'] == 'Point']
