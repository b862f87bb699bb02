"""What was found, in a line or a few."""

from gan_lessons.data.found import Found, grouped, shown


def test_a_report_counts_classes_by_name_and_groups_what_was_skipped():
    skipped = grouped([(f"{k}.txt", "not a picture") for k in range(5)] + [("x.png", "broken")])
    found = Found("picture", {"cat": 200, "dog": 1150}, "scaled to 64 × 64 pixels", skipped)
    assert len(found) == 1350 and str(found).splitlines() == [
        "1,350 pictures in 2 classes (cat 200, dog 1,150), scaled to 64 × 64 pixels.",
        "Skipped 6: not a picture (5: 0.txt, 1.txt, 2.txt, …); broken (x.png).",
    ]


def test_one_of_a_kind_and_no_classes():
    assert str(Found("recording", {"": 1})) == "1 recording."
    assert str(Found("recording", {"yes": 2}, remarks={"clipped": ("a.wav",)})).splitlines() == [
        "2 recordings in 1 class (yes 2).",
        "Used, but look at 1: clipped (a.wav).",
    ]


def test_many_classes_end_in_dots():
    assert str(Found("picture", {f"class {k}": 1 for k in range(40)})).endswith("class 11 1, …).")


def test_names_are_printable():
    assert shown("é\n\x1b[31m\udce9") == "é\\n\\x1b[31m\\udce9"
