#!/usr/bin/env python3
"""usage: outbox.py PROGRAM [--messages 1000] [--connections 8] [--rounds 5] [--sink] [--same] [--memory] [--database URL]
       [--paragraphs 15]

How fast a release leaves. Founds an office with so many journalists in a folder of its own, sends a release of about 27 kB
a mail, and lets `PROGRAM run deliver` (the built `salastampa`) hand it to a mail server of this script's own; in turns with
`smtp-source`, the load generator of Postfix, which keeps no journal. Its recipients differ, as ours do, because the server
looks each new address up; with `--same` they are all one. `--paragraphs` makes the mails longer or shorter, the anchor's
stay as they are: no length may be slower than its bytes explain. Prints the messages a second of each round, both medians and
their ratio. The time of a run that finds nothing to do is taken off ours.

The server is a real Postfix with its `discard` transport (wants root), or with `--sink` the `smtp-sink` that comes with it.
`--memory` takes one round and prints how far RssAnon of the deliverer rises above that of a run with nothing to do.
One connection more than `--connections` is configured: that one is kept for alerts and stays closed.
Installs nothing; Python's standard library."""
import argparse
import os
import shutil
import socket
import statistics
import subprocess
import tempfile
import time

PARTS = """127.0.0.1:{port} inet n - n - - smtpd
postlog unix-dgram n - n - 1 postlogd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
tlsmgr unix - - n 1000? 1 tlsmgr
retry unix - - n - - error
error unix - - n - - error
discard unix - - n - - discard
"""
MAIN = """compatibility_level = 3.6
queue_directory = {at}/queue
data_directory = {at}/data
mail_owner = postfix
setgid_group = postdrop
myhostname = posta.bellariva.test
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
default_transport = discard:
relay_transport = discard:
smtpd_tls_security_level = none
smtpd_recipient_restrictions = permit_mynetworks, reject
alias_maps =
alias_database =
maillog_file = {at}/mail.log
maillog_file_prefixes = {at}
"""
OFFICE = """[[user]]
login = "elena"
name = "Elena Prati"
role = "editor"
[[user]]
login = "carlo"
name = "Carlo Mandelli"
role = "chief"
[[list]]
slug = "tutti"
name = "Tutti"
"""
SENTENCE = ("Da lunedì il Comune di Bellariva apre il sottopasso di via dei Tigli, con due rampe, una corsia per le "
            "biciclette e luci che restano accese fino all'alba. ")
TEXT = """+++
titolo = "Apre il sottopasso di via dei Tigli"
liste = ["tutti"]
contatti = ["Ufficio stampa"]
+++

{body}
"""
NOW = "2026-11-23 09:30"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Postfix:
    def __init__(self):
        self.at = tempfile.mkdtemp(prefix="salastampa-outbox-", dir="/var/tmp")
        os.chmod(self.at, 0o755)
        self.port = free_port()
        for part in ("queue", "data", "etc"):
            os.mkdir(f"{self.at}/{part}")
        shutil.chown(f"{self.at}/data", "postfix")
        open(f"{self.at}/etc/main.cf", "w").write(MAIN.format(at=self.at))
        open(f"{self.at}/etc/master.cf", "w").write(PARTS.format(port=self.port))
        subprocess.run(["postfix", "-c", f"{self.at}/etc", "start"], check=True, capture_output=True)

    def size(self, theirs):
        sizes = [int(line.split("size=")[1].split(",")[0]) for line in open(f"{self.at}/mail.log", errors="replace")
                 if "qmgr" in line and "from=<" in line and ("from=<prova@" in line) == theirs]
        return statistics.median(sizes) if sizes else 0

    def stop(self):
        subprocess.run(["postfix", "-c", f"{self.at}/etc", "abort"], capture_output=True)
        shutil.rmtree(self.at, ignore_errors=True)


class Sink:
    def __init__(self):
        self.port = free_port()
        user = ["-u", "postfix"] if os.getuid() == 0 else []
        self.process = subprocess.Popen(["smtp-sink", *user, f"127.0.0.1:{self.port}", "256"])
        time.sleep(0.5)

    def size(self, theirs):
        return 0

    def stop(self):
        self.process.kill()
        self.process.wait()


