#!/usr/bin/env python3
"""Trains the net that compares two consecutive pictures: how the camera turned and moved, and whether they show one place.

    python3 validate/training/camera.py --scenes 45 --data "$WAYPROOF_DATA"

Needs Debian's python3-torch (1.13) and python3-onnx, and the project's npm packages; a CPU is enough (about half an
hour on one core). Pictures are rendered by the simulator, whose poses are known (tests/training/run-camera-export.ts);
real photographs lend their texture, turned by a homography, which makes a pair of exactly known turn. Lens, exposure,
blur, noise, night, dirt, bonnets and traffic are drawn anew for each pair. The committed figures come from
tests/training/run-camera-seal.ts.
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
from torch.nn import functional as F

ROOT = pathlib.Path(__file__).resolve().parents[2]
MODEL = ROOT / "validate" / "model"
SEED = 20261101
HEIGHT, WIDTH = 36, 64
BATCH = 128
RATE = 2e-3
PER_SEQUENCE = 100
SPACING_M = 2.0
# Of the distance forward, so that near and far both count: asinh(metres / 4).
EXPANSION_M = 4.0
PHOTO_SHARE, STRANGER_SHARE, STILL_SHARE = 0.12, 0.16, 0.06
OUTPUTS = ("turn", "turn_spread", "expansion", "expansion_spread", "same_place", "blur", "obstruction", "night")


class PairNet(nn.Module):
    """Two pictures in; turn as a share of the picture's width, expansion, their spreads, and logits. Convolutions and Gemm only."""

    def __init__(self):
        super().__init__()

        def step(before, after, size, stride):
            return [nn.Conv2d(before, after, size, stride, size // 2), nn.BatchNorm2d(after), nn.ReLU()]

        self.see = nn.Sequential(
            *step(2, 20, 5, 2), *step(20, 24, 3, 1), *step(24, 32, 3, 2), *step(32, 48, 3, 1), *step(48, 48, 3, 2), *step(48, 48, 3, 1), nn.Flatten(),
        )
        self.say = nn.Sequential(nn.Linear(48 * 5 * 8, 64), nn.ReLU(), nn.Dropout(0.1), nn.Linear(64, len(OUTPUTS)))

    def forward(self, x):
        return self.say(self.see(x))


def standardised(pictures):
    """As `validate/camera/pair-input.ts` does it: each picture by its own mean and spread, in grey levels."""
    mean = pictures.mean(dim=(2, 3), keepdim=True)
    spread = torch.sqrt(((pictures - mean) ** 2).mean(dim=(2, 3), keepdim=True))
    return (pictures - mean) / (spread + 4.0)


class Pairs:
    """Draws training pairs with what is true of them."""

    def __init__(self, folder, seed):
        about = json.loads((folder / "camera.json").read_text())
        self.greys = torch.from_numpy(np.fromfile(folder / "greys.u8", dtype="u1").reshape(-1, HEIGHT, WIDTH).copy())
        poses = np.fromfile(folder / "poses.f32", dtype="<f4").reshape(-1, 5)
        self.sequence, self.east, self.north, self.heading, self.fov = poses.T.astype("float64")
        photo = about["photo"]
        photos = np.fromfile(folder / "photos.u8", dtype="u1").reshape(-1, photo["height"], photo["width"])
        self.photos = torch.from_numpy(photos.copy())
        self.random = np.random.default_rng(seed)
        torch.manual_seed(seed)
        numbers = np.arange(len(self.sequence))
        # Turns are rare on the road and must not be in training.
        ahead = np.minimum(numbers + 4, len(numbers) - 1)
        turning = np.abs(wrapped(self.heading[ahead] - self.heading)) * (self.sequence[ahead] == self.sequence)
        self.likely = np.where(turning > 8, 4.0, 1.0)

    def only(self, those):
        """Draws from these pictures alone."""
        self.likely = self.likely * those
        return self

    def draw(self, count):
        random = self.random
        kind = random.random(count)
        first = random.choice(len(self.likely), count, p=self.likely / self.likely.sum())
        step = random.integers(1, 9, count) * random.choice([-1, 1], count)
        step[kind < STILL_SHARE] = 0
        stranger = (kind >= STILL_SHARE) & (kind < STILL_SHARE + STRANGER_SHARE)
        second = np.clip(first + step, 0, len(self.likely) - 1)
        second = np.where(self.sequence[second] == self.sequence[first], second, first)
        far = random.choice(len(self.likely), count, p=self.likely / self.likely.sum())
        # Half of the strangers are from the same street or nearly, else skies and cameras would tell.
        near = np.clip(first + random.integers(20, 90, count) * random.choice([-1, 1], count), 0, len(self.likely) - 1)
        apart = np.where(random.random(count) < 0.5, far, near)
        second = np.where(stranger, apart, second)
        turned = wrapped(self.heading[second] - self.heading[first])
        looks = np.radians(self.heading[first] + turned / 2)
        east, north = self.east[second] - self.east[first], self.north[second] - self.north[first]
        forward = east * np.sin(looks) + north * np.cos(looks)
        stranger &= (np.hypot(east, north) > 25) | (self.sequence[first] != self.sequence[second])
        pictures = torch.stack([self.greys[first], self.greys[second]], dim=1).float()
        truth = {
            "turn": turned / self.fov[first],
            "expansion": np.arcsinh(forward / EXPANSION_M),
            "same": np.where(stranger, 0.0, 1.0),
            "has_turn": (~stranger).astype("float64"),
            "has_expansion": (~stranger).astype("float64"),
        }
        # A pair without a common half of its view says nothing of one place or two.
        truth["has_same"] = np.where(~stranger & (np.abs(truth["turn"]) > 0.55), 0.0, 1.0)
        photographed = kind > 1 - PHOTO_SHARE
        if len(self.photos) > 0 and photographed.any():
            self.photograph(pictures, truth, np.flatnonzero(photographed))
        pictures, truth = self.developed(pictures, {name: torch.from_numpy(np.asarray(value, dtype="float32")) for name, value in truth.items()})
        return standardised(pictures), truth

    def photograph(self, pictures, truth, rows):
        """Two views into one photograph, the second turned: what a camera on a pole would see."""
        random, count = self.random, len(rows)
        which = random.integers(0, len(self.photos), count)
        other = np.where(random.random(count) < 0.2, random.integers(0, len(self.photos), count), which)
        whole, part = np.radians(75), np.radians(random.uniform(32, 50, count))
        room = (whole - part) / 2
        yaws = np.stack([random.uniform(-1, 1, count) * room, random.uniform(-1, 1, count) * room])
        pitch = random.uniform(-0.06, 0.06, count)
        for n, photo in enumerate((which, other)):
            x = torch.from_numpy(np.tan(part / 2)[:, None, None] * np.linspace(-1, 1, WIDTH)[None, None, :]).expand(count, HEIGHT, WIDTH)
            y = torch.from_numpy(np.tan(part / 2)[:, None, None] * np.linspace(-0.6, 0.6, HEIGHT)[None, :, None]).expand(count, HEIGHT, WIDTH)
            yaw = torch.from_numpy(yaws[n])[:, None, None]
            depth = torch.cos(yaw) - x * torch.sin(yaw)
            across = (x * torch.cos(yaw) + torch.sin(yaw)) / depth
            down = y / depth + torch.from_numpy(pitch + random.normal(0, 0.004, count))[:, None, None]
            grid = torch.stack([across / math.tan(whole / 2), down / math.tan(whole / 2) / 0.75], dim=3).float()
            shown = F.grid_sample(self.photos[photo][:, None].float(), grid, align_corners=True, padding_mode="border")
            pictures[rows, n] = shown[:, 0]
        truth["turn"][rows] = (yaws[1] - yaws[0]) / part
        truth["expansion"][rows], truth["has_expansion"][rows] = 0, 0
        truth["same"][rows] = (which == other).astype("float64")
        truth["has_turn"][rows] = truth["same"][rows]
        truth["has_same"][rows] = np.where((which == other) & (np.abs(truth["turn"][rows]) > 0.55), 0.0, 1.0)

    def developed(self, pictures, truth):
        """Another lens, light and weather for each pair, the same for both but for what changes from picture to picture."""
        count = len(pictures)
        # float32 of torch's own generator: one seed, one stream.
        one = lambda low, high: torch.empty(count).uniform_(low, high)
        happens = lambda chance: torch.rand(count) < chance
        wide = lambda values: values[:, None, None, None]
        # Lens: crop, lift and barrel distortion.
        zoom, lift, barrel = one(0.72, 1.0), one(-0.12, 0.12), torch.where(happens(0.5), one(-0.1, 0.3), torch.zeros(count))
        y, x = torch.meshgrid(torch.linspace(-1, 1, HEIGHT), torch.linspace(-1, 1, WIDTH), indexing="ij")
        bent = 1 + wide(barrel)[:, 0] * ((x**2 + y**2)[None] - 1) * 0.5
        grid = torch.stack([x[None] * bent * zoom[:, None, None], y[None] * bent * zoom[:, None, None] + lift[:, None, None]], dim=3)
        pictures = F.grid_sample(pictures, grid, align_corners=True, padding_mode="border")
        truth["turn"] = truth["turn"] / zoom
        flip = happens(0.5)
        pictures = torch.where(wide(flip), pictures.flip(3), pictures)
        truth["turn"] = torch.where(flip, -truth["turn"], truth["turn"])
        # Traffic: patches of other pictures, each moving on its own.
        strangers = pictures[torch.randperm(count)]
        for _ in range(2):
            busy = happens(0.3)
            width, height, left, top = one(0.05, 0.3), one(0.08, 0.35), one(0, 1), one(0.35, 0.9)
            for n in range(2):
                at = (left + (0 if n == 0 else 1) * torch.randn(count) * 0.08, top)
                u, v = (x / 2 + 0.5)[None], (y / 2 + 0.5)[None]
                hidden = (u > at[0][:, None, None]) & (u < (at[0] + width)[:, None, None]) & (v > (at[1] - height)[:, None, None]) & (v < at[1][:, None, None]) & busy[:, None, None]
                pictures[:, n] = torch.where(hidden, strangers[:, 0] * 0.6, pictures[:, n])
        # Light: night is dark, low in contrast, and noisy.
        night = happens(0.15)
        gain = torch.where(night, one(0.08, 0.3), one(0.55, 1.25))
        gamma = one(0.75, 1.35)
        pictures = 255 * (pictures / 255).clamp(0, 1) ** wide(gamma) * wide(gain)
        fog = torch.where(happens(0.15), one(0.2, 0.75), torch.zeros(count))
        pictures = pictures * (1 - wide(fog)) + wide(fog) * wide(one(90, 200) * gain)
        vignette = 1 - wide(one(0, 0.35)) * (x**2 + y**2)[None, None] / 2
        pictures = pictures * vignette
        # The exposure follows the scene.
        pictures = pictures * torch.exp(torch.randn(count, 2) * 0.08)[:, :, None, None] + torch.randn(count, 2)[:, :, None, None] * 3
        # Dirt, wipers, a bonnet: the same in both.
        bonnet = torch.where(happens(0.35), one(0.02, 0.3), torch.zeros(count))
        under = (y[None] / 2 + 0.5) > (1 - bonnet - 0.06 * bonnet.sign() * 0 )[:, None, None] + 0.1 * bonnet[:, None, None] * (x**2)[None]
        pictures = torch.where(under[:, None] & (bonnet > 0)[:, None, None, None], wide(one(5, 120)) + pictures * wide(one(0, 0.25)), pictures)
        dirty = happens(0.12)
        dirt = F.interpolate(torch.rand(count, 1, 5, 8), (HEIGHT, WIDTH), mode="bilinear", align_corners=True)
        share = torch.where(dirty, one(0.1, 0.95), torch.zeros(count))
        over = (dirt < share.pow(0.8)[:, None, None, None]) & wide(dirty)
        pictures = torch.where(over, wide(one(10, 150)), pictures)
        covered = (over | (under[:, None] & (bonnet > 0)[:, None, None, None])).float().mean(dim=(1, 2, 3))
        # Blur by motion, focus or drops.
        blurred = happens(0.2)
        sigma = torch.where(blurred, one(1.0, 3.0), torch.zeros(count))
        pictures = gaussian(pictures, sigma)
        noise = torch.where(night, one(1, 6), one(0.3, 2.5))
        pictures = (pictures + torch.randn_like(pictures) * wide(noise)).clamp(0, 255).round()
        truth["blur"], truth["obstruction"], truth["night"] = (sigma > 1.3).float(), (covered > 0.35).float(), night.float()
        # What cannot be seen cannot be told.
        told = (covered < 0.7).float()
        for name in ("has_turn", "has_expansion", "has_same"):
            truth[name] = truth[name] * told
        return pictures, truth


def gaussian(pictures, sigma):
    """Blurs each pair by its own sigma, in pixels, where it is above zero."""
    rows = torch.nonzero(sigma > 0).flatten()
    if len(rows) == 0:
        return pictures
    at = torch.arange(-6, 7).float()
    taps = torch.exp(-(at[None] ** 2) / (2 * sigma[rows, None] ** 2))
    taps = taps / taps.sum(dim=1, keepdim=True)
    some = F.pad(pictures[rows], (6, 6, 6, 6), mode="replicate")
    twice = taps.repeat_interleave(2, dim=0)
    flat = some.reshape(1, -1, *some.shape[2:])
    flat = F.conv2d(flat, twice[:, None, None, :], groups=len(twice))
    flat = F.conv2d(flat, twice[:, None, :, None], groups=len(twice))
    pictures = pictures.clone()
    pictures[rows] = flat.reshape(len(rows), 2, HEIGHT, WIDTH)
    return pictures


def wrapped(degrees):
    return (degrees + 180) % 360 - 180


def losses(said, truth):
    """Negative log-likelihoods: Laplace for turn and expansion, Bernoulli for the rest."""
    def laplace(mean, spread, target, has):
        spread = spread.clamp(-5, 3)
        return (has * (spread + (target - mean).abs() * torch.exp(-spread))).sum() / has.sum().clamp(min=1)

    def bernoulli(logit, target, has):
        return (has * F.binary_cross_entropy_with_logits(logit, target, reduction="none")).sum() / has.sum().clamp(min=1)

    everywhere = torch.ones(len(said))
    return {
        "turn": laplace(said[:, 0], said[:, 1], truth["turn"].clamp(-1, 1), truth["has_turn"]),
        "expansion": laplace(said[:, 2], said[:, 3], truth["expansion"], truth["has_expansion"]),
        "same": bernoulli(said[:, 4], truth["same"], truth["has_same"]),
        "blur": 0.1 * bernoulli(said[:, 5], truth["blur"], everywhere),
        "obstruction": 0.1 * bernoulli(said[:, 6], truth["obstruction"], everywhere),
        "night": 0.1 * bernoulli(said[:, 7], truth["night"], everywhere),
    }


def train(pairs, steps):
    torch.manual_seed(SEED)
    net = PairNet()
    optimizer = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps, pct_start=0.1)
    net.train()
    began, sums = time.time(), {}
    for step in range(1, steps + 1):
        pictures, truth = pairs.draw(BATCH)
        parts = losses(net(pictures), truth)
        loss = sum(parts.values())
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        for name, value in parts.items():
            sums[name] = sums.get(name, 0) + value.item() / 100
        if step % 100 == 0:
            print(f"  step {step} of {steps}, {time.time() - began:.0f} s: " + ", ".join(f"{name} {value:.3f}" for name, value in sums.items()), file=sys.stderr, flush=True)
            sums = {}
    return net.eval()


def tried(net, pairs):
    """Errors on scenes that the net has not seen."""
    found = {}
    with torch.no_grad():
        for _ in range(12):
            pictures, truth = pairs.draw(BATCH)
            said = net(pictures)
            has = (truth["has_turn"] > 0) & (truth["turn"].abs() < 0.5)
            moved = has & (truth["has_expansion"] > 0) & (truth["expansion"].abs() > 0.7)
            for name, values in {
                "turn_error": (said[has, 0] - truth["turn"][has]).abs(),
                "turn_sign": (torch.sign(said[:, 0]) == torch.sign(truth["turn"]))[has & (truth["turn"].abs() > 0.08)].float(),
                "way_sign": (torch.sign(said[:, 2]) == torch.sign(truth["expansion"]))[moved].float(),
                "expansion_error": (said[moved, 2] - truth["expansion"][moved]).abs(),
                "same_right": ((said[:, 4] > 0) == (truth["same"] > 0.5))[truth["has_same"] > 0].float(),
            }.items():
                found.setdefault(name, []).append(values)
    return {name: round(float(torch.cat(values).mean()), 4) for name, values in found.items()}


def export(net, file):
    """Writes ONNX (opset 13: what CPU, CUDA and WebGPU all have), batch normalisation folded into the convolutions."""
    torch.onnx.export(
        net, torch.zeros(2, 2, HEIGHT, WIDTH), str(file), opset_version=13,
        input_names=["pairs"], output_names=["motion"], dynamic_axes={"pairs": {0: "n"}, "motion": {0: "n"}},
    )


def tsx(script, *words):
    subprocess.run([str(ROOT / "node_modules" / ".bin" / "tsx"), str(ROOT / "tests" / "training" / script), *map(str, words)], check=True, cwd=ROOT)


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--scenes", type=int, default=45, help="how many simulated neighbourhoods (default: 45)")
    options.add_argument("--data", type=pathlib.Path, help="a folder with media/ of real photographs")
    options.add_argument("--set", type=pathlib.Path, help="keep the rendered pictures here, or use those that are there")
    options.add_argument("--steps", type=int, default=5000, help="batches to learn from (default: 5000)")
    options.add_argument("--out", type=pathlib.Path, default=MODEL / "camera.onnx")
    given = options.parse_args()
    # One thread: sums of floats in another order are other weights.
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    folder = (given.set or pathlib.Path(tempfile.mkdtemp(prefix="wayproof-camera-"))).resolve()
    if not (folder / "camera.json").exists():
        tsx("run-camera-export.ts", folder, given.scenes, *([] if given.data is None else [given.data.resolve()]))
    pairs, held = Pairs(folder, SEED), Pairs(folder, SEED + 1)
    # The last tenth of the sequences is in scenes of its own.
    last = pairs.sequence >= 0.9 * (pairs.sequence.max() + 1)
    pairs.only(~last)
    held.only(last)
    print(f"{len(pairs.sequence)} pictures, {len(pairs.photos)} photographs, {sum(p.numel() for p in PairNet().parameters())} parameters", file=sys.stderr)
    net = train(pairs, given.steps)
    export(net, given.out)
    print(json.dumps(tried(net, held)), file=sys.stderr)
    given.out.with_suffix(".torch.json").write_text(json.dumps(spoken(net, held)))


def spoken(net, pairs):
    """What torch itself says of some pairs, for the parity of the runtime."""
    pictures, _ = pairs.draw(16)
    with torch.no_grad():
        said = net(pictures)
    return {"pairs": [round(float(v), 6) for v in pictures.flatten()], "motion": [round(float(v), 6) for v in said.flatten()]}


if __name__ == "__main__":
    main()
