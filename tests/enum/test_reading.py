"""The one reader of telephone numbers."""

from __future__ import annotations

import re
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.enum import NumberError, read_fields, read_number
from dashboard.enum.plans import COUNTRIES

LONDON = "442079460958"
MARKS = [chr(code) for code in (0x00AD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF)]
MARKS += [chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x061C)]
EVERY = [chr(code) for code in range(sys.maxunicode + 1)]
BETWEEN = [sign for sign in EVERY if unicodedata.category(sign) in ("Pd", "Zs")]
BETWEEN += ["\u2212", "\u30fc", "~", "/", ".", "\u00b7", "\t", "\uff0f", "\uff0e", "[", "]", "{", "\uff09"]
SCRIPTS = [chr(ord(digit) - 9) for digit in EVERY if unicodedata.decimal(digit, None) == 9]

digits = st.text("0123456789", min_size=1, max_size=15).filter(lambda text: not text.startswith("0"))
decoration = st.text(st.sampled_from(MARKS + BETWEEN), max_size=3)


@st.composite
def decorated(draw: st.DrawFn, number: str) -> str:
    """A number with a + and with marks, blanks and dashes anywhere, in digits of any script."""
    text = draw(decoration) + draw(st.sampled_from("+\uff0b\ufe62"))
    for digit in number:
        text += draw(decoration) + chr(ord(draw(st.sampled_from(SCRIPTS))) + int(digit))
    return text + draw(decoration)


@given(st.data(), digits, st.booleans())
def test_no_decoration_changes_a_number(data: st.DataObject, number: str, public: bool) -> None:
    assert read_number(data.draw(decorated(number)), public=public) == number


@given(st.data(), digits, st.sampled_from(sorted(COUNTRIES)))
def test_a_number_with_a_plus_is_the_same_in_every_country(data: st.DataObject, number: str, country: str) -> None:
    assert read_number(data.draw(decorated(number)), country) == number


pieces = st.sampled_from(
    ["+", "(0)", "0", "44", "tel:", ";ext=5", ";phone-context=+44", "%20", "x", *MARKS, *BETWEEN]
)
texts = st.one_of(st.text(max_size=40), st.lists(pieces, max_size=12).map("".join))


@given(texts, st.sampled_from(["", *sorted(COUNTRIES)]), st.booleans())
def test_any_text_is_digits_or_an_error_that_says_what_to_do(text: str, country: str, public: bool) -> None:
    number, problem = "", None
    try:
        number = read_number(text, country, public=public)
    except NumberError as error:
        problem = error
    assert re.fullmatch(r"[0-9]+", number) if problem is None else (problem.field == "number" and str(problem))


fields = st.one_of(st.just(""), texts)


@given(fields, fields, fields, st.sampled_from(["", "GB", "IT", "US"]), st.booleans())
def test_any_fields_are_digits_or_an_error_at_one_of_them(
    country: str, area: str, local: str, home: str, public: bool
) -> None:
    parts, field = ("", "", ""), "country"
    try:
        parts = read_fields(country, area, local, home, public=public)
    except NumberError as error:
        field = error.field
    assert field in ("country", "area", "local")
    assert all(re.fullmatch(r"[0-9]*", part) for part in parts)


@pytest.mark.parametrize("sign", [chr(code) for code in (0x2011, 0x2012, 0x2013, 0x2212, 0x00A0, 0x202F, 0x3000)])
def test_dashes_and_blanks_of_typographers_stand_between_digits(sign: str) -> None:
    assert read_number(f"+44{sign}20{sign}7946{sign}0958") == LONDON


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("442079460958", LONDON),
        ("00 44 20 7946 0958", LONDON),
        ("(+44) 20 7946 0958", LONDON),
        ("+44 (0)20 7946 0958", LONDON),
        ("+44(0)2079460958", LONDON),
        ("+44-( 0 )-20-7946-0958", LONDON),
        ("+\u0664\u0664 (\u0660)20 7946 0958", LONDON),
        ("0044 (0)20 7946 0958", LONDON),
        ("44 (0)20 7946 0958", LONDON),
        ("\uff0b\uff14\uff14\uff08\uff10\uff09\uff12\uff10 7946 0958", LONDON),
        ("+7 (8) 495 123 45 67", "74951234567"),
        ("+44 020 7946 0958", "4402079460958"),
        ("+44 (020) 7946 0958", "4402079460958"),
        ("+44 20 (0) 7946 0958", "442007946" + "0958"),
        ("+39 06 6981 2345", "390669812345"),
        ("+39 (0)6 6981 2345", "390669812345"),
        ("+39 (0)333 123 4567", "393331234567"),
        ("+39 (0)6 698", "3906698"),
        ("+378 (0)549 886377", "3780549886377"),
        ("+34 (0)912 345 678", "34912345678"),
        ("+36 (06) 1 234 5678", "3612345678"),
        ("+36 (1) 234 5678", "3612345678"),
        ("+1 (1) 604 555 0123", "16045550123"),
        ("+1\ufe0f\u20e3 604", "1604"),
    ],
)
def test_a_number_is_read_as_people_write_it(text: str, number: str) -> None:
    assert read_number(text) == number


