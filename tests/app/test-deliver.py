#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What units are told reaches their devices over real connections, and each of its steps is told apart:
queued, sent, delivered, accepted, or no channel. test-deliver.py GRIDBEATCTL SOURCE"""
import datetime
import json
import os
import shutil
import subprocess
import sys
import tempfile

from devices import Feed, MqttClient, Terminal, broker, free_port, http, now, place, publish, until

CTL, SOURCE = sys.argv[1], sys.argv[2]
UNITS = 9
n_tests = 0
failures = 0


def check(name, ok, detail=""):
    global n_tests, failures
    n_tests += 1
    failures += not ok
    print(f"{'ok' if ok else 'not ok'} {n_tests} - {name}", flush=True)
    if not ok and detail:
        print(f"# {detail}", flush=True)


def ctl(*args, code=0):
    done = subprocess.run([CTL, *args], capture_output=True, text=True)
    if done.returncode != code:
        print(f"# {' '.join(args)}: exit {done.returncode}: {done.stderr}", flush=True)
    return done


def phone(i):
    return str(13900000000 + i)


def make_city(folder):
    city, file = os.path.join(folder, "deliver.gridbeat"), os.path.join(folder, "units.csv")
    with open(file, "w", encoding="utf-8") as out:
        out.write("code,name,kind,lon,lat,status\n")
        for i in range(1, UNITS + 1):
            out.write(f"{phone(i)},Unit {i},car,{117.28 + i * 1e-4:.6f},31.86,available\n")
    ctl("import", city, "units", file, "--zone", "Asia/Shanghai")
    return city


def take(city, code):
    ctl("incident", city, "take", "117.283", "31.861", "--code", code, "--words", "邻居吵架",
        "--place", "长江中路369号", "--phone", "13312345678")


def step(city, code, *words):
    return ctl("incident", city, "step", code, *words)


def dispatch(city, code, i):
    take(city, code)
    step(city, code, "dispatch", "--unit", phone(i))


def messages(city, code):
    return json.loads(ctl("incident", city, "show", code, "--json").stdout)["messages"]


def state(city, code, n=0):
    told = messages(city, code)
    return told[n]["state"] if len(told) > n else None


def is_state(city, code, want, n=0, seconds=6):
    return until(lambda: state(city, code, n) == want, seconds)


# ---- JT/T 808 ----

def ack(terminal, message, serial, result=0):
    terminal.send(0x0001, serial.to_bytes(2, "big") + message.to_bytes(2, "big") + bytes([result]))


def text_in(terminal, timeout=5):
    """The next order: (its text, its serial)."""
    while (one := terminal.next(timeout)) is not None:
        if one[0] == 0x8300:
            return one[1][1:].decode("gbk"), one[2]
    return None, 0


def question_in(terminal, timeout=5):
    while (one := terminal.next(timeout)) is not None:
        if one[0] == 0x8302:
            return one[1], one[2]
    return None, 0


def test_terminal(city, port):
    terminal = Terminal(port, phone(1))
    check("the unit's terminal is in", terminal.enter())
    begun = now()
    dispatch(city, "J-1", 1)
    text, serial = text_in(terminal)
    check("a dispatch comes down as text", text and "J-1" in text, text)
    check("within a second or two", now() - begun <= 2)
    check("it says the type and the place", "邻里纠纷" in text and "长江中路369号" in text, text)
    check("and never who called", "13312345678" not in text and "5678" not in text)
    check("it is sent, and no more", is_state(city, "J-1", "sent"), messages(city, "J-1"))
    ack(terminal, 0x8300, serial)
    check("the terminal's word makes it delivered", is_state(city, "J-1", "delivered"))
    question, serial = question_in(terminal)
    check("the person is asked", question is not None)
    check("and until then it is not accepted", state(city, "J-1") == "delivered")
    said = terminal.send(0x0302, serial.to_bytes(2, "big") + b"\x01")
    check("the answer is acknowledged when it is kept", terminal.acked(said) == 0)
    check("the person's answer makes it accepted", state(city, "J-1") == "accepted", messages(city, "J-1"))
    one = messages(city, "J-1")[0]
    check("each step keeps its time and the channel",
          one["queued"] <= one["sent"] <= one["delivered"] <= one["accepted"] and one["channel"] == "jt808")
    shown = json.loads(ctl("incident", city, "show", "J-1", "--json").stdout)
    check("and the incident is accepted", shown["state"] == "accepted", shown["state"])
    said = terminal.send(0x0302, serial.to_bytes(2, "big") + b"\x01")
    check("the same answer again changes nothing", terminal.acked(said) == 0)
    return terminal


def test_taken_back(city, terminal):
    step(city, "J-1", "release", "--unit", phone(1))
    text, serial = text_in(terminal)
    check("a release is told", text and "J-1" in text, text)
    ack(terminal, 0x8300, serial)
    dispatch(city, "J-2", 1)
    text, serial = text_in(terminal)
    ack(terminal, 0x8300, serial)
    step(city, "J-2", "undo")
    text, serial = text_in(terminal)
    check("an undo is told", text and "J-2" in text, text)
    ack(terminal, 0x8300, serial)
    check("as undo", is_state(city, "J-2", "delivered", 1) and messages(city, "J-2")[1]["what"] == "undo")
    dispatch(city, "J-3", 1)
    text, serial = text_in(terminal)
    ack(terminal, 0x8300, serial)
    question_in(terminal)
    take(city, "J-4")
    step(city, "J-4", "classify", "--item", "fire", "--priority", "1")
    step(city, "J-4", "dispatch", "--unit", phone(1), "--preempt")
    first, serial = text_in(terminal)
    ack(terminal, 0x8300, serial)
    second, serial = text_in(terminal)
    ack(terminal, 0x8300, serial)
    check("a pre-emption tells to leave and where to go", "J-3" in first and "J-4" in second, (first, second))
    _, asked = question_in(terminal)
    terminal.acked(terminal.send(0x0302, asked.to_bytes(2, "big") + b"\x02"))
    check("who cannot go is not taken as going", state(city, "J-4") == "delivered")
    check("and it is written down", messages(city, "J-4")[0]["note"] == "declined", messages(city, "J-4"))


def test_no_channel(city, port):
    dispatch(city, "N-2", 2)
    check("without a device it is a matter for the radio", is_state(city, "N-2", "no_channel"),
          messages(city, "N-2"))
    check("which is said", "no channel: radio" in ctl("incident", city, "show", "N-2").stdout)
    terminal = Terminal(port, phone(2))
    terminal.enter()
    text, serial = text_in(terminal, 8)
    check("when the device comes it is told all the same", text and "N-2" in text, text)
    ack(terminal, 0x8300, serial)
    check("and then delivered", is_state(city, "N-2", "delivered"))
    dispatch(city, "N-3", 3)
    is_state(city, "N-3", "no_channel")
    step(city, "N-3", "undo")
    is_state(city, "N-3", "no_channel", 1)
    late = Terminal(port, phone(3))
    late.enter()
    check("what was taken back before it was sent is never sent", text_in(late, 4)[0] is None)
    return terminal


# ---- MQTT ----

def say_place(port, i):
    publish(port, [(f"owntracks/u/{phone(i)}", json.dumps(
        {"_type": "location", "tst": now(), "lat": 31.86, "lon": 117.28, "tid": "a4"}))])


def test_mqtt(city, broker_port, http_port):
    key = f"u/{phone(4)}"
    ctl("duty", city, "bind", key, phone(4))
    device = MqttClient(broker_port, "phone", [f"gridbeat/orders/{key}"])

    def heard():
        say_place(broker_port, 4)
        health = json.loads(http(http_port, "/health")[1])
        return next(one for one in health["sources"] if one["name"] == "mqtt")["counts"]["live"] > 0
    check("the phone's place is heard by MQTT", until(heard), http(http_port, "/health")[1])
    dispatch(city, "M-1", 4)
    topic, text = device.next() or (None, "{}")
    order = json.loads(text)
    check("a dispatch comes by MQTT", order.get("what") == "dispatch" and order["number"] == "M-1", text)
    check("it says type, place and where", order["type"] == "邻里纠纷" and order["place"] == "长江中路369号"
          and abs(order["lon"] - 117.283) < 1e-6)
    check("the broker has it: sent", is_state(city, "M-1", "sent") and messages(city, "M-1")[0]["channel"] == "mqtt")
    other = f"gridbeat/receipts/u/{phone(5)}"
    device.publish(other, json.dumps({"id": order["id"], "state": "accepted"}))
    device.publish(f"gridbeat/receipts/{key}", json.dumps({"id": order["id"], "state": "delivered"}))
    check("the device's receipt makes it delivered, another's does not count",
          is_state(city, "M-1", "delivered") and state(city, "M-1") == "delivered")
    device.publish(f"gridbeat/receipts/{key}", json.dumps({"id": order["id"], "state": "accepted"}))
    check("the person's makes it accepted", is_state(city, "M-1", "accepted"))
    device.publish(f"gridbeat/receipts/{key}", json.dumps({"id": order["id"], "state": "on_scene"}))
    check("and tells that the unit is there",
          until(lambda: json.loads(ctl("incident", city, "show", "M-1", "--json").stdout)["state"] == "on_scene"))
    step(city, "M-1", "release", "--unit", phone(4))
    topic, text = device.next() or (None, "{}")
    check("its cancellation comes too", json.loads(text).get("what") == "cancel", text)
    return device, key


# ---- HTTP ----

def test_http(city, port):
    http(port, f"/?id={phone(6)}&lat=31.86&lon=117.28&timestamp={now()}")
    dispatch(city, "H-1", 6)

    def fetched():
        status, text = http(port, f"/orders?id={phone(6)}")
        return json.loads(text)["orders"] if status == 200 else None
    check("before it is fetched it is queued", state(city, "H-1") == "queued", messages(city, "H-1"))
    orders = until(fetched) or [{}]
    check("a device fetches its orders by HTTP", orders[0].get("number") == "H-1", str(orders))
    check("then it is sent", is_state(city, "H-1", "sent") and messages(city, "H-1")[0]["channel"] == "http")

    def receipt(word, i=6):
        return http(port, f"/orders?id={phone(i)}", json.dumps({"id": orders[0]["id"], "state": word}).encode())[0]
    check("another device cannot confirm it", receipt("accepted", 7) == 404)
    check("its receipt is answered when it is kept", receipt("delivered") == 200)
    check("and makes it delivered", state(city, "H-1") == "delivered")
    check("the person accepts", receipt("accepted") == 200 and state(city, "H-1") == "accepted")
    check("twice is once", receipt("accepted") == 200)
    check("nonsense is refused", receipt("gone") == 400)
    check("an unknown device has no orders", http(port, "/orders?id=nobody")[0] == 404)
    step(city, "H-1", "clear", "--unit", phone(6))
    check("what the life cycle refuses is told", receipt("on_scene") == 409)


def test_taken_back_by_http(city, port):
    """An answer belongs to its order: not to the one that came after that was taken back."""
    http(port, f"/?id={phone(9)}&lat=31.86&lon=117.28&timestamp={now()}")
    dispatch(city, "H-2", 9)

    def fetched():
        orders = json.loads(http(port, f"/orders?id={phone(9)}")[1])["orders"]
        return [one for one in orders if one["what"] == "dispatch"]

    def accept(order):
        return http(port, f"/orders?id={phone(9)}", json.dumps({"id": order["id"], "state": "accepted"}).encode())[0]
    old = (until(fetched) or [{"id": 0}])[0]
    step(city, "H-2", "undo")
    step(city, "H-2", "dispatch", "--unit", phone(9))
    check("who accepts what was taken back is told", accept(old) == 409)
    told = messages(city, "H-2")
    check("and it is written down", (told[0]["state"], told[0]["note"]) ==
          ("delivered", "answered after it was taken back"), str(told))
    shown = json.loads(ctl("incident", city, "show", "H-2", "--json").stdout)
    check("the unit that was sent again has not accepted", shown["state"] == "dispatched", shown["state"])
    new = (until(lambda: [one for one in fetched() if one["id"] > old["id"]]) or [{"id": 0}])[0]
    check("until it accepts the new order", accept(new) == 200 and is_state(city, "H-2", "accepted", len(told) - 1))
    check("of which the log says no more", "answers the order" not in ctl("incident", city, "log", "H-2").stdout)
    step(city, "H-2", "release", "--unit", phone(9))
    dispatch(city, "H-3", 9)
    moved = (until(lambda: [one for one in fetched() if one["id"] > new["id"]]) or [{"id": 0}])[0]
    step(city, "H-3", "move", "--lon", "117.29", "--lat", "31.87")
    check("who accepts an order that was changed since, accepts", accept(moved) == 200)
    check("and the log says what he answered", "answers the order from before it was changed" in
          ctl("incident", city, "log", "H-3").stdout)


# ---- emergencies and restarts ----

def test_seen(city, terminal):
    terminal.acked(terminal.send(0x0200, place(now(), 117.28, 31.86, alarm=1)))
    done = ctl("duty", city, "sos-seen", phone(2))
    text, serial = text_in(terminal)
    check("who raised an SOS is told that it is seen", text is not None and done.returncode == 0, done.stderr)
    ack(terminal, 0x8300, serial)


def test_restart(city, args):
    feed = Feed(city, *args)
    port = feed.ports["jt808"]
    terminal = Terminal(port, phone(7))
    terminal.enter()
    dispatch(city, "R-1", 7)
    _, serial = text_in(terminal)
    ack(terminal, 0x8300, serial)
    is_state(city, "R-1", "delivered")
    question_in(terminal)
    second = Terminal(port, phone(8))
    second.enter()
    dispatch(city, "R-2", 8)
    text_in(second)
    is_state(city, "R-2", "sent")
    feed.process.kill()
    feed.process.wait()
    feed = Feed(city, *args)
    terminal, second = Terminal(feed.ports["jt808"], phone(7)), Terminal(feed.ports["jt808"], phone(8))
    terminal.enter()
    second.enter()
    text, serial = text_in(second, 8)
    check("after a crash what was not confirmed is sent again", text and "R-2" in text, text)
    ack(second, 0x8300, serial)
    check("and delivered", is_state(city, "R-2", "delivered"))
    check("what was confirmed is not", text_in(terminal, 3)[0] is None)
    said = terminal.send(0x0301, b"\x01")
    check("and its person can still accept it", terminal.acked(said) == 0 and state(city, "R-1") == "accepted",
          messages(city, "R-1"))
    feed.stop()


def main():
    folder = tempfile.mkdtemp()
    server = None
    try:
        city = make_city(folder)
        args = ["--jt808", "0", "--http", "0"]
        broker_port = free_port()
        if shutil.which("mosquitto"):
            server = broker(folder, broker_port)
            feed = Feed(city, *args, "--mqtt", f"mqtt://127.0.0.1:{broker_port}/owntracks/#")
        else:
            feed = Feed(city, *args)
        terminal = test_terminal(city, feed.ports["jt808"])
        test_taken_back(city, terminal)
        second = test_no_channel(city, feed.ports["jt808"])
        test_seen(city, second)
        if server:
            test_mqtt(city, broker_port, feed.ports["http"])
        else:
            check("MQTT # SKIP no mosquitto here", True)
        test_http(city, feed.ports["http"])
        test_taken_back_by_http(city, feed.ports["http"])
        _, errors = feed.stop()
        check("it ends when told", feed.process.returncode == 0, errors)
        test_restart(city, args)
        check("the city is sound", ctl("check", city).returncode == 0)
    finally:
        if server:
            server.terminate()
        shutil.rmtree(folder)
    print(f"1..{n_tests}", flush=True)
    sys.exit(failures > 0)


main()
