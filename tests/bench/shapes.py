# SPDX-License-Identifier: MIT
"""The shapes of flux, each as random as its family was: parameters are drawn wider than the
published means. A shape answers what it is asked; asking.py asks.
"""
from asking import Answer, Resolver
from world import Pool, Renewed, reverse_name, text_of

DAY_S = 86400
ALWAYS = 1 << 30  # lookups


def between(rng, low, high):
    """A whole number, its logarithm uniform: as many from 100 to 200 as from 200 to 400."""
    return min(high, int(low * ((high + 1) / low) ** rng.random()))


class Shape:
    """One name. Subclasses draw their parameters and answer A; the rest is as most names do."""

    fluxes = False  # the truth
    is_promised = True  # counts in the figures that are promised
    right = frozenset()  # the words that are right for it
    popular = 0.3  # how likely others ask the same caches
    lookups = 0  # A lookups so far that count; the asker tells
    counted_from = 0  # lookups before that moment do not count
    lives = ALWAYS  # A lookups until it is dead

    def __init__(self, world, rng, label, index):
        self.world = world
        self.rng = rng
        self.index = index
        self.zone = f"{label}-{index}.example"
        self.name = self.zone
        self.companions = []  # other names with the same answers, asked once
        self.lists = []  # (list, entry) that are imported beforehand
        self.servers = rng.choice(world.providers)
        self.ns_ttl = rng.choice([3600, 21600, 86400, 172800])
        self.retry = rng.choice([300, 600, 900, 1800, 3600, 7200])
        self.negative_ttl = rng.choice([60, 300, 900, 3600])
        self.rotates = rng.random() < 0.8
        self.ttl_spread = rng.choice([0, 0, 0, 0.1, 0.5])  # as authorities that vary theirs
        self.resolvers = [Resolver(rng, rng.choice([0, 1, 1, 1, 2, 4]),
                                   rng.random() < self.popular)]
        self.is_reversed = False  # whether PTR names are asked for
        self.dynamic_share = rng.uniform(0.55, 0.95)
        self.draw()

    def draw(self):
        """Draws the parameters."""

    def begin(self, start):
        """The first question will be asked at `start`."""

    def a(self, now):
        raise NotImplementedError

    def aaaa(self, _now):
        return self.nothing()

    def ns(self, _now):
        return Answer(self.ns_ttl, tuple(self.servers))

    def server(self, name, _now):
        """The A answer of one of its nameservers."""
        return Answer(self.ns_ttl, (self.servers[name],))

    def nothing(self):
        return Answer(self.negative_ttl)

    def ask(self, name, qtype, now):
        if self.lookups >= self.lives and name in (self.name, self.zone):
            return Answer(self.negative_ttl, status="NXDOMAIN")
        if name not in (self.name, self.zone):
            return self.server(name, now) if qtype == "A" else self.nothing()
        if qtype in ("NS", "SOA") and name != self.zone:
            return self.nothing()
        if qtype == "SOA":
            return Answer(3600, (self.soa(self.negative_ttl),))
        answer = {"A": self.a, "AAAA": self.aaaa, "NS": self.ns}[qtype](now)
        spread = self.ttl_spread * self.rng.random()
        return answer._replace(ttl=round(answer.ttl * (1 - spread)))

    def soa(self, minimum):
        primary = next(iter(self.servers))
        return f"{primary}. admin.{self.zone}. 1 7200 {self.retry} 604800 {minimum}"

    def text(self, qtype, item):
        if qtype in ("A", "AAAA"):
            return text_of(item)
        return item if qtype == "SOA" else item + "."

    def reverse_name(self, address):
        return reverse_name(self.world, address, self.dynamic_share, self.rng)

    def second_resolver(self):
        """A second one, half of the time at another place."""
        other = Resolver(self.rng, 1, self.resolvers[0].popular)
        other.address = "127.0.0.2:53"
        other.vantage = self.rng.choice(["here", "there"])
        self.resolvers.append(other)
        return other

    def bots(self, size, networks):
        """Home machines; their addresses change between twice a day and every third day."""
        homes = self.world.pick(self.world.eyeballs, networks, self.rng)
        return Pool(self.world, self.rng, homes, size, self.rng.uniform(0.5, 3) * DAY_S)


class Flux(Shape):
    fluxes = True
    right = frozenset({"flux"})

    def a(self, now):
        return Answer(self.ttl, tuple(self.shown.at(now)))


class Storm(Flux):
    """supersameas.com, ibank-halifax.com: one address an answer, TTL 0 (Storm, 2008)."""

    def draw(self):
        size = between(self.rng, 800, 50000)
        self.pool = self.bots(size, self.rng.randint(100, 400))

    def a(self, now):
        return Answer(0, tuple(self.pool.draw(1, now)))


