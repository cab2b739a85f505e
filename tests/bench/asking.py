# SPDX-License-Identifier: MIT
"""Asks a simulated name as `track` would, through simulated resolvers, and writes down what
came as massdns -o J does. The clock is made up: it goes from question to question.
"""
import heapq
import json
from typing import NamedTuple

# HACKING.md, "The schedule": floor and ceiling of the wait; lookups and floor of the burst.
RULES = {"A": (60, 3600, 20, 2), "AAAA": (600, 21600, 0, 0), "NS": (300, 3600, 6, 5),
         "SOA": (3600, 3600, 0, 0)}
TTL_MEMORY = 4  # the highest TTL is of the last 4 to 8 answers
RETRY_S, RETRY_MAX_S = 60, 3600  # after a failure, doubling
NAMESERVERS_MAX = 13  # followed for one name
REVERSE_MAX = 50  # addresses of a name whose PTR is asked for
FAILURES = ["TIMEOUT", "TIMEOUT", "SERVFAIL"]


class Answer(NamedTuple):
    """What one lookup brings. Addresses as numbers, all else as text."""

    ttl: int
    data: tuple = ()
    chain: tuple = ()  # (CNAME target, TTL of the record that names it), in order
    status: str = "NOERROR"


class Resolver:
    """A server that we ask: an authority, or some caches behind one address."""

    def __init__(self, rng, caches=0, popular=False):
        self.rng = rng
        self.caches = [{} for _ in range(caches)]
        self.popular = popular  # others ask too: what we get may be old already
        self.address = "127.0.0.1:53"
        self.vantage = "here"
        self.loss = 0.0
        self.filters = False  # has the name on a blocklist

    def ask(self, shape, name, qtype, now):
        """The answer as it is at `now`, or a failure; its TTL is what remains."""
        if self.rng.random() < self.loss:
            return Answer(0, status=self.rng.choice(FAILURES))
        if self.filters:
            return Answer(60, status="NXDOMAIN")
        if not self.caches:
            return shape.ask(name, qtype, now)
        cache = self.rng.choice(self.caches)
        expires, answer = cache.get((name, qtype), (0, None))
        if expires <= now:
            answer = shape.ask(name, qtype, now)
            age = self.rng.randint(0, answer.ttl) if self.popular else 0
            expires = now + answer.ttl - age
            cache[name, qtype] = expires, answer
        aged = answer.ttl - max(0, round(expires - now))
        chain = tuple((target, max(0, ttl - aged)) for target, ttl in answer.chain)
        return answer._replace(ttl=answer.ttl - aged, chain=chain)


class Item:
    """A name and a type of question, with what decides when it is asked again."""

    def __init__(self, name, qtype):
        self.name = name
        self.qtype = qtype
        self.lookups = 0
        self.ttl = self.next_ttl = 0
        self.failures = 0

    def note_ttl(self, ttl):
        if self.lookups % TTL_MEMORY == 0:
            self.ttl, self.next_ttl = self.next_ttl, 0
        self.next_ttl = max(self.next_ttl, ttl)
        self.ttl = max(self.ttl, ttl)

    def wait_s(self, answer):
        if answer.status in FAILURES:
            self.failures += 1
            return min(RETRY_S << (self.failures - 1), RETRY_MAX_S)
        self.failures = 0
        self.note_ttl(answer.ttl)
        self.lookups += 1
        floor, ceiling, burst, burst_floor = RULES[self.qtype]
        if self.lookups < burst:
            floor = burst_floor
        return max(floor, min(self.ttl + 1, ceiling))


class Tracker:
    """Follows one shape, as the schedule says. `moments` are the times of its A lookups that
    count: not those before it woke, nor those that a filter kept from its servers."""

    def __init__(self, shape, start, rng):
        self.shape = shape
        self.rng = rng
        self.due = []
        self.names = {shape.name}
        self.reversed = set()
        self.moments = []
        self.lines = []  # (vantage, line), not taken yet
        for qtype in RULES:
            self.put(Item(shape.name, qtype), start + len(self.due) * 0.1)
        self.companions = [(name, start) for name in shape.companions]

    def put(self, item, when):
        heapq.heappush(self.due, (when, self.rng.random(), item))

    def take_round(self):
        """The lines up to the next A lookup that counts, and of the second after it."""
        counted = len(self.moments)
        while len(self.moments) == counted or self.due[0][0] <= self.moments[-1] + 1:
            self.ask_next()
        for name, start in self.companions:
            self.write(name, "A", start, self.shape.resolvers[0],
                       self.shape.ask(self.shape.name, "A", start))
        self.companions = []
        lines, self.lines = self.lines, []
        return lines

    def ask_next(self):
        now, _, item = heapq.heappop(self.due)
        resolver = self.rng.choice(self.shape.resolvers)
        answer = resolver.ask(self.shape, item.name, item.qtype, now)
        self.write(item.name, item.qtype, now, resolver, answer)
        if item.qtype == "NS":
            self.follow(answer.data, now)
        if item.qtype == "A" and item.name == self.shape.name:
            self.note_lookup(answer, now, resolver)
        wait = item.wait_s(answer)
        self.put(item, now + wait + self.rng.random() * wait / 10)

    def note_lookup(self, answer, now, resolver):
        if now >= self.shape.counted_from and not resolver.filters:
            self.moments.append(now)
            self.shape.lookups = len(self.moments)
        if self.shape.is_reversed:
            self.ask_reverse(answer.data, now, resolver)

    def follow(self, servers, now):
        for name in servers:
            if name not in self.names and len(self.names) <= NAMESERVERS_MAX:
                self.names.add(name)
                self.put(Item(name, "A"), now + 0.1)
                self.put(Item(name, "AAAA"), now + 0.1)

    def ask_reverse(self, addresses, now, resolver):
        for address in addresses:
            if address in self.reversed or len(self.reversed) == REVERSE_MAX:
                continue
            self.reversed.add(address)
            name = self.shape.reverse_name(address)
            octets = reversed([str(address >> shift & 255) for shift in (24, 16, 8, 0)])
            self.write(".".join(octets) + ".in-addr.arpa", "PTR", now + 0.3, resolver,
                       Answer(3600, (name,)) if name else Answer(3600, status="NXDOMAIN"))

    def write(self, name, qtype, now, resolver, answer):
        rtt = self.rng.uniform(0.01, 0.2)
        line = {"name": name + ".", "type": qtype, "class": "IN",
                "rx_ts": int((now + rtt) * 1e9), "resolver": resolver.address, "proto": "UDP"}
        if answer.status == "TIMEOUT":
            line["error"] = "TIMEOUT"
        else:
            line["status"] = answer.status
            line["flags"] = ["rd", "ra"]
            if answer.status != "SERVFAIL":
                line["data"] = self.records(name, qtype, answer)
        self.lines.append((resolver.vantage, json.dumps(line, separators=(",", ":"))))

    def records(self, name, qtype, answer):
        rows = []
        for target, ttl in answer.chain:
            rows.append(record(name, "CNAME", ttl, target + "."))
            name = target
        data = [self.shape.text(qtype, item) for item in answer.data]
        if qtype in ("A", "AAAA") and self.shape.rotates:
            self.rng.shuffle(data)
        rows += [record(name, qtype, answer.ttl, item) for item in data]
        if data:
            return {"answers": rows}
        return {"authorities": [record(name, "SOA", answer.ttl, self.shape.soa(answer.ttl))]}


def record(owner, qtype, ttl, data):
    return {"ttl": ttl, "type": qtype, "class": "IN", "name": owner + ".", "data": data}
