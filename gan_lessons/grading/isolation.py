"""What an ordinary user can do to keep a process in its place: no network, bounded memory, files and output.

On Linux the network is cut off for good (a network namespace of its own, where the system lets users make one), and
memory is limited by the kernel. Elsewhere the network is only made hard to use, and memory is watched from outside.
Neither stops code that is written to do harm: what the grading user may read and write, it may, too.
"""

import contextlib
import ctypes
import os
import sys

NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000  # CLONE_NEWUSER and CLONE_NEWNET of <linux/sched.h>
NOWHERE = "http://127.0.0.1:9"  # a proxy that nobody is


def cut_network() -> bool:
    """Leave the network, for this process and all that it starts; whether the system allowed it.

    Must be called before a thread is started.
    """
    if not sys.platform.startswith("linux"):
        return False
    user, group = os.getuid(), os.getgid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(NEW_NETWORK) == 0:
        return True  # root in an ordinary container
    if libc.unshare(NEW_USER | NEW_NETWORK) != 0:
        return False
    with contextlib.suppress(OSError):  # without them the process only looks like nobody's
        for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
            with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
                file.write(text)
    return True


def limit(memory: float, file_size: float) -> None:
    """Bound what this process, and each that it starts, may take: memory and the size of a file, both in bytes."""
    try:
        import resource
    except ImportError:  # Windows
        return
    kinds = {"RLIMIT_DATA": int(memory), "RLIMIT_FSIZE": int(file_size), "RLIMIT_CORE": 0}
    for name, most in kinds.items():
        with contextlib.suppress(AttributeError, ValueError, OSError):
            resource.setrlimit(getattr(resource, name), (most, most))


def environment(home: str) -> dict[str, str]:
    """The environment of a hand-in: a home that is thrown away, no secrets, nobody to ask for the network."""
    kept = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "PYTHONPATH", "VIRTUAL_ENV", "CONDA_PREFIX", "SYSTEMROOT", "TZ")
    ours = {name: os.environ[name] for name in kept if name in os.environ}
    places = ("HOME", "USERPROFILE", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "TMPDIR", "TMP", "TEMP",
              "IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR",
              "MPLCONFIGDIR")  # fmt: skip
    ours |= {name: home for name in places}
    ours |= {name: NOWHERE for proxy in ("http_proxy", "https_proxy", "all_proxy") for name in (proxy, proxy.upper())}
    threads = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
    return ours | {name: "1" for name in threads} | {"PYTHONUTF8": "1", "CUDA_VISIBLE_DEVICES": ""}
