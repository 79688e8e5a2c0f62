#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints the shape of one JSON object on standard input: every key's path with its type, sorted.

Keys below a name given as an argument are data (area levels, say), not contract, and become '*'."""
import json
import sys

DATA_KEYED = set(sys.argv[1:])


def walk(value, path, found):
    if isinstance(value, dict):
        for key, inner in value.items():
            name = "*" if path.rsplit(".", 1)[-1] in DATA_KEYED else key
            walk(inner, f"{path}.{name}" if path else name, found)
    elif isinstance(value, list):
        found.add(f"{path}[]" if value else f"{path}[] (empty)")
        for inner in value:
            walk(inner, path + "[]", found)
    else:
        kind = {bool: "bool", int: "number", float: "number", str: "text", type(None): "null"}[type(value)]
        found.add(f"{path}: {kind}")


found = set()
walk(json.load(sys.stdin), "", found)
# A key that is null in one place and a value in another is that value's kind: which rows have it is data.
valued = {line.split(": ")[0] for line in found if ": " in line and not line.endswith(": null")}
print("\n".join(sorted(line for line in found if not (line.endswith(": null") and line.split(": ")[0] in valued))))
