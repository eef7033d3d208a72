"""Weights as the program reads them: bytes within ±63 by output, word vectors in bytes by piece, the rest as it is. `src/encoder/file.rs` has the layout."""
import torch
from safetensors.torch import save_file


def write(path, model, head, vocabulary, outputs, temperature):
    """Writes a tagger with the classifier `head`, whose numbers are called `outputs`."""
    state = {k: v.float() for k, v in model.state_dict().items()}
    out = {"vocabulary": torch.tensor(list(("\n".join(vocabulary) + "\n").encode()), dtype=torch.uint8)}

    def scaled(weight, most):
        scale = weight.abs().amax(1).clamp_min(1e-12) / most
        return (weight / scale[:, None]).round().clamp(-most, most).to(torch.int8), scale

    out["embeddings.word"], out["embeddings.word.scale"] = scaled(state["embeddings.word.weight"], 127)
    out["embeddings.position"], out["embeddings.type"] = state["embeddings.position.weight"], state["embeddings.casing.weight"]
    for part in ("weight", "bias"):
        out[f"embeddings.norm.{part}"] = state[f"embeddings.norm.{part}"]
    linears = [(f"layer.{i}.{part}",) * 2 for i in range(model.shape.layers) for part in ("qkv", "out", "up", "down")] + [(f"head.{head}", "head")]
    for name, called in linears:
        out[f"{called}.weight"], out[f"{called}.scale"] = scaled(state[f"{name}.weight"], 63)
        out[f"{called}.bias"] = state[f"{name}.bias"]
    for i in range(model.shape.layers):
        for norm in ("norm1", "norm2"):
            for part in ("weight", "bias"):
                out[f"layer.{i}.{norm}.{part}"] = state[f"layer.{i}.{norm}.{part}"]
    out["temperature"] = torch.tensor(temperature, dtype=torch.float32)
    metadata = {"format": "wiregraph-encoder-1", "labels": " ".join(outputs), "heads": str(model.shape.heads)}
    save_file({k: v.contiguous() for k, v in out.items()}, path, metadata=metadata)
