# SPDX-License-Identifier: MIT
"""What the verdicts came to: the confusion table, the figures per shape, ours beside each
published rule, and which of the project's promises were not kept.
"""
import statistics
from collections import Counter

FLUX_WORDS = {"flux", "double-flux"}
WORDS = ["flux", "double-flux", "suspect", "unknown", "cdn", "pool", "rotating", "static",
         "parked", "sinkholed", "dead", "silent", "none"]
PUBLISHED = ["holz", "atlas", "fluxbuster", "caglayan", "hsu"]
RULES = ["ours"] + PUBLISHED
NEVER = float("inf")


class Outcome:
    """What was said of one instance, after each of its lookups."""

    def __init__(self, label, index, shape, moments):
        self.label = label
        self.index = index
        self.shape = shape
        self.words = []
        self.said = {rule: [] for rule in RULES}
        self.reasons = []  # of each round, one text
        self.moments = moments  # the tracker's: when the lookups were

    def add(self, word, published, reasons):
        self.words.append(word)
        self.reasons.append(reasons)
        self.said["ours"].append(word in FLUX_WORDS)
        for rule in PUBLISHED:
            self.said[rule].append(published.get(rule, False))

    def judged(self, rule):
        """Says the rule flux, at the last lookup that the name lived to see?"""
        return self.said[rule][min(len(self.words), self.shape.lives) - 1]

    def ever(self, rule):
        return any(self.said[rule])

    def is_right(self):
        return self.words[-1] in self.shape.right

    def first(self):
        """Lookups, and seconds since the first one, until the first flux verdict."""
        if not self.ever("ours"):
            return NEVER, NEVER
        at = self.said["ours"].index(True)
        return at + 1, self.moments[at] - self.moments[0]

    def flips(self):
        """How often it changed after the first flux verdict, while the name lived."""
        said = self.said["ours"][:self.shape.lives]
        return sum(1 for now, then in zip(said[1:], said) if then and not now)

    def history(self):
        """unknown, 2 suspect, 17 flux"""
        runs = []
        for word in self.words:
            if runs and runs[-1][1] == word:
                runs[-1][0] += 1
            else:
                runs.append([1, word])
        return ", ".join(word if count == 1 else f"{count} {word}" for count, word in runs)


class Rates:
    """Recall, false alarms and precision; says(outcome): does the rule say flux?"""

    def __init__(self, outcomes, says):
        flux = [o for o in outcomes if o.shape.fluxes and o.shape.is_promised]
        others = [o for o in outcomes if not o.shape.fluxes]
        found = sum(map(says, flux))
        self.alarms = sum(map(says, others))
        self.recall = share(found, len(flux))
        self.precision = share(found, found + self.alarms)
        self.f1 = share(2 * found, found + self.alarms + len(flux))


def share(part, whole):
    return 100 * part / whole if whole else 100.0


def by_label(outcomes):
    groups = {}
    for outcome in outcomes:
        groups.setdefault(outcome.label, []).append(outcome)
    return groups


def print_confusion(outcomes):
    words = [word for word in WORDS if any(o.words[-1] == word for o in outcomes)]
    print(f"{'after the last lookup':22}" + "".join(f"{word:>12}" for word in words))
    for label, group in by_label(outcomes).items():
        counts = Counter(o.words[-1] for o in group)
        right = group[0].shape.right
        cells = [f"{counts[word]}{'' if word in right else '!'}" if counts[word] else "."
                 for word in words]
        mark = "*" if group[0].shape.fluxes else " "
        print(f"{mark} {label:20}" + "".join(f"{cell:>12}" for cell in cells))
    print("* fluxes; !: not a right word for the shape\n")


def ninetieth(values):
    return sorted(values)[int(0.9 * (len(values) - 1))]


def lookups_text(value):
    return "-" if value == NEVER else f"{value:.0f}"


def time_text(seconds):
    if seconds == NEVER:
        return "-"
    if seconds < 600:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 36000 else f"{seconds / 3600:.0f} h"


