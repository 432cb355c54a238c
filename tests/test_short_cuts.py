"""What is done in one look where the long way would find the same."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from twilio_mock.pairs import pairs_of
from twilio_mock.rest.urls import ORDINARY, doubtful_host, is_valid_url
from twilio_mock.serving.in_process import LONGEST_REMEMBERED, to_request

TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    st.just("é ü" * LONGEST_REMEMBERED),
)
SENT = TEXTS | st.none() | st.booleans() | st.integers() | st.floats() | st.binary(max_size=20)
QUERIES = st.text(st.sampled_from("ab&=+%c3A9é;?\x00 "), max_size=30)


@given(QUERIES)
def test_pairs_are_read_as_the_standard_library_reads_them(text: str) -> None:
    try:
        expected = tuple(parse_qsl(text, keep_blank_values=True, errors="strict"))
    except UnicodeError:
        with pytest.raises(UnicodeError):
            pairs_of(text)
    else:
        assert pairs_of(text) == expected


@given(st.from_regex(ORDINARY, fullmatch=True))
def test_what_one_look_finds_ordinary_is_valid_and_public_on_a_second_look(url: str) -> None:
    assert is_valid_url(url)
    assert not doubtful_host(url)


@pytest.mark.parametrize(
    "url", ["https://me.example/voice?a=b#c", "http://a-1.b.example", "http://a.example:8010/"]
)
def test_an_ordinary_url_is_seen_to_be_one(url: str) -> None:
    assert ORDINARY.fullmatch(url)


@given(st.dictionaries(TEXTS, SENT | st.lists(SENT, max_size=3), max_size=4))
def test_a_form_in_process_is_the_one_that_requests_sends(values: dict[str, Any]) -> None:
    url = "http://127.0.0.1/"
    expected = requests.Request("POST", url, data=values).prepare().body or ""
    asked = to_request("POST", url, None, values, None, None)
    assert asked.body == str(expected).encode()
    asked = to_request("GET", url, values, None, None, None)
    assert asked.query == str(expected)
