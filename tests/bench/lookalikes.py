# SPDX-License-Identifier: MIT
"""The shapes that are not flux, each with what makes it look so. None may ever be called flux:
a report on one of these is the error that costs a registrar's trust.
"""
from asking import Answer
from shapes import DAY_S, Shape, between
from world import Pool, Renewed, text_of


class Lookalike(Shape):
    popular = 0.8
    chain = ()

    def __init__(self, world, rng, label, index):
        super().__init__(world, rng, label, index)
        homes = rng.choices(world.hosts, k=rng.choice([0, 0, 0, 1, 2]))  # two of five have IPv6
        self.places6 = [world.give6(network, rng) for network in homes]

    def hosts_of(self, low, high):
        return self.world.pick(self.world.hosts, self.rng.randint(low, high), self.rng)

    def machines(self, networks, count):
        """Addresses that stay, at least one in each network while they suffice."""
        return [self.world.give(networks[i % len(networks)], self.rng) for i in range(count)]

    def stand_on(self, places, count=None):
        """Each answer has count of the places, or all of them."""
        self.places = places
        self.count = count or len(places)

    def shown(self, _now):
        return self.rng.sample(self.places, self.count)

    def a(self, now):
        return Answer(self.ttl, tuple(self.shown(now)), self.chain)

    def aaaa(self, now):
        places6 = tuple(self.places6)
        return Answer(self.ttl, places6, self.chain) if places6 else self.nothing()


class Static(Lookalike):
    """One to three addresses for months (FluXOR's means: 2.86 A, 1.11 ASNs, TTL 4,593 s)."""

    right = frozenset({"static"})

    def draw(self):
        self.ttl = between(self.rng, 60, 86400)
        self.stand_on(self.machines(self.hosts_of(1, 2), self.rng.randint(1, 3)))


class VolunteerPool(Lookalike):
    """As pool.ntp.org, on no list: four or more of thousands of volunteers, TTL 130 to 150; a
    few stand on home lines. Most such names have IPv6 too; of the others the reverse names are
    asked for: without either, nothing in DNS parts them from flux on rented machines."""

    right = frozenset({"pool", "rotating", "suspect"})

    def draw(self):
        self.ttl = between(self.rng, 60, 300)
        self.count = self.rng.randint(4, 10)
        self.pool = self.volunteers(between(self.rng, 100, 5000), self.rng.randint(50, 400))
        self.has_aaaa = self.rng.random() < 0.75
        self.is_reversed = not self.has_aaaa
        self.dynamic_share = self.rng.uniform(0, 0.4)

    def volunteers(self, count, networks):
        at_home = int(networks * self.rng.uniform(0, 0.2))
        hosts = self.world.pick(self.world.hosts, networks - at_home, self.rng)
        homes = self.rng.sample(self.world.eyeballs, at_home)
        return Pool(self.world, self.rng, hosts + homes, count)

    def shown(self, now):
        return self.pool.draw(self.count, now)

    def aaaa(self, now):
        if not self.has_aaaa:
            return self.nothing()
        return Answer(self.ttl, tuple(self.pool.draw(self.count, now, 6)))


class GeoPool(VolunteerPool):
    """The same behind geo-DNS: a vantage sees the volunteers of its country alone."""

    def draw(self):
        super().draw()
        self.pool = self.volunteers(self.rng.randint(30, 300), self.rng.randint(15, 120))


class ListedPool(VolunteerPool):
    """pool.ntp.org itself, of the built-in list."""

    right = frozenset({"pool"})

    def draw(self):
        super().draw()
        self.zone, self.name = "pool.ntp.org", f"{self.index % 4}.c{self.index}.pool.ntp.org"


class CdnChain(Lookalike):
    """Akamai, CloudFront: a CNAME chain to another zone, TTL 20 to 60, few ASNs, up to hundreds
    of addresses, some of them caches in home networks."""

    right = frozenset({"cdn"})

    def draw(self):
        self.name = f"www.{self.zone}"
        self.ttl = self.rng.randint(20, 60)
        self.count = self.rng.randint(1, 8)
        self.pool, self.chain = self.edge(), self.path(self.rng.randrange(8))

    def edge(self):
        own = self.rng.sample(self.world.contents, self.rng.randint(1, 3))
        inside = self.world.pick(self.world.eyeballs, self.rng.randint(1, 5), self.rng)
        return Pool(self.world, self.rng, own + inside, between(self.rng, 20, 400))

    def path(self, number):
        near = (f"{self.zone}.edgekey{number}.example", 21600)
        far = (f"e{self.index}.edge{number}.example", 300)
        return self.rng.choice([(near, far), (far,)])

    def shown(self, now):
        return self.pool.draw(self.count, now)


