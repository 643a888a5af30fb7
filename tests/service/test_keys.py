"""Keys: hashes at rest, names, rights, withdrawing."""

from __future__ import annotations

import hashlib
import signal

import pytest
from service_tests import AS_OF, lead, problem

from leadpact.cli import main
from leadpact.service.keys import KeyFileError, Keys, new_key, parse_keys, read_keys, withdraw

DECIDE = f"/v1/policies/first/decide?as_of={AS_OF}"


def test_only_the_hash_is_kept(tmp_path):
    path = tmp_path / "keys.txt"
    token = new_key(path, "crm", ("decide", "read"))
    text = path.read_text()
    assert token not in text
    assert f"crm decide,read sha256:{hashlib.sha256(token.encode()).hexdigest()}\n" in text
    assert path.stat().st_mode & 0o777 == 0o600
    found = read_keys(path).find(token.encode())
    assert found is not None
    assert (found.name, found.rights) == ("crm", {"decide", "read"})
    assert read_keys(path).find(b"lp_other") is None
    assert Keys(()).find(b"") is None


def test_every_key_is_compared_in_constant_time(tmp_path, monkeypatch):
    """Also those behind the one that fits."""
    import hmac

    path = tmp_path / "keys.txt"
    tokens = [new_key(path, name, ("read",)) for name in ("a", "b", "c")]
    keys = read_keys(path)
    compared = []
    real = hmac.compare_digest
    monkeypatch.setattr(hmac, "compare_digest", lambda a, b: compared.append(b) or real(a, b))
    assert keys.find(tokens[0].encode()).name == "a"
    assert len(compared) == 3


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("crm decide", "x:2: a line has a name, its rights and a hash"),
        ("c/m decide sha256:" + "0" * 64, "x:2: a name has letters"),
        ("crm fly sha256:" + "0" * 64, "x:2: the rights are decide, read, metrics"),
        ("crm decide sha256:" + "0" * 63, "x:2: a hash is `sha256:` and 64 digits"),
        ("crm decide secret", "x:2: a hash is"),
        (f"crm read sha256:{'0' * 64}\ncrm read sha256:{'1' * 64}", "x:3: the key `crm` stands"),
        (f"crm read sha256:{'0' * 64}\nerp read sha256:{'0' * 64}", "x:3: the key `erp` stands"),
    ],
)
def test_mistakes_in_a_key_file_are_told_without_the_key(line, says):
    with pytest.raises(KeyFileError) as told:
        parse_keys(f"# keys\n{line}\n", "x")
    assert says in str(told.value)
    assert "secret" not in str(told.value)


def status_of(*arguments: object) -> object:
    with pytest.raises(SystemExit) as left:
        main(["keys", *map(str, arguments)])
    return left.value.code


def test_the_command(tmp_path, capsys):
    file = tmp_path / "keys.txt"
    assert status_of("new", "crm", "--file", file) == 0
    out, err = capsys.readouterr()
    assert read_keys(file).find(out.strip().encode()).name == "crm"
    assert "its hash only" in err
    assert status_of("new", "crm", "--file", file) == 1
    assert "stands here twice" in capsys.readouterr().err
    assert status_of("new", "x", "--rights", "all", "--file", file) == 2
    assert status_of("new", "prometheus", "--rights", "metrics", "--file", file) == 0
    capsys.readouterr()
    assert status_of("list", "--file", file) == 0
    assert capsys.readouterr().out == "crm  decide,read\nprometheus  metrics\n"
    assert status_of("withdraw", "crm", "--file", file) == 0
    assert status_of("withdraw", "crm", "--file", file) == 1
    assert status_of("list", "--file", tmp_path / "none") == 1


def test_a_service_with_keys(serve, first, tmp_path):
    keys = tmp_path / "keys.txt"
    crm = new_key(keys, "crm", ("decide",))
    reader = new_key(keys, "reader", ("read",))
    metrics = new_key(keys, "prometheus", ("metrics",))
    service = serve(first, "--keys", keys, "--open", "docs", "--no-watch")
    with service.client() as client:

        def decide(key: str | None, kind: str = "Bearer"):
            headers = {"authorization": f"{kind} {key}"} if key is not None else {}
            return client.post(DECIDE, json=lead(), headers=headers)

        def get(path: str, key: str):
            return client.get(path, headers={"authorization": f"Bearer {key}"})

        for _ in range(3):
            assert decide(crm).status_code == 200
            assert decide(crm, "bearer").status_code == 200
        for wrong in (None, "lp_wrong", crm[:-1], crm + "x", crm.upper()):
            answer = decide(wrong)
            problem(answer, 401, "no-key")
            assert answer.headers["www-authenticate"].startswith("Bearer")
        problem(decide(crm, "Basic"), 401, "no-key")
        assert "`decide`" in problem(decide(reader), 403, "not-allowed")["detail"]
        for path, key in (
            ("/v1/policies", reader),
            ("/v1/policies/first/source", reader),
            ("/metrics", metrics),
        ):
            assert get(path, key).status_code == 200
            problem(get(path, crm), 403, "not-allowed")
            problem(client.get(path), 401, "no-key")
        # Open to all: health, and what the command opened.
        for path in ("/healthz", "/readyz", "/docs", "/openapi.json"):
            assert client.get(path).status_code == 200
        assert client.get("/openapi.json").json()["components"]["securitySchemes"]["key"]
        # With keys, the service has any name.
        assert get("/v1/policies", reader).status_code == 200
        # What is wrong with a policy is told to those who may read it.
        policy = first / "policy.leadpact"
        policy.write_text(policy.read_text().replace("is at least 40", ">= 40"))
        withdraw(keys, "crm")
        service.signal(signal.SIGHUP)
        service.hear("reload kept the old")
        for _ in range(100):
            if "reload" in client.get("/readyz").json():
                break
        brief, whole = client.get("/readyz").json(), get("/readyz", reader).json()
        assert brief["reload"]["because"] == "The policy has errors: E131 at policy.leadpact:14."
        assert "moves to mql when interest >= 40" in whole["reload"]["because"]
        # A key is withdrawn although the policy is broken: it must not have to wait.
        problem(decide(crm), 401, "no-key")
