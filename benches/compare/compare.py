#!/usr/bin/env python3
"""usage: compare.py BODY.tsv THROUGHPUT [--queries N] [--only archive,sqlite,postgres]

The archive beside SQLite FTS5 and PostgreSQL full text: the same articles (the example `made` makes them), the same
questions, the ten newest hits of each. Prints a table: seconds of processor and bytes an article to index, milliseconds of processor a
question, p50 and p99 of each kind. THROUGHPUT is the built example (`cargo build --release --locked --example throughput
-p salastampa-index -p salastampa`). Installs nothing: what is not on the machine (Python's sqlite3 with FTS5, initdb and
psql of PostgreSQL) is left out and said so. One writer, one connection, everything warm; the cluster is made in a folder of
its own and thrown away."""
import argparse
import glob
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

# function words, of which `made` makes its articles too
SMALL = (
    "di e il la che a in un per è una del della non con i le da si al dei nel alla sono come ha anche più delle degli gli "
    "dal ma ai su lo all' l' dell' nell' un' dalla nella questo questa stato stata tra cui ed se o loro suo sua".split()
)
KINDS = ["term", "two words", "phrase", "prefix", "term by date"]
WORD = re.compile(r"[^\W\d_]{4,}")


def drawn(body, each):
    """Questions of each kind, of words that stand next to each other in some article: (kind, words, year)."""
    chance = random.Random(1946)
    with open(body, encoding="utf-8") as file:
        sample = [line.rstrip("\n").split("\t") for _, line in zip(range(20_000), file)]
    out = []
    for kind in KINDS:
        while sum(one[0] == kind for one in out) < each:
            _, day, text = chance.choice(sample)
            found = [m for m in WORD.finditer(text) if m.group().lower() not in SMALL]
            at = chance.randrange(len(found) - 1)
            one, other = found[at], found[at + 1]
            if kind == "phrase" and text[one.end() : other.start()] != " ":
                continue
            words = {"two words": [one.group(), chance.choice(found).group()], "phrase": [one.group(), other.group()]}
            words = words.get(kind, [one.group()])
            if kind == "prefix":
                words = [one.group()[: chance.choice((4, 5))]]
            out.append((kind, [word.lower() for word in words], int(day[:4])))
    return out