@pytest.mark.parametrize(
    ("country", "text", "number"),
    [
        ("GB", "020 7946 0958", LONDON),
        ("GB", "00 44 20 7946 0958", LONDON),
        ("GB", "00 44 (0)20 7946 0958", LONDON),
        ("GB", "2079460958", LONDON),
        ("GB", "442079460958", LONDON),
        ("GB", "030 2312 5000", "443023125000"),
        ("US", "011 44 20 7946 0958", LONDON),
        ("US", "011 44 (0)20 7946 0958", LONDON),
        ("US", "00 44 20 7946 0958", LONDON),
        ("US", "1 (604) 555-0123", "16045550123"),
        ("US", "(907) 555-0123", "19075550123"),
        ("JP", "010 44 20 7946 0958", LONDON),
        ("JP", "03-1234-5678", "81312345678"),
        ("AU", "0011 44 20 7946 0958", LONDON),
        ("AU", "0491 570 156", "61491570156"),
        ("RU", "8~10 44 20 7946 0958", LONDON),
        ("RU", "8 (495) 123-45-67", "74951234567"),
        ("RU", "81 3 1234 5678", "81312345678"),
        ("IT", "06 6981 2345", "390669812345"),
        ("IT", "00 44 20 7946 0958", LONDON),
        ("BR", "0 21 11 98765-4321", "5511987654321"),
        ("HU", "06 1 234 5678", "3612345678"),
    ],
)
def test_a_number_without_plus_is_read_as_it_is_dialled_in_a_country(country: str, text: str, number: str) -> None:
    assert read_number(text, country) == number


def test_a_number_at_home_and_abroad_is_refused_with_both() -> None:
    with pytest.raises(NumberError, match=r"This may be \+16045550123 or \+6045550123"):
        read_number("604 555 0123", "US")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("tel:+1-201-555-0123", "12015550123"),
        ("TEL:+1.201.555.0123", "12015550123"),
        ("tel:+1(201)555-0123", "12015550123"),
        ("\u202atel:+1-201-555-0123\u202c", "12015550123"),
        ("tel:%2B1%20201%20555%200123", "12015550123"),
        ("tel:+12015550123;cpc=ordinary;rn=+12015550000;", "12015550123"),
        ("tel:020-7946-0958;phone-context=+44", LONDON),
        ("tel:0669812345;phone-context=+39", "390669812345"),
        ("tel:201-555-0123;PHONE-CONTEXT=+1", "12015550123"),
    ],
)
def test_a_tel_uri_is_read(text: str, number: str) -> None:
    assert read_number(text) == number


