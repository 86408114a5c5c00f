"""Compares our evaluation of random CEL expressions with the official C++ engine.

    swift build -c release
    python3 -m venv .build/python && .build/python/bin/pip install cel-expr-python==0.1.3
    .build/python/bin/python Tests/Differential/differential.py --count 20000 --seed 1

The other side is `mink-workflow eval --jsonl` of the release build; `--eval` names another command.

Draws expressions (the same for the same seed), lets both engines evaluate them over the same
variables, and prints each difference. Exit code 0 without differences, 1 with some, 77 where the
package is missing. `--print` only prints the lines that an evaluator reads.
"""

import argparse
import base64
import datetime
import json
import math
import pathlib
import random
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
EVAL = shlex.quote(f"{ROOT}/.build/release/mink-workflow") + " eval --jsonl"

INTS = ["0", "1", "2", "-1", "3", "7", "9223372036854775807", "-9223372036854775808", "x"]
DOUBLES = ["0.0", "1.5", "-2.25", "1e300", "0.1", "3.0", "d"]
TEXTS = ["''", "'a'", "'abc'", "'caf\u00e9'", "'\\U0001F431!'", "'a,b,c'", "' x '", "s"]
TIMES = ["timestamp('2024-02-29T12:30:45Z')", "timestamp('1969-12-31T23:59:59.5Z')", "t"]
SPANS = ["duration('90s')", "duration('-1h30m')", "duration('0.5s')", "u"]

BINDINGS = {
    "x": {"t": "int", "v": "7"},
    "d": {"t": "double", "v": "0.5"},
    "s": {"t": "string", "v": "text caf\u00e9"},
    "b": {"t": "bool", "v": True},
    "l": {"t": "list", "v": [{"t": "int", "v": n} for n in ("1", "2", "3", "5")]},
    "m": {"t": "map", "v": [
        [{"t": "string", "v": "a"}, {"t": "int", "v": "4"}],
        [{"t": "string", "v": "c"}, {"t": "int", "v": "-9"}]]},
    "t": {"t": "timestamp", "v": "2026-11-24T08:15:30Z"},
    "u": {"t": "duration", "v": "3600s"},
}


