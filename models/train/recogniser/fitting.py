"""What every training has: batches of like lengths, and products in bf16 with parameters in f32."""
import torch

KINDS = {"bf16": torch.bfloat16, "f32": torch.float32}


class Masters:
    """Parameters in f32 for the optimiser, the model's own in bf16 where the CPU has instructions for it, which are faster."""

    def __init__(self, model, rate, decay, kind=torch.bfloat16):
        self.model = model
        groups = model.groups(rate, decay)
        self.live = [g["params"][0] for g in groups]
        self.master = [torch.nn.Parameter(p.detach().float().clone()) for p in self.live]
        for g, p in zip(groups, self.master):
            g["params"] = [p]
        model.to(kind)
        self.optimiser = torch.optim.AdamW(groups, betas=(0.9, 0.98), eps=1e-6, fused=True)

    def step(self, share):
        for g in self.optimiser.param_groups:
            g["lr"] = g["peak"] * share
        for m, p in zip(self.master, self.live):
            m.grad = p.grad.float() if p.grad is not None else None
            p.grad = None
        torch.nn.utils.clip_grad_norm_(self.master, 1.0)
        self.optimiser.step()
        with torch.no_grad():
            for m, p in zip(self.master, self.live):
                p.copy_(m)

    def restore(self):
        """The model in f32, with the masters' values."""
        self.model.float()
        with torch.no_grad():
            for m, p in zip(self.master, self.live):
                p.copy_(m)
        return self.model


def batches(examples, size, rng, block=800):
    """Batches of like lengths and about `size` pieces, in random order; lengths are sorted within blocks of so many examples."""
    order = list(range(len(examples)))
    rng.shuffle(order)
    out = []
    for at in range(0, len(order), block):
        part = sorted(order[at : at + block], key=lambda i: len(examples[i].ids))
        batch, width = [], 0
        for i in part:
            width = max(width, len(examples[i].ids))
            if batch and width * (len(batch) + 1) > size:
                out.append(batch)
                batch, width = [], len(examples[i].ids)
            batch.append(i)
        out.append(batch)
    rng.shuffle(out)
    return [[examples[i] for i in b] for b in out]
