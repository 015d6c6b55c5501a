#!/usr/bin/env python3
"""usage: body.py N OUT.tsv    N made-up articles, one a line: number TAB yyyymmdd TAB text. The same N gives the same bytes.

Words are made of Italian syllables and drawn by Zipf's law, function words stand where Italian has them, names are drawn
from a list of their own. No sentence means anything: this is for the cost of searches, not for their quality."""
import bisect
import itertools
import random
import sys

SMALL = (
    "di e il la che a in un per è una del della non con i le da si al dei nel alla sono come ha anche più delle degli gli "
    "dal ma ai su lo all' l' dell' nell' un' dalla nella questo questa stato stata tra cui ed se o loro suo sua".split()
)
ONSETS = "b c d f g l m n p r s t v z br cr dr fr gr pr tr st sp sc ch gl gn qu".split()
VOWELS = "a e i o u a e i o io ia".split()
ENDS = "o a e i one ione mento tore trice zione ità ale are ere ire ato ata iere".split()


def words(chance, count):
    made = set()
    while len(made) < count:
        body = "".join(chance.choice(ONSETS) + chance.choice(VOWELS) for _ in range(chance.choice((1, 2, 2, 3))))
        made.add(body + chance.choice(ONSETS) + chance.choice(ENDS))
    made = sorted(made)
    chance.shuffle(made)
    return made


def zipf(count, power):
    return list(itertools.accumulate(1 / (n + 3) ** power for n in range(count)))


def main():
    count, out = int(sys.argv[1]), sys.argv[2]
    chance = random.Random(1861)
    content, names = words(chance, 60_000), [w.capitalize() for w in words(chance, 60_000)]
    shares = {"small": zipf(len(SMALL), 0.9), "content": zipf(len(content), 0.95), "names": zipf(len(names), 1.0)}

    def draw(kind, of):
        share = shares[kind]
        return of[min(bisect.bisect(share, chance.random() * share[-1]), len(of) - 1)]

    with open(out, "w", encoding="utf-8") as file:
        for number in range(count):
            # an article is about a few words of its own, which come back
            about = [draw("content", content) for _ in range(8)]
            sentences = []
            for _ in range(chance.randint(4, 12)):
                line = []
                for _ in range(chance.randint(8, 28)):
                    at = chance.random()
                    if at < 0.45:
                        line.append(draw("small", SMALL))
                    elif at < 0.55:
                        line.append(chance.choice(about))
                    elif at < 0.93:
                        line.append(draw("content", content))
                    else:
                        line.append(draw("names", names))
                text = " ".join(line).replace("' ", "'")
                sentences.append(text[:1].upper() + text[1:] + ".")
            day = f"{chance.randint(2016, 2026)}{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}"
            file.write(f"{number}\t{day}\t{' '.join(sentences)}\n")


if __name__ == "__main__":
    main()
