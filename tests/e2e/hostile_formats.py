# SPDX-License-Identifier: MIT
"""Hostile data for hostile_formats.sh, and what each format has to make of it.

hostile_formats.py make DIR: writes what is imported. Names are tuples of labels, each of octets; all that a format
says is brought back to these before it is compared.
hostile_formats.py name N: the N-th name in presentation form; file N: the path of the N-th file of lookups.
hostile_formats.py check DIR: reads what was written there, each format by its own parser.
"""
import base64
import csv
import hashlib
import html.parser
import json
import pathlib
import re
import sys
import urllib.parse

INJECTIONS = [label if isinstance(label, bytes) else label.encode() for label in (
    "<script>alert(1)</script>", "</td></table><img src=x onerror=alert(1)>", '" onmouseover="alert(1)', "--></style>",
    "&lt;&#60;&amp;", "<!--", "]]>", "javascript:alert(1)", "http://evil.test/", "x]' OR [domain-name:value = 'y",
    "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "'=1+1", "\t=1", "\r=1", "a,b;c", "a;=1+1", '"a""b"', "a\r\nb CNAME .",
    "\n$INCLUDE /etc/passwd", "$TTL", "#", ";", "\0", "a\0b", "\x1b[31m\x1b]0;x\7", b"\x9b31m", "\u202emoc\u2066",
    "\u200f\u061c\u2028", "\u00e9\U0001f600", b"\xff\xfe", "$(id)", "`id`", "; drop table node;--", "' or ''='", "\\.",
    "\\", "\\046", "\\N", "%s%n%d", "%2e%2e%2f", "{{7*7}}${7*7}", "..", "../../etc/passwd", "a.b", "[.]", "null",
    "z" * 63, "'" * 63, b"\x80" * 63)]
# Each octet first, inside and last in a label.
OCTETS = [tuple(bytes([o, 97, o, 97, o]) for o in range(first, first + 4)) for first in range(0, 256, 4)]
SHAPES = [tuple(word.encode() for word in shape.split()) for shape in (
    "32 1 2 0 192 rpz-ip", "8 rpz-client-ip", "evil example rpz-nsdname", "x rpz-passthru example", "* star example",
    ". example", "con example", "aux example", "com1 example", "a<b example", "a_3cb example", "-a- example",
    "index example")]
SHAPES += [(fill * 63, fill * 63, fill * 63, fill * rest, b"example")
           for fill, rest in ((b"\0", 53), (b"'", 52), (b"y", 51))]  # of 255, 254 and 253 octets


def lowered(name):
    return tuple(label.lower() for label in name)


NAMES = SHAPES + [lowered(labels + (b"words", b"example")) for labels in [(word,) for word in INJECTIONS] + OCTETS]
LISTED = (b"listed", b"example")


def beside(zone):
    """For each name another in that zone, with all its labels but the last two, for long ones have no room."""
    return [name[:max(1, len(name) - 2)] + (zone, b"example") for name in NAMES]


SERVERS, LINES, ALIASES = beside(b"ns"), beside(b"line"), beside(b"alias")
DRAWS = 16
TOGETHER = 4  # names that share addresses
START_S = 1207699200

FAMILIES = ["=1+1<b>\"&'|", "@SUM(1)<script>"]  # the first is an alias in the file of families
TAGS_SAID = {"family": FAMILIES[0], "<u>": "=@SUM(1)\"'"}
FILE_NAMES = ["=cmd|'<b>\"\x1b[31m\u202e\n.json", "+1\\046<i onclick=x>;$(id).json"]
LIST_NAME = "-1\"><script>alert(1)&\x1b[2J\u2066\r\n.txt"
FACTS = {"alias": FAMILIES[0], "flow": "tcp/80 <img src=x onerror=alert(1)>",
         "sign": "</ul><script>'\"`$(id)\\ @SUM(1)",
         "reference": "=cmd|' /C calc'!A0 javascript:alert(1) http://evil.test/ \u00fc\U0001f600"}
REPORTER = {"org": "=A \"CERT\" </b><script>alert(1)</script> '\\ \u00fc", "contact": "=cmd|'x'@cert.example",
            "domain": "cert.example"}


def ini(section, **texts):
    return f"[{section}]\n" + "".join(f"{key} = {text}\n" for key, text in texts.items())


def written(octets):
    return "".join(chr(o) if chr(o) in "abcdefghijklmnopqrstuvwxyz0123456789-" else f"\\{o:03d}" for o in octets)


def presentation(name):
    return ".".join(map(written, name))