def at(times, percent):
    return sorted(times)[min(len(times) * percent // 100, len(times) - 1)]


def articles(body):
    with open(body, encoding="utf-8") as file:
        for line in file:
            number, day, text = line.rstrip("\n").split("\t", 2)
            yield int(number), int(day), text


def archive(body, throughput, asked, folder):
    file = os.path.join(folder, "asked.tsv")
    forms = {
        "term": "{0}", "two words": "{0} {1}", "phrase": '"{0} {1}"', "prefix": "{0}*", "term by date": "{0} data:{year}",
    }
    with open(file, "w", encoding="utf-8") as out:
        for kind, words, year in asked:
            out.write(f"{kind}\t{forms[kind].format(*words, year=year)}\n")
    said = subprocess.run([throughput, body, "--ask", file], check=True, capture_output=True, text=True).stdout
    index = re.search(r"articles, ([\d.]+) s of processor", said)
    size = sum(int(n) for n in re.findall(r" (\d+)[,\n]", re.search(r"bytes an article: (.*\n)", said).group(1)))
    rows = {}
    for kind in KINDS:
        row = re.search(rf"^{kind} +([\d.]+) +([\d.]+)", said, re.M)
        rows[kind] = (float(row.group(1)), float(row.group(2)))
    return float(index.group(1)), size, rows


def sqlite(body, asked, folder):
    file = os.path.join(folder, "fts.db")
    db = sqlite3.connect(file)
    begin = time.process_time()
    db.execute("create table doc (id integer primary key, day integer)")
    db.execute("create virtual table fts using fts5(text, content='', tokenize='unicode61 remove_diacritics 2')")
    for number, day, text in articles(body):
        db.execute("insert into doc values (?, ?)", (number, day))
        db.execute("insert into fts (rowid, text) values (?, ?)", (number, text))
    db.commit()
    spent = time.process_time() - begin
    count = db.execute("select count(*) from doc").fetchone()[0]
    forms = {"term": '"{0}"', "two words": '"{0}" "{1}"', "phrase": '"{0} {1}"', "prefix": '"{0}"*', "term by date": '"{0}"'}
    plain = "select d.id from fts join doc d on d.id = fts.rowid where fts match ? order by d.day desc, d.id desc limit 10"
    dated = plain.replace("order", "and d.day between ? and ? order")

    def ask(kind, words, year):
        values = [forms[kind].format(*words)]
        if kind == "term by date":
            return db.execute(dated, values + [year * 10_000, year * 10_000 + 9_999]).fetchall()
        return db.execute(plain, values).fetchall()

    rows = timed(asked, ask, time.process_time)
    return spent, os.path.getsize(file) // count, rows


def timed(asked, ask, clock):
    times = {kind: [] for kind in KINDS}
    for warm in (True, False):
        for kind, words, year in asked:
            begin = clock()
            ask(kind, words, year)
            if not warm:
                times[kind].append((clock() - begin) * 1_000)
    return {kind: (at(times[kind], 50), at(times[kind], 99)) for kind in KINDS}


class Cluster:
    """A private PostgreSQL with one session, whose backend's processor time is read from the kernel."""

    def __init__(self, folder):
        self.bin = max(glob.glob("/usr/lib/postgresql/*/bin"))
        self.data, self.user = os.path.join(folder, "pg"), None
        if os.getuid() == 0:
            # the server refuses to run as root
            self.user = "postgres"
            os.chmod(folder, 0o755)
            os.makedirs(self.data)
            shutil.chown(self.data, self.user)
        self.run("initdb", "-D", self.data, "-A", "trust", "-E", "UTF8", "--no-locale")
        self.run("pg_ctl", "-D", self.data, "-w", "-l", os.path.join(self.data, "log"), "-o", f"-k {self.data} -h ''", "start")
        self.session = subprocess.Popen(
            self.words("psql", "-h", self.data, "-d", "postgres", "-qAt"), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True,
        )
        self.pid = self.ask("select pg_backend_pid()")[0]

    def words(self, name, *args):
        own = [os.path.join(self.bin, name), *args]
        return ["runuser", "-u", self.user, "--", *own] if self.user else own

    def run(self, name, *args):
        subprocess.run(self.words(name, *args), check=True, stdout=subprocess.DEVNULL)

    def ask(self, statement):
        self.session.stdin.write(f"{statement};\n\\echo .\n")
        self.session.stdin.flush()
        out = []
        while (line := self.session.stdout.readline().rstrip("\n")) != ".":
            out.append(line)
        return out

    def clock(self):
        with open(f"/proc/{self.pid}/schedstat", encoding="ascii") as file:
            return int(file.read().split()[0]) / 1e9

    def close(self):
        self.session.stdin.close()
        self.run("pg_ctl", "-D", self.data, "-m", "immediate", "stop")


def postgres(body, asked, folder):
    cluster = Cluster(folder)
    try:
        begin = cluster.clock()
        cluster.ask("set client_min_messages = warning; set max_parallel_maintenance_workers = 0; set max_parallel_workers_per_gather = 0")
        cluster.ask("create table doc (id int primary key, day int, words tsvector)")
        batch = []

        def flush():
            cluster.ask("insert into doc values " + ", ".join(batch))
            batch.clear()

        for number, day, text in articles(body):
            quoted = text.replace("'", "''")
            batch.append(f"({number}, {day}, to_tsvector('italian', '{quoted}'))")
            if len(batch) == 1_000:
                flush()
        if batch:
            flush()
        cluster.ask("create index on doc using gin (words)")
        spent = cluster.clock() - begin
        cluster.ask("vacuum analyze doc")
        size, count = cluster.ask("select pg_total_relation_size('doc') || ' ' || count(*) from doc")[0].split()
        forms = {
            "term": "plainto_tsquery('italian', '{0}')",
            "two words": "plainto_tsquery('italian', '{0} {1}')",
            "phrase": "phraseto_tsquery('italian', '{0} {1}')",
            "prefix": "to_tsquery('simple', '{0}:*')",
        }
        forms["term by date"] = forms["term"]

        def ask(kind, words, year):
            when = f"and day between {year}0000 and {year}9999" if kind == "term by date" else ""
            query = forms[kind].format(*words)
            return cluster.ask(f"select id from doc where words @@ {query} {when} order by day desc, id desc limit 10")

        return spent, int(size) // int(count), timed(asked, ask, cluster.clock)
    finally:
        cluster.close()


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("body")
    parser.add_argument("throughput")
    parser.add_argument("--queries", type=int, default=300)
    parser.add_argument("--only", default="archive,sqlite,postgres")
    args = parser.parse_args()
    asked = drawn(args.body, args.queries)
    print("| | index, s | B/article | " + " | ".join(f"{kind}, ms p50 / p99" for kind in KINDS) + " |")
    print("| --- " * (len(KINDS) + 3) + "|")
    for name in args.only.split(","):
        with tempfile.TemporaryDirectory() as folder:
            try:
                if name == "archive":
                    spent, size, rows = archive(args.body, args.throughput, asked, folder)
                elif name == "sqlite":
                    spent, size, rows = sqlite(args.body, asked, folder)
                else:
                    spent, size, rows = postgres(args.body, asked, folder)
            except (FileNotFoundError, ValueError, sqlite3.OperationalError) as error:
                print(f"{name} is left out: {error}", file=sys.stderr)
                continue
        cells = " | ".join(f"{rows[kind][0]:.2f} / {rows[kind][1]:.2f}" for kind in KINDS)
        print(f"| {name} | {spent:.1f} | {size} | {cells} |", flush=True)


if __name__ == "__main__":
    main()
