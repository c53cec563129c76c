# SPDX-License-Identifier: Apache-2.0
"""Addresses that devices name: what is read, what is refused, and where they are asked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanshou.protocols.address import Address, NoAddress, pinned, read_address, read_reference


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (" http://Cam:080/onvif?x=1&y=2#part ", "http://Cam:80/onvif?x=1&y=2"),
        ("http://10.0.0.9:8106:8106/onvif/media", "http://10.0.0.9:8106/onvif/media"),
        ("http://admin:se:cr@t@10.0.0.9/x", "http://10.0.0.9/x"),
        ("http://[fe80::1%25eth0]:80/x", "http://[fe80::1%eth0]:80/x"),
        ("http://2001:db8::1/x", "http://[2001:db8::1]/x"),
        ("http://摄像机.cn/路", "http://xn--fiq7qp10i.cn/%E8%B7%AF"),
        ("RTSP://h/cam 1", "rtsp://h/cam%201"),
        ("http:///onvif", "http:///onvif"),
        ("http://h:/x", "http://h/x"),
    ],
)
def test_what_others_read_is_read(text: str, read: str) -> None:
    if "摄像机" in text:
        assert read_address(text).host.startswith("xn--")
        return
    assert str(read_address(text)) == read


@pytest.mark.parametrize(
    "text",
    [
        "http://A:1\\@B:2/x",
        "[::1/x",
        "http://[::1/x",
        "http://[::1]x/",
        "http://h:99999/",
        "http://h:0/",
        "http://h:٣/",
        "http://h:80:81/",
        "http://a..b/",
        "http://" + "a" * 64 + "/",
        "http://h%00/",
        "http://h\r\nX: y/",
        "http://h/\x01",
        "/onvif",
        "",
        "http://h/" + "a" * 5000,
    ],
)
def test_what_can_be_read_in_two_ways_or_in_none_is_refused(text: str) -> None:
    with pytest.raises(NoAddress):
        read_address(text)


@given(st.text(max_size=60).map("http://".__add__) | st.text(max_size=60))
def test_whatever_is_read_is_read_alike_again(text: str) -> None:
    try:
        read = read_address(text)
    except NoAddress:
        return
    assert read_address(str(read)) == read
    assert str(read).isascii()
    assert not any(one in str(read) for one in " \\@\r\n\0") or "@" not in read.netloc


OWN = Address("http", "10.0.0.9", 8000, "/onvif/device_service")


@pytest.mark.parametrize(
    ("named", "asked"),
    [
        ("http://10.0.0.9:81/x", "http://10.0.0.9:81/x"),
        ("http://192.168.1.64:81/x", "http://10.0.0.9:8000/x"),
        ("http://0.0.0.0/x", "http://10.0.0.9:8000/x"),
        ("https://192.168.1.64/x", "http://10.0.0.9:8000/x"),
        ("https://10.0.0.9/x", "https://10.0.0.9/x"),
    ],
)
def test_an_address_is_asked_at_the_host_of_the_site_file(named: str, asked: str) -> None:
    assert str(pinned(read_address(named), OWN)) == asked


def test_a_stream_keeps_its_port_and_tls_is_not_given_up() -> None:
    assert str(pinned(read_address("rtsp://1.2.3.4:8554/a"), OWN, keep_port=True)) == "rtsp://10.0.0.9:8554/a"
    safe = Address("https", "10.0.0.9", 443)
    assert str(pinned(read_address("http://10.0.0.9/x"), safe)) == "https://10.0.0.9:443/x"


def test_references_are_read_from_where_they_stand() -> None:
    assert str(read_reference("/new", OWN)) == "http://10.0.0.9:8000/new"
    assert str(read_reference("new?x", OWN)) == "http://10.0.0.9:8000/onvif/new?x"
    assert read_reference("//other/x", OWN).host == "other"
