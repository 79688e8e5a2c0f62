# SPDX-License-Identifier: GPL-3.0-or-later
"""Devices on loopback for tests of feeds: JT/T 808 terminals, an MQTT broker and its clients, HTTP, and the
feed itself. The first word of the command line is gridbeatctl."""
import datetime
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

CTL = sys.argv[1]


# ---- JT/T 808, 2013 ----

def frame(message, phone, serial, body):
    head = message.to_bytes(2, "big") + len(body).to_bytes(2, "big")
    head += bytes.fromhex(phone.rjust(12, "0")) + serial.to_bytes(2, "big")
    raw = head + body
    parity = 0
    for byte in raw:
        parity ^= byte
    raw += bytes([parity])
    return b"\x7e" + raw.replace(b"\x7d", b"\x7d\x01").replace(b"\x7e", b"\x7d\x02") + b"\x7e"


def frames_in(data):
    for part in data.split(b"\x7e"):
        if part:
            raw = part.replace(b"\x7d\x02", b"\x7e").replace(b"\x7d\x01", b"\x7d")
            yield int.from_bytes(raw[:2], "big"), int.from_bytes(raw[10:12], "big"), raw[12:-1]


def place(at_s, lon, lat, alarm=0):
    beijing = datetime.datetime.fromtimestamp(at_s, datetime.timezone(datetime.timedelta(hours=8)))
    body = alarm.to_bytes(4, "big") + (2).to_bytes(4, "big")
    body += round(lat * 1e6).to_bytes(4, "big") + round(lon * 1e6).to_bytes(4, "big")
    body += bytes(6)
    return body + bytes.fromhex(beijing.strftime("%y%m%d%H%M%S"))


class Terminal:
    def __init__(self, port, phone):
        self.phone, self.serial, self.data = phone, 0, b""
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.code = None

    def send(self, message, body=b""):
        self.serial += 1
        self.socket.sendall(frame(message, self.phone, self.serial, body))
        return self.serial

    def next(self, timeout=5):
        """The next whole frame down: (message, body, serial); None when none comes, or the end."""
        end = time.monotonic() + timeout
        while self.data.count(b"\x7e") < 2:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.socket], [], [], left)[0]:
                return None
            try:
                more = self.socket.recv(4096)
            except ConnectionError:
                return None
            if not more:
                return None
            self.data += more
        begin = self.data.index(b"\x7e")
        stop = self.data.index(b"\x7e", begin + 1) + 1
        one, self.data = self.data[begin:stop], self.data[stop:]
        message, serial, body = next(frames_in(one))
        return message, body, serial

    def acked(self, serial, timeout=5):
        """The result of 0x8001 for that serial."""
        while (one := self.next(timeout)) is not None:
            if one[0] == 0x8001 and int.from_bytes(one[1][:2], "big") == serial:
                return one[1][4]
        return None

    def enter(self):
        self.send(0x0100, bytes(2 + 2 + 5 + 20 + 7 + 1) + b"A1")
        message, body, _ = self.next() or (None, b"", 0)
        if message != 0x8100 or body[2] != 0:
            return False
        self.code = body[3:]
        return self.acked(self.send(0x0102, self.code)) == 0

    def is_closed(self, timeout=5):
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            if select.select([self.socket], [], [], 0.2)[0]:
                try:
                    if not self.socket.recv(4096):
                        return True
                except ConnectionError:
                    return True
        return False


class Feed:
    def __init__(self, city, *args):
        self.process = subprocess.Popen([CTL, "feed", city, "--json", *args],
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.ports = {}
        said = ""
        while len(self.ports) < sum(a in ("--jt808", "--http") for a in args):
            line = self.process.stderr.readline()
            if not line:
                print(f"# the feed did not begin: exit {self.process.wait()} {said}", flush=True)
                break
            said += line
            if "port" in line:
                words, number = line.rsplit(None, 1)
                self.ports["jt808" if "808" in words else "http"] = int(number)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        out, err = self.process.communicate(timeout=30)
        return (json.loads(out) if out.strip() else None), err


def now():
    return int(time.time())


def http(port, path, body=None, headers={}):
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data=body, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def until(what, seconds=10):
    end = time.monotonic() + seconds
    while not what() and time.monotonic() < end:
        time.sleep(0.05)
    return what()


def broker(folder, port):
    file = os.path.join(folder, "broker.conf")
    with open(file, "w", encoding="utf-8") as out:
        out.write(f"listener {port} 127.0.0.1\nallow_anonymous true\nuser root\n")
    one = subprocess.Popen(["mosquitto", "-c", file], stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL)

    def answers():
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return True
        except OSError:
            return False
    until(answers)
    return one


# ---- MQTT 3.1.1, QoS 1, by hand: no client of another maker is needed ----

def mqtt_text(text):
    return len(text.encode()).to_bytes(2, "big") + text.encode()


def mqtt_packet(kind, body):
    size, n = b"", len(body)
    while True:
        size += bytes([n % 128 | (128 if n > 127 else 0)])
        n //= 128
        if n == 0:
            return bytes([kind]) + size + body


def publish(port, messages):
    with socket.create_connection(("127.0.0.1", port), timeout=10) as one:
        one.sendall(mqtt_packet(0x10, mqtt_text("MQTT") + b"\x04\x02\x00\x3c" + mqtt_text("test")))
        one.recv(4)
        for i, (topic, message) in enumerate(messages):
            one.sendall(mqtt_packet(0x32, mqtt_text(topic) + (i + 1).to_bytes(2, "big")
                                    + message.encode()))
            one.recv(4)
        one.sendall(b"\xe0\x00")


class MqttClient:
    """A device on the broker: subscribes, publishes and acknowledges."""

    def __init__(self, port, name, topics):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.data, self.number = b"", 0
        self.socket.sendall(mqtt_packet(0x10, mqtt_text("MQTT") + b"\x04\x02\x00\x3c" + mqtt_text(name)))
        self.packet()
        for topic in topics:
            self.number += 1
            self.socket.sendall(mqtt_packet(0x82, self.number.to_bytes(2, "big") + mqtt_text(topic) + b"\x01"))
            self.packet()

    def packet(self, timeout=5):
        """The next packet: (kind, body); None when none comes."""
        end = time.monotonic() + timeout
        while True:
            size, at = 0, 1
            while at < len(self.data) and self.data[at] & 128:
                at += 1
            if at < len(self.data):
                for i in range(at, 0, -1):
                    size = size * 128 + (self.data[i] & 127)
                if len(self.data) > at + size:
                    one = self.data[0], self.data[at + 1:at + 1 + size]
                    self.data = self.data[at + 1 + size:]
                    return one
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.socket], [], [], left)[0]:
                return None
            more = self.socket.recv(4096)
            if not more:
                return None
            self.data += more

    def publish(self, topic, message):
        self.number += 1
        self.socket.sendall(mqtt_packet(0x32, mqtt_text(topic) + self.number.to_bytes(2, "big") + message.encode()))

    def next(self, timeout=5):
        """The next message: (topic, text); None when none comes."""
        end = time.monotonic() + timeout
        while (one := self.packet(max(0, end - time.monotonic()))) is not None:
            kind, body = one
            if kind >> 4 != 3:
                continue
            n = int.from_bytes(body[:2], "big")
            topic, rest = body[2:2 + n].decode(), body[2 + n:]
            if kind >> 1 & 3:
                self.socket.sendall(mqtt_packet(0x40, rest[:2]))
                rest = rest[2:]
            return topic, rest.decode()
        return None

    def close(self):
        self.socket.close()
