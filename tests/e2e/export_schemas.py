# SPDX-License-Identifier: MIT
"""Judges an export as its receiver would: by what we know that the format asks, and by its own JSON schemas.

usage: export_schemas.py xarf FILE
       export_schemas.py stix FILE

The schemas are looked for in ../shared/data/schemas beside the project; where they or python3-jsonschema are
missing, that half says "skipped". Each check has to refuse reports broken on purpose, or it proves nothing. Exit
code 0: all is well; 1: a breach, said on stderr.
"""
import base64
import copy
import hashlib
import ipaddress
import json
import pathlib
import re
import sys
import uuid

SCHEMAS = pathlib.Path(__file__).resolve().parents[3] / "shared/data/schemas"
NAMESPACE = uuid.UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")  # of STIX observables
UUID4 = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"
MAIL = r"[^@\s]+@[^@\s]+"
URL = r"http://([A-Za-z0-9._~-]|%[0-9A-F]{2})+/"  # RFC 3986, of a host alone

# What must be there, by type.
XARF = {
    "botnet": ("compromise_evidence", "first_seen", "last_seen"),
    "malware": ("url", "first_seen", "last_seen"),
    "suspicious_registration": ("registration_date", "suspicious_indicators", "url", "first_seen", "last_seen"),
}
XARF_ALL = ("xarf_version", "report_id", "timestamp", "reporter", "sender", "source_identifier", "category", "type")
STIX = {
    "identity": ("created", "modified", "name", "identity_class"),
    "marking-definition": ("created", "definition_type", "definition", "name"),
    "autonomous-system": ("number",),
    "ipv4-addr": ("value",),
    "ipv6-addr": ("value",),
    "domain-name": ("value",),
    "indicator": ("created", "modified", "pattern", "pattern_type", "valid_from", "indicator_types"),
    "infrastructure": ("created", "modified", "name", "infrastructure_types"),
    "malware": ("created", "modified", "name", "is_family", "malware_types"),
    "relationship": ("created", "modified", "relationship_type", "source_ref", "target_ref", "start_time"),
}
STIX_ALL = ("type", "spec_version", "id")
# What we give though the standard does not ask for it, or not of every type.
OURS = ("definition", "identity_class", "indicator_types", "infrastructure_types", "malware_types", "name", "start_time")


class Breach(Exception):
    pass


def ask(holds, *what):
    if not holds:
        raise Breach(" ".join(str(w) for w in what)[:500])


def need(thing, names):
    for name in names:
        ask(thing.get(name) not in (None, "", [], {}), "no", name, "in", thing)
        ask((type(thing[name]) is dict) == (name in ("reporter", "sender", "definition")), name, "of", thing)


def xarf_evidence(item):
    need(item, ("content_type", "description", "payload", "hash", "size"))
    payload = base64.b64decode(item["payload"], validate=True)
    ask(item["hash"] == "sha256:" + hashlib.sha256(payload).hexdigest(), "hash of", item)
    ask(item["size"] == len(payload) <= 5 << 20, "size of", item)
    json.loads(payload.decode())


def xarf_report(report):
    need(report, XARF_ALL)
    ask(report["type"] in XARF, "type of", report)
    need(report, XARF[report["type"]])
    ask(re.fullmatch(r"4\.\d+\.\d+", report["xarf_version"]), "version of", report)
    ask(re.fullmatch(UUID4, report["report_id"]), "report_id of", report)
    for name in ("timestamp", "first_seen", "last_seen"):
        ask(re.fullmatch(TIME, report[name]), name, "of", report)
    for side in ("reporter", "sender"):
        ask(set(report[side]) == {"org", "contact", "domain"}, side, "of", report)
        ask(re.fullmatch(MAIL, report[side]["contact"]), "contact of", report)
    ask(len(report.get("description", "")) <= 1000, "description of", report)
    if report["type"] == "suspicious_registration":
        ask(re.fullmatch(TIME, report["registration_date"]), "registration_date of", report)
        ask(report["registration_date"] <= report["last_seen"], "registered after it was seen:", report)
    if report["type"] == "botnet":
        ipaddress.ip_address(report["source_identifier"])
        ask(report["category"] == "infrastructure", "category of", report)
    else:
        ask(re.fullmatch(URL, report["url"]), "url of", report)
        ask(report.get("domain", report["source_identifier"]) == report["source_identifier"], "domain of", report)
        ask(report["category"] == "content", "category of", report)
    for item in report["evidence"]:
        xarf_evidence(item)


def stix_observable(thing, key):
    canonical = json.dumps({key: thing[key]}, separators=(",", ":"), ensure_ascii=False)
    ask(thing["id"] == f"{thing['type']}--{uuid.uuid5(NAMESPACE, canonical)}", "id of", thing)


def stix_indicator(thing):
    pattern = re.fullmatch(r"\[domain-name:value = '((?:[^'\\]|\\['\\])*)'\]", thing["pattern"])
    ask(pattern and thing["pattern_type"] == "stix", "pattern of", thing)
    ask(re.sub(r"\\(.)", r"\1", pattern[1]) == thing["name"], "another name in the pattern of", thing)


