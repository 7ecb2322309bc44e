"""What is printed reads nothing but what it was handed: no file of this machine, no address, whatever somebody typed."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from jobs.gateways.printing import pdf

SECRET = "the data key of this installation"


@pytest.fixture
def neighbour() -> Iterator[tuple[str, list[str]]]:
    """Something that answers on this machine, and what it was asked for."""
    asked: list[str] = []

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(SECRET.encode())

        def log_message(self, *_words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    "markup",
    [
        '<img src="{url}/a.png">',
        '<link rel="stylesheet" href="{url}/a.css">',
        '<link rel="attachment" href="{url}/a">',
        '<a rel="attachment" href="{url}/a">here</a>',
        "<style>@import url({url}/a.css); body {{ background: url({url}/b.png) }}</style>",
        "<style>@font-face {{ font-family: x; src: url({url}/c) }} h1 {{ font-family: x }}</style>",
        '<object data="{url}/a.svg"></object><embed src="{url}/b.svg"><iframe src="{url}/c"></iframe>',
        '<svg xmlns="http://www.w3.org/2000/svg"><image href="{url}/a.png" width="9" height="9"/><use href="{url}/b.svg#x"/></svg>',
        '<base href="{url}/"><img src="a.png">',
    ],
)
def test_no_file_and_no_address_is_read(neighbour: tuple[str, list[str]], tmp_path: object, markup: str) -> None:
    url, asked = neighbour
    (secret := tmp_path / "secret.txt").write_text(SECRET)  # type: ignore[operator]
    for place in (url, f"file://{secret}#", f"file://{secret.parent}", f"ftp{url[4:]}"):
        page = f'<html lang="en"><title>Slip</title><body><h1>Slip</h1>{markup.format(url=place)}</body></html>'
        made = pdf(page)
        assert made.startswith(b"%PDF")
        assert SECRET.encode() not in made
        assert b"/EmbeddedFile" not in made
    assert asked == []