class Writer:
    """Draws expressions whose types fit, so that most of them have a value."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.names = []

    def pick(self, *choices):
        return self.random.choice(choices)

    def expression(self):
        depth = self.random.randint(1, 4)
        return self.pick(
            self.bool, self.bool, self.int, self.int, self.double, self.text, self.text,
            self.list, self.map, self.time, self.span, self.bytes, self.maybe, self.uint)(depth)

    def bool(self, depth):
        if depth <= 0:
            return self.pick("true", "false", "b", "has(m.a)", "has(m.q)", "m.?q.hasValue()")
        d = depth - 1
        sign = self.pick("<", "<=", ">", ">=", "==", "!=")
        same = self.pick(self.int, self.double, self.text, self.time, self.span, self.bytes)
        return self.pick(
            lambda: f"({self.bool(d)} && {self.bool(d)})",
            lambda: f"({self.bool(d)} || {self.bool(d)})",
            lambda: f"!{self.bool(d)}",
            lambda: f"({same(d)} {sign} {same(d)})",
            lambda: f"(dyn({self.int(d)}) {sign} dyn({self.double(d)}))",
            lambda: f"({self.int(d)} in {self.list(d)})",
            lambda: f"({self.list(d)} == {self.list(d)})",
            lambda: f"({self.map(d)} == {self.map(d)})",
            lambda: f"({self.text(d)} in {self.map(d)})",
            lambda: self.loop(d, self.pick("all", "exists", "exists_one"), self.bool),
            lambda: f"{self.text(d)}.{self.pick('contains', 'startsWith', 'endsWith')}"
                    f"({self.text(d)})",
            lambda: f"{self.text(d)}.matches({self.pick(*PATTERNS)})",
            lambda: f"({self.bool(d)} ? {self.bool(d)} : {self.bool(d)})",
            lambda: f"bool({self.pick(TRUTHS[0], *TRUTHS)})",
        )()

    def int(self, depth):
        if depth <= 0:
            return self.pick(*INTS, *self.names)
        d = depth - 1
        return self.pick(
            lambda: f"({self.int(d)} {self.pick(*'+-*/%')} {self.int(d)})",
            lambda: f"-({self.int(d)})",
            lambda: f"size({self.pick(self.text, self.list, self.map, self.bytes)(d)})",
            lambda: f"{self.list(d)}[{self.pick('0', '1', '-1', self.int(d))}]",
            lambda: f"({self.bool(d)} ? {self.int(d)} : {self.int(d)})",
            lambda: f"int({self.pick(self.double, self.uint, self.time)(d)})",
            lambda: f"int({self.pick(*NUMBER_TEXTS)})",
            lambda: f"{self.time(d)}.{self.pick(*TIME_PARTS)}({self.pick(*ZONES)})",
            lambda: f"{self.span(d)}.{self.pick('getHours', 'getMinutes', 'getSeconds', 'getMilliseconds')}()",
            lambda: f"{self.text(d)}.{self.pick('indexOf', 'lastIndexOf')}({self.text(d)})",
            lambda: f"math.{self.pick('greatest', 'least')}({self.int(d)}, {self.int(d)})",
            lambda: f"math.{self.pick('abs', 'sign', 'bitNot')}({self.int(d)})",
            lambda: f"math.{self.pick('bitAnd', 'bitOr', 'bitXor', 'bitShiftLeft', 'bitShiftRight')}"
                    f"({self.int(d)}, {self.int(d)})",
            lambda: f"m.{self.pick('a', 'c', 'q')}",
            lambda: f"m.?{self.pick('a', 'q')}.orValue({self.int(d)})",
            lambda: self.bind(d, self.int),
        )()

    def uint(self, depth):
        if depth <= 0:
            return self.pick("0u", "1u", "3u", "18446744073709551615u")
        d = depth - 1
        return self.pick(
            lambda: f"({self.uint(d)} {self.pick(*'+-*/%')} {self.uint(d)})",
            lambda: f"uint({self.pick(self.int, self.double)(d)})",
        )()

    def double(self, depth):
        if depth <= 0:
            return self.pick(*DOUBLES)
        d = depth - 1
        return self.pick(
            lambda: f"({self.double(d)} {self.pick(*'+-*/')} {self.double(d)})",
            lambda: f"-({self.double(d)})",
            lambda: f"double({self.pick(self.int, self.uint)(d)})",
            lambda: f"double({self.pick(*NUMBER_TEXTS)})",
            lambda: f"math.{self.pick('ceil', 'floor', 'round', 'trunc', 'abs', 'sign')}"
                    f"({self.double(d)})",
            lambda: f"math.{self.pick('greatest', 'least')}({self.double(d)}, {self.double(d)})",
            lambda: f"({self.bool(d)} ? {self.double(d)} : {self.double(d)})",
        )()

    def text(self, depth):
        if depth <= 0:
            return self.pick(*TEXTS)
        d = depth - 1
        return self.pick(
            lambda: f"({self.text(d)} + {self.text(d)})",
            lambda: f"string({self.pick(self.int, self.bool, self.uint, self.span, self.time)(d)})",
            lambda: f"string({self.double(0)})",
            lambda: f"{self.text(d)}.{self.pick('lowerAscii', 'upperAscii', 'trim', 'reverse')}()",
            lambda: f"{self.text(d)}.charAt({self.pick('0', '1', '9')})",
            lambda: f"{self.text(d)}.substring({self.pick('0', '1', '1, 2', '2, 1', '9')})",
            lambda: f"{self.text(d)}.replace({self.text(0)}, {self.text(0)})",
            lambda: f"{self.text(d)}.split({self.text(0)}).join({self.text(0)})",
            lambda: f"({self.bool(d)} ? {self.text(d)} : {self.text(d)})",
            lambda: f"'%d %s %.2f'.format([{self.int(d)}, {self.text(d)}, {self.double(0)}])",
            lambda: f"base64.encode({self.bytes(d)})",
            lambda: f"string(type({self.pick(self.int, self.list, self.time)(d)}) == int)",
        )()

    def list(self, depth):
        if depth <= 0:
            return self.pick("l", "[]", "[1, 2]", "[x, 3]", "[5, 5, 1]")
        d = depth - 1
        return self.pick(
            lambda: f"({self.list(d)} + {self.list(d)})",
            lambda: f"[{self.int(d)}, {self.int(d)}]",
            lambda: self.loop(d, "map", self.int),
            lambda: self.loop(d, "filter", self.bool),
            lambda: f"({self.bool(d)} ? {self.list(d)} : {self.list(d)})",
        )()

    def map(self, depth):
        if depth <= 0:
            return self.pick("m", "{}", "{'a': 1}", "{'a': 4, 'c': -9}")
        d = depth - 1
        return self.pick(
            lambda: f"{{{self.text(d)}: {self.int(d)}, 'k': {self.int(d)}}}",
            lambda: f"{{'a': {self.int(d)}, ?'o': m.?{self.pick('a', 'q')}}}",
        )()

    def time(self, depth):
        if depth <= 0:
            return self.pick(*TIMES)
        return f"({self.time(depth - 1)} {self.pick(*'+-')} {self.span(depth - 1)})"

    def span(self, depth):
        if depth <= 0:
            return self.pick(*SPANS)
        d = depth - 1
        return self.pick(
            lambda: f"({self.span(d)} {self.pick(*'+-')} {self.span(d)})",
            lambda: f"({self.time(d)} - {self.time(d)})",
        )()

    def bytes(self, depth):
        if depth <= 0:
            return self.pick("b''", "b'abc'", "b'\\xff\\x00'", "bytes(s)")
        d = depth - 1
        return self.pick(
            lambda: f"({self.bytes(d)} + {self.bytes(d)})",
            lambda: f"bytes({self.text(d)})",
            lambda: f"base64.decode({self.pick('base64.encode(' + self.bytes(d) + ')', TEXTS[1])})",
        )()

    def maybe(self, depth):
        d = depth - 1
        return self.pick(
            lambda: f"optional.of({self.int(d)}).orValue(0)",
            lambda: f"optional.ofNonZeroValue({self.int(d)}).hasValue()",
            lambda: f"l[?{self.int(0)}].optMap(v, v + 1).orValue(-1)",
            lambda: f"m.?a.or(m.?c).value() + {self.int(d)}",
        )()

    def loop(self, depth, macro, body):
        if len(self.names) >= 2:
            return {"map": "l", "filter": "l"}.get(macro, "b")
        source = self.list(depth)
        name = f"v{len(self.names)}"
        self.names.append(name)
        inner = body(depth)
        self.names.pop()
        return f"{source}.{macro}({name}, {inner})"

    def bind(self, depth, body):
        if len(self.names) >= 2:
            return "x"
        value = self.int(depth)
        name = f"v{len(self.names)}"
        self.names.append(name)
        inner = body(depth)
        self.names.pop()
        return f"cel.bind({name}, {value}, {inner})"


PATTERNS = ["'^a'", "'[0-9]+'", "'(a|b)+c?$'", "'\u00e9'", "'('"]
TRUTHS = ["'true'", "'false'", "'t'", "'1'", "'TRUE'", "'yes'"]
NUMBER_TEXTS = ["'12'", "'-0'", "'1.5'", "'1e3'", "''", "' 1'", "'9223372036854775808'", "'+3'"]
TIME_PARTS = ["getFullYear", "getMonth", "getDate", "getDayOfMonth", "getDayOfYear",
              "getDayOfWeek", "getHours", "getMinutes", "getSeconds", "getMilliseconds"]
ZONES = ["", "", "'Europe/Berlin'", "'-08:00'", "'UTC'"]


def plain(tagged):
    """The Python value of a tagged one."""
    kind, value = tagged["t"], tagged.get("v")
    if kind == "int":
        return int(value)
    if kind == "double":
        return float(value)
    if kind == "list":
        return [plain(element) for element in value]
    if kind == "map":
        return {plain(key): plain(element) for key, element in value}
    if kind == "timestamp":
        return datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
    if kind == "duration":
        return datetime.timedelta(seconds=float(value[:-1]))
    return value


def comparable(tagged):
    """A form of a tagged value in which equal values are the same text."""
    kind, value = tagged["t"], tagged.get("v")
    if kind == "null":
        return "null"
    if kind == "double":
        number = float(value)
        return "double NaN" if math.isnan(number) else f"double {number!r}"
    if kind == "list":
        return "[" + ", ".join(comparable(element) for element in value) + "]"
    if kind == "map":
        pairs = sorted(comparable(key) + ": " + comparable(entry) for key, entry in value)
        return "{" + ", ".join(pairs) + "}"
    if kind == "duration":
        # Python keeps microseconds.
        return f"duration {float(value[:-1]):.6f}"
    if kind == "timestamp":
        moment = datetime.datetime.fromisoformat(cut(value).replace("Z", "+00:00"))
        return f"timestamp {moment.astimezone(datetime.timezone.utc).isoformat()}"
    return f"{kind} {value}"


def cut(moment):
    """A moment with at most six digits behind the point."""
    if "." not in moment:
        return moment
    head, tail = moment.split(".")
    digits = tail.rstrip("Z")
    return f"{head}.{digits[:6].ljust(6, '0')}Z"


class Official:
    """The official engine."""

    def __init__(self, cel, extensions):
        self.cel = cel
        times = {"timestamp": cel.Type.TIMESTAMP, "duration": cel.Type.DURATION}
        kinds = {name: times.get(bound["t"], cel.Type.DYN) for name, bound in BINDINGS.items()}
        self.env = cel.NewEnv(variables=kinds, extensions=extensions)
        self.data = {name: plain(value) for name, value in BINDINGS.items()}

    def answer(self, text):
        try:
            value = self.env.compile(text).eval(data=self.data)
        except Exception as error:  # What can not be compiled is an error as well.
            return {"error": str(error)}
        if value.type() == self.cel.Type.ERROR:
            return {"error": str(value)}
        return {"value": self.tagged(value)}

    def tagged(self, value):
        kind = value.type().name().lower()
        inner = value.value()
        if inner is None:
            return {"t": "null"}
        if kind.startswith("list"):
            return {"t": "list", "v": [self.tagged(element) for element in inner]}
        if kind.startswith("map"):
            return {"t": "map", "v": [[self.key(key), self.tagged(inner[key])] for key in inner]}
        if isinstance(inner, bool):
            return {"t": "bool", "v": inner}
        if isinstance(inner, int):
            return {"t": "uint" if kind == "uint" else "int", "v": str(inner)}
        if isinstance(inner, float):
            return {"t": "double", "v": repr(inner)}
        if isinstance(inner, (bytes, bytearray)):
            return {"t": "bytes", "v": base64.b64encode(inner).decode()}
        if isinstance(inner, datetime.datetime):
            return {"t": "timestamp", "v": inner.isoformat().replace("+00:00", "Z")}
        if isinstance(inner, datetime.timedelta):
            return {"t": "duration", "v": f"{inner.total_seconds()}s"}
        return {"t": kind, "v": str(inner)}

    def key(self, key):
        kinds = {bool: "bool", int: "int", str: "string"}
        return {"t": kinds[type(key)], "v": key if isinstance(key, (bool, str)) else str(key)}


def reason(text, ours, theirs):
    """Why a difference is none of ours; None where it has to be looked at."""
    for name, applies in REASONS:
        if applies(text, ours, theirs):
            return name
    return None


REASONS = [
    ("the C++ engine trims texts of numbers",
     lambda text, ours, theirs: "(' 1')" in text and "error" in ours),
    ("the C++ engine writes fractions of a second with 3, 6 or 9 digits, cel-go and we with few",
     lambda text, ours, theirs: "string(" in text and ("0.5s" in text or "59.5Z" in text)),
    ("the C++ engine refuses substring() up to the end of a text",
     lambda text, ours, theirs: ".substring(1, 2)" in text and "<end>" in theirs.get("error", "")),
    ("a text that is no pattern is refused before it runs, taken or not",
     lambda text, ours, theirs: "matches('(')" in text and "error" in ours),
]


def official():
    """The official engine; None where the package is missing."""
    try:
        from cel_expr_python import cel
        from cel_expr_python.ext import (
            ext_bindings, ext_encoders, ext_math, ext_optional, ext_strings)
    except ImportError:
        return None
    return Official(cel, [
        ext_bindings.ExtBindings(), ext_encoders.ExtEncoders(), ext_math.ExtMath(),
        ext_optional.ExtOptional(), ext_strings.ExtStrings()])


def compare(texts, answers, engine, most):
    """Prints the differences, and returns how many there are."""
    counts = {"values": 0, "errors": 0, "differences": 0}
    known = {}
    for text, ours in zip(texts, answers):
        theirs = engine.answer(text)
        if "error" in ours and "error" in theirs:
            counts["errors"] += 1
            continue
        same = ("value" in ours and "value" in theirs
                and comparable(ours["value"]) == comparable(theirs["value"]))
        if same:
            counts["values"] += 1
            continue
        why = reason(text, ours, theirs)
        if why:
            known[why] = known.get(why, 0) + 1
            continue
        counts["differences"] += 1
        if counts["differences"] <= most:
            print(f"{text}\n    ours   {json.dumps(ours)}\n    theirs {json.dumps(theirs)}")
    print(f"{len(texts)} expressions: {counts['values']} equal values, {counts['errors']} errors "
          f"of both, {counts['differences']} differences, "
          f"{sum(known.values())} with a known reason {known}")
    return counts["differences"]


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--count", type=int, default=5000)
    options.add_argument("--most", type=int, default=20, help="how many differences to print")
    options.add_argument("--eval", default=EVAL, help="a command that answers lines")
    options.add_argument("--print", action="store_true")
    given = options.parse_args()

    writer = Writer(given.seed)
    texts = [writer.expression() for _ in range(given.count)]
    lines = [json.dumps({"expr": text, "bindings": BINDINGS}) for text in texts]
    if given.print:
        print("\n".join(lines))
        return 0
    engine = official()
    if engine is None:
        print("the Python package cel-expr-python is not installed; nothing was compared")
        return 77
    output = subprocess.run(
        shlex.split(given.eval), input="\n".join(lines) + "\n", stdout=subprocess.PIPE,
        encoding="utf-8", check=False).stdout
    answers = [json.loads(line) for line in output.splitlines() if line.strip()]
    if len(answers) != len(texts):
        print(f"{len(answers)} answers to {len(texts)} expressions")
        return 1
    return 1 if compare(texts, answers, engine, given.most) else 0


if __name__ == "__main__":
    sys.exit(main())
