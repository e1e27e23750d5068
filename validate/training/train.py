#!/usr/bin/env python3
"""Trains the net that judges whether a window's channels tell of one drive, and seals it with its calibration and card.

    python3 validate/training/train.py --simulated 48 --data "$WAYPROOF_DATA"

Needs Debian's python3-torch (1.13) and python3-onnx, and the project's npm packages; a CPU is enough (well under an
hour on two cores), a GPU is used where torch sees one. The windows come from the program's own sketch, written by
tests/training/run-export.ts, so that training and serving cannot differ: windows to learn from, drawn on other devices
under attacks of every shape, and windows to be measured on, as specs of the attacks say. One net a fold, trained
without that fold's journeys, and one on all of them; the folds' answers on journeys they have not seen make the
calibration and every figure of the card (tests/training/run-seal.ts). `--seal-only` makes these anew for the committed
weights, as a changed check needs; `--unseen` tells how a net fares against an attack that it never learned of.
"""

import argparse
import concurrent.futures
import json
import math
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

import numpy as np
import torch
from torch import nn

ROOT = pathlib.Path(__file__).resolve().parents[2]
MODEL = ROOT / "validate" / "model"
SEED = 20260101
WIDTH = 32
EPOCHS = 8
# Nets that differ in their seeds err on different honest windows: the mean of three finds more at the same false alarms.
MEMBERS = 3
BATCH = 64
RATE = 2e-3
# Simulated windows are plentiful and too clean: they teach what real drives are too few for, and no more.
SIMULATED_WEIGHT = 0.3
# Naming the attack is learned beside finding it: what tells two attacks apart is worth seeing.
KIND_WEIGHT = 0.2
HONEST = "honest"
PATTERNS = 32
# The pieces of the set, by their numbers in tests/training/run-export.ts.
LEARNED = (0, 1, 2, 3)
MEASURED = (4, 5)
# The types that specs of the attacks want to see found by a judge that was not trained on them.
UNSEEN = ("time-shift", "frozen", "wrong-turn", "parked-imu")


class Block(nn.Module):
    """A residual step of the temporal convolutional network (Bai et al. 2018), not causal: a window is judged whole."""

    def __init__(self, dilation):
        super().__init__()
        self.wide = nn.Conv1d(WIDTH, WIDTH, 3, padding=dilation, dilation=dilation)
        self.norm = nn.BatchNorm1d(WIDTH)
        self.mix = nn.Conv1d(WIDTH, WIDTH, 1)
        self.drop = nn.Dropout(0.1)

    def forward(self, x):
        return x + self.mix(self.drop(torch.relu(self.norm(self.wide(x)))))


class FilledUp(nn.Module):
    """
    A convolution whose channels are filled up with zeros to a multiple of four: with any other number of them the
    WebGPU of onnxruntime 1.30 gives wrong figures (tests/validate/webgpu.test.ts).
    """

    def __init__(self, conv):
        super().__init__()
        self.more = -conv.in_channels % 4
        self.conv = nn.Conv1d(conv.in_channels + self.more, conv.out_channels, conv.kernel_size, conv.stride, conv.padding)
        with torch.no_grad():
            self.conv.weight.zero_()
            self.conv.weight[:, :conv.in_channels] = conv.weight
            self.conv.bias.copy_(conv.bias)

    def forward(self, x):
        return self.conv(torch.cat([x, x[:, :self.more] * 0], dim=1))


