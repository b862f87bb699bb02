"""The checks of a toy assignment, which need no torch."""


def double(answer, numbers=(1, 2)):
    assert [answer(each) for each in numbers] == [2 * each for each in numbers], "double"


def half(answer, numbers=(2, 4)):
    assert [answer(each) for each in numbers] == [each / 2 for each in numbers], "half"
