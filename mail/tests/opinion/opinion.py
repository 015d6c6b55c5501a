"""Reads messages (a folder of files) with Python's own library, and their signatures with dkimpy.

usage: opinion.py FOLDER RECORDS; RECORDS has a line `name<TAB>record` for each key. Prints a JSON object a message, in the
order of the names of the files."""
import email
import email.policy
import json
import os
import sys

import dkim

records = dict(line.split("\t") for line in sys.argv[2].splitlines())


def look(name, timeout=5):
    return records[name.decode().rstrip(".")].encode()


for name in sorted(os.listdir(sys.argv[1])):
    raw = open(os.path.join(sys.argv[1], name), "rb").read()
    message = email.message_from_bytes(raw, policy=email.policy.default)

    def person(field):
        return [[a.display_name, a.addr_spec] for a in message[field].addresses]

    def part(kind):
        found = [p for p in message.walk() if p.get_content_type() == kind]
        return found[0].get_payload(decode=True).decode("utf-8") if len(found) == 1 else None

    signatures = len(message.get_all("DKIM-Signature") or [])
    print(json.dumps({
        "subject": str(message["Subject"]),
        "from": person("From"),
        "to": person("To"),
        "fields": sorted(field.lower() for field in message.keys()),
        "text": part("text/plain"),
        "html": part("text/html"),
        "defects": [str(d) for p in message.walk() for d in p.defects],
        "signed": [bool(dkim.DKIM(raw).verify(idx=n, dnsfunc=look)) for n in range(signatures)],
    }))