class ConsistencyNet(nn.Module):
    """
    Channels by seconds in, the log-odds of two stories in the window in the middle out (and, to learn by, which attack).
    Seconds are halved twice on the way, so that the last steps see minutes. Convolutions and reductions only.
    """

    def __init__(self, channels, seconds, window, kinds):
        super().__init__()
        self.halved = nn.Conv1d(channels, WIDTH, 4, stride=2, padding=1)
        self.middle = nn.Sequential(Block(1), Block(2), Block(4))
        self.quartered = nn.Conv1d(WIDTH, WIDTH, 2, stride=2)
        self.coarse = nn.Sequential(Block(1), Block(2), Block(4))
        self.window = slice((seconds - window) // 8, (seconds + window) // 8)
        self.hidden = nn.Linear(5 * WIDTH, 2 * WIDTH)
        self.drop = nn.Dropout(0.2)
        self.odds = nn.Linear(2 * WIDTH, 1)
        self.kind = nn.Linear(2 * WIDTH, kinds)

    def both(self, x):
        middle = self.middle(torch.relu(self.halved(x)))
        around = torch.relu(self.coarse(torch.relu(self.quartered(middle))))
        within = around[:, :, self.window]
        mean = within.mean(dim=2)
        spread = ((within - mean.unsqueeze(2)) ** 2).mean(dim=2).add(1e-6).sqrt()
        pooled = torch.cat([mean, within.amax(dim=2), around.mean(dim=2), around.amax(dim=2), spread], dim=1)
        hidden = self.drop(torch.relu(self.hidden(pooled)))
        return self.odds(hidden).squeeze(1), self.kind(hidden)

    def forward(self, x):
        return self.both(x)[0]


class Committee(nn.Module):
    """The mean log-odds of nets that were trained from different seeds; one net to whoever runs it."""

    def __init__(self, members):
        super().__init__()
        self.members = nn.ModuleList(members)
        for member in members:
            member.halved = FilledUp(member.halved)

    def forward(self, x):
        return sum(member(x) for member in self.members) / len(self.members)


class Windows:
    """The exported training set; inputs stay in the file."""

    def __init__(self, folder):
        about = json.loads((folder / "windows.json").read_text())
        self.about = about
        self.channels = len(about["channels"])
        rows = about["rows"]
        journeys = about["journeys"]
        self.steps = np.memmap(folder / "windows.i16", dtype="<i2", mode="r").reshape(len(rows), self.channels, about["seconds"])
        self.kinds = np.array([row["kind"] for row in rows])
        self.names = [HONEST, *sorted(set(self.kinds) - {HONEST})]
        self.classes = np.array([self.names.index(kind) for kind in self.kinds])
        self.folds = np.array([journeys[row["journey"]]["fold"] for row in rows])
        self.real = np.array([journeys[row["journey"]]["source"] == "real" for row in rows])
        self.learn = np.array([row["use"] == "learn" for row in rows])
        self.attacked = (self.kinds != HONEST).astype("float32")
        self.needs_imu = np.isin(self.kinds, about["needsImu"])
        groups = about["groups"]
        # Which groups each channel is made from; a mask is made from its own group.
        needs = about["needs"] + [[group] for group in groups]
        self.uses = np.array([[group in need for group in groups] for need in needs])
        self.groups = groups

    def inputs(self, rows):
        return self.steps[rows].astype("float32") / self.about["stepsInOne"]

    def weights(self, chosen):
        """By row: honest windows weigh as much as all attacked ones, and every attack as much as any other."""
        weights = np.where(self.real, 1.0, SIMULATED_WEIGHT) * np.isin(np.arange(len(self.kinds)), chosen)
        attacks = sorted(set(self.kinds[chosen]) - {HONEST})
        for kind in [HONEST, *attacks]:
            share = 0.5 if kind == HONEST else 0.5 / len(attacks)
            those = self.kinds == kind
            weights[those] *= share * len(chosen) / weights[those].sum()
        return weights.astype("float32")

    def dropped(self, inputs, random):
        """Leaves sensors out of some windows, as devices do: (inputs, whether a window lost its motion sensor)."""
        kept = np.ones((len(inputs), len(self.groups)), dtype=bool)
        draw = random.random(len(inputs))
        index = {group: n for n, group in enumerate(self.groups)}
        no_imu, no_gyro, no_doppler, no_course = draw < 0.06, (draw >= 0.06) & (draw < 0.11), (draw >= 0.11) & (draw < 0.15), (draw >= 0.15) & (draw < 0.18)
        kept[np.ix_(no_imu, [index["force"], index["gyro"]])] = False
        kept[no_gyro, index["gyro"]] = False
        kept[np.ix_(no_doppler, [index["doppler"], index["course"]])] = False
        kept[no_course, index["course"]] = False
        lost = (~kept).astype("float32") @ self.uses.T.astype("float32") > 0
        return inputs * ~lost[:, :, None], no_imu


def train(windows, chosen, name):
    """A committee trained on the chosen windows."""
    return Committee([train_member(windows, chosen, f"{name}, {n + 1} of {MEMBERS}", SEED + n) for n in range(MEMBERS)]).eval()


def train_member(windows, chosen, name, seed):
    """A net trained on the chosen windows."""
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    net = ConsistencyNet(windows.channels, windows.about["seconds"], windows.about["windowSeconds"], len(windows.names)).to(device)
    optimizer = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=1e-2)
    steps = EPOCHS * math.ceil(len(chosen) / BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps, pct_start=0.15)
    all_weights = windows.weights(chosen)
    net.train()
    for epoch in range(EPOCHS):
        total, began = 0.0, time.time()
        order = random.permutation(chosen)
        for start in range(0, len(order), BATCH):
            rows = np.sort(order[start:start + BATCH])
            inputs, no_imu = windows.dropped(windows.inputs(rows), random)
            weights = torch.from_numpy(all_weights[rows] * ~(no_imu & windows.needs_imu[rows])).to(device)
            odds, kinds = net.both(torch.from_numpy(np.ascontiguousarray(inputs, dtype="float32")).to(device))
            finding = nn.functional.binary_cross_entropy_with_logits(odds, torch.from_numpy(windows.attacked[rows]).to(device), reduction="none")
            naming = nn.functional.cross_entropy(kinds, torch.from_numpy(windows.classes[rows]).to(device), reduction="none")
            loss = ((finding + KIND_WEIGHT * naming) * weights).mean()
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total += loss.item() * len(rows)
        print(f"  {name}, epoch {epoch + 1} of {EPOCHS}: loss {total / len(order):.4f}, {time.time() - began:.1f} s", file=sys.stderr)
    return net.cpu().eval()