class CdnDirect(Lookalike):
    """A content network that serves the zone itself: no CNAME, few ASNs, TTL 20 to 300."""

    right = frozenset({"cdn", "rotating"})

    def draw(self):
        self.ttl = between(self.rng, 20, 300)
        self.count = self.rng.randint(2, 6)
        self.networks = self.rng.sample(self.choice(), self.rng.randint(1, 4))
        self.pool = Pool(self.world, self.rng, self.networks, between(self.rng, 8, 300))

    def choice(self):
        return self.world.contents

    def shown(self, now):
        return self.pool.draw(self.count, now)


class ListedCdn(CdnDirect):
    """The same, with the network's prefixes on the list cdn."""

    right = frozenset({"cdn"})

    def draw(self):
        super().draw()
        self.lists = [("cdn", f"{text_of(start)}/{length}") for network in self.networks
                      for start, length in network.prefixes]

    def choice(self):
        return self.world.listed_contents


class MultiCdn(CdnChain):
    """Two to four content networks in turn, by the CNAME."""

    def draw(self):
        super().draw()
        self.edges = [(self.edge(), self.path(10 + i)) for i in range(self.rng.randint(2, 4))]

    def a(self, now):
        pool, chain = self.rng.choice(self.edges)
        return Answer(self.ttl, tuple(pool.draw(self.count, now)), chain)


class Anycast(Lookalike):
    """One to four addresses that are everywhere and never change."""

    right = frozenset({"static", "cdn"})

    def draw(self):
        self.ttl = self.rng.choice([60, 300, 300, 3600])
        network = self.rng.choice(self.world.contents)
        self.stand_on(self.machines([network], self.rng.randint(1, 4)))


class CloudBalancer(Lookalike):
    """One to eight addresses of one cloud or two, TTL 60; they turn over within hours."""

    right = frozenset({"rotating", "static", "cdn"})

    def draw(self):
        self.ttl = 60
        networks = self.rng.sample(self.world.contents, self.rng.randint(1, 2))
        pool = Pool(self.world, self.rng, networks, 5000)
        daily = between(self.rng, 4, 400)
        self.shown = Renewed(pool, self.rng.randint(1, 8), 1, DAY_S / daily).at
        if self.rng.random() < 0.5:
            self.name = f"www.{self.zone}"
            self.chain = ((f"lb-{self.index}.elb.cloud.example", 60),)


class BigRobin(Lookalike):
    """imageshack.us: 129 addresses in one network (from 94 on a long history passes Holz)."""

    right = frozenset({"rotating", "cdn"})

    def draw(self):
        self.ttl = between(self.rng, 60, 3600)
        network = self.rng.choice(self.world.hosts)
        self.stand_on(self.machines([network], self.rng.randint(94, 200)),
                      self.rng.randint(8, 20))


class Mirrors(Lookalike):
    """database.clamav.net: 21 addresses in 12 networks; all of them an answer, or a few."""

    right = frozenset({"rotating", "static", "pool"})

    def draw(self):
        self.ttl = between(self.rng, 60, 1800)
        networks = self.hosts_of(8, 40)
        places = self.machines(networks, max(len(networks), self.rng.randint(12, 60)))
        self.stand_on(places, self.rng.choice([None, self.rng.randint(2, 10)]))


class GeoDns(Lookalike):
    """A company's sites in 3 to 15 networks; the nearest ones answer, by load."""

    right = frozenset({"rotating", "static", "cdn"})

    def draw(self):
        self.ttl = between(self.rng, 30, 300)
        networks = self.hosts_of(3, 15)
        places = self.machines(networks, self.rng.randint(max(5, len(networks)), 60))
        self.stand_on(places, self.rng.randint(1, 4))


class Irc(Lookalike):
    """The servers of a chat network, on no list: all in one answer, or some."""

    right = frozenset({"rotating", "static", "pool"})

    def draw(self):
        self.ttl = between(self.rng, 60, 3600)
        networks = self.hosts_of(8, 30)
        places = self.machines(networks, self.rng.randint(len(networks), 50))
        self.stand_on(places, min(len(places), self.rng.choice([1, 3, 6, 25, 50])))


class Seeds(VolunteerPool):
    """A seed name of a currency's nodes, on no list: 20 to 25 of the 50 to 300 best nodes, many
    on home lines. Only that it saturates, and IPv6, part it from flux."""

    def draw(self):
        super().draw()
        self.has_aaaa = True
        self.is_reversed = False
        self.ttl = between(self.rng, 60, 3600)
        self.count = self.rng.randint(20, 25)
        homes = self.world.pick(self.world.eyeballs, self.rng.randint(10, 80), self.rng)
        networks = homes + self.hosts_of(10, 60)
        self.pool = Pool(self.world, self.rng, networks, self.rng.randint(50, 300), 30 * DAY_S)
        self.dynamic_share = self.rng.uniform(0.4, 0.9)


