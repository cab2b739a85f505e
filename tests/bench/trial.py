# SPDX-License-Identifier: MIT
"""One trial: a world and its names are asked, imported and scored, lookup by lookup, in a home
under /tmp with a PostgreSQL of its own, which is gone at the end.
"""
import csv
import dataclasses
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import outcomes
from asking import Tracker
from lookalikes import LOOKALIKES
from shapes import FLUX
from world import World

HERE = Path(__file__).resolve().parent
SHAPES = {**FLUX, **LOOKALIKES}
FIRST_DAY = 1748736000  # 2025-06-01: when the first lookups are, within a day
TABLE_DATE = "2025-05-01"  # the routing table is older than all lookups
VERDICTS = """copy (
    select d.name, v.verdict, array_to_string(v.reasons, '; '), v.holz_flux, v.atlas_flux,
        v.fluxbuster_flux, v.caglayan_flux, v.hsu_flux
    from fluxtrack.verdict v join fluxtrack.domain d on d.id = v.domain_id
    ) to stdout (format csv)"""


@dataclasses.dataclass
class Section:
    """How the names are looked at, and what is promised of that."""

    ptr: float = 1.0  # share of the names whose addresses' names are asked for, as --online does
    unknown: float = 0.0  # share of the address space that no routing table shows
    loss: float = 0.0  # share of the lookups
    recall: float = 99  # %
    is_timed: bool = True  # by which lookup the median name is flagged is promised too

    def __str__(self):
        return (f"{self.ptr:.0%} of the names with the names of their addresses, {self.unknown:.0%} of "
                f"the networks unknown, {self.loss:.0%} of the lookups lost")


SECTIONS = [Section(), Section(unknown=0.4, loss=0.05, recall=97, is_timed=False),
            Section(ptr=0, recall=0, is_timed=False)]


class Home:
    """A fluxtrack of its own; at the end its database stops, and it is gone unless kept."""

    def __init__(self, is_kept):
        self.is_kept = is_kept
        build = os.environ.get("FLUXTRACK_BUILD", HERE / "../../build")
        self.binary = Path(build).resolve() / "fluxtrack"
        if not self.binary.exists():
            sys.exit(f"verdicts: {self.binary} is missing: build it, or set FLUXTRACK_BUILD")
        # Not under TMPDIR: as root the database runs as another account, which must reach it.
        self.path = Path(tempfile.mkdtemp(prefix="fluxtrack-verdicts.", dir="/tmp"))
        self.path.chmod(0o755)
        self.environment = {key: value for key, value in os.environ.items()
                            if key != "FLUXTRACK_DB" and not key.startswith("PG")}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        subprocess.run([self.binary, "-C", self.path / "home", "db", "stop"],
                       env=self.environment, capture_output=True, check=False)
        if self.is_kept:
            print(f"kept: {self.path / 'home'}")
        else:
            shutil.rmtree(self.path)

    def run(self, *words):
        done = subprocess.run([self.binary, "-C", self.path / "home", *words],
                              env=self.environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit(f"verdicts: {' '.join(map(str, words))}: {done.stderr.strip()}")
        return done.stdout

    def write(self, name, lines):
        path = self.path / name
        with open(path, "w", encoding="ascii") as file:
            file.writelines(lines)
        return path

    def verdicts(self):
        rows = csv.reader(self.run("db", "sql", "-XAtc", VERDICTS).splitlines())
        return {row[0]: row[1:] for row in rows}


def make_names(options, section, world):
    """An outcome, still empty, and a tracker for every instance asked for."""
    for label in options.shapes or SHAPES:
        indexes = range(options.instances) if options.only is None else [options.only]
        for index in indexes:
            rng = random.Random(f"{options.seed}/{label}/{index}")
            shape = SHAPES[label](world, rng, label, index)
            shape.is_reversed |= rng.random() < section.ptr
            start = FIRST_DAY + rng.random() * 86400
            shape.begin(start)
            for resolver in shape.resolvers:
                resolver.loss = 1 - (1 - resolver.loss) * (1 - section.loss)
            tracker = Tracker(shape, start, rng)
            yield outcomes.Outcome(label, index, shape, tracker.moments), tracker


def import_ground(home, world, names, unknown):
    """What stands before the first lookup: the routing table and the lists."""
    table = home.write("prefixes.dat", world.routing_table(unknown))
    home.run("import", "prefixes", table, "--from", TABLE_DATE)
    lists = {}
    for outcome, _ in names:
        for word, entry in outcome.shape.lists:
            lists.setdefault(word, set()).add(entry)
    for word, entries in lists.items():
        home.run("import", "list", word, home.write(word, (f"{e}\n" for e in sorted(entries))))


def import_round(home, names, number):
    """Brings in what the trackers asked for their next lookup."""
    lines = {}
    for _, tracker in names:
        for vantage, line in tracker.take_round():
            lines.setdefault(vantage, []).append(line + "\n")
    for vantage, told in lines.items():
        path = home.write(f"{number}.{vantage}.json", told)
        home.run("import", "observations", "--format", "massdns", "--vantage", vantage, path)
        path.unlink()


def note_verdicts(home, names):
    said = home.verdicts()
    for outcome, _ in names:
        word, reasons, *flags = said.get(outcome.shape.name, ["none", ""])
        rules = {rule: flag == "t" for rule, flag in zip(outcomes.PUBLISHED, flags)}
        outcome.add(word, rules, reasons)


def run_trial(options, section):
    """One world, all shapes, all lookups. Gives the promises that were broken."""
    print(f"seed {options.seed}: {section}")
    began = time.monotonic()
    world = World(options.seed)
    names = list(make_names(options, section, world))
    with Home(options.keep) as home:
        import_ground(home, world, names, section.unknown)
        for number in range(1, options.lookups + 1):
            import_round(home, names, number)
            home.run("score")
            note_verdicts(home, names)
    seen = [outcome for outcome, _ in names]
    print(f"{len(seen)} names, {options.lookups} lookups, {time.monotonic() - began:.0f} s\n")
    outcomes.print_confusion(seen)
    outcomes.print_shapes(seen)
    outcomes.print_rules(seen)
    outcomes.print_wrong(seen, options.seed)
    return list(outcomes.promises_broken(seen, section))
