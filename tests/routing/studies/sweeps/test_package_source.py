"""The version of landbridge with a hash of its source."""

from landbridge.networks.meta import landbridge_version
from landbridge.routing.studies.sweeps.package_source import landbridge_code, source_hash


def test_an_edit_changes_the_hash_and_an_end_of_line_does_not(tmp_path):
    folder = tmp_path / "package" / "inside"
    folder.mkdir(parents=True)
    module = folder / "module.py"
    module.write_bytes(b"x = 1\ny = 2\n")
    first = source_hash(tmp_path / "package")
    module.write_bytes(b"x = 1\r\ny = 2\r\n")
    (folder / "notes.txt").write_text("no code")
    assert source_hash(tmp_path / "package") == first
    module.write_bytes(b"x = 1\ny = 3\n")
    assert source_hash(tmp_path / "package") != first
    module.write_bytes(b"x = 1\ny = 2\n")
    module.rename(folder / "other.py")
    assert source_hash(tmp_path / "package") != first


def test_the_code_is_the_version_with_the_hash_of_the_packages():
    import landbridge.networks
    import landbridge.routing

    packages = (*landbridge.networks.__path__, *landbridge.routing.__path__)
    assert landbridge_code() == f"{landbridge_version()} (code {source_hash(*packages)})"
    assert source_hash() != source_hash(*packages)  # the packages have files