def print_shapes(outcomes):
    print(f"{'':22}{'n':>5}{'right %':>9}{'flux %':>8}{'ever %':>8}{'lookups':>10}{'90th':>6}"
          f"{'time':>9}{'90th':>9}{'flips':>7}")
    for label, group in by_label(outcomes).items():
        firsts = [o.first() for o in group]
        lookups, times = [first[0] for first in firsts], [first[1] for first in firsts]
        figures = (f"{len(group):5}{share(sum(o.is_right() for o in group), len(group)):9.0f}"
                   f"{share(sum(o.judged('ours') for o in group), len(group)):8.0f}"
                   f"{share(sum(o.ever('ours') for o in group), len(group)):8.0f}")
        if group[0].shape.fluxes:
            figures += (f"{lookups_text(statistics.median_low(lookups)):>10}"
                        f"{lookups_text(ninetieth(lookups)):>6}"
                        f"{time_text(statistics.median_low(times)):>9}"
                        f"{time_text(ninetieth(times)):>9}{sum(o.flips() for o in group):7}")
        mark = "*" if group[0].shape.fluxes else " "
        print(f"{mark} {label:20}{figures}")
    print("flux %: recall, or false alarms, after the last lookup in life; ever: after any")
    apart = [label for label, group in by_label(outcomes).items() if not group[0].shape.is_promised]
    print(f"not counted below: {', '.join(apart)}\n" if apart else "")


def print_rates(title, outcomes, rule):
    last = Rates(outcomes, lambda o: o.judged(rule))
    ever = Rates(outcomes, lambda o: o.ever(rule))
    print(f"{title:18}{last.recall:9.1f}{last.alarms:7}{last.precision:13.2f}{last.f1:7.1f}"
          f"{ever.recall:17.1f}{ever.alarms:7}{ever.precision:13.2f}{ever.f1:7.1f}")


def print_rules(outcomes):
    print(f"{'':18}{'recall %':>9}{'false':>7}{'precision %':>13}{'F1 %':>7}"
          f"{'ever: recall %':>17}{'false':>7}{'precision %':>13}{'F1 %':>7}")
    print_rates("ours", outcomes, "ours")
    kinds = [o.shape.is_reversed for o in outcomes]
    if any(kinds) and not all(kinds):
        print_rates("  PTR asked for", [o for o in outcomes if o.shape.is_reversed], "ours")
        print_rates("  without PTR", [o for o in outcomes if not o.shape.is_reversed], "ours")
    for rule in PUBLISHED:
        print_rates(rule, outcomes, rule)
    double = [o for o in outcomes if "double-flux" in o.shape.right]
    if double:
        said = sum(o.words[-1] == "double-flux" for o in double)
        print(f"double flux seen as such: {said} of {len(double)}")
    print()


def severity(outcome):
    """0 a false alarm, 1 a missed one, 2 another wrong word, 3 right."""
    if outcome.shape.fluxes:
        if not outcome.judged("ours"):
            return 1
        is_taken = outcome.words[-1] in FLUX_WORDS and "dead" not in outcome.shape.right
        return 3 if outcome.is_right() or is_taken else 2
    if outcome.ever("ours"):
        return 0
    return 3 if outcome.is_right() else 2


def print_wrong(outcomes, seed):
    """An example for each shape and kind of error, and the numbers of the others."""
    for kind, what in enumerate(["false alarm", "missed", "wrong word"]):
        wrong = by_label(o for o in outcomes if severity(o) == kind)
        for label, (first, *more) in wrong.items():
            at = first.said["ours"].index(True) if kind == 0 else -1
            print(f"{what}: {label} --seed {seed} --only {first.index}: {first.history()}\n"
                  f"    {first.reasons[at]}")
            if more:
                print(f"    and --only {' '.join(str(o.index) for o in more)}")
    print()


def promises_broken(outcomes, section):
    """What was promised of the section and does not hold, a sentence each."""
    flux = [o for o in outcomes if o.shape.fluxes and o.shape.is_promised]
    ours = Rates(outcomes, lambda o: o.judged("ours"))
    ever = Rates(outcomes, lambda o: o.ever("ours"))
    if ours.recall < section.recall:
        yield f"recall {ours.recall:.1f} %, not {section.recall} %"
    if ours.precision < 99.9:
        yield f"precision {ours.precision:.2f} %, not 99.9 %"
    if ever.alarms > 0:
        yield f"{ever.alarms} lookalikes were called flux"
    for rule in PUBLISHED:
        theirs = Rates(outcomes, lambda o: o.judged(rule))
        if theirs.f1 >= ours.f1:
            yield f"{rule} is as good: F1 {theirs.f1:.1f} %, ours {ours.f1:.1f} %"
    if not section.is_timed:
        return
    for what, group, limit in (("flux names", flux, 3),
                               ("Storms", [o for o in flux if o.label == "storm"], 10)):
        if group and statistics.median_low([o.first()[0] for o in group]) > limit:
            yield f"the median of {what} was flagged after its {limit}. lookup"
