# SPDX-License-Identifier: MIT
"""Runs each ```sql block of a page by a psql command, and compares what comes with the block behind it.

usage: docs_sql.py PAGE COMMAND...
"""
import re
import subprocess
import sys


def printed(command, statement):
    done = subprocess.run(command + ["-c", statement], capture_output=True, text=True)
    text = done.stdout + "".join(line for line in done.stderr.splitlines(True) if "ERROR" in line)
    return "\n".join(line.rstrip() for line in text.strip("\n").split("\n"))


def main(page, command):
    text = open(page).read()
    examples = re.findall(r"```sql\n(.*?)```\n+```text\n(.*?)```", text, re.S)
    assert len(examples) == text.count("```sql") > 7, "each ```sql block needs a ```text block behind it"
    wrong = 0
    for statement, told in examples:
        came = printed(command, statement)
        if came != told.strip("\n"):
            wrong += 1
            print(f"# {statement}# the page says:\n{told}# what comes:\n{came}\n")
    return wrong > 0


sys.exit(main(sys.argv[1], sys.argv[2:]))
