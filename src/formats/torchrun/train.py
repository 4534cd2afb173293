"""Continues a training run of unsnow in PyTorch, on one processor or on many machines; see README.md."""

import argparse
import csv
import json
import math
import os
import time
from pathlib import Path

import torch
import torch.distributed as dist
from torch.nn.functional import binary_cross_entropy_with_logits, pixel_shuffle, pixel_unshuffle
from torch.nn.parallel import DistributedDataParallel

import blind
import images
import pictures
from draws import SHUFFLE, TRAINING_NOISE, VALIDATION_NOISE, permutation
from noise import Noise
from stored import FULL_RANGES
from tensors import read_tensors, write_tensors

FOLDER = Path(__file__).parent
COLUMNS = ["epoch", "loss", "valLoss", "valPsnr", "seconds"]

# Keeps the tensors that were summed over processes (a few numbers per epoch) until the end.
# Otherwise a thread of the process group may hold the last reference to a tensor and wait for the
# GIL to free it, while the main thread holds the GIL, closes the group and waits for its threads: a
# deadlock (seen with PyTorch 1.13 and gloo).
SUMMED = []


class Group:
    """The processes that train together: one with plain python3, as many as there are with torchrun."""

    def __init__(self):
        self.size = int(os.environ.get("WORLD_SIZE", 1))
        self.rank = int(os.environ.get("RANK", 0))
        cuda = torch.cuda.is_available()
        self.device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", 0))) if cuda else torch.device("cpu")
        if cuda:
            torch.cuda.set_device(self.device)
        if self.size > 1:
            dist.init_process_group("nccl" if cuda else "gloo")

    def mine(self, rows):
        """This process' share of some rows."""
        return rows[self.rank :: self.size]

    def sum(self, values):
        """The sum of a tensor over all processes."""
        if self.size > 1:
            SUMMED.append(values)
            dist.all_reduce(values)
        return values

    def say(self, line):
        if self.rank == 0:
            print(line, flush=True)


class Network(torch.nn.Module):
    """Dense layers or convolutions with ReLU between them; gives the logits of the last, [count, values]. A noise map needs `strength` [count]."""

    def __init__(self, settings):
        super().__init__()
        self.centre = 0.5 if settings["centre"] else 0.0
        self.image = (*settings["image"], settings["channels"])
        hidden = settings["hidden"]
        self.planes = isinstance(hidden[0], str)
        self.block, self.map = settings.get("block", 1), settings.get("noiseMap", False)
        # The numbers of the layers whose outputs are added, counted from 1; 0 for none.
        self.added = [int(str(word).partition("+")[2] or 0) for word in hidden]
        if self.planes:
            layers = convolutions(hidden, settings["channels"] * self.block**2, self.map)
        else:
            sizes = [math.prod(self.image), *hidden, math.prod(self.image)]
            layers = [torch.nn.Linear(i, o) for i, o in zip(sizes, sizes[1:])]
        self.layers = torch.nn.ModuleList(layers)

    def forward(self, x, strength):
        x = x - self.centre
        if self.planes:
            # The values of a row of x are those of an image, row by row, its channels together.
            x = pixel_unshuffle(x.view(-1, *self.image).permute(0, 3, 1, 2), self.block)
        if self.map:
            x = torch.cat([x, strength.view(-1, 1, 1, 1).expand(-1, 1, *x.shape[2:])], 1)
        outputs = []
        for layer, added in zip(self.layers, self.added):
            x = layer(x)
            x = torch.relu(x + outputs[added - 1] if added else x)
            outputs.append(x)
        z = self.layers[-1](x)
        return pixel_shuffle(z, self.block).permute(0, 2, 3, 1).flatten(1) if self.planes else z


