#!/usr/bin/env python3
"""Writes src/Engram.Data/Text/Unicode/Normalization.bin: what Unicode normalisation needs to know of characters.

Raw deflate over variable-length numbers (7 bits a byte, lowest first, the top bit where more follow):
  count, then (distance to the last code point, combining class) of all characters whose class is not 0;
  count, then (distance, flags, length, code points) of all decompositions; flags: 1 compatibility, 2 the pair composes to the character.
Hangul is computed and not in the table. Characters do not change their normal form from one version of Unicode to the next.
"""
import os
import unicodedata
import zlib

out = bytearray()


def number(value):
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)


points = [p for p in range(0x110000) if not 0xD800 <= p < 0xE000]
classes = [(p, unicodedata.combining(chr(p))) for p in points if unicodedata.combining(chr(p))]
number(len(classes))
last = 0
for point, combining in classes:
    number(point - last)
    number(combining)
    last = point

decompositions = [(p, unicodedata.decomposition(chr(p)).split()) for p in points if unicodedata.decomposition(chr(p))]
number(len(decompositions))
last = 0
for point, parts in decompositions:
    compatibility = parts[0].startswith("<")
    parts = [int(part, 16) for part in parts if not part.startswith("<")]
    composes = not compatibility and len(parts) == 2 and unicodedata.normalize("NFC", chr(point)) == chr(point)
    number(point - last)
    number(compatibility + 2 * composes)
    number(len(parts))
    for part in parts:
        number(part)
    last = point

pack = zlib.compressobj(9, wbits=-15)
path = os.path.join(os.path.dirname(__file__), "../src/Engram.Data/Text/Unicode/Normalization.bin")
with open(path, "wb") as file:
    file.write(pack.compress(bytes(out)) + pack.flush())
print(f"Unicode {unicodedata.unidata_version}: {len(classes)} classes, {len(decompositions)} decompositions")
