"""Texts of a DICOM file, read in the character set that they are in, whatever the header says.

Headers often name no character set, or another than the one a name was typed in (PS3.5, 6.1).
"""

from __future__ import annotations

import re
import unicodedata

_CODECS = {
    "": "latin_1",
    "ISOIR6": "latin_1",
    "ISOIR100": "latin_1",
    "ISOIR101": "iso8859_2",
    "ISOIR109": "iso8859_3",
    "ISOIR110": "iso8859_4",
    "ISOIR144": "iso8859_5",
    "ISOIR127": "iso8859_6",
    "ISOIR126": "iso8859_7",
    "ISOIR138": "iso8859_8",
    "ISOIR148": "iso8859_9",
    "ISOIR166": "tis_620",
    "ISOIR13": "shift_jis",
    "ISOIR149": "euc_kr",
    "ISOIR58": "gb18030",
    "ISOIR192": "utf_8",
    "UTF8": "utf_8",
    "GB18030": "gb18030",
    "GBK": "gb18030",
    "GB2312": "gb18030",
}
"""Python's codecs by the defined terms of Specific Character Set (0008,0005), without signs."""
_WIDE = {"gb18030", "euc_kr", "shift_jis"}
_GUESSES = ("gb18030", "shift_jis", "cp1251", "iso8859_5", "koi8_r", "cp866")
"""What names are found in under a character set that is not theirs."""
_CYRILLIC = frozenset(("cp1251", "iso8859_5", "koi8_r", "cp866"))
_SHORT = 4
"""Letters of a whole name that more often are two Chinese characters than one Russian word."""
_SHORTEST = 2
"""Letters of a word in a rare script that more often are one or two Chinese characters."""
_ESCAPES = {
    b"$)A": "gb18030",
    b"$)C": "euc_kr",
    b")I": "shift_jis",
    b"(J": "shift_jis",
    b"(I": "shift_jis",
    b"-A": "latin_1",
    b"-B": "iso8859_2",
    b"-C": "iso8859_3",
    b"-D": "iso8859_4",
    b"-L": "iso8859_5",
    b"-G": "iso8859_6",
    b"-F": "iso8859_7",
    b"-H": "iso8859_8",
    b"-M": "iso8859_9",
    b"-T": "tis_620",
}
"""Codecs by ISO 2022 escape sequences. Those of Japanese sets are left to Python's own codec."""
_ESCAPE = re.compile(rb"\x1b(\$[()][A-D]|\$[@B]|[()\-][A-Z])")
_SEPARATORS = re.compile(r"[\^=\\ \-.,'·/()0-9]+")
_TWO_BYTES = "\u07ff"
"""Up to here UTF-8 takes two bytes, which other sets may hold by chance; three are no chance."""
_SAID = 0.6
"""What a declared character set other than Latin, or UTF-8, is worth where the text makes sense."""
_COMMON_RUSSIAN = set("оаеинтрсвлкм")


def readable(data: bytes, declared: tuple[str, ...]) -> str:
    """A text in the character set that it makes sense in; the declared one where there is doubt."""
    data = data.rstrip(b" \0")
    if b"\x1b" in data:
        return _unescaped(data)
    if data.isascii():
        return data.decode("ascii")
    said = [_codec(name) for name in declared] or ["latin_1"]
    unicode = _strictly(data, "utf_8")
    is_said = "utf_8" in said
    if unicode is not None and (
        max(unicode) > _TWO_BYTES or (is_said and _sense(unicode, "utf_8"))
    ):
        return unicode
    for codec in said:
        if codec in _WIDE and (text := _strictly(data, codec)) is not None:
            return text
    first = next((codec for codec in said if codec not in (*_WIDE, "utf_8", "latin_1")), "latin_1")
    texts = {codec: _strictly(data, codec) for codec in (first, "utf_8", *_GUESSES)}
    senses = {codec: _sense(text, codec) for codec, text in texts.items() if text}
    for codec in {first, "utf_8"} - {"latin_1"}:
        if senses.get(codec):
            senses[codec] += _SAID
    best = max(senses, key=lambda codec: senses[codec], default=first)
    if unicode is not None and is_said and senses.get(best, 0.0) < _SAID:
        return unicode
    return texts[best] or data.decode("latin_1")


def _codec(name: str) -> str:
    sign = re.sub("[^A-Z0-9]", "", name.upper()).replace("ISO2022IR", "ISOIR")
    return _CODECS.get(sign, "latin_1")


def _strictly(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return None


def _unescaped(data: bytes) -> str:
    """A text with ISO 2022 escapes: each stretch in the set that its escape calls."""
    parts = _ESCAPE.split(data)
    text = parts[0].decode("latin_1")
    for escape, stretch in zip(parts[1::2], parts[2::2], strict=True):
        if escape in (b"$@", b"$B", b"$(D"):
            text += (b"\x1b" + escape + stretch).decode("iso2022_jp_2", "replace")
        else:
            text += stretch.decode(_ESCAPES.get(escape, "latin_1"), "replace")
    return text


def _sense(text: str, codec: str) -> float:
    """How much a text looks like a name: letters of one script a word, written as names are."""
    words = [word for word in _SEPARATORS.split(text) if word and not word.isascii()]
    sense = min((_word_sense(word, codec) for word in words), default=0.0)
    is_short = codec in _CYRILLIC and len(words) == 1 and len(words[0]) <= _SHORT
    return 0.6 * sense if is_short else sense


def _word_sense(word: str, codec: str) -> float:
    if not all(unicodedata.category(character)[0] in "LM" for character in word):
        return 0.0
    scripts = {unicodedata.name(character, "?").split()[0] for character in word}
    if scripts == {"LATIN"}:
        # Letters with accents stand alone among others; a row of them is another script.
        alone = 1.0
        if re.search("[^\\x00-\\x7f]{2}", word):
            alone = 0.3 if len(word) > _SHORTEST else 0.0
        return alone if word.istitle() or word.isupper() or word.islower() else 0.0
    if scripts == {"CYRILLIC"}:
        common = sum(letter in _COMMON_RUSSIAN for letter in word.lower()) / len(word)
        cased = 1.0 if word.istitle() else 0.9 if word.isupper() else 0.0
        return (0.5 + common / 2) * cased * (1.0 if len(word) > 2 else 0.5)
    if scripts == {"CJK"}:
        return _chinese_sense(word.encode(codec), codec)
    if scripts <= {"HIRAGANA", "KATAKANA", "CJK", "KATAKANA-HIRAGANA"}:
        return 0.9
    return 0.3 if len(scripts) == 1 and len(word) > _SHORTEST else 0.0


def _chinese_sense(data: bytes, codec: str) -> float:
    """Names are written with common characters, which come first in every national set."""
    leads, seconds = data[::2], data[1::2]
    if codec == "shift_jis":
        return 0.65 if all(0x88 <= lead <= 0x97 for lead in leads) else 0.42
    if all(0xB0 <= lead <= 0xD7 for lead in leads) and min(seconds) >= 0xA1:
        return 0.7
    return 0.45 if min(data) >= 0xA1 else 0.4
