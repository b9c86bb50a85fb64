"""Proves that a passage is still at its source without reprinting it."""

from __future__ import annotations

import hashlib
import re
import unicodedata


def normalize(passage: str) -> str:
    r"""Returns the words of a passage as a fingerprint counts them: NFKC, lower case, runs of a-z and 0-9, one space.

    Accented letters that NFKC leaves are separators, as every other sign is.

    >>> normalize("Supported   Employment,\nper-diem")
    'supported employment per diem'
    """
    return " ".join(re.findall("[a-z0-9]+", unicodedata.normalize("NFKC", passage).lower()))


def fingerprint(passage: str) -> str:
    """Returns `WORDS:HEX`: the number of words and the first 32 hex digits of the SHA-256 of the normalized passage.

    Case, punctuation and line breaks do not change it. Raises ValueError where the text has no word at all.

    >>> fingerprint("Supported employment, per diem")
    '4:4883dca739fde6f996ca172f433a2b04'
    """
    text = normalize(passage)
    if not text:
        raise ValueError("there is no word in this text: paste the passage that bears the fact")
    return f"{text.count(' ') + 1}:{hashlib.sha256(text.encode()).hexdigest()[:32]}"
