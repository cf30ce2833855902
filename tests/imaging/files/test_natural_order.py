from imaging.files.natural_order import name_key, path_key


def test_numbers_count_as_numbers_whatever_the_case() -> None:
    names = ["IM10", "im2", "IM1", "a", "B"]
    assert sorted(names, key=name_key) == ["a", "B", "IM1", "im2", "IM10"]


def test_equal_names_have_one_order() -> None:
    assert sorted(["a", "A"], key=name_key) == sorted(["A", "a"], key=name_key)


def test_a_folder_is_ordered_before_what_is_in_it() -> None:
    paths = [("s10", "1"), ("s2", "10"), ("s2", "9"), ("s2",)]
    assert sorted(paths, key=path_key) == [("s2",), ("s2", "9"), ("s2", "10"), ("s10", "1")]


def test_very_long_numbers_are_ordered() -> None:
    assert name_key("1" * 4000) < name_key("2" * 4000)
