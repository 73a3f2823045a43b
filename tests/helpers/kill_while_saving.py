"""A training run that is killed by kill -9 while it saves, again and again, and always goes on from a whole checkpoint.

At its end its weights are those of a run that nobody killed, to the bit. With --disk a small disk is filled too: that is said,
and the checkpoint before loads. Run: python -m tests.helpers.kill_while_saving --kills 50 --disk
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import torch
from safetensors.torch import load_file

from engine.decoder.checkpoint import load_decoder
from engine.decoder.folder import newest_checkpoint
from engine.errors import UserError
from engine.runs.control import is_running
from engine.runs.events import Failed, read_events
from engine.training.run import train
from tests.helpers.small_training import RECIPE, write_data, write_recipe

# Weights large enough that saving takes a while; a checkpoint after every step.
CHANGES = ("checkpoint_minutes=0", "evaluation_rows=0", "baseline.order=0", "model.d_ff=512", "model.d_model=128")


def go_on(recipe: Path, data: Path, out: Path, steps: int) -> int:
    """The run in a process of its own, begun or resumed; its process id."""
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        torch.set_num_threads(1)
        resume = newest_checkpoint(out) is not None
        for _ in train(str(recipe), data, out, (*CHANGES, f"steps={steps}"), resume):
            pass
        status = 0
    finally:
        os._exit(status)


def kill_while_saving(out: Path, pid: int, chance: random.Random, longest_s: float) -> str:
    """Wait for a checkpoint to be begun, and a moment more; what lay in the folder when the process was gone."""
    saves = chance.randint(1, 4)
    while saves:
        wait_for(lambda: (out / "checkpoint.part").exists(), pid)
        saves -= 1
        if saves:
            wait_for(lambda: not (out / "checkpoint.part").exists(), pid)
    time.sleep(chance.uniform(0, longest_s))
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    files = sorted(path.name for path in (out / "checkpoint.part").glob("*"))
    if files:
        return f"after {len(files)} files of a checkpoint"
    return "a checkpoint just begun" if (out / "checkpoint.part").exists() else "between checkpoints"


def wait_for(so, pid: int) -> None:
    while not so():
        if os.waitpid(pid, os.WNOHANG)[0]:
            raise SystemExit("the run ended by itself")
        time.sleep(0.0005)


def check(out: Path, before: int) -> int:
    """The newest checkpoint is whole and no older than before; its step."""
    assert not is_running(out), "a lock outlived its process"
    checkpoint = newest_checkpoint(out)
    assert checkpoint is not None, "no checkpoint is left"
    load_decoder(checkpoint)
    load_file(checkpoint / "optimiser.safetensors")
    step = int(checkpoint.name.rpartition("-")[2])
    assert step >= before, f"step {step} after step {before}"
    return step


def kills(folder: Path, count: int, seed: int) -> None:
    recipe, data = write_recipe(folder, RECIPE), write_data(folder)
    out, steps, chance = folder / "run", 4 * count + 5, random.Random(seed)
    seen: Counter[str] = Counter()
    step, longest_s = 0, 0.06
    for number in range(count):
        pid = go_on(recipe, data, out, steps)
        if number == 0:
            wait_for(lambda: newest_checkpoint(out) is not None, pid)  # before the first there is nothing to keep
        seen[kill_while_saving(out, pid, chance, longest_s)] += 1
        step = check(out, step)
    assert os.waitpid(go_on(recipe, data, out, steps), 0)[1] == 0, "the last process failed"
    for _ in train(str(recipe), data, folder / "unbroken", (*CHANGES, "checkpoint_minutes=100", f"steps={steps}")):
        pass
    ours, whole = (load_file(newest_checkpoint(run) / "model.safetensors") for run in (out, folder / "unbroken"))
    assert ours.keys() == whole.keys() and all(torch.equal(ours[name], whole[name]) for name in whole)
    print(f"killed {count} times, resumed {count} times, up to step {step} of {steps}; killed: {dict(seen)}")
    print("the weights at the end are those of an unbroken run, to the bit")


def fill_disk(folder: Path) -> None:
    """A run on a disk with room for a few checkpoints, of which somebody else takes the rest."""
    recipe, data, disk = write_recipe(folder, RECIPE, "full.toml"), folder / "data", folder / "disk"
    disk.mkdir()
    mounted = sys.platform == "linux" and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if not mounted or mounted.returncode:
        print("a small disk cannot be made here")
        return
    try:
        out, changes = disk / "run", (*CHANGES, "steps=40")
        events = train(str(recipe), data, out, changes)
        while newest_checkpoint(out) is None:
            next(events)
        with (disk / "other").open("wb") as other:  # somebody else fills the disk
            try:
                while other.write(b"\0" * 65536):
                    other.flush()
            except OSError:
                pass
        try:
            for _ in events:
                pass
            raise AssertionError("the disk was not full")
        except UserError as error:
            assert error.text.startswith("The disk is full"), error.text
            print(f"said: {error}")
        step = check(out, 0)
        told = [event for event in read_events(out)[0] if isinstance(event, Failed)]
        print(f"the checkpoint of step {step} loads; {len(told)} line in the run's events")
        (disk / "other").unlink()
        for _ in train(str(recipe), data, out, changes, resume=True):
            pass
        assert check(out, step) == 40
        print("with room again, the run went on to its end")
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=False)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--disk", action="store_true", help="also on a small disk that is filled; as root on Linux")
    arguments = parser.parse_args()
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as place:
        kills(Path(place), arguments.kills, arguments.seed)
        if arguments.disk:
            fill_disk(Path(place))
    print(f"{time.monotonic() - start:.0f} s")
