# SPDX-License-Identifier: MIT
"""Checks pages as a reader's machine would: html_check.py FILE... prints what is wrong with them.

Well-formed; one h1 and headings in order; tables with captions and scopes; ids that are there once; plots with
words; nothing that acts, loads or leads out; a content security policy that names the style sheet by its hash; and
colours that can be read, in light, in dark and on paper.
"""
import base64
import hashlib
import html.parser
import re
import sys

VOID = {"meta", "path", "rect", "br"}
BANNED = {"script", "img", "link", "iframe", "object", "embed", "form", "base", "image", "use", "a:href"}


class Page(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.wrong, self.open, self.ids, self.refs, self.headings = [], [], [], [], []
        self.policy, self.style, self.tags = "", "", []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.tags.append((tag, attributes))
        self.look(tag, attributes)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        self.look(tag, dict(attributes))

    def look(self, tag, attributes):
        if tag in BANNED:
            self.wrong.append(f"<{tag}>")
        for name, value in attributes.items():
            if name.startswith("on") or name in ("style", "src", "srcset", "xlink:href"):
                self.wrong.append(f"{name}={value}")
        href = attributes.get("href", "#")
        if ":" in href or href.startswith("/"):
            self.wrong.append(f"leads out: {href}")
        if "id" in attributes:
            self.ids.append(attributes["id"])
        self.refs += attributes.get("aria-labelledby", "").split()
        if href.startswith("#") and len(href) > 1:
            self.refs.append(href[1:])
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if attributes.get("http-equiv") == "Content-Security-Policy":
            self.policy = attributes["content"]

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> closes nothing")

    def handle_data(self, data):
        if self.open and self.open[-1] == "style":
            self.style += data


def check_frame(page, text):
    wrong = list(page.wrong)
    if not text.startswith("<!DOCTYPE html>\n<html lang=\"en\">"):
        wrong.append("no doctype and language")
    if page.open:
        wrong.append(f"never closed: {page.open}")
    wrong += [f"id {i} twice" for i in set(page.ids) if page.ids.count(i) > 1]
    wrong += [f"no id {r}" for r in page.refs if r not in page.ids]
    if page.headings.count(1) != 1:
        wrong.append("not one h1")
    steps = zip([0] + page.headings, page.headings)
    wrong += [f"h{b} after h{a}" for a, b in steps if b > a + 1]
    digest = base64.b64encode(hashlib.sha256(page.style.encode()).digest()).decode()
    if f"default-src 'none'; style-src 'sha256-{digest}'" not in page.policy:
        wrong.append(f"policy: {page.policy}")
    return wrong


def check_parts(page, text):
    wrong = []
    count = {}
    for tag, attributes in page.tags:
        count[tag] = count.get(tag, 0) + 1
        if tag == "th" and attributes.get("scope") not in ("row", "col"):
            wrong.append("th without scope")
        if tag == "svg" and attributes.get("role") != "img" and attributes.get("aria-hidden") != "true":
            wrong.append("svg without a role")
    if count.get("table", 0) != count.get("caption", 0):
        wrong.append("table without caption")
    for plot in re.findall('<svg[^>]*role="img".*?</svg>', text, re.S):
        if not re.search("<title id.*</title>\n<desc id.*</desc>", plot):
            wrong.append("plot without words")
    return wrong


def luminance(colour):
    parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a, b):
    """WCAG 2.2, 1.4.3: of text 4.5 to 1; 1.4.11: of marks 3 to 1."""
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def check_colours(style):
    wrong = []
    blocks = re.findall(r":root \{(.*?)\}", style, re.S)
    if len(blocks) != 3:
        wrong.append(f"{len(blocks)} sets of colours, not light, dark and print")
    for block in blocks:
        colours = dict(re.findall("--([a-z0-9]+): (#[0-9a-f]{6})", block))
        for ground in ("paper", "box"):
            wrong += [f"{name} on {ground} of {colours[ground]}: {contrast(colours[name], colours[ground]):.2f}"
                      for name in ("ink", "faint", "link", "bad", "warn", "good")
                      if contrast(colours[name], colours[ground]) < 4.5]
        wrong += [f"c{i} on {colours['paper']}: {contrast(colours[f'c{i}'], colours['paper']):.2f}"
                  for i in range(8) if contrast(colours[f"c{i}"], colours["paper"]) < 3]
    return wrong


failed = False
for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        text = file.read()
    page = Page(text)
    for what in check_frame(page, text) + check_parts(page, text) + check_colours(page.style):
        print(f"{path}: {what}")
        failed = True
sys.exit(failed)
