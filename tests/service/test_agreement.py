"""The published agreement under ``/agreement/``: files of its folder, and no others."""

from __future__ import annotations

import httpx
import pytest
from service_tests import Service, problem


@pytest.fixture
def site(tmp_path):
    folder = tmp_path / "site"
    (folder / "kontor").mkdir(parents=True)
    (folder / "index.html").write_text("<h1>Our agreement</h1>")
    (folder / "kontor" / "index.html").write_text("<h1>Kontor</h1>")
    (folder / "style.css").write_text("h1 { color: red }")
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "out.txt").symlink_to(tmp_path / "secret.txt")
    return folder


def test_the_pages_of_the_agreement(serve, first, site):
    service: Service = serve(first, "--agreement", site)
    with service.client() as client:
        index = client.get("/agreement/")
        assert index.text == "<h1>Our agreement</h1>"
        assert index.headers["content-type"].startswith("text/html")
        assert client.get("/agreement").headers["location"] == "/agreement/"
        assert client.get("/agreement/kontor/").text == "<h1>Kontor</h1>"
        assert client.get("/agreement/style.css").headers["content-type"].startswith("text/css")
        again = {"if-none-match": index.headers["etag"]}
        assert client.get("/agreement/", headers=again).status_code == 304
        assert client.head("/agreement/").content == b""
        problem(client.post("/agreement/"), 405, "wrong-method")
        for path in (
            "/agreement/none.html",
            "/agreement/out.txt",
            "/agreement/index.html/x",
            "/agreement/../secret.txt",
            "/agreement/%2e%2e/secret.txt",
            "/agreement/..%2fsecret.txt",
            "/agreement//etc/passwd",
            "/agreement/%2fetc%2fpasswd",
            "/agreement/%00",
            f"/agreement/{'x' * 3_000}",
        ):
            request = client.build_request("GET", "/agreement/")
            request.url = httpx.URL(service.url).copy_with(raw_path=path.encode())
            problem(client.send(request), 404, "nothing-here")


def test_with_keys_it_is_open_only_when_told(serve, first, site, tmp_path):
    keys = tmp_path / "keys.txt"
    keys.write_text("# none yet\n")
    closed = serve(first, "--agreement", site, "--keys", keys)
    with closed.client() as client:
        problem(client.get("/agreement/"), 401, "no-key")
    opened = serve(first, "--agreement", site, "--keys", keys, "--open", "agreement")
    with opened.client() as client:
        assert client.get("/agreement/").status_code == 200
        problem(client.get("/docs"), 401, "no-key")
