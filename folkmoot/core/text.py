"""Text as people search and sort it, made in Python so that every database and locale agrees."""

import re
import unicodedata

# Letters that Unicode does not decompose into a base and a mark, as people type them without their own keyboard.
_LETTERS = str.maketrans(
    {
        "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ŧ": "t",
        "ŋ": "n", "ĸ": "k", "ə": "e", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ƴ": "y", "ʼ": "'", "ʻ": "'", "’": "'", "‘": "'",
    }
)  # fmt: skip
_NOT_WORD = re.compile(r"[^\w\u0900-\u0dff\u0e00-\u0fff]+")


def fold(text: str) -> str:
    """`text` without case, accents and repeated spaces: "  Hana  YILDIZ" and "Hana Yıldız" fold alike."""
    if text.isascii():
        return " ".join(text.lower().split())  # the same, and what imports mostly ask
    text = unicodedata.normalize("NFKD", text.replace("İ", "i")).casefold().translate(_LETTERS)
    text = "".join(c for c in text if not _is_accent(c))
    return " ".join(unicodedata.normalize("NFC", text).split())


def _is_accent(char: str) -> bool:
    """Marks over and under letters, and vowel points, which people leave out; not those that make the letter.

    Unicode's canonical combining classes: 10 to 35 are points of Hebrew and Arabic, from 200 on accents; below 10 are
    nukta and virama, above 35 vowels and tones of Asian scripts.
    """
    return 10 <= (unicodedata.combining(char) or 0) <= 35 or unicodedata.combining(char) >= 200


def words(text: str) -> list[str]:
    """The folded words of `text`, each once, in order. "O'Brien" gives obrien, "Smith-Jones" smith and jones."""
    return list(dict.fromkeys(w for w in _NOT_WORD.split(fold(text).replace("'", "")) if w))


def sort_key(name: str) -> str:
    """A key that sorts names as people expect, whatever the database's collation: folded, symbols last."""
    key = " ".join(words(name))
    return key if key else "\U0010ffff" + fold(name)
