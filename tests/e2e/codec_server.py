# SPDX-License-Identifier: MIT
"""A pool of nodes that serve one page: codec_server.py PAGE LOG ADDRESS...

All listen on one port, chosen by the kernel, which is the first line of output. Each connection is a line of LOG, with its
address; each request another: address, path, Host and User-Agent.
"""
import http.server
import sys
import threading

PAGE = open(sys.argv[1], "rb").read()
LOG = open(sys.argv[2], "w", buffering=1)


class Node(http.server.BaseHTTPRequestHandler):
    server_version = "nginx"
    sys_version = ""

    def do_GET(self):
        address = self.server.server_address[0]
        LOG.write(f"request {address} {self.path} {self.headers['Host']} {self.headers['User-Agent']}\n")
        self.send_response(200)
        self.send_header("Content-Length", str(len(PAGE)))
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, *_):
        pass


class Pool(http.server.ThreadingHTTPServer):
    def get_request(self):
        link = super().get_request()
        LOG.write(f"connection {self.server_address[0]}\n")
        return link


def listen_all(addresses):
    """On the port that the first one is given, if no other of them has it taken."""
    servers = [Pool((addresses[0], 0), Node)]
    try:
        for address in addresses[1:]:
            servers.append(Pool((address, servers[0].server_address[1]), Node))
    except OSError:
        for server in servers:
            server.server_close()
        return None
    return servers


servers = None
while servers is None:
    servers = listen_all(sys.argv[3:])
for server in servers:
    threading.Thread(target=server.serve_forever, daemon=True).start()
print(servers[0].server_address[1], flush=True)
threading.Event().wait()
