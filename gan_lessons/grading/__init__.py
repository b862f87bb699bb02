"""Grading a class that hands in whatever it likes: read, mend, run behind limits, grade by nbgrader, tell in one table.

`intake` finds who handed in what, `reading` gets cells out of a file whatever its state, `mending` makes them a hand-in
that nbgrader takes, by the assignment's `template`; `running` executes it in a process of its own (`jail`, watched by
`guard`), `course` has nbgrader grade the outcome, and `table` says what came of it.
"""