class RockPhish(Flux):
    """Five addresses, TTL 600, 1,121 distinct in four days (2007)."""

    def draw(self):
        self.ttl = between(self.rng, 60, 1799)
        pool = self.bots(between(self.rng, 300, 5000), self.rng.randint(60, 300))
        self.shown = Renewed(pool, 5, self.rng.randint(1, 5), self.ttl * self.rng.uniform(1, 2))


class Pharma(Flux):
    """Twenty addresses, renewed every two minutes, hardly one of them again (May 2008)."""

    def draw(self):
        self.ttl = self.rng.randint(60, 300)
        pool = self.bots(between(self.rng, 1000, 20000), self.rng.randint(80, 400))
        self.shown = Renewed(pool, 20, self.rng.randint(14, 20), self.rng.randint(120, 300))


class Kelihos(Flux):
    """One address, TTL 0; tens of names share a pool (2013)."""

    def draw(self):
        def make(rng):
            size = between(rng, 500, 10000)
            homes = self.world.pick(self.world.eyeballs, rng.randint(80, 300), rng)
            return Pool(self.world, rng, homes, size, DAY_S)

        self.pool = self.world.once(f"kelihos/{self.index // 20}", make)

    def a(self, now):
        return Answer(0, tuple(self.pool.draw(1, now)))


class PartialRenewal(Flux):
    """f07b42b93.com: of ten addresses seven were new after the TTL (Hsu et al. 2010)."""

    def draw(self):
        self.ttl = between(self.rng, 3, 600)
        pool = self.bots(between(self.rng, 300, 8000), self.rng.randint(50, 300))
        self.shown = Renewed(pool, 10, self.rng.randint(2, 8), self.ttl)


class SmallBotnet(Flux):
    """So few nodes that all come again within the hour (FluXOR's mean: 98 in 38 networks)."""

    def draw(self):
        self.ttl = between(self.rng, 60, 600)
        self.count = self.rng.randint(3, 10)
        self.pool = self.bots(self.rng.randint(60, 150), self.rng.randint(25, 100))

    def a(self, now):
        return Answer(self.ttl, tuple(self.pool.draw(self.count, now)))


class SlowFlux(Flux):
    """Two to five addresses and a TTL near ATLAS's limit of 900 s; thearmynext.info had 600."""

    def draw(self):
        self.ttl = self.rng.randint(600, 1500)
        count = self.rng.randint(2, 5)
        pool = self.bots(between(self.rng, 200, 2000), self.rng.randint(40, 200))
        self.shown = Renewed(pool, count, self.rng.randint(1, count),
                             self.ttl * self.rng.uniform(1, 2))


class DoubleFlux(Flux):
    """bnably.com: ns2 to ns13 of itself stand on bots too (2007)."""

    right = frozenset({"double-flux"})

    def draw(self):
        self.inner = self.rng.choice([Storm, RockPhish, Pharma, PartialRenewal])
        self.inner.draw(self)
        self.ns_ttl = between(self.rng, 60, 3600)
        pool = self.bots(between(self.rng, 300, 5000), self.rng.randint(40, 200))
        self.server_ttl = self.rng.choice([0, 0, 30, 60, 120, 300])
        self.draw_servers(pool)

    def draw_servers(self, pool):
        period_s = max(10, self.server_ttl) * self.rng.uniform(1, 2)
        self.servers = {f"ns{i + 2}.{self.zone}": Renewed(pool, 1, 1, period_s)
                        for i in range(self.rng.randint(2, 12))}

    def a(self, now):
        return self.inner.a(self, now)

    def server(self, name, now):
        return Answer(self.server_ttl, tuple(self.servers[name].at(now)))


class RenamedServers(DoubleFlux):
    """Double flux by new nameservers under new names, instead of new addresses of old names."""

    def draw_servers(self, pool):
        self.ns_pool = pool
        self.period_s = self.rng.randint(120, 1800)
        self.ns_ttl = min(self.ns_ttl, self.period_s)
        self.servers = {f"ns1.{self.zone}": None}
        self.hosts = {}
        self.count = self.rng.randint(2, 6)

    def ns(self, now):
        period = int(now / self.period_s)
        names = [f"ns{period % 10000}{i}.{self.zone}" for i in range(self.count)]
        return Answer(self.ns_ttl, tuple(names))

    def server(self, name, now):
        if name not in self.hosts:
            self.hosts[name] = self.ns_pool.draw(1, now)
        return Answer(self.server_ttl, tuple(self.hosts[name]))


