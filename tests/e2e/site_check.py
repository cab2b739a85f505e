# SPDX-License-Identifier: MIT
"""Follows the links of a site: site_check.py DIR prints what leads nowhere and what nothing leads to."""
import html.parser
import pathlib
import sys


class Links(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.hrefs = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.hrefs += [value for name, value in attributes if name == "href"]


root = pathlib.Path(sys.argv[1]).resolve()
pages = set(root.rglob("*.html"))
reached = {root / "index.html"}
wrong = [] if pages else [f"{root}: no page"]
for page in pages:
    for href in Links(page.read_text(encoding="utf-8")).hrefs:
        target = (page.parent / href.split("#")[0]).resolve() if href.split("#")[0] else page
        if target not in pages:
            wrong.append(f"{page}: leads nowhere: {href}")
        reached.add(target)
wrong += [f"{page}: nothing leads to it" for page in pages - reached]
print(*sorted(wrong), sep="\n")
sys.exit(1 if wrong else 0)
