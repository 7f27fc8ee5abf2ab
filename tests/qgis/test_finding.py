"""The plugin finds the program where installers put it, or says what to install."""

import pytest

from tests.support.qgis_plugin import plugin_module

finding = plugin_module("finding")
ProgramError = finding.ProgramError


def installed(folder, name="landbridge"):
    """Return an installed program in a folder."""
    folder.mkdir(parents=True)
    path = folder / name
    path.write_text("#!/bin/sh\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def found(home, setting="", *, environment=None, plugin=None, windows=False):
    return finding.find_program(
        setting,
        environment={"PATH": ""} if environment is None else environment,
        home=home,
        plugin=plugin or home / "profile" / "plugins" / "landbridge",
        windows=windows,
    )


def test_the_path_that_is_set_counts_first(tmp_path):
    path = installed(tmp_path / "own")
    installed(tmp_path / ".local" / "bin")
    assert found(tmp_path, str(path)) == path


@pytest.mark.parametrize("inside", ["", "bin", ".venv/bin"])
def test_the_setting_may_be_a_folder_of_an_environment_or_a_checkout(tmp_path, inside):
    path = installed(tmp_path / "checkout" / inside)
    assert found(tmp_path, f' "{tmp_path / "checkout"}" ') == path


def test_a_setting_that_leads_nowhere_is_no_reason_to_take_another(tmp_path):
    installed(tmp_path / ".local" / "bin")
    with pytest.raises(ProgramError, match="nowhere is set as the program landbridge in Settings"):
        found(tmp_path, str(tmp_path / "nowhere"))


def test_it_is_found_on_the_path(tmp_path):
    path = installed(tmp_path / "on path")
    assert found(tmp_path, environment={"PATH": str(path.parent)}) == path


@pytest.mark.parametrize(
    "folder",
    [
        "landbridge/.venv/bin",
        ".local/bin",
        ".local/share/pipx/venvs/landbridge/bin",
        ".local/share/uv/tools/landbridge/bin",
        "Library/Python/3.12/bin",
    ],
)
def test_it_is_found_where_installers_put_it(tmp_path, folder):
    path = installed(tmp_path / folder)
    assert found(tmp_path) == path


@pytest.mark.parametrize(
    "folder",
    [
        "landbridge/.venv/Scripts",
        ".local/bin",
        "AppData/Local/pipx/pipx/venvs/landbridge/Scripts",
        "AppData/Roaming/Python/Python312/Scripts",
        "AppData/Local/Programs/Python/Python311/Scripts",
    ],
)
def test_on_windows_it_has_another_name_and_other_folders(tmp_path, folder):
    path = installed(tmp_path / folder, "landbridge.exe")
    assert found(tmp_path, windows=True) == path


def test_a_plugin_linked_from_a_checkout_uses_its_environment(tmp_path):
    path = installed(tmp_path / "checkout" / ".venv" / "bin")
    assert found(tmp_path, plugin=tmp_path / "checkout" / "qgis" / "landbridge") == path


def test_where_there_is_none_the_message_says_what_to_install(tmp_path):
    with pytest.raises(
        ProgramError, match=r"was not found\. Install landbridge .*make demo.*Options > Processing"
    ) as none:
        found(tmp_path)
    assert str(tmp_path / ".local" / "bin") in str(none.value)
