# SPDX-License-Identifier: MIT
"""A made-up internet: networks with their prefixes, who stands in them, and the names their
addresses have in reverse. All by one seed. Nothing of it exists but the form of things: the
sizes have a heavy tail as those of home networks do, the reverse names are as big providers'.
"""
import bisect
import itertools
import random

EYEBALLS = 600  # networks of home lines: Storm's 1,416 addresses stood in 405 of them
HOSTS = 420  # hosters and universities: a volunteer pool spreads over hundreds
CONTENT = 18  # content networks and clouds
LISTED = 4  # of them on the list cdn
MULTI_ORIGIN = 0.02  # prefixes that a second network announces too

# Nobody's (as the built-in list has them) or not unicast: no simulated machine may stand there.
RESERVED = [(0, 8), (10 << 24, 8), (0x64400000, 10), (127 << 24, 8), (0xA9FE0000, 16),
            (0xAC100000, 12), (0xC0000000, 8), (0xC6120000, 15), (0xC6336400, 24),
            (0xCB007100, 24), (224 << 24, 3)]


def text_of(address):
    """An address as text; IPv6 where it does not fit 32 bits."""
    if address >> 32:
        return ":".join(f"{address >> shift & 0xFFFF:x}" for shift in range(112, -16, -16))
    return f"{address >> 24}.{address >> 16 & 255}.{address >> 8 & 255}.{address & 255}"


class Network:
    """An autonomous system: its prefixes, and how many of all machines stand in it."""

    def __init__(self, asn, kind, weight, prefixes):
        self.asn = asn
        self.kind = kind  # eyeball, host or content
        self.weight = weight
        self.prefixes = prefixes  # (first address, length)
        self.sums = list(itertools.accumulate(1 << (32 - length) for _, length in prefixes))
        self.prefix6 = (0x2A000000 + asn) << 96  # a /32 of IPv6

    def address(self, rng):
        start, length = rng.choices(self.prefixes, cum_weights=self.sums)[0]
        while True:
            address = start + rng.getrandbits(32 - length)
            if address & 255 not in (0, 255):
                return address

    def address6(self, rng):
        return self.prefix6 | rng.getrandbits(16) << 80 | rng.getrandbits(32)

    def size(self):
        return self.sums[-1]


class World:
    """All networks, and what names share: pools, parking hosts, DNS providers."""

    def __init__(self, seed):
        self.seed = seed
        self.rng = random.Random(f"{seed}/world")
        self.taken = sorted((start, start + (1 << (32 - length))) for start, length in RESERVED)
        self.owner = {}  # address: network, of every address that was given out
        self.shared = {}
        self.networks = []
        self.eyeballs = [self.add_network("eyeball", 1 / (rank + 4) ** 0.9, range(12, 21),
                                          1 + int(40 / (rank + 4)) + self.rng.randrange(5))
                         for rank in range(EYEBALLS)]
        self.hosts = [self.add_network("host", 1 / (rank + 8) ** 0.7, range(15, 23),
                                       1 + self.rng.randrange(5)) for rank in range(HOSTS)]
        contents = [self.add_network("content", 1, range(14, 21), 4 + self.rng.randrange(16))
                    for _ in range(CONTENT)]
        self.contents, self.listed_contents = contents[LISTED:], contents[:LISTED]
        self.providers = [self.make_provider(f"dnsprovider{i}.example", self.rng)
                          for i in range(40)]

    def add_network(self, kind, weight, lengths, count):
        asn = 1000 + 7 * len(self.networks) + self.rng.randrange(7)
        prefixes = [self.take_prefix(self.rng.choice(lengths)) for _ in range(count)]
        network = Network(asn, kind, weight, prefixes)
        self.networks.append(network)
        return network

    def take_prefix(self, length):
        size = 1 << (32 - length)
        while True:
            start = self.rng.getrandbits(length) << (32 - length)
            at = bisect.bisect(self.taken, (start + size,))
            if at == 0 or self.taken[at - 1][1] <= start:
                self.taken.insert(at, (start, start + size))
                return start, length

    def make_provider(self, zone, rng):
        """Stable nameservers in one to three networks: {name: address}."""
        homes = rng.sample(self.hosts, rng.randint(1, 3))
        return {f"ns{i + 1}.{zone}": self.give(rng.choice(homes), rng)
                for i in range(rng.randint(2, 4))}

    def give(self, network, rng):
        address = network.address(rng)
        self.owner[address] = network
        return address

    def give6(self, network, rng):
        address = network.address6(rng)
        self.owner[address] = network
        return address

    def pick(self, networks, count, rng):
        """Count distinct networks, the large ones sooner."""
        return sorted(networks, key=lambda n: rng.random() ** (1 / n.weight))[-count:]

    def once(self, key, make):
        """What several instances share: made by the first that asks, from a seed of its own."""
        if key not in self.shared:
            self.shared[key] = make(random.Random(f"{self.seed}/{key}"))
        return self.shared[key]

    def hidden(self, share):
        """Networks that no routing table shows: that share of each kind's address space."""
        rng = random.Random(f"{self.seed}/hidden")
        hidden = set()
        for kind in (self.eyeballs, self.hosts, self.contents + self.listed_contents):
            left = share * sum(network.size() for network in kind)
            for network in rng.sample(kind, len(kind)):
                if network.size() <= left:
                    left -= network.size()
                    hidden.add(network.asn)
        return hidden

    def routing_table(self, unknown):
        """The lines of a pyasn file; without `unknown` of all address space."""
        rng = random.Random(f"{self.seed}/origins")
        hidden = self.hidden(unknown)
        for network in self.networks:
            for start, length in network.prefixes:
                second = rng.choice(self.networks).asn if rng.random() < MULTI_ORIGIN else None
                if network.asn in hidden:
                    continue
                yield f"{text_of(start)}/{length}\t{network.asn}\n"
                if second not in (None, network.asn):
                    yield f"{text_of(start)}/{length}\t{second}\n"
            if network.asn not in hidden:
                yield f"{text_of(network.prefix6)}/32\t{network.asn}\n"


