"""The default model as an ONNX graph, with pooling and normalisation inside.

    input_ids, attention_mask (texts, tokens) -> sentence (texts, dim) of length 1, tokens (texts, tokens, dim)

The matrices stay what the package carries, 4 bits in blocks of 32 weights, exactly: ``MatMulNBits`` multiplies them
with activations that it rounds to 8 bits in blocks of as many, which costs a cosine of .0001. The operators of the
domain ``com.microsoft`` are ONNX Runtime's own (its ContribOperators.md): they do in one step what a graph exported
from PyTorch does in ten.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from index.encoding.bundled_weights import BLOCK, BundledWeights

if TYPE_CHECKING:
    import onnx

GRAPH_FILE = "model.onnx"
WEIGHTS_FILE = "model.onnx.data"
"""Apart, so that it is mapped into memory and not copied."""

_ROUNDED_ACTIVATIONS = 4
"""MatMulNBits' ``accuracy_level`` for 8-bit activations."""
_OPSET, _IR_VERSION = 18, 9


def save_graph(weights: BundledWeights, folder: Path) -> None:
    """Write the graph and its weights into ``folder``."""
    import onnx

    model = _Graph(weights).model()
    onnx.save(model, str(folder / GRAPH_FILE), save_as_external_data=True, location=WEIGHTS_FILE)