@pytest.mark.parametrize(
    ("text", "parameter"),
    [
        ("tel:7042;phone-context=example.com", ";phone-context=example.com"),
        ("tel:863-1234;phone-context=+1-914-555", ";phone-context=+1-914-555"),
        ("tel:7042;phone-context=+44", ";phone-context=+44"),
        ("tel:+12015550123;phone-context=+1", ";phone-context=+1"),
        ("tel:2015550123;phone-context=+1;phone-context=+44", ";phone-context=+44"),
        ("tel:+12015550123;ext=5", ";ext=5"),
        ("tel:+12015550123;EXT=5", ";EXT=5"),
        ("tel:+12015550123;isub=12", ";isub=12"),
        ("tel:+12015550123;postd=pp22", ";postd=pp22"),
        ("tel:+12015550123;m-other=1", ";m-other=1"),
    ],
)
def test_a_parameter_that_changes_which_number_is_meant_is_refused_by_name(text: str, parameter: str) -> None:
    with pytest.raises(NumberError) as caught:
        read_number(text)
    assert f"“{parameter}”" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("+44 20 7946 O958", "U+004F LATIN CAPITAL LETTER O"),
        ("+1 604 555 0123 ext. 5", "U+0065 LATIN SMALL LETTER E"),
        ("+1 604 555 0123#5", "U+0023 NUMBER SIGN"),
        ("+1 604*", "U+002A ASTERISK"),
        ("\u260e +1 604", "U+260E BLACK TELEPHONE"),
        ("+1 60\u00b2", "U+00B2 SUPERSCRIPT TWO"),
        ("+1 \u2460", "U+2460 CIRCLED DIGIT ONE"),
        ("+1\u2026", "U+2026 HORIZONTAL ELLIPSIS"),
        ("\u201e+1", "U+201E DOUBLE LOW-9 QUOTATION MARK"),
        ("+1\x00", "U+0000"),
        ("+1\ue000", "U+E000"),
        ("sip:+1604@example.org", "U+0073 LATIN SMALL LETTER S"),
        ("tel:+1%", "U+0025 PERCENT SIGN"),
        ("tel:+1%ff", "U+FFFD REPLACEMENT CHARACTER"),
    ],
)
def test_what_cannot_be_read_is_named_by_its_code_point(text: str, named: str) -> None:
    with pytest.raises(NumberError) as caught:
        read_number(text)
    assert f": {named} cannot be part of one." in str(caught.value)


@pytest.mark.parametrize("text", ["+1+604", "++1", "1+604", "604 555 0123+", "+44 20 7946 0958 / +44 20 7946 0959"])
def test_a_plus_stands_once_in_front(text: str) -> None:
    with pytest.raises(NumberError, match="stands once"):
        read_number(text)


@pytest.mark.parametrize("text", ["", " ", "+", "()", "\u200e", "tel:", "tel:;ext", "-"])
def test_without_digits_there_is_no_number(text: str) -> None:
    with pytest.raises(NumberError):
        read_number(text)


@pytest.mark.parametrize("text", ["020 7946 0958", "0", "00", "01144"])
def test_a_national_number_needs_a_country(text: str) -> None:
    with pytest.raises(NumberError, match="lacks its country code"):
        read_number(text)


@pytest.mark.parametrize("text", ["0424242", "+0424242", "004242", "+42 (0)42", "tel:+044"])
def test_the_digits_of_a_private_tree_are_kept(text: str) -> None:
    assert read_number(text, "GB", public=False) == re.sub(r"[^0-9]", "", text)


@pytest.mark.parametrize(
    ("fields", "parts"),
    [
        (("44", "20", "7946 0958"), ("44", "20", "79460958")),
        (("+44", "(0)20", "7946-0958"), ("44", "20", "79460958")),
        (("44", "", "(0)20 7946 0958"), ("44", "", "2079460958")),
        (("0044", "(0)", "20 7946 0958"), ("44", "", "2079460958")),
        (("39", "(0)6", "6981 2345"), ("39", "06", "69812345")),
        (("", "", "+44 20 7946 0958"), ("44", "20", "79460958")),
        (("", "", "0044 20 7946 0958"), ("44", "20", "79460958")),
        (("tel:+44-20-7946-0958", "", ""), ("44", "20", "79460958")),
        (("", "", "79460958"), ("", "", "79460958")),
    ],
)
def test_a_number_in_fields_stays_in_them(fields: tuple[str, str, str], parts: tuple[str, str, str]) -> None:
    assert read_fields(*fields) == parts


@pytest.mark.parametrize(
    ("local", "parts"),
    [("020 7946 0958", ("44", "20", "79460958")), ("79460958", ("", "", "79460958")), ("958", ("", "", "958"))],
)
def test_a_local_number_alone_stays_incomplete(local: str, parts: tuple[str, str, str]) -> None:
    assert read_fields("", "", local, "GB") == parts
