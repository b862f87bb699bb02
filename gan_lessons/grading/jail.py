"""The process that executes one hand-in: `python -m gan_lessons.grading.jail FOLDER`.

It reads the cells from FOLDER/cells.json, runs them in a kernel, watches what the kernel takes, and writes a line a
cell to FOLDER/outcomes.jsonl. A cell that takes too long is interrupted, one that cannot be is killed. After a kernel
has died the others are run anew without the cell that did it, so that one mistake costs one task.
"""

import ast
import contextlib
import json
import os
import re
import sys
import time
from pathlib import Path
from queue import Empty
from typing import Any

import psutil
from jupyter_client.manager import KernelManager

from gan_lessons.grading import isolation
from gan_lessons.grading.outputs import MOST, error, keep

POLL = 0.2  # seconds
GRACE = 10.0  # seconds that an interrupted cell has to stop
WAITING = 60.0  # seconds that a cell may sleep, say
RESTARTS = 6
PROCESSES = 64
OUT_OF_MEMORY = re.compile(r"\bMemoryError\b|can't allocate memory|Cannot allocate memory")
WORDS = {
    "seconds": "it took longer than {seconds:g} s of computing",
    "waiting": "it waited too long",
    "memory": "it took more than {memory:g} GB of memory",
    "processes": f"it started more than {PROCESSES} processes",
    "flood": "it printed more than 30 MB",
    "died": "it ended Python",
}


class StoppedError(Exception):
    """The kernel is gone; the message says why."""