def export(net, windows, file):
    """Writes ONNX (opset 13: what CPU, CUDA and WebGPU all have) and says what torch makes of the patterns."""
    torch.onnx.export(
        net, torch.zeros(2, windows.channels, windows.about["seconds"]), str(file), opset_version=13,
        input_names=["windows"], output_names=["odds"], dynamic_axes={"windows": {0: "n"}, "odds": {0: "n"}},
    )
    with torch.no_grad():
        odds = net(torch.from_numpy(pattern(PATTERNS * windows.channels * windows.about["seconds"])).reshape(PATTERNS, windows.channels, -1))
    return [round(float(value), 7) for value in odds]


def pattern(length):
    """Inputs in [-1, 1) that any program can make (Knuth's multiplicative hash): the runtime is compared with torch on these."""
    return ((np.arange(length, dtype=np.uint64) * np.uint64(2654435761) % np.uint64(2**32)).astype("float64") / 2**31 - 1).astype("float32")


def alone():
    """One thread: sums of floats in another order are other weights, and threads that wait for one another are slow."""
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)


def make(job):
    """One fold's net (all journeys where the fold is None), in a process of its own."""
    folder, fold = job
    alone()
    windows = Windows(folder)
    name = "consistency.onnx" if fold is None else f"folds/fold-{fold}.onnx"
    chosen = np.flatnonzero(windows.learn & (True if fold is None else windows.folds != fold))
    return name, export(train(windows, chosen, name), windows, MODEL / name)


