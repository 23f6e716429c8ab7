"""The memory of a process and of what it has started."""

import os
import subprocess
import sys

from tests.process_trees import PeakMemory, resident_bytes

MIB = 1 << 20
# Takes 64 MiB, and has a process of its own take as much.
GREEDY = """
import subprocess, sys
held = bytearray(b"x" * (64 << 20))
child = "held = bytearray(b'x' * (64 << 20)); print('there', flush=True); input()"
subprocess.run([sys.executable, "-c", child]) if sys.argv[1:] else (print("there"), input())
"""


def greedy(*arguments):
    process = subprocess.Popen(
        [sys.executable, "-c", GREEDY, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout.readline() == b"there\n"
    return process


def end(process):
    process.communicate(b"\n")


def test_what_a_process_has_started_counts_too():
    process = greedy("with a child")
    try:
        assert 128 * MIB < resident_bytes(process.pid) < 256 * MIB
    finally:
        end(process)


def test_a_fork_that_has_not_started_its_program_is_not_counted_twice():
    held = bytearray(b"x" * (256 * MIB))
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.read(reader, 1)
        os._exit(0)
    try:
        alone = resident_bytes(child)
        together = resident_bytes(os.getpid())
    finally:
        os.write(writer, b"x")
        os.waitpid(child, 0)
        os.close(reader)
        os.close(writer)
    assert alone > len(held)
    assert together < resident_bytes(os.getpid()) + 64 * MIB


def test_a_process_that_is_gone_takes_nothing():
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    assert resident_bytes(process.pid) == 0


def test_the_most_is_kept_when_it_is_over():
    with PeakMemory(os.getpid(), every_s=0.01) as memory:
        process = greedy("with a child")
        for _ in range(3):  # looks
            resident_bytes(process.pid)
        seen = resident_bytes(os.getpid())
        end(process)
    assert memory.peak_bytes >= seen - 32 * MIB > resident_bytes(os.getpid())
    assert memory.seen
