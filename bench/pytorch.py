"""The same training step in PyTorch. Reads commands as lines of JSON and answers each with a line of JSON.

python3 pytorch.py cpu THREADS | cuda | cuda-compiled | cuda-graphs      THREADS 0 takes all cores

{"folder": F, "batch": n, "batches": n, "sample": [n, ...], "layers": [...], "output": ..., "optimizer": ...}
    reads F/noisy, F/clean [batches * batch, *sample] u8 and F/weights, f32: each layer's weight, then its bias;
    the layers are those of src/spec/layer-specs.ts, the output is "sigmoid" or "residual"
{"steps": n}
    trains n steps; {"milliseconds": ..., "loss": ...} of the last
"""

import json
import os
import sys
import time

import numpy
import torch


class Training:
    def __init__(self, mode, problem):
        self.device = torch.device("cuda" if mode.startswith("cuda") else "cpu")
        folder, batch, batches, sample = (problem[key] for key in ("folder", "batch", "batches", "sample"))
        self.noisy, self.clean = (
            self.images(f"{folder}/{name}", [batches, batch, *sample]) for name in ("noisy", "clean")
        )
        self.model = network(f"{folder}/weights", problem["layers"]).to(self.device)
        self.residual = problem["output"] == "residual"
        self.criterion = torch.nn.MSELoss() if self.residual else torch.nn.BCEWithLogitsLoss()
        on_device = mode in ("cuda-graphs", "cuda-compiled")
        self.optimizer = optimizers[problem["optimizer"]](self.model.parameters(), capturable=on_device)
        self.done = 0
        if mode == "cuda-compiled":
            self.forward = torch.compile(self.forward)
            self.update_weights = torch.compile(self.update_weights)
        self.step = self.graphed() if mode == "cuda-graphs" else self.eager

    def images(self, path, shape):
        values = numpy.fromfile(path, dtype=numpy.uint8).reshape(shape)
        return torch.from_numpy(values).to(self.device).float().div_(255)

    def update(self, noisy, clean):
        self.optimizer.zero_grad(set_to_none=True)
        loss = self.forward(noisy, clean)
        loss.backward()
        self.update_weights()
        return loss.detach()

    def forward(self, noisy, clean):
        logits = self.model(noisy)
        return self.criterion(noisy - logits if self.residual else logits, clean)

    def update_weights(self):
        self.optimizer.step()

    def eager(self, index):
        return self.update(self.noisy[index], self.clean[index])

    def graphed(self):
        """One step captured as a CUDA graph; every replay copies its batch in first."""
        noisy, clean = self.noisy[0].clone(), self.clean[0].clone()
        # Capturing requires a few real steps before it, on a side stream. Their changes are undone
        # afterwards, in place, because the graph refers to the tensors by address.
        weights = [parameter.detach().clone() for parameter in self.model.parameters()]
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(3):
                self.update(noisy, clean)
        torch.cuda.current_stream().wait_stream(side)
        graph = torch.cuda.CUDAGraph()
        self.optimizer.zero_grad(set_to_none=True)
        with torch.cuda.graph(graph):
            loss = self.update(noisy, clean)
        with torch.no_grad():
            for parameter, weight in zip(self.model.parameters(), weights):
                parameter.copy_(weight)
            for state in self.optimizer.state.values():
                for value in state.values():
                    if torch.is_tensor(value):
                        value.zero_()

        def replay(index):
            noisy.copy_(self.noisy[index])
            clean.copy_(self.clean[index])
            graph.replay()
            return loss

        return replay

    def run(self, steps):
        self.wait()
        started = time.perf_counter()
        for _ in range(steps):
            loss = self.step(self.done % len(self.noisy))
            self.done += 1
        value = loss.item()
        self.wait()
        return {"milliseconds": 1000 * (time.perf_counter() - started), "loss": value}

    def wait(self):
        if self.device.type == "cuda":
            torch.cuda.synchronize()


def network(path, layers):
    """The layers with ReLU between them; the last gives logits."""
    values = torch.from_numpy(numpy.fromfile(path, dtype=numpy.float32))
    modules = []
    for layer in layers:
        module = kinds[layer["kind"]](layer)
        with torch.no_grad():
            for parameter in (module.weight, module.bias):
                count = parameter.numel()
                parameter.copy_(values[:count].view_as(parameter))
                values = values[count:]
        modules += [module, torch.nn.ReLU()]
    return torch.nn.Sequential(*modules[:-1])


kinds = {
    "dense": lambda layer: torch.nn.Linear(layer["inputs"], layer["outputs"]),
    "conv": lambda layer: torch.nn.Conv2d(layer["input"]["channels"], layer["channels"], 3, layer["stride"], 1),
    "up": lambda layer: torch.nn.ConvTranspose2d(layer["input"]["channels"], layer["channels"], 3, 2, 1, 1),
}


def adadelta(parameters, capturable):
    settings = {"lr": 1.0, "rho": 0.95, "eps": 1e-7}
    if capturable:
        settings["capturable"] = True  # since PyTorch 2.2
    return torch.optim.Adadelta(parameters, **settings)


def adam(parameters, capturable):
    return torch.optim.Adam(parameters, lr=1e-3, capturable=capturable)


optimizers = {"adadelta": adadelta, "adam": adam}


def device_name(mode):
    if mode.startswith("cuda"):
        return torch.cuda.get_device_name()
    return f"CPU, {torch.get_num_threads()} threads" if torch.get_num_threads() > 1 else "CPU, 1 thread"


def main():
    mode = sys.argv[1]
    if mode == "cpu":
        torch.set_num_threads(int(sys.argv[2]) or os.cpu_count() or 1)
    elif not torch.cuda.is_available():
        raise SystemExit("there is no CUDA device")
    # By default cuDNN rounds the inputs of convolutions to 10 bits; all others compute in float32.
    torch.backends.cudnn.allow_tf32 = False
    print(json.dumps({"device": f"PyTorch {torch.__version__}, {device_name(mode)}"}), flush=True)
    training = None
    for line in sys.stdin:
        command = json.loads(line)
        if "steps" in command:
            answer = training.run(command["steps"])
        else:
            training = Training(mode, command)
            answer = {}
        print(json.dumps(answer), flush=True)


main()
