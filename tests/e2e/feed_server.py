#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Feeds for import_targets.sh, on 127.0.0.1: the files of a folder over HTTP and HTTPS, with ETag, and answers
of other kinds. Prints both ports; writes down what was asked, a line each: path, If-None-Match, Auth-Key.

usage: feed_server.py FOLDER LOG CERTIFICATE KEY"""
import hashlib
import http.server
import os
import ssl
import sys
import threading
import time

folder, log_path, certificate, key = sys.argv[1:]
log = open(log_path, "a", buffering=1, encoding="ascii")


class Feeds(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def file(self, path):
        try:
            with open(os.path.join(folder, path), "rb") as file:
                body = file.read()
        except OSError:
            return self.answer(404)
        etag = '"%s"' % hashlib.sha256(body).hexdigest()
        if self.headers.get("If-None-Match") == etag:
            return self.answer(304)
        return self.answer(200, body, ETag=etag)

    def drip(self):
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"a")
                time.sleep(1)
        except OSError:
            self.close_connection = True

    def do_GET(self):
        path = self.path[1:]
        log.write("%s %s %s\n" % (path, self.headers.get("If-None-Match"), self.headers.get("Auth-Key")))
        if path == "drip":
            self.drip()
        elif path == "away":
            self.answer(500)
        elif path == "busy":
            self.answer(429, Retry_After="7200")
        elif path == "moved":
            self.answer(301, Location="http://127.0.0.1:%d/plain" % self.server.server_port)
        elif path.startswith("private") and self.headers.get("Auth-Key") != "s3cret-of-the-feed":
            self.answer(401)
        else:
            self.file(path)

    def log_message(self, *args):
        pass


plain = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Feeds)
secure = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Feeds)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
secure.socket = context.wrap_socket(secure.socket, server_side=True)
print(plain.server_port, secure.server_port, flush=True)
threading.Thread(target=secure.serve_forever, daemon=True).start()
plain.serve_forever()
