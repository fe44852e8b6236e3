"""PyanNet, the network of pyannote's segmentation 3.0, written down for its weights (Bredin & Laurent, "End-to-end
speaker segmentation for overlap-aware resegmentation", Interspeech 2021).

    sound (chunks, 1, 160000) -> logarithms of the probabilities of 7 classes (chunks, 589, 7)

Sound passes 80 band filters (sinc: Ravanelli & Bengio 2018, with a cosine and a sine for each of 40 bands), two
convolutions, four layers of LSTM in both directions and two linear ones.
"""

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional

_HIGHEST, _LEAST_LOW, _LEAST_BAND = 8000.0, 50.0, 50.0
_FILTERS = "sincnet.conv1d.0.filterbank."
_NAMES = {
    "sincnet.wav_norm1d": "norm",
    "sincnet.conv1d.1": "convolutions.1",
    "sincnet.conv1d.2": "convolutions.2",
    "sincnet.norm1d.0": "norms.0",
    "sincnet.norm1d.1": "norms.1",
    "sincnet.norm1d.2": "norms.2",
}


def network(weights: Mapping[str, Tensor]) -> nn.Module:
    """With the weights of pyannote's checkpoint, as it names them. Raises RuntimeError for others."""
    made = _PyanNet()
    found = {_renamed(name): tensor for name, tensor in weights.items() if not name.startswith(_FILTERS)}
    filters = {name.removeprefix(_FILTERS): tensor for name, tensor in weights.items() if name.startswith(_FILTERS)}
    made.load_state_dict({**found, "convolutions.0.weight": _band_filters(filters)})
    return made.eval()


class _PyanNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.InstanceNorm1d(1, affine=True)
        self.convolutions = nn.ModuleList(
            [nn.Conv1d(1, 80, 251, stride=10, bias=False), nn.Conv1d(80, 60, 5), nn.Conv1d(60, 60, 5)]
        )
        self.norms = nn.ModuleList(nn.InstanceNorm1d(size, affine=True) for size in (80, 60, 60))
        self.lstm = nn.LSTM(60, 128, 4, batch_first=True, bidirectional=True)
        self.linear = nn.ModuleList([nn.Linear(256, 128), nn.Linear(128, 128)])
        self.classifier = nn.Linear(128, 7)

    def forward(self, sound: Tensor) -> Tensor:
        found = self.norm(sound)
        for at, (convolution, norm) in enumerate(zip(self.convolutions, self.norms, strict=True)):
            found = convolution(found)
            if at == 0:
                found = found.abs()
            found = functional.leaky_relu(norm(functional.max_pool1d(found, 3)))
        found, _state = self.lstm(found.transpose(1, 2))
        for layer in self.linear:
            found = functional.leaky_relu(layer(found))
        return functional.log_softmax(self.classifier(found), dim=-1)


def _renamed(name: str) -> str:
    layer, _, parameter = name.rpartition(".")
    return f"{_NAMES.get(layer, layer)}.{parameter}"


def _band_filters(found: Mapping[str, Tensor]) -> Tensor:
    """``(80, 1, 251)``: of each band a cosine, then of each a sine, as the weights' edges make them."""
    low = _LEAST_LOW + found["low_hz_"].abs()
    high = torch.clamp(low + _LEAST_BAND + found["band_hz_"].abs(), _LEAST_LOW, _HIGHEST)
    width = 2 * (high - low)
    times, window = found["n_"], found["window_"] / (found["n_"] / 2)
    cosine = (torch.sin(high @ times) - torch.sin(low @ times)) * window
    sine = (torch.cos(low @ times) - torch.cos(high @ times)) * window
    even = torch.cat([cosine, width, cosine.flip(1)], dim=1) / width
    odd = torch.cat([sine, torch.zeros_like(width), -sine.flip(1)], dim=1) / width
    return torch.cat([even, odd])[:, None]
