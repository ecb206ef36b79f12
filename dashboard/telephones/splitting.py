"""FreeSWITCH's splitter of texts (switch_separate_string in switch_utils.c), which knows quotes and backslashes."""

from __future__ import annotations

import re

_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "s": " "}


def split_at_blanks(text: str) -> list[str]:
    """Return the words of `text`; quoted by ' or after a backslash a blank does not end a word."""
    if "\\ " not in text and "'" not in text:
        return [_cleaned(word, "") for word in text.split(" ") if word]
    words: list[str] = []
    place, quoted = 0, False
    while place < len(text):
        start = place
        while place < len(text) and text[place] == " ":
            place += 1
        while place < len(text) and (quoted or text[place] != " "):
            if text[place] == "'":
                quoted = not quoted
            place += 2 if text[place] == "\\" else 1
        words.append(_cleaned(text[start:place], ""))
        while place < len(text) and text[place] == " ":
            place += 1
    return words


def split_at(text: str, delimiter: str, most: int) -> list[str]:
    """Return the parts of `text` between delimiters, at most `most`: the last one holds what is left.

    A delimiter between two ' or after a backslash is data. A text that begins with ^^ names another delimiter.
    """
    if text.startswith("^^") and len(text) > 3:
        text, delimiter = text[3:], text[2]
    if "\\" + delimiter not in text and "'" not in text:
        found = text.split(delimiter, most - 1)
        return [_cleaned(part, delimiter) for part in (found if found[-1] else found[:-1])]
    parts: list[str] = []
    start, place, quoted = 0, 0, False
    while place < len(text) and len(parts) < most - 1:
        character = text[place]
        if character == "'" and (quoted or "'" in text[place + 1 :]):
            quoted = not quoted
        elif character == delimiter and not quoted:
            parts.append(_cleaned(text[start:place], delimiter))
            start = place + 1
        place += 2 if character == "\\" else 1
    if start < len(text):
        parts.append(_cleaned(text[start:], delimiter))
    return parts


def _cleaned(part: str, delimiter: str) -> str:
    """Return `part` without quotes, the escapes that the splitter knows, and blanks at both ends."""
    if "\\" not in part and "'" not in part:
        return part.strip(" ")
    if "\\s" not in part and "'" not in part:
        return _ESCAPED.sub(lambda pair: _unescaped(pair[1], delimiter), part.strip(" "))
    result, kept, quoted = [], 0, False
    place = len(part) - len(part.lstrip(" "))
    while place < len(part):
        character, following = part[place], part[place + 1 : place + 2]
        place += 1
        if character == "\\" and following and (made := _unescaped(following, delimiter)) != "\\" + following:
            result.append(made)
            place += 1
            kept = len(result)
        elif character == "'" and (quoted or "'" in part[place:]):
            quoted = not quoted
            kept = len(result) if quoted else kept
        else:
            result.append(character)
            kept = len(result) if character != " " or quoted else kept
    return "".join(result[:kept]) if kept else "".join(result)


def _unescaped(character: str, delimiter: str) -> str:
    if character in "'\"\\" + delimiter:
        return character
    return _ESCAPES.get(character, "\\" + character)