def unseen(job):
    """A net that never learned of an attack, for the journeys of two folds that it has not seen either, and what it finds there."""
    folder, attack = job
    alone()
    windows = Windows(folder)
    held = windows.folds < 2
    name = f"left-out/{attack}.onnx"
    net = train(windows, np.flatnonzero(windows.learn & ~held & (windows.kinds != attack)), name)
    export(net, windows, MODEL / name)
    rows = np.flatnonzero(~windows.learn & held & windows.real & np.isin(windows.kinds, [HONEST, attack]))
    with torch.no_grad():
        odds = np.concatenate([net(torch.from_numpy(windows.inputs(some))).numpy() for some in np.array_split(rows, math.ceil(len(rows) / 256))])
    honest = np.sort(odds[windows.kinds[rows] == HONEST])[::-1]
    attacked = odds[windows.kinds[rows] == attack]
    found = {f"at_{fpr}": int((attacked > honest[int(fpr * len(honest))]).sum()) for fpr in (0.01, 0.001)}
    return attack, {"weights": name, "folds": [0, 1], "honest": len(honest), "attacked": len(attacked), **found}


def tsx(script, *words):
    subprocess.run([str(ROOT / "node_modules" / ".bin" / "tsx"), str(ROOT / "tests" / "training" / script), *map(str, words)], check=True, cwd=ROOT)


def collect(folder, given, drives):
    """Has the pieces of the training set written side by side, and lays them together."""
    pieces = MEASURED if given.seal_only else [*LEARNED, *MEASURED]
    with concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
        list(pool.map(lambda piece: tsx("run-export.ts", folder, piece, given.simulated, *drives), pieces))
    about, rows, journeys = {}, [], {}
    with open(folder / "windows.i16", "wb") as whole:
        for piece in pieces:
            about = json.loads((folder / f"{piece}.json").read_text())
            numbers = [journeys.setdefault(journey["name"], (len(journeys), journey))[0] for journey in about["journeys"]]
            rows += [{**row, "journey": numbers[row["journey"]]} for row in about["rows"]]
            with open(folder / f"{piece}.i16", "rb") as part:
                shutil.copyfileobj(part, whole, 1 << 24)
            for ending in ("i16", "json"):
                (folder / f"{piece}.{ending}").unlink()
    about.update(rows=rows, journeys=[journey for _, journey in journeys.values()])
    (folder / "windows.json").write_text(json.dumps(about))


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--simulated", type=int, default=48, help="how many simulated drives (default: 48)")
    options.add_argument("--data", type=pathlib.Path, help="a folder with drives/ of real drive folders")
    options.add_argument("--set", type=pathlib.Path, help="keep the exported windows here, or use those that are there")
    options.add_argument("--jobs", type=int, default=2, help="nets that are trained at once (default: 2)")
    options.add_argument("--seal-only", action="store_true", help="keep the weights; make the calibration and the card anew")
    options.add_argument("--unseen", action="store_true", help="also train without one attack at a time, for the card")
    options.add_argument("--folds-only", action="store_true", help="stop before the model is sealed (for trials)")
    given = options.parse_args()
    drives = [] if given.data is None else [given.data.resolve() / "drives"]
    folder = (given.set or pathlib.Path(tempfile.mkdtemp(prefix="wayproof-windows-"))).resolve()
    if not (folder / "windows.json").exists():
        collect(folder, given, drives)
    windows = Windows(folder)
    net = ConsistencyNet(windows.channels, windows.about["seconds"], windows.about["windowSeconds"], len(windows.names))
    print(f"{windows.learn.sum()} windows to learn from, {(~windows.learn).sum()} to be measured on, {windows.channels} channels, {MEMBERS} times {sum(p.numel() for p in net.parameters())} parameters", file=sys.stderr)
    with concurrent.futures.ProcessPoolExecutor(1 if torch.cuda.is_available() else given.jobs) as pool:
        if not given.seal_only:
            (MODEL / "folds").mkdir(parents=True, exist_ok=True)
            # The largest set first.
            said = dict(pool.map(make, [(folder, fold) for fold in [None, *range(windows.about["folds"])]]))
            (MODEL / "torch-odds.json").write_text(json.dumps(said["consistency.onnx"]) + "\n")
        if given.unseen:
            (MODEL / "left-out").mkdir(exist_ok=True)
            (MODEL / "unseen.json").write_text(json.dumps(dict(pool.map(unseen, [(folder, attack) for attack in UNSEEN])), indent=1) + "\n")
    if not given.folds_only:
        tsx("run-seal.ts", folder, *drives)


if __name__ == "__main__":
    main()
