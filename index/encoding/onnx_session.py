"""A graph run by ONNX Runtime, on the processor."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import ModelUnavailable

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

_ERRORS_ONLY = 3


def open_session(path: Path, threads: int | None, *, model: str, setting: str) -> "InferenceSession":
    """The graph at ``path``; ``threads`` of the processor for one pass, None: all. Raises ModelUnavailable, which says
    that ``setting`` names another ``model``."""
    # from 1.32 on it tells its maker of each program that uses it, unless this is there before it is loaded
    os.putenv("ORT_DISABLE_TELEMETRY", "1")
    import onnxruntime

    onnxruntime.set_default_logger_severity(_ERRORS_ONLY)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or 0
    # threads that wait busily for the next pass take the processor from whoever else works
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the library's own, of many kinds
        reason = str(error).split("\n")[0] or type(error).__name__
        raise ModelUnavailable(model=model, reason=reason, setting=setting) from error
