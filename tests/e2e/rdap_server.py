# SPDX-License-Identifier: MIT
"""RDAP servers of every registry's shape, and hostile ones, on 127.0.0.0/8 for tests: rdap_server.py FOLDER.

Writes the port that all have to FOLDER/port, then answers: 127.0.0.2 is IANA's bootstrap, and each registry and top-level
domain has an address of its own, for a client keeps its pace by server. FOLDER/asked gets a line a request: when it came
and went (seconds), the server's address, the path, and the headers Accept and User-Agent.
"""
import http.server
import json
import os
import sys
import threading
import time

folder = sys.argv[1]
lock = threading.Lock()
tries = {}


def card(**rows):
    return ["vcard", [["version", {}, "text", "4.0"]] + [[kind, {}, "text", value] for kind, value in rows.items()]]


def entity(roles, entities=(), **rows):
    return {"objectClassName": "entity", "roles": roles, "vcardArray": card(**rows), "entities": list(entities)}


def domain(name, *entities, **more):
    return {"objectClassName": "domain", "ldhName": name, "entities": list(entities), "status": ["active"],
            "events": [{"eventAction": "registration", "eventDate": "2008-03-01T00:00:00Z"}], **more}


def network(handle, low, high, *entities):
    return {"objectClassName": "ip network", "handle": handle, "startAddress": low, "endAddress": high,
            "country": "NL", "entities": list(entities)}


def registrar(number, *entities):
    return dict(entity(["registrar"], entities, fn="Registrar %d" % number),
                publicIds=[{"type": "IANA Registrar ID", "identifier": str(number)}])


ABUSE = entity(["abuse"], email="abuse@registrar.example", tel="tel:+1.2025550100")
FORGED = entity(["abuse"], email="forged@evil.example")
# What the server of a top-level domain or registry answers: JSON, text, or (status, headers).
DOMAINS = {
    "com": domain("SHOP.COM", registrar(292, ABUSE)),  # Verisign: thin
    "org": domain("shop.org", entity(["registrant"], fn="REDACTED FOR PRIVACY", email="DATA REDACTED"), registrar(81, ABUSE)),
    "info": domain("shop.info", registrar(7, entity(["abuse"], email="REDACTED FOR PRIVACY"))),
    "biz": (404, {}),
    "us": (429, {"Retry-After": "1"}),  # once; see answer()
    "cx": (429, {"Retry-After": "1"}),  # always
    "me": (429, {"Retry-After": "3600"}),
    "cc": (302, {"Location": "http://127.0.0.3:PORT/domain/shop.cc"}),  # to the server of com
    "tv": (302, {"Location": "file:///etc/passwd"}),
    "ws": (302, {"Location": "http://10.0.0.1/domain/shop.ws"}),
    "name": (302, {"Location": "http://127.0.0.200:PORT/domain/shop.name"}),  # which refers on, in a circle
    "mobi": domain("shop.mobi", FORGED, pad="x" * (300 << 10)),
    "pro": '{"ldhName": "shop.pro", "entities": ' + "[" * 100000 + "]" * 100000 + "}",
    "asia": '{"ldhName": "shop.asia\\u0000", "handle": "\\u0000"}',
    "jobs": {"entities": {"roles": {"abuse": 1}}, "events": 7, "status": [[[]], None], "nameservers": "x", "ldhName": "shop.jobs"},
    "tel": domain("other.tel", FORGED),
}
SHARED = entity(["abuse"], email="abuse@net.example")
NETWORKS = {
    "8.0.0.0/8": network("NET-8", "8.0.0.0", "8.255.255.255", entity(["registrant"], [SHARED], fn="Net")),  # ARIN
    "80.0.0.0/8": network("80.0.0.0 - 80.0.255.255", "80.0.0.0", "80.0.255.255", SHARED),  # RIPE
    "177.0.0.0/8": network("177.0.0.0/8", "177.0.0.0", "177.255.255.255", entity(["abuse"], email="removed@lacnic.net")),
    "41.0.0.0/8": network("41.0.0.0 - 41.255.255.255", "41.0.0.0", "41.255.255.255", entity(["technical"], email="t@net.example")),
    "2a0e::/16": network("V6", "2a0e::", "2a0e:ffff:ffff:ffff:ffff:ffff:ffff:ffff", SHARED),
}
servers = {"127.0.0.%d" % (3 + at): key for at, key in enumerate(list(DOMAINS) + list(NETWORKS))}
servers["127.0.0.2"] = "bootstrap"
CIRCLE = {"127.0.0.200": "127.0.0.201", "127.0.0.201": "127.0.0.202", "127.0.0.202": "127.0.0.200"}
servers.update((address, "circle") for address in CIRCLE)


def bootstrap(path, port):
    kind = os.path.basename(path)
    mine = {"dns.json": DOMAINS, "ipv4.json": [key for key in NETWORKS if "." in key],
            "ipv6.json": [key for key in NETWORKS if ":" in key]}.get(kind)
    if mine is None:
        return (404, {})
    urls = {key: "http://%s:%d/" % (address, port) for address, key in servers.items()}
    return {"version": "1.0", "services": [[[key], [urls.get(key, "http://127.0.0.2/")]] for key in mine]}


def answer(address, path, port):
    key = servers[address]
    if key == "bootstrap":
        return bootstrap(path, port)
    if key == "circle":
        return (302, {"Location": "http://%s:%d%s" % (CIRCLE[address], port, path)})
    told = {**DOMAINS, **NETWORKS}[key]
    if key == "com" and path == "/domain/shop.cc":
        told = domain("shop.cc", registrar(5, ABUSE))
    if key == "org" and path == "/domain/duckdns.org":  # a provider of dynamic DNS, with a desk of its own
        told = domain("duckdns.org", registrar(6, ABUSE), entity(["registrant"], [entity(["abuse"], email="abuse@duckdns.example")]))
    if key == "us":
        with lock:
            tries[path] = tries.get(path, 0) + 1
        return told if tries[path] == 1 else domain("shop.us", registrar(9, ABUSE))
    return told


class Server(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        came = time.monotonic()
        address, port = self.server.server_address
        told = answer(address, self.path, port)
        status, headers = told if isinstance(told, tuple) else (200, {"Content-Type": "application/rdap+json"})
        body = b"" if isinstance(told, tuple) else (told if isinstance(told, str) else json.dumps(told)).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value.replace("PORT", str(port)))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:  # the client had enough
            pass
        with lock, open(folder + "/asked", "a") as file:
            print("%.3f %.3f" % (came, time.monotonic()), address, self.path, self.headers["Accept"],
                  self.headers["User-Agent"], file=file)

    def log_message(self, *args):
        pass


def listen(address, port):
    server = http.server.ThreadingHTTPServer((address, port), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


def listen_all():
    """All at one port, that of the first; where another of them has it, again."""
    for _ in range(20):
        port = 0
        try:
            for address in servers:
                port = listen(address, port)
            return port
        except OSError:
            continue
    sys.exit("rdap_server: no port is free at all addresses")


port = listen_all()
with open(folder + "/port.new", "w") as file:
    file.write(str(port))
os.rename(folder + "/port.new", folder + "/port")
threading.Event().wait()
