import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QSettings

from desktop.settings import MOST_RECENT, Settings, Theme, forget_visited_folders
from desktop.text.language import LANGUAGES
from imaging.image import Window


def reopened(tmp_path: Path) -> Settings:
    store = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    store.sync()
    return Settings(store)


def test_what_was_set_is_there_at_the_next_start(settings: Settings, tmp_path: Path) -> None:
    settings.theme, settings.language, settings.prevalence = Theme.DARK, "zh_CN", 0.25
    settings.hide_identity = True
    settings.set_layout("window", QByteArray(b"layout"))
    settings.add_recent(Path("/a, b/头颅"))
    later = reopened(tmp_path)
    assert (later.theme, later.language, later.prevalence) == (Theme.DARK, "zh_CN", 0.25)
    assert later.hide_identity
    assert later.layout("window") == QByteArray(b"layout")
    assert later.recent == [Path("/a, b/头颅")]


OF_VERSION_0_1 = """[General]
[view]
theme=dark
language=zh_CN
hide_identity=yes
reader_first=yes
down_is_brighter=no
[windows]
8=1600/300
[recent]
keep=yes
folders=/a, /b
[threshold]
prevalence=0.25
"""


def test_the_settings_of_version_0_1_are_read(tmp_path: Path) -> None:
    (tmp_path / "settings.ini").write_text(OF_VERSION_0_1)
    settings = Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    assert (settings.theme, settings.language) == (Theme.DARK, "zh_CN")
    assert (settings.hide_identity, settings.read_before_ai) == (True, True)
    assert not settings.down_is_brighter
    assert settings.own_windows == {"8": Window(1600, 300)}
    assert (settings.keep_recent, settings.recent) == (True, [Path("/a"), Path("/b")])
    assert settings.prevalence == 0.25


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("view/theme", "pink"),
        ("view/language", "de"),
        ("threshold/prevalence", "a lot"),
        ("threshold/prevalence", "7"),
        ("recent/folders", 5),
        ("layout/window", "no bytes"),
    ],
)
def test_a_value_without_sense_reads_as_its_default(
    tmp_path: Path, key: str, value: object
) -> None:
    store = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    store.setValue(key, value)
    settings = Settings(store)
    assert settings.theme is Theme.SYSTEM
    assert settings.language == ""
    assert settings.prevalence is None
    assert settings.recent == []
    assert settings.layout("window").isEmpty()


def test_every_language_of_the_program_is_remembered(settings: Settings) -> None:
    for code in LANGUAGES:
        settings.language = code
        assert settings.language == code


def test_the_recent_list_has_the_newest_first_and_an_end(settings: Settings) -> None:
    folders = [Path(f"/images/{number}") for number in range(MOST_RECENT + 2)]
    for folder in [*folders, folders[5]]:
        settings.add_recent(folder)
    assert len(settings.recent) == MOST_RECENT
    assert settings.recent[:2] == [folders[5], folders[-1]]


def test_turned_off_the_recent_list_is_empty_and_stays_so(
    settings: Settings, tmp_path: Path
) -> None:
    settings.add_recent(Path("/MUSTERMANN"))
    settings.keep_recent = False
    settings.add_recent(Path("/MUSTERMANN"))
    assert reopened(tmp_path).recent == []
    assert "MUSTERMANN" not in (tmp_path / "settings.ini").read_text(encoding="utf-8")


def test_the_folders_that_file_dialogs_remember_are_forgotten(tmp_path: Path) -> None:
    native, user = QSettings.Format.NativeFormat, QSettings.Scope.UserScope
    QSettings.setPath(native, user, str(tmp_path))
    remembered = QSettings(user, "QtProject")
    remembered.setValue("FileDialog/lastVisited", "/images/DOE^JANE")
    remembered.setValue("FileDialog/history", ["/images/DOE^JANE"])
    remembered.sync()
    forget_visited_folders()
    again = QSettings(user, "QtProject")
    assert not again.contains("FileDialog/lastVisited")
    assert not again.contains("FileDialog/history")


@pytest.mark.parametrize(
    ("hide", "keep", "nothing"),
    [(False, True, False), (True, True, True), (False, False, True)],
)
def test_no_trace_is_left_where_identity_is_hidden_or_the_list_is_off(
    settings: Settings, hide: bool, keep: bool, nothing: bool
) -> None:
    settings.hide_identity, settings.keep_recent = hide, keep
    assert settings.leaves_no_trace is nothing


WRITTEN_BY_0_1 = """[layout]
window=@ByteArray(xyz)

[recent]
folders=/c, /a b/头

[threshold]
prevalence=0.25

[view]
down_is_brighter=no
hide_identity=yes
language=zh_CN
reader_first=yes
theme=dark

[windows]
8=100/50
"""


def test_settings_of_version_0_1_are_understood(tmp_path: Path) -> None:
    (tmp_path / "settings.ini").write_text(WRITTEN_BY_0_1, encoding="utf-8")
    settings = reopened(tmp_path)
    assert (settings.theme, settings.language, settings.prevalence) == (Theme.DARK, "zh_CN", 0.25)
    assert settings.hide_identity
    assert settings.read_before_ai
    assert not settings.down_is_brighter
    assert settings.own_windows == {"8": Window(100.0, 50.0)}
    assert settings.recent == [Path("/c"), Path("/a b/头")]
    assert settings.layout("window") == QByteArray(b"xyz")


@pytest.mark.skipif(sys.platform != "linux", reason="the place differs by system")
def test_defaults_for_all_users_stand_behind_what_a_user_chose(tmp_path: Path) -> None:
    for folder, text in (("all", "theme=dark\nhide_identity=yes"), ("own", "theme=light")):
        path = tmp_path / folder / "Cranioscope" / "Cranioscope.ini"
        path.parent.mkdir(parents=True)
        path.write_text(f"[view]\n{text}\n", encoding="utf-8")
    places = {
        "XDG_CONFIG_DIRS": str(tmp_path / "all"),
        "XDG_CONFIG_HOME": str(tmp_path / "own"),
    }
    said = (
        "from desktop.settings import Settings; s = Settings(); print(s.theme.value, "
        "s.hide_identity, s.keep_recent)"
    )
    done = subprocess.run(
        [sys.executable, "-c", said],
        env=os.environ | places,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["light", "True", "True"]