def read_back(text):
    """A text with octets as \\DDD and the backslash as two, as escape_text() writes it."""
    return re.sub(rb"\\(?:(\d{3})|\\)", lambda e: bytes([int(e[1])]) if e[1] else b"\\", text.encode("ascii"))


def name_of(text):
    return lowered(read_back(label) for label in text.split("."))


def refanged(text):
    """A name of a text for people, perhaps in several lines."""
    return name_of(re.sub(r"\s", "", text).replace("[.]", ".").replace("[://]", "://"))


def address(group, draw):
    return f"24.{draw}.{group}.10"


def line(name, kind, second, *answers):
    return json.dumps({"name": presentation(name), "type": kind, "class": "IN", "status": "NOERROR",
        "rx_ts": (START_S + second) * 10**9, "data": {"answers": [{"ttl": 0, "type": rtype, "class": "IN",
        "name": presentation(owner), "data": data} for owner, rtype, data in answers]}}) + "\n"


def lookups(number, name):
    """An A lookup each ten minutes, the last one through a CNAME; one of its nameserver and one of its texts."""
    group, place = divmod(number, TOGETHER)
    for draw in range(DRAWS):
        owner = ALIASES[number] if draw == DRAWS - 1 else name
        chain = [(name, "CNAME", presentation(owner))] if owner != name else []
        yield line(name, "A", 600 * draw + place, *chain, (owner, "A", address(group, draw)))
    yield line(name, "NS", 10000, (name, "NS", presentation(SERVERS[number])))
    yield line(name, "TXT", 10001, (name, "TXT", f'"{written(name[0])}"'))
    reverse = tuple(word.encode() for word in address(group, place).split(".")[::-1]) + (b"in-addr", b"arpa")
    yield line(reverse, "PTR", 10002, (reverse, "PTR", presentation(LINES[number])))


def make(work):
    for folder in ("told", "dyndns", "cdn", "families", "refused"):
        (work / folder).mkdir()
    middle = len(NAMES) // 2
    for file, first, last in zip(FILE_NAMES, (0, middle), (middle, len(NAMES))):
        (work / "told" / file).write_text("".join(text for number in range(first, last)
                                                  for text in lookups(number, NAMES[number])))
    with open(work / "told" / FILE_NAMES[0], "a") as file:
        file.writelines(line(LISTED, "A", 600 * draw, (LISTED, "A", address(99, draw))) for draw in range(DRAWS))
    (work / "dyndns" / LIST_NAME).write_text("words.example\n")
    (work / "cdn" / LIST_NAME).write_text("listed.example\n")
    (work / "families" / FILE_NAMES[0]).write_text(ini("evil", node="proxy", **FACTS))
    (work / "tags").write_text("".join(f"family={family} <u>={TAGS_SAID['<u>']}\n" for family in FAMILIES))
    (work / "reporter.ini").write_text(ini("reporter", **REPORTER))
    for number, mark in enumerate("\x1b\r\u202e\u2066\u061c\u2028"):
        (work / "refused" / f"{number}.ini").write_text(ini("evil", node="proxy", sign=f"a{mark}b"), newline="")
    (work / "prefixes.dat").write_text("".join(f"24.{i}.0.0/16\t{64496 + i}\n" for i in range(DRAWS)))


