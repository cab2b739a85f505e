# SPDX-License-Identifier: MIT
"""A hostile HTTP server for tests: hostile_http.py [ADDRESS], of 127.0.0.1 where none is given.

The port, chosen by the kernel, is its first line of output. What it does to a request is a case, named by the first
part of the path or, where that is empty, by the first label of the host: http://HOST:PORT/silent and
http://silent.test:PORT/ are one. Cases that begin with tls- are asked by https, with their name in the host.

--list prints "NAME OUTCOME" for each case: what a client must make of it that takes less than 1 MB of body and waits
for less than a minute. No redirect is for following: the one to this machine leads to a trap.

GET /count gives "NAME CONNECTIONS" for each case that was asked, for "trap", and for "all" that came to the port, asked
or not. GET /certificate gives the certificate, self-signed, of hostile.test; GET /request/... gives itself. None of
these counts.
"""
import collections
import functools
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import time
import zlib

CASES = {}
OK = b"HTTP/1.1 200 OK\r\n"
BLOCK = bytes(65536)
trap_port = 0  # set by main()
counts = collections.Counter()
counting = threading.Lock()


def case(outcome):
    def add(function):
        CASES[function.__name__.replace("_", "-")] = (outcome, function)
        return function
    return add


def flood(link, octets):
    """Sends the same again and again until the other end has enough."""
    octets *= max(1, 8192 // len(octets))
    while True:
        link.sendall(octets)


def drip(link, octets):
    for octet in octets:
        link.sendall(bytes([octet]))
        time.sleep(0.2)


def stay_silent(link):
    while link.recv(4096):
        pass


def reset(link):
    """When it is closed, soon after."""
    link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@functools.lru_cache
def bomb():
    """Octets that gunzip to a thousand times as many: 20 MB."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, 31)
    return squeeze.compress(bytes(20_000_000)) + squeeze.flush()


def chunk(octets):
    return b"%x\r\n%s\r\n" % (len(octets), octets)


CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


@case("answered")
def good(link):
    link.sendall(OK + b"Server: good\r\nContent-Length: 5\r\n\r\nhello")


@case("answered")
def left_open(link):
    good(link)
    stay_silent(link)


# Bodies that are more than they seem, or never end.


@case("answered")
def gzip_bomb(link):
    link.sendall(OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(bomb()) + bomb())


@case("cut")
def gzip_transfer_bomb(link):
    link.sendall(OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n" + chunk(bomb()) + chunk(b""))


@case("cut")
def endless_body(link):
    link.sendall(OK + b"\r\n")
    flood(link, BLOCK)


@case("timeout")
def drip_body(link):
    link.sendall(OK + b"Content-Length: 1000\r\n\r\n")
    drip(link, bytes(1000))


@case("timeout")
def drip_head(link):
    drip(link, OK + b"X: y\r\n" * 1000)


@case("timeout")
def silent(link):
    stay_silent(link)


@case("timeout")
def silent_after_head(link):
    link.sendall(OK + b"Content-Length: 5\r\n\r\n")
    stay_silent(link)


# Lengths that do not hold.


@case("cut")
def length_of_ten_gigabytes(link):
    link.sendall(OK + b"Content-Length: 10737418240\r\n\r\n")
    flood(link, BLOCK)


@case("cut")
def length_over_63_bits(link):
    link.sendall(OK + b"Content-Length: 99999999999999999999\r\n\r\n")
    flood(link, BLOCK)


@case("partial")
def length_too_long(link):
    link.sendall(OK + b"Content-Length: 100\r\n\r\nhello")


@case("answered")
def length_too_short(link):
    link.sendall(OK + b"Content-Length: 5\r\n\r\nhello, and HTTP/1.1 200 OK\r\n\r\n")


@case("malformed")
def length_negative(link):
    link.sendall(OK + b"Content-Length: -5\r\n\r\nhello")


@case("malformed")
def length_in_words(link):
    link.sendall(OK + b"Content-Length: five\r\n\r\nhello")


@case("malformed")
def two_lengths(link):
    link.sendall(OK + b"Content-Length: 5\r\ncontent-length: 4\r\n\r\nhello")


@case("answered")
def length_beside_chunks(link):
    link.sendall(OK + b"Content-Length: 500\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk(b"hello") + chunk(b""))


# Chunks.


@case("partial")
def chunk_size_in_words(link):
    link.sendall(CHUNKED + chunk(b"hello") + b"many\r\nhello\r\n")


@case("partial")
def chunk_size_over_64_bits(link):
    link.sendall(CHUNKED + chunk(b"hello") + b"fffffffffffffffff\r\nhello\r\n")


@case("cut")
def chunk_of_63_bits(link):
    link.sendall(CHUNKED + b"7fffffffffffffff\r\n")
    flood(link, BLOCK)


@case("cut")
def chunks_without_end(link):
    link.sendall(CHUNKED)
    flood(link, chunk(b"hello"))


@case("partial")
def chunk_cut_off(link):
    link.sendall(CHUNKED + chunk(b"hello") + b"ff\r\nhello")


@case("partial")
def chunks_without_last(link):
    link.sendall(CHUNKED + chunk(b"hello"))


@case("cut")
def chunk_extension_flood(link):
    link.sendall(CHUNKED + b"5;")
    flood(link, b"more=and more;")


@case("cut")
def chunk_return_flood(link):
    link.sendall(CHUNKED + b"5\r\nhello")
    flood(link, b"\r")


@case("malformed")
def trailer_flood(link):
    link.sendall(CHUNKED + chunk(b"hello") + b"0\r\n")
    flood(link, b"X-Trailer: more\r\n")


# Heads.


@case("malformed")
def header_of_a_megabyte(link):
    link.sendall(OK + b"X-Long: " + b"x" * 1_000_000 + b"\r\nContent-Length: 5\r\n\r\nhello")


@case("malformed")
def header_without_end(link):
    link.sendall(OK + b"X-Endless: ")
    flood(link, b"x" * 8192)


@case("malformed")
def headers_without_end(link):
    link.sendall(OK)
    flood(link, b"X-More: and more\r\n")


@case("malformed")
def ten_thousand_headers(link):
    link.sendall(OK + b"".join(b"X-%d: y\r\n" % i for i in range(10000)) + b"Content-Length: 5\r\n\r\nhello")


def head_of(link, length):
    rest = length - len(OK + b"X: \r\nContent-Length: 5\r\n\r\n")
    link.sendall(OK + b"X: " + b"x" * rest + b"\r\nContent-Length: 5\r\n\r\nhello")


@case("answered")
def head_of_16_kib(link):
    head_of(link, 16384)


@case("malformed")
def head_over_16_kib(link):
    head_of(link, 16385)


@case("malformed")
def header_with_nul(link):
    link.sendall(OK + b"X-Nul: a\0b\r\nContent-Length: 5\r\n\r\nhello")


@case("malformed")
def header_without_colon(link):
    link.sendall(OK + b"X-Nothing\r\nContent-Length: 5\r\n\r\nhello")


@case("answered")
def header_of_escapes(link):
    link.sendall(OK + b"Server: \x1b]0;owned\x07\x1b[31m\r\nContent-Length: 5\r\n\r\nhello")


@case("answered")
def bare_newlines(link):
    link.sendall(b"HTTP/1.1 200 OK\nContent-Length: 5\n\nhello")


@case("malformed")
def continue_flood(link):
    flood(link, b"HTTP/1.1 100 Continue\r\n\r\n")


@case("answered")
def early_hints(link):
    link.sendall(b"HTTP/1.1 103 Early Hints\r\nServer: early\r\nX-Early: yes\r\n\r\n"
                 + OK + b"Server: late\r\nTransfer-Encoding: chunked\r\n\r\n"
                 + chunk(b"hello") + b"0\r\nServer: trailer\r\n\r\n")


@case("answered")
def retry_after_ages(link):
    link.sendall(b"HTTP/1.1 429 Later\r\nRetry-After: 99999999999999999999\r\nContent-Length: 0\r\n\r\n")


@case("answered")
def retry_after_date(link):
    date = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 7200))
    link.sendall(b"HTTP/1.1 503 Later\r\nRetry-After: %s\r\nContent-Length: 0\r\n\r\n" % date.encode())


# Redirects, none of which is for following.


def redirect(link, to):
    link.sendall(b"HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n" % to.encode())


@case("answered")
def redirect_to_loopback(link):
    redirect(link, f"http://127.0.0.1:{trap_port}/")


@case("answered")
def redirect_to_file(link):
    redirect(link, "file:///etc/passwd")


@case("answered")
def redirect_to_metadata(link):
    redirect(link, "http://169.254.169.254/latest/meta-data/")


@case("answered")
def redirect_to_gopher(link):
    redirect(link, f"gopher://127.0.0.1:{trap_port}/_hello")


@case("answered")
def redirect_to_itself(link):
    redirect(link, "redirect-to-itself")


# What is no HTTP, or no such status.


@case("malformed")
def status_in_words(link):
    link.sendall(b"HTTP/1.1 fine OK\r\nContent-Length: 5\r\n\r\nhello")


@case("malformed")
def status_99(link):
    link.sendall(b"HTTP/1.1 99 Low\r\nContent-Length: 5\r\n\r\nhello")


@case("malformed")
def status_1000(link):
    link.sendall(b"HTTP/1.1 1000 High\r\nContent-Length: 5\r\n\r\nhello")


@case("malformed")
def status_negative(link):
    link.sendall(b"HTTP/2 -200 Low\r\nContent-Length: 5\r\n\r\nhello")


@case("malformed")
def version_9(link):
    link.sendall(b"HTTP/9.9 200 OK\r\nContent-Length: 5\r\n\r\nhello")


@case("malformed")
def http_0_9(link):
    link.sendall(b"<html>hello</html>")


@case("malformed")
def another_protocol(link):
    link.sendall(b"220 mail.example ESMTP\r\n")


@case("malformed")
def octets_of_tls(link):
    link.sendall(b"\x15\x03\x03\x00\x02\x02\x28" * 100)


@case("answered")
def no_content_with_body(link):
    link.sendall(b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello")


@case("malformed")
def upgrade(link):
    link.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\nhello")


# Ends that come too early.


@case("partial")
def reset_in_body(link):
    link.sendall(OK + b"Content-Length: 100\r\n\r\nhello")
    time.sleep(0.1)
    reset(link)


@case("partial")
def reset_at_once(link):
    reset(link)


@case("partial")
def close_at_once(link):
    link.shutdown(socket.SHUT_RDWR)


@case("partial")
def close_in_head(link):
    link.sendall(OK + b"Content-Le")


@case("partial")
def close_after_continue(link):
    link.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")


# TLS; all but the last end it before there is any.


@case("tls")
def tls_plain(link):
    link.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 5\r\n\r\nhello")


@case("tls")
def tls_garbage(link):
    link.sendall(bytes(range(256)) * 4)


@case("tls")
def tls_close(link):
    link.shutdown(socket.SHUT_RDWR)


@case("timeout")
def tls_drip(link):
    drip(link, b"\x16\x03\x03\x40\x00" + bytes(1000))


@case("tls")
def tls_self_signed(link):
    good(link)


BEFORE_HANDSHAKE = [tls_plain, tls_garbage, tls_close, tls_drip]


def make_certificate(folder):
    key, certificate = folder + "/key.pem", folder + "/certificate.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=hostile",
                    "-addext", "subjectAltName=DNS:hostile.test"], check=True, stderr=subprocess.DEVNULL)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with open(certificate, "rb") as file:
        return context, file.read()


def read_request(link):
    """It, its path without the slash, and its host; None where none comes."""
    request = b""
    while b"\r\n\r\n" not in request:
        octets = link.recv(4096)
        if not octets or len(request) > 65536:
            return None
        request += octets
    lines = request.decode("latin-1").split("\r\n")
    hosts = [line[5:].strip() for line in lines if line.lower().startswith("host:")]
    return request, lines[0].split(" ")[1].lstrip("/"), (hosts or [""])[0]


def count(name, number=1):
    with counting:
        counts[name] += number


def tell(link, octets):
    """An answer about the server itself, whose connection does not count."""
    count("all", -1)
    link.sendall(OK + b"Content-Length: %d\r\n\r\n" % len(octets) + octets)


def tell_counts(link):
    with counting:
        lines = [f"{name} {number - (name == 'all')}\n" for name, number in sorted(counts.items())]
    tell(link, "".join(lines).encode())


def answer(link, certificate):
    read = read_request(link)
    if read is None:
        return
    request, path, host = read
    name = path.split("/")[0] or host.split(".")[0]
    if path == "count":
        tell_counts(link)
    elif name == "request":
        tell(link, request)
    elif path == "certificate":
        tell(link, certificate)
    elif name in CASES:
        count(name)
        CASES[name][1](link)
    else:
        link.sendall(b"HTTP/1.1 404 No Case\r\nContent-Length: 0\r\n\r\n")


def shake_hands(link, context):
    """The link in TLS; None where the case, named in the clear (RFC 6066, 3), is one of before."""
    hello = link.recv(4096, socket.MSG_PEEK)
    for function in BEFORE_HANDSHAKE:
        name = function.__name__.replace("_", "-")
        if name.encode() in hello:
            count(name)
            function(link)
            return None
    return context.wrap_socket(link, server_side=True)


def serve(link, context, certificate):
    count("all")
    try:
        with link:
            link.settimeout(60)
            if link.recv(1, socket.MSG_PEEK) == b"\x16":
                link = shake_hands(link, context)
            if link is not None:
                answer(link, certificate)
                link.close()
    except OSError:
        pass  # the other end has enough


def accept_all(listener, take):
    while True:
        link, _ = listener.accept()
        take(link)


def spring(link):
    count("trap")
    link.close()


def listen(address):
    listener = socket.create_server((address, 0), backlog=512)
    return listener, listener.getsockname()[1]


def main():
    global trap_port
    if sys.argv[1:] == ["--list"]:
        for name, (outcome, _) in CASES.items():
            print(name, outcome)
        return
    with tempfile.TemporaryDirectory() as folder:
        context, certificate = make_certificate(folder)
    trap, trap_port = listen("127.0.0.1")
    threading.Thread(target=accept_all, args=(trap, spring), daemon=True).start()
    listener, port = listen(sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1")
    print(port, flush=True)
    accept_all(listener, lambda link: threading.Thread(target=serve, args=(link, context, certificate),
                                                       daemon=True).start())


main()