def convolutions(hidden, channels, noise_map):
    """The layers of "conv:16", "conv:16/2" with stride 2 and "up:16", which doubles the sides, and the last one."""
    layers, inputs = [], channels + (1 if noise_map else 0)
    for word in hidden:
        kind, size = word.partition("+")[0].split(":")
        outputs, _, stride = size.partition("/")
        if kind == "up":
            layers.append(torch.nn.ConvTranspose2d(inputs, int(outputs), 3, 2, 1, 1))
        else:
            layers.append(torch.nn.Conv2d(inputs, int(outputs), 3, int(stride or 1), 1))
        inputs = int(outputs)
    return [*layers, torch.nn.Conv2d(inputs, channels, 3, 1, 1)]


def output_of(kind, z, x):
    """The network's output for logits z and input x."""
    return {"sigmoid": torch.sigmoid(z), "linear": z, "residual": x - z}[kind]


def losses_of(settings, z, x, clean, counted):
    """The loss of each image, [count]: a mean over its values that count."""
    if settings["loss"] == "bce":
        return mean_of(binary_cross_entropy_with_logits(z, clean, reduction="none"), counted)
    return mean_of((output_of(settings["output"], z, x) - clean) ** 2, counted)


def mean_of(values, counted):
    """The mean of each image's values, or of those that count: counted is None, or 1 or 0 for each value."""
    return values.mean(1) if counted is None else (values * counted).sum(1) / counted.sum(1)