class Pool:
    """Machines in some networks. Each is made when it is first asked for, and gets another
    address when its lease ends; the leases of all end at different times."""

    def __init__(self, world, rng, networks, size, lease_s=None):
        self.world = world
        self.rng = rng
        self.networks = networks
        self.sums = list(itertools.accumulate(network.weight for network in networks))
        self.size = size
        self.lease_s = lease_s  # None: for ever
        self.known = {}

    def address(self, machine, now, version=4):
        lease = int(now / self.lease_s + machine * 0.618) if self.lease_s else 0
        if (machine, lease, version) not in self.known:
            home = self.known.setdefault((machine, lease), self.rng.choices(
                self.networks, cum_weights=self.sums)[0])
            give = self.world.give if version == 4 else self.world.give6
            self.known[machine, lease, version] = give(home, self.rng)
        return self.known[machine, lease, version]

    def draw(self, count, now, version=4):
        machines = self.rng.sample(range(self.size), min(count, self.size))
        return [self.address(machine, now, version) for machine in machines]


class Renewed:
    """The addresses that stand under a name: some of them give way to others every period."""

    def __init__(self, pool, count, new, period_s):
        self.pool = pool
        self.machines = pool.rng.sample(range(pool.size), min(count, pool.size))
        self.new = new  # how many change at the end of a period
        self.period_s = period_s
        self.next_at = None

    def at(self, now):
        if self.next_at is None:
            self.next_at = now + self.pool.rng.random() * self.period_s
        while self.next_at <= now:
            self.renew()
            self.next_at += self.period_s
        return [self.pool.address(machine, now) for machine in self.machines]

    def renew(self):
        for place in self.pool.rng.sample(range(len(self.machines)), self.new):
            fresh = self.pool.rng.randrange(self.pool.size)
            if fresh not in self.machines:
                self.machines[place] = fresh


# The forms in which providers name their lines and machines.
DYNAMIC = ["adsl-{a}-{b}-{c}-{d}.dsl.isp{n}.example",
           "c-{a}-{b}-{c}-{d}.hsd1.ga.isp{n}.example",
           "p{x}.dip0.isp{n}.example", "cpe-{a}-{b}-{c}-{d}.nyc.res.isp{n}.example",
           "host{d}-range{a}-{b}.isp{n}.example", "pool-{a}-{b}-{c}-{d}.fios.isp{n}.example",
           "{d}.{c}.{b}.{a}.dynamic.isp{n}.example", "ppp{c}-{d}.dialup.isp{n}.example",
           "dhcp-{b}-{c}-{d}.cable.isp{n}.example", "{a}-{b}-{c}-{d}.broadband.isp{n}.example",
           "dyn-{a}-{b}-{c}-{d}.customer.isp{n}.example", "{x}.cable.isp{n}.example"]
SERVER = ["mail.site{x}.example", "vps{d}-{c}.hoster{n}.example", "www{d}.site{x}.example",
          "srv{d}.dc{c}.hoster{n}.example", "static.{d}.{c}.{b}.{a}.clients.hoster{n}.example",
          "ns2.site{x}.example", "server-{a}-{b}-{c}-{d}.fra2.hoster{n}.example",
          "ntp{d}.univ{n}.example", "host{d}.colo.hoster{n}.example",
          "ec2-{a}-{b}-{c}-{d}.eu.compute.hoster{n}.example"]
NEUTRAL = ["apollo{d}.campus{n}.example", "lab{c}-{d}.campus{n}.example",
           "gw.office{d}.campus{n}.example"]


def reverse_name(world, address, dynamic_share, rng):
    """The PTR name of an address; None: it has none. dynamic_share is that of home lines with a
    name; a fifth of them has none, of the servers a tenth."""
    network = world.owner[address]
    at_home = network.kind == "eyeball"
    if rng.random() < (0.2 if at_home else 0.1):
        return None
    if at_home and rng.random() < dynamic_share:
        forms = DYNAMIC
    else:
        forms = NEUTRAL if rng.random() < 0.3 else SERVER
    a, b, c, d = (address >> shift & 255 for shift in (24, 16, 8, 0))
    return rng.choice(forms).format(a=a, b=b, c=c, d=d, x=f"{address:08X}", n=network.asn)
