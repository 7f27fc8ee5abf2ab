"""What `make trust` takes for a leak."""

from tests.trust import leaks


def test_what_is_kept_of_each_call_is_seen():
    kept = []
    tally = leaks.row_of("keeping", lambda: kept.append(b"x" * 2_000_000), 200)
    assert tally.held == 0
    assert "kB of memory" in tally.failed[0]


def test_open_files_are_seen(tmp_path):
    (tmp_path / "a").write_text("a", encoding="utf-8")
    kept = []
    tally = leaks.row_of("opening", lambda: kept.append((tmp_path / "a").open(encoding="utf-8")), 20)
    for file in kept:
        file.close()
    assert any("open files" in problem for problem in tally.failed)


def test_calls_that_keep_nothing_hold():
    assert leaks.row_of("nothing", lambda: [bytes(1000)], 200).failed == []