class Runner:
    """One kernel after the other for the cells of a hand-in."""

    def __init__(self, folder: Path):
        self.parent = os.getppid()
        self.folder, task = folder, json.loads((folder / "cells.json").read_text("utf-8"))
        self.cells, self.checks, self.limits = task["cells"], task["checks"], task["limits"]
        self.outcomes = (folder / "outcomes.jsonl").open("a", encoding="utf-8")
        self.stopped: dict[int, str] = {}  # cells that are not run again, and why
        self.replaced: set[str] = set()
        self.latest = self.spent = 0.0  # CPU seconds of this kernel, and of those before it

    def run(self) -> bool:
        """Run all cells, again without the one that ended the kernel; whether it came to the end."""
        for start in range(RESTARTS + 1):
            self.start_kernel(start)
            try:
                for k, cell in enumerate(self.cells):
                    if k not in self.stopped:
                        self.write({"begun": k})
                        self.run_cell(k, cell)
                return True
            except StoppedError as why:
                self.stopped[k] = str(why)
                self.write(
                    {"cell": k, "outputs": [error("Stopped", f"This cell was stopped: {why}.")], "stopped": str(why)}
                )
            finally:
                self.kernel.shutdown_kernel(now=True)
        return False

    def start_kernel(self, number: int) -> None:
        """A fresh kernel, over sockets in the file system where there are such, so that it needs no network."""
        sockets = {"transport": "ipc", "ip": str(self.folder / f"s{number}")} if os.name == "posix" else {}
        self.kernel = KernelManager(
            kernel_name="python3", connection_file=str(self.folder / f"k{number}.json"), **sockets
        )
        self.kernel.start_kernel(cwd=str(self.folder / "home"))
        self.client = self.kernel.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=120)
        self.spent, self.latest = self.spent + self.latest, 0.0
        self.process = psutil.Process(self.kernel.provisioner.process.pid)  # type: ignore[union-attr]
        self.ask(f"__import__('gan_lessons.grading.guard', fromlist=['begin']).begin({self.checks!r})")

    def ask(self, expression: str) -> Any:
        """What an expression is in the kernel, behind the notebook's back."""
        number = self.client.execute("", silent=True, store_history=False, user_expressions={"it": expression})
        reply = self.wait(number, {})
        answer = reply.get("user_expressions", {}).get("it", {})
        if answer.get("status") != "ok":
            return [f"the guard ({answer.get('ename', 'no answer')})"]
        return ast.literal_eval(answer["data"]["text/plain"])

    def guard(self) -> list[str]:
        """What has been replaced since it was asked last."""
        new = self.ask("__import__('gan_lessons.grading.guard', fromlist=['replaced']).replaced()")
        self.replaced |= set(new)
        return new

    def run_cell(self, k: int, cell: dict[str, Any]) -> None:
        new = self.guard() if cell["check"] else []
        page: dict[str, Any] = {"outputs": [], "size": 0, "dropped": False}
        number = self.client.execute(cell["source"], allow_stdin=False, stop_on_error=False)
        reply = self.wait(number, page)
        outputs, why = page["outputs"], page.get("why")
        if any(OUT_OF_MEMORY.search(each.get("evalue", "") + each.get("ename", "")) for each in outputs):
            raise StoppedError(WORDS["memory"].format(**self.limits))  # what it took may still be held
        if why:
            self.stopped[k] = why
            outputs.append(error("Stopped", f"This cell was stopped: {why}."))
        elif reply.get("status") == "error" and not any(each["output_type"] == "error" for each in outputs):
            outputs.append(error(reply.get("ename", "Error"), reply.get("evalue", "")))
        if page["dropped"]:
            outputs.append({"output_type": "stream", "name": "stdout", "text": "\n… more output than is kept …\n"})
        outcome = {"cell": k, "outputs": outputs, "stopped": why}
        if cell["check"]:
            new += self.guard()
            blamed = [name for name in self.replaced if self.concerns(name, cell["source"], name in new)]
            if blamed:
                outcome["replaced"] = sorted(blamed)[:5]
                words = f"No points: {', '.join(sorted(blamed)[:5])} had been replaced when this check ran."
                outcome["outputs"] = [error("Replaced", words)]
        self.write(outcome)

    def wait(self, number: str, page: dict[str, Any]) -> dict[str, Any]:
        """Gather what a request puts out until it is done; interrupt or kill what takes too much."""
        begun, used, interrupted = time.monotonic(), self.seconds(), None
        looked, reply = begun, None
        while True:
            try:
                message = self.client.get_iopub_msg(timeout=POLL)
            except Empty:
                if reply is not None:
                    return reply  # its end has been lost on the way
                message = None
            if message and message["parent_header"].get("msg_id") == number:
                if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                    return reply or self.reply(number)
                if page:
                    keep(page, message["msg_type"], message["content"])
            if time.monotonic() - looked < POLL:
                continue
            looked = time.monotonic()
            if os.getppid() != self.parent:
                sys.exit("Nobody waits for this any more.")
            if message is None:
                reply = self.reply(number, 0)
            try:
                why = self.too_much(looked - begun, used, page)
            except psutil.Error:
                why = "died"
            if not self.kernel.is_alive() or why == "died":
                raise StoppedError(page.get("why") or WORDS["died"])
            if why and interrupted is None:
                page["why"], interrupted = WORDS[why].format(**self.limits), looked
                if why in ("memory", "processes"):
                    raise StoppedError(page["why"])
                self.kernel.interrupt_kernel()
            elif interrupted is not None and looked - interrupted > min(GRACE, self.limits["seconds"]):
                raise StoppedError(page["why"])

    def reply(self, number: str, patience: float = 10) -> Any:
        end = time.monotonic() + patience
        while True:
            try:
                message = self.client.get_shell_msg(timeout=max(0, end - time.monotonic()))
            except Empty:
                return None if patience == 0 else {}
            if message["parent_header"].get("msg_id") == number:
                return message["content"]

    def family(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]

    def seconds(self) -> float:
        """The CPU time that the kernel and what it has started have taken."""
        with contextlib.suppress(psutil.Error):
            times = [process.cpu_times() for process in self.family()]
            self.latest = sum(each.user + each.system for each in times)
        return self.latest

    def too_much(self, elapsed: float, used: float, page: dict[str, Any]) -> str | None:
        """What a cell takes too much of, if anything."""
        family = self.family()
        if self.process.status() == psutil.STATUS_ZOMBIE:
            return "died"
        if len(family) > PROCESSES:
            return "processes"
        if sum(each.memory_info().rss for each in family) > self.limits["memory"] * 1e9:
            return "memory"
        if self.seconds() - used > self.limits["seconds"]:
            return "seconds"
        if elapsed > WAITING + 10 * self.limits["seconds"]:  # by the clock, which runs faster on a busy machine
            return "waiting"
        return "flood" if page.get("size", 0) > MOST["flood"] else None

    def concerns(self, name: str, source: str, new: bool) -> bool:
        """Whether a check ran with a part replaced: a task's own check counts for that task, all else for the next."""
        first, _, key = name.partition(".")
        if first in self.checks and key:
            return re.search(rf"\b{re.escape(key)}\b", source) is not None
        return new

    def write(self, outcome: dict[str, Any]) -> None:
        seconds = time.process_time() + self.spent + self.latest
        self.outcomes.write(json.dumps({**outcome, "seconds": seconds}) + "\n")
        self.outcomes.flush()


def main(folder: Path) -> None:
    cut = isolation.cut_network()
    runner = Runner(folder)
    isolation.limit(runner.limits["memory"] * 1e9, 500e6)
    runner.write({"network": "cut off" if cut else "only discouraged"})
    if runner.run():
        runner.write({"done": True})


if __name__ == "__main__":
    main(Path(sys.argv[1]))
