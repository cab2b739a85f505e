# SPDX-License-Identifier: MIT
"""A receiver of webhooks on 127.0.0.1 for tests: receiver.py FOLDER SECRET.

Writes its port to FOLDER/port. Answers each post by the first line of FOLDER/answers, which it takes away: a status
and headers such as "429 Retry-After:1"; 204 where there is none. Keeps bodies as FOLDER/body.1, body.2, ... and adds
what a post was to FOLDER/posts: signed (as it should be), unsigned or forged, the type, the status it got.
"""
import hashlib
import hmac
import http.server
import os
import sys
import time

folder, secret = sys.argv[1], sys.argv[2].encode()
count = 0


def judge(headers, body):
    stamp = headers.get("X-Fluxtrack-Timestamp")
    signature = headers.get("X-Fluxtrack-Signature")
    if stamp is None and signature is None:
        return "unsigned"
    good = "sha256=" + hmac.new(secret, (stamp or "").encode() + b"." + body, hashlib.sha256).hexdigest()
    return "signed" if signature == good and abs(time.time() - int(stamp)) < 60 else "forged"


def next_answer():
    try:
        with open(folder + "/answers") as file:
            lines = file.read().splitlines()
    except FileNotFoundError:
        lines = []
    with open(folder + "/answers", "w") as file:
        file.writelines(line + "\n" for line in lines[1:])
    return lines[0].split() if lines else ["204"]


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        global count
        count += 1
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with open(f"{folder}/body.{count}", "wb") as file:
            file.write(body)
        status, *headers = next_answer()
        with open(folder + "/posts", "a") as file:
            file.write(f'{judge(self.headers, body)} {self.headers["Content-Type"]} {status}\n')
        self.send_response(int(status))
        for header in headers:
            self.send_header(*header.split(":", 1))
        self.end_headers()

    def log_message(self, *args):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Receiver)
with open(folder + "/port.new", "w") as file:
    file.write(str(server.server_address[1]))
os.rename(folder + "/port.new", folder + "/port")
server.serve_forever()
