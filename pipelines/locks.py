"""One ingest at a time for each output folder, here or on any machine that shares it.

The lock is a file, `_lock`, that names its holder. It appears whole or not at all, by a hard link.
A holder that is gone has no claim: on this machine its process is looked up; of another machine,
or another container, only the time of the file is known, which every holder renews.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import socket
import threading
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from ocr_core.errors import OcrError
from pipelines import storage

_NAME = "_lock"
# How often a holder renews the time of its lock, and after what time without it is taken for dead:
# several turns, for a machine that is busy swapping.
BEAT_S = 30.0
LEASE_S = 300.0


class InUseError(OcrError):
    """Another process holds the lock."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A process that holds, or wants, a lock.

    Attributes:
        space: within which its `pid` means something: a start of a machine, and a container on it;
            empty if the system does not tell.
        born: when the process started, in ticks since the machine did; pids are given out again.
        since_s: when it took the lock, in seconds since 1970.
        token: no other holder has it.
    """

    host: str
    space: str
    pid: int
    born: int
    since_s: float
    token: str

    def __str__(self) -> str:
        since = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(self.since_s))
        return f"process {self.pid} on {self.host}, since {since}"


_SOMEBODY = Holder("a machine unknown", "", 0, 0, 0.0, "")


class Lock:
    """The lock of an output folder, to be entered and left; it is renewed meanwhile."""

    def __init__(self, path: str, holder: Holder) -> None:
        self._path = path
        self._holder = holder
        self._done = threading.Event()
        self._beat = threading.Thread(target=self._renew, daemon=True)

    def __enter__(self) -> Lock:
        self._beat.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._done.set()
        self._beat.join()
        if self.is_held():  # and was not taken over while this machine slept
            storage.remove_file(self._path)

    def is_held(self) -> bool:
        """Whether the lock is still this one's."""
        return _read(self._path) == self._holder

    def _renew(self) -> None:
        while not self._done.wait(BEAT_S):
            if self.is_held():
                with suppress(OSError):
                    _touch(self._path, self._holder)


def hold(output: str) -> Lock:
    """The lock of an output folder, to be entered.

    Raises:
        InUseError: somebody else has it.
    """
    lock = take(output)
    if isinstance(lock, Holder):
        raise InUseError(f"{output} is in use by {lock}")
    return lock


def take(output: str) -> Lock | Holder:
    """The lock of an output folder, or who holds it.

    Of a bucket it is not certain: two that start within one second may both believe to have it.
    """
    path = storage.join(output, _NAME)
    holder = _this_process()
    if storage.is_remote(output):
        return _take_remote(path, holder)
    draft = Path(f"{path}.{holder.token}")
    try:
        draft.write_text(_as_json(holder), encoding="utf-8")
        for _ in range(3):  # others may take and leave it meanwhile
            if _place(draft, path):
                _remove_drafts(path, draft)
                return Lock(path, holder)
            found = _read(path)
            if not _is_dead(found, _age_s(path, draft)):
                return found or _SOMEBODY
            if _replace(path, found, draft):
                _remove_drafts(path, Path(path))
                return Lock(path, holder)
        return _read(path) or _SOMEBODY
    finally:
        draft.unlink(missing_ok=True)


def _take_remote(path: str, holder: Holder) -> Lock | Holder:
    found = _read(path)
    age_s = time.time() - max((file.modified_s for file in storage.match(path)), default=0.0)
    if found is not None and not _is_dead(found, age_s):
        return found
    _touch(path, holder)
    found = _read(path)
    return found if found is not None and found != holder else Lock(path, holder)


def _place(draft: Path, path: str) -> bool:
    """Puts the draft in the place of a lock if nothing is there."""
    try:
        os.link(draft, path)
    except FileExistsError:
        return False
    except OSError:  # no links on this file system
        try:
            with Path(path).open("xb") as lock:
                lock.write(draft.read_bytes())
        except FileExistsError:
            return False
    return True


def _replace(path: str, found: Holder | None, draft: Path) -> bool:
    """Puts the draft in the place of the lock of a dead process, unless somebody else has.

    Whoever replaces a lock locks the file of it first, so that of two one comes too late.
    """
    try:
        with open(path, "rb+") as stale:  # noqa: PTH123 - as short as any
            with suppress(OSError):  # file systems without locks have to do without
                fcntl.lockf(stale, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _parse(stale.read()) != found or not os.path.samestat(
                os.fstat(stale.fileno()),
                os.stat(path),  # noqa: PTH116
            ):
                return False
            os.replace(draft, path)  # noqa: PTH105
            return True
    except FileNotFoundError:
        return False


def _remove_drafts(path: str, now: Path) -> None:
    """Removes what processes left that were killed while they took the lock.

    Args:
        now: a file of this moment.
    """
    for draft in Path(path).parent.glob(f"{_NAME}.*"):
        if _is_dead(_read(str(draft)), _age_s(str(draft), now)):
            draft.unlink(missing_ok=True)


def _is_dead(holder: Holder | None, age_s: float) -> bool:
    """Whether a lock's holder is gone.

    Args:
        holder: None if the lock does not tell, which it may be about to.
        age_s: how long ago it was renewed.
    """
    if holder is None:
        return age_s > BEAT_S
    here = _this_process()
    if (holder.host, holder.space) != (here.host, here.space):
        return age_s > LEASE_S
    try:
        os.kill(holder.pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:  # it is there, and another user's
        pass
    return holder.born != _born(holder.pid)


def _age_s(path: str, draft: Path) -> float:
    """How long ago a lock was renewed, by the clock of its file system and no other."""
    try:
        return draft.stat().st_mtime - Path(path).stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _this_process() -> Holder:
    pid = os.getpid()
    return Holder(
        host=socket.gethostname(),
        space=_space(),
        pid=pid,
        born=_born(pid),
        since_s=time.time(),
        token=secrets.token_hex(8),
    )


def _space() -> str:
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot} {os.readlink('/proc/self/ns/pid')}"  # noqa: PTH115
    except OSError:  # not Linux
        return ""


def _born(pid: int) -> int:
    """Field 22 of `/proc/PID/stat` (proc(5)); 0 where there is none, -1 of one that has ended."""
    try:
        status = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return 0
    fields = status.rpartition(b")")[2].split()  # the name before may have blanks and brackets
    has_ended = fields[0] in (b"Z", b"X")  # but nobody has asked how
    return -1 if has_ended else int(fields[19])


def _read(path: str) -> Holder | None:
    """Who holds a lock; None for nobody, or if its file says nothing that makes sense."""
    try:
        return _parse(storage.read(path))
    except OSError:
        return None


def _parse(content: bytes) -> Holder | None:
    try:
        return Holder(**json.loads(content))
    except (ValueError, TypeError):
        return None


def _touch(path: str, holder: Holder) -> None:
    """Renews a lock's time; that of a bucket by writing it again."""
    if storage.is_remote(path):
        storage.write_whole(path, _as_json(holder).encode())
    else:
        os.utime(path)


def _as_json(holder: Holder) -> str:
    return json.dumps(asdict(holder))
