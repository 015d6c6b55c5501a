#!/usr/bin/env python3
"""usage: latency.py PROGRAM BODY.tsv [--rate 50] [--seconds 60] [--flash 100] [--keep DIR]

How long an article is on its way in a living office. Founds an office in a folder of its own, starts `PROGRAM serve` (the
built `salastampa`) with an agency's drop folder and a mail server of this script's own, drops `rate` wires a second for so
many seconds, one of `flash` with a word that an urgent watch waits for, and then reads the rows and what the mail server
took. Prints p50, p95, p99 and the longest of each stage in milliseconds. BODY is what the example `made` writes: one text
a wire, so that no two tell the same story. Installs nothing; Python's standard library."""
import argparse
import os
import re
import signal
import socketserver
import sqlite3
import subprocess
import tempfile
import threading
import time

FEEDS = """[[outlet]]
id = "agenzia-zeta"
name = "Agenzia Zeta"
kind = "agency"
area = "Italia"
tier = 1
rights = "internal"

[[source]]
id = "zeta-lanci"
outlet = "agenzia-zeta"
kind = "wire"
url = "agenzie/zeta"
class = "A"
"""
OFFICE = """[[user]]
login = "elena"
name = "Elena Prati"
role = "editor"

[[watch]]
slug = "frane"
name = "Frane"
query = "frana"
weight = 9
urgency = "flash"

[[watch]]
slug = "tutto"
name = "Tutto"
query = "lancio"
weight = 1

[[edition]]
slug = "generale"
name = "Rassegna generale"
schedule = "0 7 * * *"

[[edition.section]]
name = "Emergenze"
watches = ["frane"]

[[reader]]
slug = "sindaca"
name = "Ada Corti"
address = "sindaca@bellariva.test"
watches = ["frane"]
editions = ["generale"]
alerts = true
"""
SETTINGS = """[office]
name = "Comune di Bellariva"
town = "Bellariva"
sender = "stampa@bellariva.test"

[mail]
transport = "smtp"

[smtp]
host = "127.0.0.1"
port = {port}
tls = "off"

[web]
listen = "127.0.0.1:0"
metrics = "127.0.0.1:0"
"""


class Server(socketserver.StreamRequestHandler):
    """Takes every mail and notes when it did."""

    def handle(self):
        self.say("220 sink.test")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"DATA":
                self.say("354 go on")
                lines = iter(self.rfile.readline, b".\r\n")
                mail = b"".join(lines)
                self.say("250 taken")
                self.server.taken.append((time.time(), mail.decode("utf-8", "replace")))
            elif word == b"QUIT":
                return self.say("221 bye")
            else:
                self.say("250 sink.test")

    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")


def wire(number, text, flash):
    title = ("Frana, lancio " if flash else "Lancio ") + f"n{number}n " + " ".join(text.split()[:6])
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return (
        '<?xml version="1.0" encoding="UTF-8"?><newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>'
        f'<newsItem guid="tag:zeta.test,2026:{number}" version="1" xml:lang="it"><itemMeta><versionCreated>{at}'
        f"</versionCreated></itemMeta><contentMeta><urgency>3</urgency><headline>{title}</headline></contentMeta><contentSet>"
        f"<inlineXML><html><body><p>{text}</p></body></html></inlineXML></contentSet></newsItem></itemSet></newsMessage>"
    )


def shown(name, times):
    times = sorted(times)
    if not times:
        return print(f"{name:<34} none")
    at = lambda share: times[min(int(len(times) * share), len(times) - 1)]
    print(f"{name:<34} {len(times):>6} {at(0.5):>8.0f} {at(0.95):>8.0f} {at(0.99):>8.0f} {times[-1]:>8.0f}")


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("program")
    parser.add_argument("body")
    parser.add_argument("--rate", type=float, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--flash", type=int, default=100)
    parser.add_argument("--keep")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        live(args, args.keep or made)


def live(args, folder):
    program = os.path.abspath(args.program)
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Server)
    server.daemon_threads, server.taken = True, []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    files = {"feeds.toml": FEEDS, "office.toml": OFFICE, "salastampa.toml": SETTINGS.format(port=server.server_address[1])}
    for name, text in files.items():
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text)
    drop = os.path.join(folder, "data/agenzie/zeta")
    os.makedirs(drop, exist_ok=True)
    env = dict(os.environ, RUST_LOG="warn")
    subprocess.run([program, "import", "office", "office.toml"], cwd=folder, check=True, env=env, stdout=subprocess.DEVNULL)
    office = subprocess.Popen([program, "serve"], cwd=folder, env=env, stdout=subprocess.PIPE, text=True)
    try:
        office.stdout.readline()
        # the first look at a folder takes what lies there for an old stock: it is empty, and looked at once more later
        time.sleep(10)
        dropped = feed(args, drop)
        wait(folder, len(dropped), sum(flash for _, flash in dropped.values()), server)
    finally:
        office.send_signal(signal.SIGTERM)
        office.wait(30)
    tell(folder, dropped, server.taken)


def feed(args, drop):
    dropped, begin = {}, time.monotonic()
    with open(args.body, encoding="utf-8") as body:
        for number, line in zip(range(int(args.rate * args.seconds)), body):
            rest = begin + number / args.rate - time.monotonic()
            if rest > 0:
                time.sleep(rest)
            flash = number % args.flash == 0
            text = wire(number, line.rstrip("\n").split("\t", 2)[2], flash)
            # whole when it appears, as agencies' programs do
            part = os.path.join(drop, f".{number}.part")
            with open(part, "w", encoding="utf-8") as file:
                file.write(text)
            os.rename(part, os.path.join(drop, f"{number}.xml"))
            dropped[number] = (time.time(), flash)
    return dropped


def rows(folder, statement):
    with sqlite3.connect(f"file:{folder}/data/salastampa.db?mode=ro", uri=True, timeout=30) as db:
        return db.execute(statement).fetchall()


def wait(folder, articles, mails, server):
    """Until all are kept, matched and in the archive, and the mails are taken; two minutes at most."""
    for _ in range(120):
        done = rows(folder, "select count(*), coalesce(max(seq), 0) from article")[0]
        indexed = rows(folder, "select coalesce(max(seq), 0) from index_commit")[0][0]
        if done[0] >= articles and indexed >= done[1] and len(server.taken) >= mails:
            return
        time.sleep(1)


def tell(folder, dropped, taken):
    found = rows(
        folder,
        "select a.title, a.kept_at, (select c.at from index_commit c where c.seq >= a.seq order by c.seq limit 1), "
        "(select min(k.matched_at) from clipping k where k.article = a.id) from article a",
    )
    number = lambda text: int(re.search(r"\bn(\d+)n\b", text).group(1))
    print(f"{len(dropped)} wires dropped, {len(found)} articles kept, {len(taken)} mails taken")
    print(f"{'milliseconds':<34} {'':>6} {'p50':>8} {'p95':>8} {'p99':>8} {'most':>8}")
    shown("dropped -> kept", [kept - dropped[number(title)][0] * 1000 for title, kept, _, _ in found])
    shown("kept -> matched", [matched - kept for _, kept, _, matched in found if matched])
    shown("kept -> searchable", [indexed - kept for _, kept, indexed, _ in found if indexed])
    subject = lambda mail: re.search(r"n\d+n", mail.replace("=\r\n", "")).group(0)
    shown("dropped -> mail taken", [(at - dropped[number(subject(mail))][0]) * 1000 for at, mail in taken])


if __name__ == "__main__":
    main()
