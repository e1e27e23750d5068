#!/usr/bin/env python3
"""Trains the net that judges whether a window's channels tell of one drive, and seals it with its calibration and card.

    python3 validate/training/train.py --simulated 40 --data "$WAYPROOF_DATA"

Needs Debian's python3-torch (1.13) and python3-onnx, and the project's npm packages; a CPU is enough (about ten
minutes on one core). The windows come from the program's own sketch, written by tests/training/run-export.ts, so that
training and serving cannot differ. One net a fold, trained without that fold's journeys, and one on all of them; the
folds' answers on journeys they have not seen make the calibration and every figure of the card
(tests/training/run-seal.ts).
"""

import argparse
import json
import math
import pathlib
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
DILATIONS = (1, 2, 4, 8, 16)
EPOCHS = 10
BATCH = 128
RATE = 2e-3
# Simulated windows are plentiful and too clean: they teach what real drives are too few for, and no more.
SIMULATED_WEIGHT = 0.4


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


class ConsistencyNet(nn.Module):
    """Channels by seconds in, the log-odds of two stories in one window out. Convolutions and reductions only."""

    def __init__(self, channels):
        super().__init__()
        self.enter = nn.Conv1d(channels, WIDTH, 3, padding=1)
        self.blocks = nn.Sequential(*(Block(dilation) for dilation in DILATIONS))
        self.hidden = nn.Linear(2 * WIDTH, WIDTH)
        self.out = nn.Linear(WIDTH, 1)
        self.drop = nn.Dropout(0.2)

    def forward(self, x):
        features = torch.relu(self.blocks(torch.relu(self.enter(x))))
        pooled = torch.cat([features.mean(dim=2), features.amax(dim=2)], dim=1)
        return self.out(self.drop(torch.relu(self.hidden(pooled)))).squeeze(1)


class Windows:
    """The exported training set."""

    def __init__(self, folder):
        about = json.loads((folder / "windows.json").read_text())
        self.about = about
        self.channels = len(about["channels"])
        shape = (len(about["rows"]), self.channels, about["seconds"])
        self.inputs = np.fromfile(folder / "windows.f32", dtype="<f4").reshape(shape)
        journeys = about["journeys"]
        rows = about["rows"]
        self.kinds = np.array([row["kind"] for row in rows])
        self.folds = np.array([journeys[row["journey"]]["fold"] for row in rows])
        self.real = np.array([journeys[row["journey"]]["source"] == "real" for row in rows])
        self.attacked = (self.kinds != "honest").astype("float32")
        self.needs_imu = np.isin(self.kinds, about["needsImu"])
        self.weights = self._weights()
        groups = about["groups"]
        # Which groups each channel is made from; a mask is made from its own group.
        needs = about["needs"] + [[group] for group in groups]
        self.uses = np.array([[group in need for group in groups] for need in needs])
        self.groups = groups

    def _weights(self):
        """Honest windows weigh as much as all attacked ones, and every attack as much as any other."""
        weights = np.where(self.real, 1.0, SIMULATED_WEIGHT)
        attacks = sorted(set(self.kinds) - {"honest"})
        for kind in ["honest", *attacks]:
            share = 0.5 if kind == "honest" else 0.5 / len(attacks)
            those = self.kinds == kind
            weights[those] *= share * len(weights) / weights[those].sum()
        return weights.astype("float32")

    def dropped(self, inputs, random):
        """Leaves sensors out of some windows, as devices do: (inputs, whether a window lost its motion sensor)."""
        kept = np.ones((len(inputs), len(self.groups)), dtype=bool)
        draw = random.random(len(inputs))
        index = {group: n for n, group in enumerate(self.groups)}
        no_imu, no_gyro, no_doppler, no_course = draw < 0.08, (draw >= 0.08) & (draw < 0.14), (draw >= 0.14) & (draw < 0.2), (draw >= 0.2) & (draw < 0.24)
        kept[np.ix_(no_imu, [index["force"], index["gyro"]])] = False
        kept[no_gyro, index["gyro"]] = False
        kept[np.ix_(no_doppler, [index["doppler"], index["course"]])] = False
        kept[no_course, index["course"]] = False
        lost = (~kept).astype("float32") @ self.uses.T.astype("float32") > 0
        return inputs * ~lost[:, :, None], no_imu


