# SPDX-License-Identifier: GPL-3.0-or-later
"""The screen as pixels, from xwd, and as a PNG by zlib alone."""
import struct
import subprocess
import zlib
from collections import Counter


class Picture:
    """Rows of RGB, 8 bits each."""

    def __init__(self, width, height, rgb):
        self.width, self.height, self.rgb = width, height, rgb

    @staticmethod
    def grab(env, window='root'):
        which = ['-root'] if window == 'root' else ['-id', str(window)]
        data = subprocess.run(['xwd', '-silent', *which], env=env, check=True, capture_output=True).stdout
        head = struct.unpack('>25I', data[:100])
        size, width, height, order, bits, stride, colours = (head[0], head[4], head[5], head[7], head[11], head[12],
                                                             head[19])
        if bits not in (24, 32) or order != 0:
            raise ValueError(f'xwd gave {bits} bits a pixel, byte order {order}; 24 or 32 and 0 are known')
        step = bits // 8  # 24 when windows of several depths are on the screen
        pixels, rgb = data[size + 12 * colours:], bytearray(3 * width * height)
        rows = bytearray(b''.join(pixels[y * stride:y * stride + step * width] for y in range(height)))
        rgb[0::3], rgb[1::3], rgb[2::3] = rows[2::step], rows[1::step], rows[0::step]
        return Picture(width, height, bytes(rgb))

    def crop(self, x, y, width, height):
        x, y = max(x, 0), max(y, 0)
        width, height = min(width, self.width - x), min(height, self.height - y)
        rows = [self.rgb[3 * ((y + i) * self.width + x):3 * ((y + i) * self.width + x + width)] for i in range(height)]
        return Picture(width, height, b''.join(rows))

    def pixel(self, x, y):
        return tuple(self.rgb[3 * (y * self.width + x):3 * (y * self.width + x) + 3])

    def colours(self):
        rgb = self.rgb
        return len(set(zip(rgb[0::3], rgb[1::3], rgb[2::3])))

    def plain(self):
        """Share of the one colour that is seen most."""
        rgb = self.rgb
        return Counter(zip(rgb[0::3], rgb[1::3], rgb[2::3])).most_common(1)[0][1] / (len(rgb) / 3)

    def brightness(self):
        """Mean of all channels, 0..255."""
        return sum(self.rgb) / max(len(self.rgb), 1)

    def changed(self, other):
        """Share of pixels that differ."""
        if (self.width, self.height) != (other.width, other.height):
            return 1.0
        if self.rgb == other.rgb:
            return 0.0
        a, b = self.rgb, other.rgb
        return sum(a[i:i + 3] != b[i:i + 3] for i in range(0, len(a), 3)) / (len(a) / 3)

    def save(self, file):
        def part(kind, data):
            return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))

        step = 3 * self.width
        raw = b''.join(b'\0' + self.rgb[i:i + step] for i in range(0, len(self.rgb), step))
        with open(file, 'wb') as out:
            out.write(b'\x89PNG\r\n\x1a\n' + part(b'IHDR', struct.pack('>IIBBBBB', self.width, self.height, 8, 2, 0, 0, 0))
                      + part(b'IDAT', zlib.compress(raw, 6)) + part(b'IEND', b''))