class Parking(Lookalike):
    """Hundreds of names on a handful of addresses."""

    right = frozenset({"parked"})

    def draw(self):
        group = f"{type(self).__name__}/{self.index // 12}"
        self.ttl = between(self.rng, 300, 86400)
        self.stand_on(self.world.once(group, self.make_places))
        if self.index % 12 == 0:
            hundreds = range(self.rng.randint(100, 300))
            self.companions = [f"c{i}-{self.zone}" for i in hundreds]

    def make_places(self, rng):
        network = rng.choice(self.world.hosts)
        return [self.world.give(network, rng) for _ in range(rng.randint(1, 4))]


class RotatingParking(Parking):
    """The same, moved to and fro between the parking firm's networks."""

    right = frozenset({"parked", "rotating"})

    def draw(self):
        super().draw()
        self.ttl = between(self.rng, 60, 600)
        self.count = self.rng.randint(1, 2)

    def make_places(self, rng):
        networks = rng.sample(self.world.hosts, rng.randint(2, 6))
        return [self.world.give(network, rng) for network in networks
                for _ in range(rng.randint(1, 3))]


class ListedParking(RotatingParking):
    """The same with nameservers on the list parking."""

    right = frozenset({"parked"})

    def draw(self):
        super().draw()
        zone = f"parkingfirm{self.index}.example"
        self.servers = self.world.make_provider(zone, self.rng)
        self.lists = [("parking", zone)]


class Sinkhole(Parking):
    """Names that researchers took over, on one address or two; some on no list."""

    right = frozenset({"parked", "static", "sinkholed"})

    def make_places(self, rng):
        network = rng.choice(self.world.hosts)
        return [self.world.give(network, rng) for _ in range(rng.randint(1, 2))]


class ListedSinkhole(Sinkhole):
    right = frozenset({"sinkholed"})

    def draw(self):
        super().draw()
        self.lists = [("sinkhole", self.text("A", address)) for address in self.places]


class DynamicHome(Lookalike):
    """A machine at home with a dynamic DNS name: another address a day, TTL 60."""

    right = frozenset({"static", "rotating"})

    def draw(self):
        self.ttl = 60
        if self.rng.random() < 0.5:
            self.name = f"{self.zone.split('.')[0]}.dyndns.org"
        home = Pool(self.world, self.rng, [self.rng.choice(self.world.eyeballs)], 1, DAY_S)
        self.shown = lambda now: home.draw(1, now)


class Company(Lookalike):
    """A company's front ends in three networks, in turn."""

    right = frozenset({"static", "rotating"})

    def draw(self):
        self.ttl = between(self.rng, 60, 3600)
        places = self.machines(self.hosts_of(3, 3), self.rng.randint(3, 9))
        self.stand_on(places, self.rng.randint(1, len(places)))


class FilteredStatic(Static):
    """One of two resolvers blocks it: not dead."""

    def draw(self):
        super().draw()
        self.second_resolver().filters = True


class LossyStatic(Static):
    def draw(self):
        super().draw()
        self.resolvers[0].loss = self.rng.uniform(0.05, 0.2)


class Dead(Lookalike):
    """Does not exist."""

    right = frozenset({"dead"})
    lives = 0


class Silent(Static):
    """Nobody answers."""

    right = frozenset({"silent"})

    def draw(self):
        super().draw()
        self.resolvers[0].loss = 1.0


class DyingStatic(Static):
    """A benign name that ends."""

    right = frozenset({"dead"})

    def draw(self):
        super().draw()
        self.ttl = min(self.ttl, 3600)  # a cache may know it for an hour more
        self.lives = self.rng.randint(4, 13)


LOOKALIKES = {
    "listed-pool": ListedPool, "volunteer-pool": VolunteerPool, "geo-pool": GeoPool,
    "cdn-chain": CdnChain, "cdn-direct": CdnDirect, "listed-cdn": ListedCdn,
    "multi-cdn": MultiCdn, "anycast": Anycast, "cloud-balancer": CloudBalancer,
    "big-robin": BigRobin, "mirrors": Mirrors, "geo-dns": GeoDns, "irc": Irc, "seeds": Seeds,
    "parking": Parking, "rotating-parking": RotatingParking, "listed-parking": ListedParking,
    "sinkhole": Sinkhole, "listed-sinkhole": ListedSinkhole, "static": Static,
    "dynamic-home": DynamicHome, "company": Company, "filtered-static": FilteredStatic,
    "lossy-static": LossyStatic, "dead": Dead, "silent": Silent, "dying-static": DyingStatic,
}
