"""Writes the trained reader as it is served: ONNX with 8-bit weights, tokenizer, settings.

python -m eval.train.reader_export DIR FOLDER [--retriever FOLDER]

``DIR``: that of ``eval.train.reader``. Prints how far the 8-bit model's scores lie from torch's.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import torch

from eval.train.cross_encoder import CrossEncoder, ReaderModel, as_tensors
from eval.train.reader import LAYERS
from index.cross_encoder import CONFIG, MODEL, TOKENIZER, load_reader
from index.embedding import BUNDLED
from index.windows import Tokenizing
from rag.protocols import Window

OPSET = 17
_NAMES = ["ids", "mask", "members"]


def export(model: CrossEncoder, retriever: Path, folder: Path) -> None:
    """``retriever``: its tokenizer is the reader's too."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(retriever / "tokenizer.json", folder / TOKENIZER)
    pad = int(model.encoder.config.pad_token_id)
    (folder / CONFIG).write_text(json.dumps({"pad": pad, "layers": LAYERS}) + "\n", encoding="utf-8")
    model.eval()
    example = as_tensors(_example(retriever, pad))
    with tempfile.TemporaryDirectory() as scratch, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter warns of its own deprecation and of traced shapes
        whole = Path(scratch) / "whole.onnx"
        torch.onnx.export(
            model,
            example,
            str(whole),
            input_names=_NAMES,
            output_names=["sentences", "windows"],
            dynamic_axes={
                "ids": {0: "b", 1: "n"},
                "mask": {0: "b", 1: "n"},
                "members": {0: "b", 1: "s", 2: "n"},
                "sentences": {0: "b", 1: "t"},
                "windows": {0: "b"},
            },
            opset_version=OPSET,
            dynamo=False,
        )
        quantize_dynamic(whole, folder / MODEL, per_channel=True, weight_type=QuantType.QInt8)
    model.eval()  # the exporter may leave it in training mode


def _example(retriever: Path, pad: int) -> Any:
    from tokenizers import Tokenizer

    tokenizing = Tokenizing(Tokenizer.from_file(str(retriever / "tokenizer.json")), pad)
    window = Window("Guiding Case No. 1", "One sentence. Another one.", ((0, 13), (14, 26)))
    return tokenizing.padded(tokenizing.tokens("What?", [window, window]))


def main() -> None:
    parser = argparse.ArgumentParser(description="Exports the reader.")
    parser.add_argument("checkpoint", type=Path, metavar="DIR")
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--retriever", type=Path, default=BUNDLED)
    options = parser.parse_args()
    reader = ReaderModel(options.retriever, LAYERS, seed=0)
    reader.model.load_state_dict(torch.load(options.checkpoint / "checkpoint.pt")["model"])
    export(reader.model, options.retriever, options.folder)
    windows = [Window("检例第1号", "公司被罚款五千万元。判决已生效。", ((0, 10), (10, 16)))]
    served = load_reader(options.folder).read("罚了多少钱？", windows)[0].sentences
    with torch.no_grad():
        trained = reader.scores([("罚了多少钱？", window) for window in windows])[0][0].numpy()
    size = sum(path.stat().st_size for path in options.folder.iterdir())
    print(json.dumps({"bytes": size, "largest difference": float(np.abs(np.array(served) - trained).max())}))


if __name__ == "__main__":
    main()
