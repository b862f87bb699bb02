"""The command line, also as `gan-lessons`: train, describe, sample, translate, evaluate, chapters, grade."""

import os
import sys

from gan_lessons.commands import options, speech


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return the exit status. A failure is one sentence, with --debug a traceback."""
    speech.prepare_streams()
    words = sys.argv[1:] if arguments is None else arguments
    debug = "--debug" in words or bool(os.environ.get("GAN_LESSONS_DEBUG"))
    try:
        status = options.run([word for word in words if word != "--debug"])
    except BrokenPipeError:
        status = 0
    except KeyboardInterrupt:
        print("Stopped before anything was trained.", file=sys.stderr)
        return 130
    except Exception as error:
        if debug:
            raise
        print(f"gan-lessons: {speech.sentence(error)}", file=sys.stderr)
        return 1
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        speech.hush()
    return status


if __name__ == "__main__":
    sys.exit(main())