def train(windows, chosen, seed):
    """A net trained on the chosen windows."""
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    net = ConsistencyNet(windows.channels)
    optimizer = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=1e-2)
    steps = EPOCHS * math.ceil(len(chosen) / BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps, pct_start=0.15)
    net.train()
    for epoch in range(EPOCHS):
        total, began = 0.0, time.time()
        order = random.permutation(chosen)
        for start in range(0, len(order), BATCH):
            rows = order[start:start + BATCH]
            inputs, no_imu = windows.dropped(windows.inputs[rows], random)
            weights = windows.weights[rows] * ~(no_imu & windows.needs_imu[rows])
            odds = net(torch.from_numpy(np.ascontiguousarray(inputs, dtype="float32")))
            losses = nn.functional.binary_cross_entropy_with_logits(odds, torch.from_numpy(windows.attacked[rows]), reduction="none")
            loss = (losses * torch.from_numpy(weights.astype("float32"))).mean()
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total += loss.item() * len(rows)
        print(f"  epoch {epoch + 1} of {EPOCHS}: loss {total / len(order):.4f}, {time.time() - began:.1f} s", file=sys.stderr)
    return net.eval()


def export(net, windows, file):
    """Writes ONNX (opset 13: what CPU, CUDA and WebGPU all have) and what torch itself says of some windows."""
    torch.onnx.export(
        net, torch.zeros(2, windows.channels, windows.about["seconds"]), str(file), opset_version=13,
        input_names=["windows"], output_names=["odds"], dynamic_axes={"windows": {0: "n"}, "odds": {0: "n"}},
    )
    rows = np.linspace(0, len(windows.inputs) - 1, 256).astype(int)
    with torch.no_grad():
        odds = net(torch.from_numpy(windows.inputs[rows].copy()))
    return {"rows": rows.tolist(), "odds": [round(float(value), 7) for value in odds]}


def tsx(script, *words):
    subprocess.run([str(ROOT / "node_modules" / ".bin" / "tsx"), str(ROOT / "tests" / "training" / script), *map(str, words)], check=True, cwd=ROOT)


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--simulated", type=int, default=40, help="how many simulated drives (default: 40)")
    options.add_argument("--data", type=pathlib.Path, help="a folder with drives/ of real drive folders")
    options.add_argument("--set", type=pathlib.Path, help="keep the exported windows here, or use those that are there")
    options.add_argument("--folds-only", action="store_true", help="stop before the model is sealed (for trials)")
    given = options.parse_args()
    drives = [] if given.data is None else [given.data.resolve() / "drives"]
    # One thread: sums of floats in another order are other weights.
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    folder = (given.set or pathlib.Path(tempfile.mkdtemp(prefix="wayproof-windows-"))).resolve()
    if not (folder / "windows.json").exists():
        tsx("run-export.ts", folder, given.simulated, *drives)
    windows = Windows(folder)
    print(f"{len(windows.kinds)} windows, {windows.channels} channels, {sum(p.numel() for p in ConsistencyNet(windows.channels).parameters())} parameters", file=sys.stderr)
    (MODEL / "folds").mkdir(parents=True, exist_ok=True)
    said = {}
    for fold in [*range(windows.about["folds"]), None]:
        chosen = np.arange(len(windows.kinds)) if fold is None else np.flatnonzero(windows.folds != fold)
        name = "consistency.onnx" if fold is None else f"folds/fold-{fold}.onnx"
        print(f"{name}: {len(chosen)} windows", file=sys.stderr)
        said[name] = export(train(windows, chosen, SEED), windows, MODEL / name)
    (folder / "torch-odds.json").write_text(json.dumps(said))
    if not given.folds_only:
        tsx("run-seal.ts", folder, *drives)


if __name__ == "__main__":
    main()