class Run:
    """The network, its optimizer and the position in the run, as in state.safetensors."""

    def __init__(self, settings, limits, device):
        self.settings, self.limits = settings, limits
        tensors, place = read_tensors(FOLDER / "state.safetensors")
        self.epoch, self.step = int(place["epoch"]), int(place["step"])
        self.updates, self.loss_sum = int(place["updates"]), float(place["lossSum"])
        self.network = Network(settings)
        names = {"adadelta": ("square_avg", "acc_delta"), "adam": ("exp_avg_sq", "exp_avg")}
        self.moments = dict(zip(("squares", "others"), names[settings["optimizer"]]))
        with torch.no_grad():
            for name, parameter in self.network.named_parameters():
                parameter.copy_(tensors[name])
        self.network.to(device)
        self.optimizer = self.new_optimizer()
        for name, parameter in self.network.named_parameters():
            means = {key: tensors[name.replace("layers", part)] for part, key in self.moments.items()}
            state = {key: mean.clone().to(device) for key, mean in means.items()}
            self.optimizer.state[parameter] = {"step": torch.tensor(float(self.updates)), **state}

    def new_optimizer(self):
        settings, parameters = self.settings, self.network.parameters()
        lr, eps = settings["lr"], settings["epsilon"]
        if settings["optimizer"] == "adadelta":
            return torch.optim.Adadelta(parameters, lr=lr, rho=settings["rho"], eps=eps)
        if settings["optimizer"] == "adam":
            return torch.optim.Adam(parameters, lr=lr, betas=(settings["beta1"], settings["beta2"]), eps=eps)
        raise SystemExit(f"The optimizer {settings['optimizer']} is not known.")

    def set_rate(self, steps_per_epoch):
        """The learning rate of the next step."""
        kind, *numbers = self.settings["schedule"].split(":")
        factor = 1.0
        if kind == "cosine":
            progress = (self.epoch * steps_per_epoch + self.step) / (self.settings["epochs"] * steps_per_epoch)
            factor = (1 + math.cos(math.pi * progress)) / 2
        if kind == "step":
            factor = float(numbers[1]) ** (self.epoch // int(numbers[0]))
        for group in self.optimizer.param_groups:
            group["lr"] = factor * self.settings["lr"]

    def save(self):
        """Writes state.safetensors, to continue from, and model.safetensors, which unsnow opens."""
        tensors = dict(self.network.named_parameters())
        for part, key in self.moments.items():
            for name, parameter in self.network.named_parameters():
                tensors[name.replace("layers", part)] = self.optimizer.state[parameter][key]
        place = {"epoch": self.epoch, "step": self.step, "updates": self.updates, "lossSum": self.loss_sum}
        write_tensors(FOLDER / "state.safetensors", tensors, {key: str(value) for key, value in place.items()})

        settings = self.settings
        weights = {name: value.detach().cpu() for name, value in self.network.named_parameters()}
        if self.network.centre:
            # W (x - c) + b = W x + (b - c W 1)
            weights["layers.0.bias"] = weights["layers.0.bias"] - self.network.centre * weights["layers.0.weight"].sum(1)
        inputs = math.prod(self.network.image)
        shape = {key: settings[key] for key in ("hidden", "output", "image", "channels")}
        shape.update(block=self.network.block, noiseMap=self.network.map)
        network = {"inputs": inputs, "activation": "relu", **shape}
        training = {key: settings[key] for key in ("noise", "seed")}
        if self.limits != FULL_RANGES.get(self.limits.bits):
            training["samples"] = {"bits": self.limits.bits, "low": self.limits.low, "high": self.limits.high}
        if settings.get("selfSupervised"):
            training["blindSpots"] = settings["mask"]
        metadata = {"network": json.dumps(network), "training": json.dumps(training)}
        write_tensors(FOLDER / "model.safetensors", weights, metadata)


class Sweep:
    """A pass through images, all processes together: each takes its share of every batch."""

    def __init__(self, source, settings, group, stream, epoch, place_epoch, swap, shift):
        self.source, self.group, self.swap, self.shift = source, group, swap, shift
        self.noise, self.batch = Noise(settings["noise"]), settings["batch"]
        self.key, self.epoch, self.place_epoch = (settings["seed"], stream), epoch, place_epoch
        self.mask = settings["mask"] if settings.get("selfSupervised") else None
        self.image = (*settings["image"], settings["channels"])
        self.steps = math.ceil(source.count / self.batch)
        self.order = torch.arange(source.count)

    def rows(self, step):
        """(noisy, clean, counted) of this process' share of a batch, [share, values], the noise's strengths, and the images of the batch.

        counted is None if all values count in the loss.
        """
        batch = self.order[step * self.batch : (step + 1) * self.batch]
        numbers = self.group.mine(batch)
        device = self.group.device
        shift = images.shifts(numbers, self.key, self.epoch, self.shift)
        noisy, clean = self.source.take(numbers, self.place_epoch, self.noise.margin, shift)
        noisy, clean, numbers = noisy.to(device), clean.to(device), numbers.to(device)
        if self.swap:
            noisy, clean = images.swapped(noisy, clean, numbers, self.key, self.epoch)
        low, high, _ = self.source.limits
        x = self.noise.add((noisy.double() - low) / (high - low), numbers, self.key, self.epoch)
        strength = self.noise.strengths(numbers, self.key, self.epoch)
        x, clean, counted = x.float(), ((clean.double() - low) / (high - low)).float().flatten(1), None
        if self.mask:
            clean = x
            x, counted = blind.hide(x, self.image, self.mask, numbers, self.key, self.place_epoch)
        return x, clean, counted, strength.float(), len(batch)


def train_epoch(run, model, source, group, log):
    """Trains the rest of the current epoch; returns its loss."""
    settings, epoch = run.settings, run.epoch
    noise_epoch = 0 if settings["fixedNoise"] else epoch
    sweep = Sweep(source, settings, group, TRAINING_NOISE, noise_epoch, epoch, settings["noise2noise"], settings["shift"])
    if settings["shuffle"] and not settings.get("patch"):
        sweep.order = permutation(source.count, (settings["seed"], SHUFFLE), epoch)
    sums = torch.zeros(sweep.steps, dtype=torch.float64, device=group.device)
    first = run.step
    for step in range(first, sweep.steps):
        run.step = step
        run.set_rate(sweep.steps)
        x, clean, counted, strength, count = sweep.rows(step)
        losses = losses_of(settings, model(x, strength), x, clean, counted)
        run.optimizer.zero_grad()
        # DistributedDataParallel averages the gradients of the processes, whose shares may differ
        # in size.
        (group.size * losses.sum() / count).backward()
        run.optimizer.step()
        run.updates += 1
        sums[step] = losses.detach().double().sum()
    sums = group.sum(sums)
    if log and group.rank == 0:
        counts = [len(batch) for batch in sweep.order.split(sweep.batch)]
        with open(log, "a") as file:
            file.writelines(f"{float(sums[step]) / counts[step]!r}\n" for step in range(first, sweep.steps))
    return (run.loss_sum + float(sums.sum())) / source.count


@torch.no_grad()
def validate(run, source, group):
    """(mean loss, mean PSNR in dB) over the validation images, whose noise never changes."""
    sweep = Sweep(source, run.settings, group, VALIDATION_NOISE, 0, 0, False, 0)
    sums = torch.zeros(2, dtype=torch.float64, device=group.device)
    for step in range(sweep.steps):
        x, clean, counted, strength, _ = sweep.rows(step)
        z = run.network(x, strength)
        errors = mean_of(((output_of(run.settings["output"], z, x).clamp(0, 1) - clean) ** 2).double(), counted)
        sums += torch.stack([losses_of(run.settings, z, x, clean, counted).double().sum(), (-10 * errors.log10()).sum()])
    return [float(value) / source.count for value in group.sum(sums)]


def record(row):
    """Adds an epoch to history.csv."""
    path = FOLDER / "history.csv"
    with open(path, "a", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        if path.stat().st_size == 0:
            writer.writerow(COLUMNS)
        writer.writerow(row)


def read_options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", help="the clean images to train on")
    parser.add_argument("--val-data", dest="valData", help="clean images to validate on")
    parser.add_argument("--noisy", help="measured noisy twins of --data")
    parser.add_argument("--val-noisy", dest="valNoisy", help="measured noisy twins of --val-data")
    parser.add_argument("--epochs", type=int, help="epochs of the whole run, those that are done included")
    parser.add_argument("--other-data", action="store_true", help="train on other images than before")
    parser.add_argument("--log-steps", metavar="FILE", help="append the loss of every step to this file, one per line")
    return parser.parse_args()


def main():
    options = read_options()
    settings = json.loads((FOLDER / "settings.json").read_text())
    for name in ("data", "valData", "noisy", "valNoisy", "epochs"):
        if getattr(options, name) is not None:
            settings[name] = getattr(options, name)
    # Makes files next to this one available from any working directory.
    for name in ("data", "valData", "noisy", "valNoisy"):
        if settings.get(name) and not Path(settings[name]).exists() and (FOLDER / settings[name]).exists():
            settings[name] = str(FOLDER / settings[name])
    if settings.get("data") is None:
        raise SystemExit("Name the clean images to train on with --data.")
    training, validation = (pictures if settings.get("patch") else images).read_sets(settings)
    if settings.get("fingerprint") and not settings.get("patch") and not options.other_data:
        images.check_same(training, settings["fingerprint"]["train"], settings["data"])
        images.check_same(validation, settings["fingerprint"]["validation"], settings.get("valData", settings["data"]))

    group = Group()
    run = Run(settings, training.limits, group.device)
    model = DistributedDataParallel(run.network) if group.size > 1 else run.network
    group.say(f"Going on after epoch {run.epoch}, step {run.step}, with {group.size} processes on {group.device.type}.")
    while run.epoch < settings["epochs"]:
        started = time.time()
        loss = train_epoch(run, model, training, group, options.log_steps)
        val_loss, val_psnr = validate(run, validation, group)
        if not math.isfinite(loss + val_loss):
            raise SystemExit(f"Epoch {run.epoch + 1} diverged: its loss is {loss}; the state before it is kept.")
        run.epoch, run.step, run.loss_sum = run.epoch + 1, 0, 0.0
        if group.rank == 0:
            run.save()
            record([run.epoch, loss, val_loss, val_psnr, time.time() - started])
        group.say(f"epoch {run.epoch}: loss {loss:.6f}, validation {val_loss:.6f}, {val_psnr:.2f} dB")
    if group.size > 1:
        dist.destroy_process_group()


if __name__ == "__main__":
    main()