class _Graph:
    """Nodes are added in the order in which they are computed; each method gives the name of what it computes."""

    def __init__(self, weights: BundledWeights) -> None:
        self._weights = weights
        self._hidden, self._ffn = weights.sizes["hidden"], weights.sizes["ffn"]
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def model(self) -> "onnx.ModelProto":
        from onnx import TensorProto, helper

        self._whole()
        read = [helper.make_tensor_value_info(name, TensorProto.INT64, ["texts", "tokens"]) for name in _INPUTS]
        given = [
            helper.make_tensor_value_info("sentence", TensorProto.FLOAT, ["texts", self._hidden]),
            helper.make_tensor_value_info("tokens", TensorProto.FLOAT, ["texts", "tokens", self._hidden]),
        ]
        graph = helper.make_graph(self._nodes, "multilingual-e5-small", read, given, self._constants)
        domains = [helper.make_opsetid("", _OPSET), helper.make_opsetid("com.microsoft", 1)]
        return helper.make_model(graph, opset_imports=domains, ir_version=_IR_VERSION)

    def _whole(self) -> None:
        from onnx import TensorProto

        mask = self._node("Cast", ["attention_mask"], "mask", to=TensorProto.INT32)
        found, layers = self._embedded(), self._weights.sizes["layers"]
        for layer in range(layers):
            found = self._layer(layer, found, mask, "tokens" if layer == layers - 1 else f"layer{layer}")
        self._pooled(found)

    def _embedded(self) -> str:
        """Words, positions and the one kind of text."""
        positions = self._values("emb.pos").reshape(-1, self._hidden) + self._values("emb.type")[: self._hidden]
        count = self._node("Shape", ["input_ids"], "count", start=1, end=2)
        first = self._constant("first", np.array([0], np.int64))
        place = self._node("Slice", [self._constant("positions", positions), first, count, first], "place")
        summed = self._node("Add", [self._word(), place], "embedded")
        scale, shift = self._both("emb.ln")
        return self._node("LayerNormalization", [summed, scale, shift], "start", epsilon=self._weights.eps)

    def _word(self) -> str:
        blocks, scales = self._weights.tensors["emb.word"].blocks()
        packed = self._constant("words", _packed(blocks).reshape(-1, self._hidden // 2))
        scaled = self._constant("words.scales", scales.astype(np.float32).reshape(-1, self._hidden // BLOCK))
        options = {"gather_axis": 0, "quantize_axis": 1, "block_size": BLOCK, "bits": 4}
        return self._own("GatherBlockQuantized", [packed, "input_ids", scaled], "word", **options)

    def _layer(self, layer: int, read: str, mask: str, name: str) -> str:
        def part(short: str) -> str:
            return f"l{layer}.{short}"

        biases = np.concatenate([self._values(part(f"{one}.b")) for one in "qkv"])
        all_three = self._product(read, [part(f"{one}.w") for one in "qkv"], self._constant(part("qkv.b"), biases))
        sizes = self._constant(part("sizes"), np.full(3, self._hidden, np.int64))
        heard = self._nodes_of("Split", [all_three, sizes], [part(one) for one in "qkv"], axis=-1)
        seen = self._own("MultiHeadAttention", [*heard, "", mask], part("a"), num_heads=self._weights.sizes["heads"])
        told = self._product(seen, [part("ao.w")])
        middle = self._added(told, read, part("aln"), part("ao.b"), part("middle"))
        raised = self._product(middle, [part("fi.w")])
        bent = self._own("BiasGelu", [raised, self._constant(part("fi.b"), self._values(part("fi.b")))], part("bent"))
        return self._added(self._product(bent, [part("fo.w")]), middle, part("oln"), part("fo.b"), name)

    def _added(self, found: str, before: str, norm: str, bias: str, name: str) -> str:
        """``found`` with its bias on what was there ``before``, normalised."""
        parts = [found, before, *self._both(norm), self._constant(bias, self._values(bias))]
        return self._own("SkipLayerNormalization", parts, name, epsilon=self._weights.eps)

    def _pooled(self, found: str) -> None:
        """The mean over the tokens of each text; its length is made 1, so the sum will do."""
        from onnx import TensorProto

        weight = self._node("Cast", ["attention_mask"], "weight", to=TensorProto.FLOAT)
        column = self._node("Unsqueeze", [weight, self._constant("last", np.array([-1], np.int64))], "column")
        kept = self._node("Mul", [found, column], "kept")
        summed = self._node("ReduceSum", [kept, self._constant("over", np.array([1], np.int64))], "summed", keepdims=0)
        self._node("LpNormalization", [summed], "sentence", axis=-1, p=2)

    def _product(self, read: str, names: list[str], bias: str = "") -> str:
        """``read`` times the matrices ``names``, side by side."""
        parts = [self._weights.tensors[name].blocks() for name in names]
        rows = sum(self._weights.tensors[name].count for name in names)
        width = self._ffn if names[0].endswith("fo.w") else self._hidden
        packed = np.concatenate([_packed(blocks) for blocks, _scales in parts]).reshape(-1, width // BLOCK, BLOCK // 2)
        scales = np.concatenate([scales for _blocks, scales in parts]).astype(np.float32)
        name = "+".join(names)
        constants = [self._constant(name, packed), self._constant(f"{name}.scales", scales)]
        options = {"K": width, "N": rows // width, "bits": 4, "block_size": BLOCK}
        given = [read, *constants, *(["", "", bias] if bias else [])]
        return self._own("MatMulNBits", given, f"{name}.out", accuracy_level=_ROUNDED_ACTIVATIONS, **options)

    def _values(self, name: str) -> npt.NDArray[np.float32]:
        return self._weights.tensors[name].values()

    def _both(self, norm: str) -> tuple[str, str]:
        """The scale and the shift of a normalisation."""
        scale, shift = f"{norm}.w", f"{norm}.b"
        return self._constant(scale, self._values(scale)), self._constant(shift, self._values(shift))

    def _constant(self, name: str, values: npt.NDArray[Any]) -> str:
        from onnx import numpy_helper

        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def _own(self, kind: str, read: list[str], name: str, **options: Any) -> str:
        """An operator of ONNX Runtime's."""
        return self._node(kind, read, name, domain="com.microsoft", **options)

    def _node(self, kind: str, read: list[str], name: str, **options: Any) -> str:
        return self._nodes_of(kind, read, [name], **options)[0]

    def _nodes_of(self, kind: str, read: list[str], names: list[str], **options: Any) -> list[str]:
        from onnx import helper

        self._nodes.append(helper.make_node(kind, read, names, **options))
        return names


_INPUTS = ("input_ids", "attention_mask")


def _packed(blocks: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Two weights a byte, the earlier in its low half."""
    return (blocks[:, 0::2] | (blocks[:, 1::2] << 4)).astype(np.uint8, copy=False)