class Office:
    def __init__(self, program, port, connections, messages, database):
        self.program, self.folder = os.path.abspath(program), tempfile.mkdtemp(prefix="salastampa-outbox-office-")
        data = f'[data]\ndatabase = "{database}"\n' if database else ""
        open(f"{self.folder}/salastampa.toml", "w").write(
            f'{data}[mail]\ntransport = "smtp"\n[smtp]\nhost = "127.0.0.1"\nport = {port}\ntls = "off"\n'
            f'connections = {connections + 1 if connections > 1 else 1}\n'
            '[office]\nname = "Comune di Bellariva"\ntown = "Bellariva"\nsender = "stampa@bellariva.test"\n')
        open(f"{self.folder}/office.toml", "w").write(OFFICE)
        rows = "".join(f"Cronista {n};Testata {n};r{n:05}@redazioni.test;web;Bellariva;tutti;no;compito pubblico;albo\n"
                       for n in range(messages))
        open(f"{self.folder}/g.csv", "w").write("nome;testata;email;mezzo;territorio;liste;embargo;base;fonte\n" + rows)
        self.run("import", "office", "office.toml", now="2026-11-23 08:00")
        self.run("import", "contacts", "g.csv", now="2026-11-23 08:00")
        self.rounds = 0

    def run(self, *words, now=NOW):
        subprocess.run([self.program, "--now", now, *words], cwd=self.folder, check=True, stdout=subprocess.DEVNULL,
                       env={**os.environ, "RUST_LOG": "error"})

    def ready(self, paragraphs):
        self.rounds += 1
        name = f"tigli-{self.rounds}"
        paragraph = SENTENCE * 4
        open(f"{self.folder}/t.md", "w").write(TEXT.format(body="\n\n".join([paragraph] * paragraphs)))
        self.run("release", "new", name, "t.md", "--as", "elena")
        self.run("release", "submit", name, "--as", "elena")
        self.run("release", "approve", name, "--as", "carlo")
        self.run("release", "send", name, "--as", "carlo")

    def deliver(self):
        began = time.monotonic()
        process = subprocess.Popen([self.program, "--now", NOW, "run", "deliver"], cwd=self.folder,
                                   stdout=subprocess.DEVNULL, env={**os.environ, "RUST_LOG": "error"})
        highest = 0
        while process.poll() is None:
            try:
                for line in open(f"/proc/{process.pid}/status"):
                    if line.startswith("RssAnon"):
                        highest = max(highest, int(line.split()[1]))
            except OSError:
                pass
            time.sleep(0.02)
        assert process.returncode == 0
        return time.monotonic() - began, highest


def main():
    parse = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parse.add_argument("program")
    parse.add_argument("--messages", type=int, default=1000)
    parse.add_argument("--connections", type=int, default=8)
    parse.add_argument("--rounds", type=int, default=5)
    parse.add_argument("--sink", action="store_true")
    parse.add_argument("--memory", action="store_true")
    parse.add_argument("--database", default="")
    parse.add_argument("--paragraphs", type=int, default=15)
    parse.add_argument("--same", dest="anchor", action="store_const", const=[], default=["-N"])
    asked = parse.parse_args()
    server = Sink() if asked.sink else Postfix()
    try:
        office = Office(asked.program, server.port, asked.connections, asked.messages, asked.database)
        nothing, idle = min(office.deliver() for _ in range(3))
        ours, theirs = [], []
        for _ in range(1 if asked.memory else asked.rounds):
            office.ready(asked.paragraphs)
            took, highest = office.deliver()
            ours.append(asked.messages / (took - nothing))
            if asked.memory:
                print(f"RssAnon: {idle / 1024:.0f} MB idle, {highest / 1024:.0f} MB at most: {(highest - idle) / 1024:.0f} MB more")
                print(f"{ours[0]:.0f} messages/s, {asked.messages} recipients")
                return
            began = time.monotonic()
            subprocess.run(["smtp-source", "-d", "-s", str(asked.connections), "-m", str(asked.messages), "-l", "27648",
                            "-f", "prova@bellariva.test", "-t", "r@redazioni.test", *asked.anchor, f"127.0.0.1:{server.port}"], check=True)
            theirs.append(asked.messages / (time.monotonic() - began))
            print(f"ours {ours[-1]:.0f}/s, smtp-source {theirs[-1]:.0f}/s", flush=True)
        mine, other = statistics.median(ours), statistics.median(theirs)
        print(f"{asked.connections} connections, {asked.messages} messages of {server.size(False):.0f} bytes "
              f"(smtp-source {server.size(True):.0f}): "
              f"ours {mine:.0f}/s, smtp-source {other:.0f}/s, ratio {mine / other:.2f}")
    finally:
        server.stop()


main()
