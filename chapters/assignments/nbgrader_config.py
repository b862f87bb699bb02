"""Settings for a course: run nbgrader in this folder."""

c = get_config()  # type: ignore[name-defined]  # noqa: F821

c.CourseDirectory.course_id = "gan_lessons"
c.ClearSolutions.code_stub = {"python": "raise NotImplementedError  # your lines"}
c.ClearSolutions.text_stub = "Your answer, in as many sentences as the task asks for."
# A cell that takes longer (seconds) is stopped and gets no points; all others are graded all the same
c.Execute.timeout = 180
c.Execute.interrupt_on_timeout = True
# A cell that cannot be stopped (it catches every exception) ends that student's grading, not the others'
c.Execute.raise_on_iopub_timeout = True
