import pytest

from imaging.files.companions import is_companion


@pytest.mark.parametrize(
    "name",
    [
        "Thumbs.db:encryptable",
        "Thumbs.db",
        ".DS_Store",
        "._IM0001",
        "autorun.inf",
        "README",
        "a.PDF",
        "viewer.exe",
    ],
)
def test_what_lies_beside_images_is_told_by_its_name(name: str) -> None:
    assert is_companion(name)


@pytest.mark.parametrize("name", ["IM0001", "1.2.840.113", "head.dcm", "pdf", ".pdf", "a.png", ""])
def test_any_other_name_may_be_that_of_a_damaged_image(name: str) -> None:
    assert not is_companion(name)