# Controls but for the line's end, what turns the direction of text (UAX #9) or ends a line of it.
UNSAFE = re.compile("[\0-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
wrong = []


def ask(is_so, *what):
    if not is_so:
        wrong.append(" ".join(map(str, what))[:2000])


def same(what, came, expected):
    came, expected = set(came), set(expected)
    ask(came == expected, what, "lacks", sorted(expected - came)[:5], "has", sorted(came - expected)[:5])


def check_characters(out):
    for path in out.rglob("*"):
        if path.is_file():
            text = re.sub("<style>[^<]*</style>", "", path.read_bytes().decode("utf-8"))  # ours, with tabs
            found = UNSAFE.search(text)
            ask(not found, path, found and repr(text[max(found.start() - 40, 0):found.end() + 40]))


def cells(path):
    """The rows; a cell is what it was before the apostrophe."""
    rows = list(csv.DictReader(open(path, newline="")))
    for delimiter in ",;":  # by the other one a spreadsheet may part them
        for row in csv.reader(open(path, newline=""), delimiter=delimiter):
            ask(not any(cell.startswith(tuple("=+-@\t\r")) for cell in row), path, "a formula in", row)
    return [{key: re.sub("^'", "", cell) for key, cell in row.items()} for row in rows]


def check_csv(out):
    rows = cells(out / "nodes.csv")
    same("csv, names", (name_of(row["domain"]) for row in rows), NAMES)
    same("csv, PTR names", (name_of(row["hostname"]) for row in rows if row["hostname"]), LINES)
    same("csv, families", (row["family"] for row in rows), FAMILIES)
    manifest = json.loads((out / "split/manifest.json").read_text())["files"]
    files = {entry["file"] for entry in manifest}
    same("split, files", (path.name for path in (out / "split").iterdir()), files | {"manifest.json"})
    ask(all(re.fullmatch(r"AS\d+\.csv", file) for file in files), files)
    same("split, rows", (tuple(row.values()) for file in files for row in cells(out / "split" / file)),
         (tuple(row.values()) for row in rows))


def objects(path):
    return [json.loads(text) for text in path.read_text().split("\n")[:-1]]


def check_cof(path):
    rows = objects(path)
    same("cof, names", (name_of(row["rrname"]) for row in rows), NAMES)
    same("cof, nameservers", (name_of(data) for row in rows if row["rrtype"] == "NS" for data in row["rdata"]), SERVERS)


def evidence_of(report):
    octets = base64.b64decode(report["evidence"][0]["payload"], validate=True)
    ask(report["evidence"][0]["hash"] == "sha256:" + hashlib.sha256(octets).hexdigest(), "xarf, a hash")
    return json.loads(octets)


def check_xarf(path):
    reports = objects(path)
    names = [report for report in reports if report["type"] == "malware"]
    machines = [evidence_of(report) for report in reports if report["type"] == "botnet"]
    same("xarf, names", (name_of(report["source_identifier"]) for report in names), NAMES)
    same("xarf, hosts", (lowered(urllib.parse.unquote_to_bytes(label) for label in
         re.fullmatch("http://([a-z0-9._%A-F-]+)/", report["url"])[1].split(".")) for report in names), NAMES)
    same("xarf, nameservers", (name_of(s) for report in names for s in report["nameservers"]), SERVERS)
    same("xarf, names of machines", (name_of(n["domain"]) for machine in machines for n in machine["names"]), NAMES)
    ask(all(report["reporter"] == REPORTER for report in reports), "xarf, reporter", reports[0]["reporter"])
    same("xarf, sources", (read_back(evidence_of(report)["newest"]["source"]).decode() for report in names), FILE_NAMES)


def pattern_name(pattern):
    """By the grammar of STIX patterns: one comparison with one string, whose escapes are \\\\ and \\'."""
    found = re.fullmatch(r"\[domain-name:value = '((?:[^'\\]|\\[\\'])*)'\]", pattern)
    ask(found, "stix, pattern", pattern)
    return name_of(re.sub(r"\\(.)", r"\1", found[1])) if found else ()


def check_stix(path):
    things = json.loads(path.read_text())["objects"]
    same("stix, names", (name_of(t["value"]) for t in things if t["type"] == "domain-name"), NAMES)
    same("stix, patterns", (pattern_name(t["pattern"]) for t in things if t["type"] == "indicator"), NAMES)
    same("stix, reporter", (t["name"] for t in things if t["type"] == "identity"), {REPORTER["org"]})
    same("stix, family", (text for t in things if t["type"] == "malware" for text in
                          t["aliases"] + [r["description"] for r in t["external_references"]]),
         {FACTS["alias"], FACTS["reference"]})


def check_misp(folder):
    manifest = json.loads((folder / "manifest.json").read_text())
    names, values = [], set()
    same("misp, files", (path.name for path in folder.iterdir()),
         [uuid + ".json" for uuid in manifest] + ["manifest.json", "hashes.csv"])
    for uuid in manifest:
        event = json.loads((folder / (uuid + ".json")).read_text())["Event"]
        ask(event["Orgc"]["name"] == REPORTER["org"], "misp, reporter", event["Orgc"])
        for thing in event["Object"]:
            told = {part["value"] for part in thing["Attribute"]
                    if part["object_relation"] in ("domain", "text", "ip", "rrname", "rdata")}
            values |= {(hashlib.md5(value.encode()).hexdigest(), uuid) for value in told}
            names += [name_of(value) for value in told if not re.fullmatch("[0-9.]{7,}", value)]
    same("misp, names", names, NAMES)
    same("misp, events", (e["info"] for e in manifest.values()), ("Fast flux: names of " + f for f in FAMILIES))
    same("misp, hashes", map(tuple, csv.reader(open(folder / "hashes.csv", newline=""))), values)


def is_policy(name):
    """Can a policy zone say it? 64 octets are left for the zone's own name."""
    text = b".".join(name)
    return (all(re.fullmatch(b"[a-z0-9_-]+", label) for label in name) and len(text) <= 188
            and not name[-1].startswith(b"rpz-"))


def check_rpz(path):
    lines = path.read_text().split("\n")[:-1]
    ask(re.fullmatch(r"\$TTL 300\n@ IN SOA localhost\. root\.localhost\. \d+ 3600 600 604800 300\n@ IN NS localhost\.",
                     "\n".join(lines[:3])), "rpz, head", lines[:3])
    said = [text for text in lines[3:] if not re.fullmatch("; [a-z0-9: ]+", text)]
    for text in said:
        ask(re.fullmatch(r"(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)* CNAME \.", text), "rpz:", text)
    fit = [name for name in NAMES if is_policy(name)]
    same("rpz", (name_of(text.split()[0]) for text in said if not text.startswith("*.")), fit)
    ask(f"; left out: {len(NAMES) - len(fit)} names that a policy zone cannot hold" in lines, "rpz, count", lines[-2:])


def check_status(out):
    rows = {name_of(row["domain"]): row for row in json.loads((out / "status.json").read_text())}
    table = (out / "status").read_text().split("\n")[1:-1]
    same("status, names", rows, NAMES + [LISTED])
    same("status, table", (name_of(text.split()[0]) for text in table), NAMES + [LISTED])
    same("status, verdicts", {row["verdict"] for name, row in rows.items() if name != LISTED}, {"flux"})
    same("status, families", {row["family"] for row in rows.values()}, FAMILIES)
    ask(LIST_NAME.encode() in read_back(" ".join(rows[LISTED]["reasons"])), "status, source of the list")


def check_changes(out):
    events = objects(out / "changes.json")
    same("changes, names", (name_of(e["domain"]) for e in events if e["event"] == "flux"), NAMES)
    same("changes, nameservers", (name_of(e["nameserver"]) for e in events if e["event"] == "nameserver"), SERVERS)
    text = (out / "changes").read_text()
    heads = re.findall(r"^(?! ).+(?:\n    .+)*", text, re.M)
    families = "|".join(map(re.escape, FAMILIES))
    same("changes, text", (refanged(re.sub(rf"\s\(({families})\)$", "", head)) for head in heads), NAMES)


TAGS = set("a b body caption dd desc details div dl dt figcaption figure footer h1 h2 h3 head html li main meta nav p "
           "path pre rect section span strong style summary svg table tbody td text th thead title tr ul".split())
ATTRIBUTES = set("aria-hidden aria-label aria-labelledby aria-sort charset class content d height href http-equiv id "
                 "lang name preserveaspectratio role scope tabindex text-anchor viewbox width x y".split())


class Page(html.parser.HTMLParser):
    """A page's texts, a piece for each between two tags, and where it leads."""
    def __init__(self, path):
        super().__init__(convert_charrefs=True)
        self.path, self.texts, self.hrefs, self.heading = path, [""], [], ""
        self.feed(path.read_text())
        self.close()

    def handle_starttag(self, tag, attributes):
        names = [name for name, value in attributes]
        ask(tag in TAGS and ATTRIBUTES.issuperset(names), self.path, f"has <{tag}", attributes)
        ask(("http-equiv", "Content-Security-Policy") in attributes or "http-equiv" not in names, self.path, attributes)
        self.hrefs += [value for name, value in attributes if name == "href"]
        self.texts.append("")

    def handle_endtag(self, tag):
        if tag == "h1":
            self.heading = self.texts[-1]
        self.texts.append("")

    def handle_data(self, data):
        self.texts[-1] += data

    def handle_comment(self, data):
        ask(False, self.path, "has a comment:", data)

    def handle_decl(self, decl):
        ask(decl == "DOCTYPE html", self.path, decl)

    handle_pi = unknown_decl = handle_comment


def names_under(texts, zone):
    """Those of the texts that are names of ours in that zone."""
    shown = (text for text in texts if text.endswith(f".{zone}.example") and " " not in text)
    return [name_of(text) for text in shown if not text.startswith("...")]  # so a plot cuts a name


def check_site(site):
    pages = {path.resolve(): Page(path) for path in site.rglob("*.html")}
    for path in site.rglob("*"):
        ask(re.fullmatch("[a-z0-9_][a-z0-9_.-]{0,254}", path.name), "site, a file's name:", path)
        is_device = re.match(r"(con|prn|aux|nul|com\d|lpt\d)\.", path.name)
        ask(not is_device and not path.is_symlink(), "site, a device's name, or a link:", path)
    for path, page in pages.items():
        for href in page.hrefs:
            leads_to = (path.parent / href.partition("#")[0]).resolve()
            ask(href[0] == "#" or leads_to in pages, path, "leads to", href)
    domains = [page for path, page in pages.items() if path.parent.name == "domains"]
    texts = [text for page in domains for text in page.texts]
    same("site, names", (name_of(page.heading) for page in domains), NAMES + [LISTED])
    same("site, nameservers", names_under(texts, "ns"), SERVERS)
    same("site, PTR names", names_under(texts, "line"), LINES)
    for page in domains:
        name = name_of(page.heading)
        ask(name == LISTED or SERVERS[NAMES.index(name)] in names_under(page.texts, "ns"), page.path, "its nameserver")


def check_dossier(out, number):
    """As JSON."""
    name = NAMES[number]
    dossier = json.loads((out / f"{number}.json").read_text())
    texts = [text for o in dossier["observations"] if o["type"] == "TXT" for text in o["names"]]
    decoded = [r for c in dossier["chosen"] for r in c["message"]["decoded"]["answer"] if r["type"] == "CNAME"]
    mine = number // TOGETHER * TOGETHER
    same(f"{number}, name", [name_of(dossier["domain"])], [name])
    same(f"{number}, nameserver", (name_of(s["name"]) for s in dossier["nameservers"]), [SERVERS[number]])
    same(f"{number}, related", (name_of(r["domain"]) for r in dossier["related"]),
         set(NAMES[mine:mine + TOGETHER]) - {name})
    same(f"{number}, PTR names", (name_of(n["reverse_name"]) for n in dossier["nodes"] if n["reverse_name"]),
         LINES[mine:mine + TOGETHER])
    same(f"{number}, text", map(read_back, texts), [name[0]])
    same(f"{number}, CNAME", (name_of(r["data"]) for r in decoded), [ALIASES[number]])
    same(f"{number}, sources", (read_back(s["source"]).decode() for s in dossier["sources"]), FILE_NAMES[:1])
    is_dyndns = LIST_NAME.encode() in read_back(dossier["who_can_act"]["why"])
    ask(is_dyndns == (name[-2] == b"words"), number, "who can act")
    family = dossier["known_family"]
    ask([family["aliases"][0], family["signs"][0], family["references"][0], "tcp/80 " + family["flows"][0]["note"]]
        == [FACTS["alias"], FACTS["sign"], FACTS["reference"], FACTS["flow"]], number, family)
    ask(dossier["tags"] == TAGS_SAID, number, dossier["tags"])


def check_evidence(out, number):
    """As a page and as text."""
    page = Page(out / f"{number}.html")
    ask(name_of(page.heading) == NAMES[number] and not [h for h in page.hrefs if h[0] != "#"], page.path, page.heading)
    same(f"{number}.html, nameserver", names_under(page.texts, "ns"), [SERVERS[number]])
    ask({FACTS["sign"], FACTS["reference"]} <= set(page.texts), page.path, "the family's texts")
    text = (out / f"{number}.txt").read_text()
    ask(max(map(len, text.split("\n"))) <= 84, number, "a line of text is long")
    head = re.match(r"Evidence on (\S+(\n {12}\S+)*)\nwritten ", text)
    ask(head and refanged(head[1]) == NAMES[number], number, text[:2000])
    ask(not re.search(r"https?://|[a-z]\.example", text), number, "a link in the text")


def check_one(out, number):
    check_dossier(out, number)
    check_evidence(out, number)
    same(f"{number}.csv", (name_of(row["domain"]) for row in cells(out / f"{number}.csv")), [NAMES[number]])


def check(work):
    out = work / "made"
    steps = [(check_characters, out), (check_status, out), (check_changes, out), (check_csv, out),
             (check_cof, out / "nodes.cof"), (check_xarf, out / "reports.xarf"), (check_stix, out / "bundle.stix"),
             (check_misp, out / "feed"), (check_rpz, out / "names.rpz"), (check_site, out / "site")]
    for step, *arguments in steps + [(check_one, out, int(path.stem)) for path in out.glob("*.txt")]:
        try:
            step(*arguments)
        except (ValueError, TypeError, LookupError, AttributeError) as error:  # not what the format has
            ask(False, step.__name__, repr(error))
    print(*wrong[:20], sep="\n", end="\n" if wrong else "")
    return len(wrong) > 0


def main(command, argument):
    if command == "make":
        return make(pathlib.Path(argument))
    if command == "name":
        return print(presentation(NAMES[int(argument)]))
    if command == "file":
        return print("told/" + FILE_NAMES[int(argument)])
    return check(pathlib.Path(argument))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
