"""Pages travel compressed, and come out as they went in."""

import gzip

import brotli
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from folkmoot.site.compression import CompressionMiddleware

PAGE = "<p>Ada, Bo and Cyd meet on Thursday.</p>" * 40


def answered(response: HttpResponse | StreamingHttpResponse, accepted: str):
    request = RequestFactory().get("/", headers={"accept-encoding": accepted})
    return CompressionMiddleware(lambda _request: response)(request)


def test_a_browser_gets_brotli_and_reads_the_page():
    answer = answered(HttpResponse(PAGE), "gzip, deflate, br")
    assert answer["Content-Encoding"] == "br"
    assert answer["Content-Length"] == str(len(answer.content))
    assert "Accept-Encoding" in answer["Vary"]
    assert brotli.decompress(answer.content).decode().startswith(PAGE)


def test_its_size_does_not_say_what_is_in_it():
    assert len({len(answered(HttpResponse(PAGE), "br").content) for _ in range(50)}) > 5


def test_others_get_gzip_or_the_page_itself():
    assert gzip.decompress(answered(HttpResponse(PAGE), "gzip, br;q=0").content).decode() == PAGE
    assert answered(HttpResponse(PAGE), "identity").content.decode() == PAGE


def test_what_is_small_streamed_or_packed_already_is_left_alone():
    assert answered(HttpResponse("Hello"), "br").content == b"Hello"
    packed = HttpResponse(PAGE, headers={"Content-Encoding": "zstd"})
    assert answered(packed, "br").content.decode() == PAGE
    assert answered(StreamingHttpResponse([PAGE.encode()]), "br").get("Content-Encoding") is None