def stix_object(thing):
    need(thing, STIX_ALL)
    ask(thing["type"] in STIX, "type of", thing)
    names = STIX[thing["type"]]
    if thing.get("relationship_type") != "resolves-to":
        names = tuple(name for name in names if name != "start_time")
    need(thing, names)
    ask(thing["spec_version"] == "2.1" and thing["id"].startswith(thing["type"] + "--"), "id of", thing)
    for name in ("created", "modified", "start_time", "stop_time", "valid_from", "first_seen", "last_seen"):
        ask(name not in thing or re.fullmatch(TIME, thing[name]), name, "of", thing)
    ask(thing.get("created", "") <= thing.get("modified", "9"), "modified before created:", thing)
    ask("stop_time" not in thing or thing["start_time"] < thing["stop_time"], "stop before start:", thing)
    if thing["type"] == "autonomous-system":
        stix_observable(thing, "number")
    elif "value" in names:
        stix_observable(thing, "value")
    elif thing["type"] == "indicator":
        stix_indicator(thing)
    elif "created_by_ref" in thing:
        ask(re.fullmatch(UUID4, thing["id"].split("--")[1]), "id of", thing)


def stix_references(objects):
    ids = [thing["id"] for thing in objects]
    ask(len(ids) == len(set(ids)), "an object is there twice")
    known = set(ids)
    for thing in objects:
        for name, told in thing.items():
            told = [told] if name.endswith("_ref") else told if name.endswith("_refs") else []
            ask(known.issuperset(told), name, "leads nowhere in", thing)


def fetch(url):
    raise Breach(f"schema {url} is not at hand, and none is fetched")


def validator(jsonschema, schema, store):
    """The store's schemas are found by their ids: in jsonschema before 4.18 by other means than since."""
    try:
        import referencing
    except ImportError:
        resolver = jsonschema.RefResolver(schema["$id"], schema, store, handlers={"http": fetch, "https": fetch})
        return jsonschema.Draft202012Validator(schema, resolver=resolver)
    registry = referencing.Registry(retrieve=fetch).with_contents(store.items())
    return jsonschema.Draft202012Validator(schema, registry=registry)


def schema_checks(folder, schema_of):
    """Gives a function that judges a report by the schema that schema_of names; None where that cannot be."""
    try:
        import jsonschema
    except ImportError:
        return None
    files = {str(path.relative_to(SCHEMAS / folder)): json.loads(path.read_text())
             for path in (SCHEMAS / folder).rglob("*.json")}
    store = {schema["$id"]: schema for schema in files.values()}
    judges = {}

    def judge(report):
        name = schema_of(report)
        if name not in judges:
            judges[name] = validator(jsonschema, files[name], store)
        for error in judges[name].iter_errors(report):
            raise Breach(f"{list(error.absolute_path)}: {error.message[:300]} in {str(report)[:300]}")

    return judge if files else None


def stix_schema_of(thing):
    kind = thing["type"]
    if kind in ("bundle", "marking-definition"):
        return f"common/{kind}.json"
    is_observable = STIX[kind] in (("value",), ("number",))
    folder = "sros" if kind == "relationship" else "observables" if is_observable else "sdos"
    return f"{folder}/{kind}.json"


def refuses(judge, report, names, what):
    """judge has to find fault with a report that lacks one of these, or has nonsense instead."""
    for name in names:
        for nonsense in (None, [], {"x": 1}):
            broken = copy.deepcopy(report)
            broken[name] = nonsense
            if nonsense is None:
                del broken[name]
            try:
                judge(broken)
            except (Breach, TypeError, AttributeError, ValueError, KeyError):
                continue
            raise Breach(f"{what} takes a report with {name} broken: {nonsense}")


def judge_all(reports, judge, required, what):
    """required: of a report, the names without which it has to be refused."""
    kinds = {}
    for report in reports:
        judge(report)
        kinds.setdefault(report["type"], report)
    for report in kinds.values():
        refuses(judge, report, required(report), what)
    print(f"{what}: {len(reports)} pass: {', '.join(sorted(kinds))}")


def xarf(path):
    reports = [json.loads(line) for line in open(path, encoding="utf-8")]
    ids = [report.get("report_id") for report in reports]
    ask(len(ids) == len(set(ids)), "a report_id is there twice")
    judge_all(reports, xarf_report, lambda r: XARF_ALL + XARF[r["type"]], "XARF, what we know")
    judge = schema_checks("xarf", lambda report: "xarf-v4-master.json")
    if judge is None:
        print("XARF, its schemas: skipped")
    else:
        judge_all(reports, judge, lambda r: XARF_ALL + XARF[r["type"]][:1], "XARF, its schemas")


def stix(path):
    bundle = json.load(open(path, encoding="utf-8"))
    objects = bundle["objects"]
    ask(bundle["type"] == "bundle" and re.fullmatch("bundle--" + UUID4, bundle["id"]), "the bundle's head")
    stix_references(objects)
    judge_all(objects, stix_object, lambda o: STIX_ALL + tuple(set(STIX[o["type"]]) - set(OURS)), "STIX, what we know")
    judge = schema_checks("stix", stix_schema_of)
    if judge is None:
        print("STIX, its schemas: skipped")
        return
    judge_all(objects, judge, lambda o: ("id",) + tuple(set(STIX[o["type"]]) - set(OURS)), "STIX, its schemas")
    # Of the whole bundle its schema tries 40 types on each object: so one object of each.
    few = dict(bundle, objects=list({thing["type"]: thing for thing in objects}.values()))
    judge_all([few], judge, lambda b: ("id",), "STIX, the bundle's schema")


def main(args):
    if len(args) != 2 or args[0] not in ("xarf", "stix"):
        sys.exit(__doc__)
    try:
        {"xarf": xarf, "stix": stix}[args[0]](args[1])
    except (Breach, ValueError) as error:
        sys.exit(f"export_schemas: {error}")


main(sys.argv[1:])
