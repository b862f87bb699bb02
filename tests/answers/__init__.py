"""Answers to the assignments' tasks: right ones in many styles, and wrong ones that students really write."""

from collections.abc import Callable
from typing import NamedTuple


class Answer(NamedTuple):
    """A function to be graded, the task that it answers, and the mistake that the check should name."""

    task: str
    function: Callable
    mistake: str = ""


class Bank(list[Answer]):
    """Answers, collected by two decorators."""

    def right(self, task: str) -> Callable[[Callable], Callable]:
        return self.wrong(task, "")

    def wrong(self, task: str, mistake: str) -> Callable[[Callable], Callable]:
        def keep(function: Callable) -> Callable:
            self.append(Answer(task, function, mistake))
            return function

        return keep
