# SPDX-License-Identifier: MIT
"""What each shape gives to see, without verdicts: to hold against what the papers printed."""
import ipaddress
import json

from trial import make_names
from world import World

COLUMNS = ["A an answer", "distinct", "ASNs", "new", "left", "returned", "TTL", "hours",
           "lines", "PTR", "AAAA"]


def records_of(lines, name, qtype):
    """The records of that type, a list an answer."""
    for _, text in lines:
        line = json.loads(text)
        answers = line.get("data", {}).get("answers", [])
        rows = [row for row in answers if row["type"] == qtype]
        if rows and line["name"] == name + ".":
            yield rows


def emitted(tracker, world, lookups):
    """A value for each of COLUMNS. new: distinct addresses a lookup after the first; left, and
    returned: of them those that an answer had and the next had not, and that came again."""
    lines = [line for _ in range(lookups) for line in tracker.take_round()]
    rows = list(records_of(lines, tracker.shape.name, "A"))
    answers = [{int(ipaddress.ip_address(row["data"])) for row in answer} for answer in rows]
    distinct = set().union(*answers)
    pairs = list(zip(answers, answers[1:]))
    left = sum(len(then - now) for then, now in pairs)
    came = sum(len(now - then) for then, now in pairs)
    aaaa = {row["data"] for answer in records_of(lines, tracker.shape.name, "AAAA")
            for row in answer}
    return (sum(map(len, answers)) / max(1, len(answers)),
            len(distinct), len({world.owner[address].asn for address in distinct}),
            (len(distinct) - len(answers[0])) / max(1, len(pairs)) if answers else 0,
            left, came - (len(distinct) - len(answers[0])) if answers else 0,
            max((answer[0]["ttl"] for answer in rows), default=0),
            (tracker.moments[-1] - tracker.moments[0]) / 3600,
            len(lines), len(tracker.reversed), len(aaaa))


def print_emitted(options):
    world = World(options.seed)
    print(f"seed {options.seed}; means of the instances of each shape")
    print(" " * 20 + "".join(f"{column:>12}" for column in COLUMNS))
    groups = {}
    for outcome, tracker in make_names(options, world, options.loss):
        rows = groups.setdefault(outcome.label, [])
        rows.append(emitted(tracker, world, options.lookups))
    for label, rows in groups.items():
        means = [sum(column) / len(rows) for column in zip(*rows)]
        print(f"{label:20}" + "".join(f"{mean:12.1f}" for mean in means))
