"""A policy's history from real git repositories, each made for the test."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from tests.changes.repository import POLICY, Git

from leadpact.changes.git import GitError, repository, resolve
from leadpact.changes.history import Agreed, History, Version, history

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs the program git")

NAME = "policies/ours/policy.leadpact"


@pytest.fixture
def git(tmp_path: Path) -> Git:
    made = Git(tmp_path / "repository")
    made.write(NAME, POLICY)
    made.commit("The first version")
    return made


def told(git: Git, folder: str = "policies/ours") -> History:
    return history(git.root / folder)


def said(version: Version) -> list[str]:
    return [change.says for change in version.changes]


def worth(points: int) -> str:
    return POLICY.replace("+10", f"+{points}")


def test_each_change_with_who_and_why(git: Git) -> None:
    git.write(NAME, worth(15))
    git.commit(
        "Prices count more\n\nWon deals looked at prices twice as often.\nIn every quarter.\n\n"
        "Agreed-by: Lucas Seller <lucas@seller.example>\nReviewed-by: Kim Marketer\n"
        "Signed-off-by: Dana Buyer <dana@buyer.example>\n",
        author="Kim Marketer",
    )
    found = told(git)
    assert [version.subject for version in found.versions] == [
        "Prices count more",
        "The first version",
    ]
    newest, first = found.versions
    assert said(newest) == ["Points: +10 → +15"]
    assert newest.author == "Kim Marketer"
    assert newest.why == "Won deals looked at prices twice as often.\nIn every quarter."
    assert newest.agreed == (
        Agreed("Agreed-by", "Lucas Seller"),
        Agreed("Reviewed-by", "Kim Marketer"),
        Agreed("Signed-off-by", "Dana Buyer"),
    )
    assert newest.on.isoformat() == "2026-11-01T09:02:00+00:00"
    assert first.changes == ()
    assert first.before is None
    assert newest.before is not None
    assert (found.unread, found.cut_off, found.missing) == ((), None, None)


def test_what_changes_no_meaning_is_left_out(git: Git) -> None:
    git.write(NAME, f"# Prices\n\n{POLICY}")
    git.commit("A comment")
    git.write("policies/ours/points.leadpact", POLICY[POLICY.index("score") :])
    git.write(NAME, POLICY[: POLICY.index("score")])
    git.commit("Two files")
    git.write("policies/ours/examples.leadpact", 'example "One":\n    as of 2026-11-02 10:00\n')
    git.commit("An example")
    git.write("elsewhere.txt", "No policy")
    git.commit("Something else")
    assert [version.subject for version in told(git).versions] == ["The first version"]


def test_versions_that_cannot_be_read_are_passed_over(git: Git) -> None:
    git.write(NAME, worth(15).replace("each pricing_view", "each prcing_view"))
    git.commit("A slip")
    git.write(NAME, worth(15).replace("within", "wthin"))
    git.commit("Another slip")
    git.write(NAME, worth(15))
    git.commit("Mended")
    found = told(git)
    assert [version.subject for version in found.versions] == ["Mended", "The first version"]
    assert said(found.versions[0]) == ["Points: +10 → +15"]
    (run,) = found.unread
    assert run.count == 2
    assert run.first.minute == 2
    assert run.last.minute == 3


def test_the_newest_version_cannot_be_read(git: Git) -> None:
    git.write(NAME, POLICY.replace("within", "wthin"))
    git.commit("A slip")
    found = told(git)
    assert [version.subject for version in found.versions] == ["The first version"]
    assert [run.count for run in found.unread] == [1]


def test_a_renamed_folder_is_followed(git: Git) -> None:
    git.write(NAME, worth(15))
    git.commit("More points")
    git.run("mv", "policies/ours", "policies/theirs")
    git.commit("Another name for the folder")
    git.write("policies/theirs/policy.leadpact", worth(20))
    git.commit("Still more points")
    found = told(git, "policies/theirs")
    assert [version.subject for version in found.versions] == [
        "Still more points",
        "More points",
        "The first version",
    ]
    assert said(found.versions[0]) == ["Points: +15 → +20"]


def test_a_merge_counts_once_with_its_authors(git: Git) -> None:
    git.run("checkout", "-q", "-b", "proposal")
    git.write(NAME, worth(12))
    git.commit("Half of it", author="Kim Marketer")
    git.write(NAME, worth(15))
    git.commit("Prices count more\n\nThey did.\n\nAgreed-by: Lucas Seller", author="Kim Marketer")
    git.run("checkout", "-q", "main")
    git.write("elsewhere.txt", "No policy")
    git.commit("Something else")
    git.run("merge", "-q", "--no-ff", "proposal", "-m", "Merge branch 'proposal'")
    git.run("checkout", "-q", "-b", "nothing", "HEAD~1")
    git.write("other.txt", "Nor this")
    git.commit("Nothing about the policy")
    git.run("checkout", "-q", "main")
    git.run("merge", "-q", "--no-ff", "nothing", "-m", "Merge branch 'nothing'")
    found = told(git)
    assert [version.subject for version in found.versions] == [
        "Prices count more",
        "The first version",
    ]
    assert said(found.versions[0]) == ["Points: +10 → +15"]
    assert found.versions[0].author == "Kim Marketer"
    assert found.versions[0].agreed == (Agreed("Agreed-by", "Lucas Seller"),)
    assert found.versions[0].why == "They did."


def test_lists_of_their_own_files_are_read_as_they_were(git: Git) -> None:
    git.write("policies/ours/free.txt", "mail.example\n")
    git.write(
        "policies/ours/lists.leadpact",
        'list free "Free mail" from "free.txt"\n'
        "define private when domain of email is any of free\n",
    )
    git.commit("A list")
    git.write("policies/ours/free.txt", "mail.example\npost.example\n")
    git.commit("One more")
    found = told(git)
    assert said(found.versions[0]) == ["New members: “post.example”"]


def test_a_shallow_clone_says_where_it_is_cut_off(git: Git, tmp_path: Path) -> None:
    for points in (11, 12, 13):
        git.write(NAME, worth(points))
        git.commit(f"{points} points")
    clone = tmp_path / "clone"
    subprocess.run(
        ["git", "clone", "-q", "--depth", "2", git.root.as_uri(), str(clone)], check=True
    )
    found = history(clone / "policies" / "ours")
    assert [version.subject for version in found.versions] == ["13 points", "12 points"]
    assert found.versions[1].changes == ()
    assert found.cut_off is not None
    assert found.cut_off.minute == 3


def test_no_git_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "policy.leadpact").write_text(POLICY, encoding="utf-8")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    missing = history(tmp_path).missing
    assert missing is not None
    assert "in no git repository" in missing
    monkeypatch.setenv("PATH", str(tmp_path))
    assert history(tmp_path).missing == "the program `git` is not here."


def test_not_committed_yet_is_said(git: Git) -> None:
    git.write("policies/new/policy.leadpact", POLICY)
    assert told(git, "policies/new").missing == "the policy has not been committed yet."


def test_a_repository_without_a_commit(tmp_path: Path) -> None:
    empty = Git(tmp_path / "empty")
    empty.write("policy.leadpact", POLICY)
    assert history(empty.root).missing == "the policy has not been committed yet."


def test_a_policy_that_is_one_file(git: Git) -> None:
    git.write("alone.leadpact", POLICY)
    git.commit("Alone")
    git.write("alone.leadpact", worth(15))
    git.commit("Alone with more")
    found = told(git, "alone.leadpact")
    assert [version.subject for version in found.versions] == ["Alone with more", "Alone"]


def test_the_root_of_the_repository_is_the_policy(tmp_path: Path) -> None:
    git = Git(tmp_path / "root")
    git.write("policy.leadpact", POLICY)
    git.commit("First")
    git.write("policy.leadpact", worth(15))
    git.commit("Second")
    assert [version.subject for version in history(git.root).versions] == ["Second", "First"]


@pytest.mark.parametrize("revision", ["-x", "--help", "", "no-such", "HEAD..main", "a\0b"])
def test_what_is_no_revision_never_reaches_git_as_an_option(git: Git, revision: str) -> None:
    with pytest.raises(GitError):
        resolve(repository(git.root), revision)


def test_the_work_tree_is_left_alone(git: Git) -> None:
    git.write(NAME, worth(15))
    before = git.run("status", "--porcelain"), git.run("for-each-ref")
    told(git)
    assert (git.run("status", "--porcelain"), git.run("for-each-ref")) == before
    assert (git.root / NAME).read_text(encoding="utf-8") == worth(15)


def test_in_a_hook_of_another_repository(
    git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Git tells its hooks by the environment where it is: that is not where the policy is."""
    other = Git(tmp_path / "other")
    other.commit("Nothing")
    monkeypatch.setenv("GIT_DIR", str(other.root / ".git"))
    assert [version.subject for version in told(git).versions] == ["The first version"]


def test_what_git_complains_of_is_said(git: Git, monkeypatch: pytest.MonkeyPatch) -> None:
    (git.root / ".git" / "config").write_text("[core\n", encoding="utf-8")
    missing = told(git).missing
    assert missing is not None
    assert missing.startswith("git says: bad config line 1 in file")