class Modern(Flux):
    """Hundreds of addresses a day, TTL 3 to 5 minutes (CISA and others, April 2025: tens or hundreds;
    for tens see TensADay), on rented machines and home routers; some behind a CNAME of their own
    zone."""

    daily = (200, 1500)

    def draw(self):
        self.ttl = self.rng.randint(180, 300)
        count = self.rng.randint(5, 10)
        rented = self.world.pick(self.world.hosts, self.rng.randint(10, 60), self.rng)
        homes = self.world.pick(self.world.eyeballs, self.rng.randint(30, 200), self.rng)
        pool = Pool(self.world, self.rng, rented + homes, 2000, DAY_S)
        daily = between(self.rng, *self.daily)
        new = max(1, min(count, round(daily * self.ttl / DAY_S)))
        self.shown = Renewed(pool, count, new, new * DAY_S / daily)
        if self.rng.random() < 0.3:
            self.name = f"www.{self.zone}"
            self.chain = ((f"edge{self.rng.randrange(1000)}.{self.zone}", self.ttl),)

    chain = ()

    def a(self, now):
        return Answer(self.ttl, tuple(self.shown.at(now)), self.chain)


class TensADay(Modern):
    """The same with tens of addresses a day: an hour's 20 lookups see a few of them, so that no
    recall is promised of 20 lookups."""

    is_promised = False
    daily = (20, 200)


class CnameFlux(RockPhish):
    """www leads by a CNAME to another name of the same zone, which fluxes."""

    def draw(self):
        super().draw()
        self.name = f"www.{self.zone}"
        self.hop = self.rng.randrange(100)

    def a(self, now):
        chain = ((f"x{self.hop}.{self.zone}", self.rng.choice([self.ttl, 3600])),)
        return Answer(self.ttl, tuple(self.shown.at(now)), chain)


class AnyFlux(Flux):
    """One of the single-flux shapes, for those that add trouble of another kind."""

    def draw(self):
        self.inner = self.rng.choice([Storm, RockPhish, Pharma, PartialRenewal, SmallBotnet])
        self.inner.draw(self)

    def a(self, now):
        return self.inner.a(self, now)


class Sleeper(AnyFlux):
    """Sleeps as a static, parked or missing name, then wakes (dormant for 28 days on average;
    more than a day is all that our window can tell)."""

    def begin(self, start):
        self.sleep_ttl = self.rng.choice([300, 3600, 14400, 86400])
        if self.sleep_ttl > 3600:  # a cache would hide for a day that it woke
            self.resolvers = [Resolver(self.rng)]
        self.wakes_at = start + self.rng.uniform(1, 3) * DAY_S
        self.counted_from = self.wakes_at + DAY_S  # or the first answer after it woke
        self.bed = self.rng.choice(["static", "parked", "missing"])
        if self.bed == "parked":
            self.place = self.world.once("sleepers/parking", self.make_parking)
        else:
            self.place = [self.world.give(self.rng.choice(self.world.hosts), self.rng)]

    def make_parking(self, rng):
        network = rng.choice(self.world.hosts)
        return [self.world.give(network, rng) for _ in range(2)]

    def a(self, now):
        if now >= self.wakes_at:
            self.counted_from = min(self.counted_from, now)
            return super().a(now)
        if self.bed == "missing":
            return Answer(min(self.sleep_ttl, 3600), status="NXDOMAIN")
        return Answer(self.sleep_ttl, tuple(self.place))


class DyingFlux(AnyFlux):
    """Fluxes, and is then taken away by its registrar."""

    right = frozenset({"dead"})

    def draw(self):
        super().draw()
        self.lives = self.rng.randint(12, 16)  # some lookups are left to see that it is dead


class LossyFlux(AnyFlux):
    """Seen through a resolver that loses 5 to 20 % (flux lookups failed 4.4 %: Holz et al.)."""

    def draw(self):
        super().draw()
        self.resolvers[0].loss = self.rng.uniform(0.05, 0.2)


class FilteredFlux(AnyFlux):
    """One of two resolvers blocks it: its NXDOMAIN is no takedown."""

    def draw(self):
        super().draw()
        self.second_resolver().filters = True


FLUX = {
    "storm": Storm, "rock-phish": RockPhish, "pharma": Pharma, "kelihos": Kelihos,
    "partial-renewal": PartialRenewal, "small-botnet": SmallBotnet, "slow-flux": SlowFlux,
    "double-flux": DoubleFlux, "renamed-servers": RenamedServers, "modern": Modern,
    "tens-a-day": TensADay,
    "cname-flux": CnameFlux, "sleeper": Sleeper, "dying-flux": DyingFlux,
    "lossy-flux": LossyFlux, "filtered-flux": FilteredFlux,
}
