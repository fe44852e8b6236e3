"""What adding and asking cost on this machine: ``python -m eval.timing`` prints a few lines.

The shipped debate is added to an empty index by the command; a real server on loopback is then asked the debate's
questions one after the other, the first ten not counted, over the API and as pages. Memory is the server's resident
set (Linux only).
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlencode

from eval.shipped import QUESTIONS, SPEAKERS, TRANSCRIPT
from eval.suites.questions import read_questions

_WARM_UP = 10
_ROUNDS = 3


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="qdq-bench-") as home:
        qdq = ["env", f"QDQ_HOME={home}", sys.executable, "-m", "api.cli"]
        add = [*qdq, "add", str(TRANSCRIPT), "--speakers", str(SPEAKERS), "--json"]
        print(f"qdq add, model prepared, cold process   {_seconds(add):8.1f} s")
        ask = [*qdq, "ask", "Que pense Kempf du RGPD ?", "--json"]
        print(f"qdq ask, cold process                   {_seconds(ask):8.1f} s")
        print(f"qdq --help                              {_seconds([*qdq, '--help']):8.2f} s")
        _server([*qdq, "serve", "--port", "0", "--json"])


def _seconds(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - began


def _server(command: list[str]) -> None:
    questions = [question.question for path in QUESTIONS for _line, question in read_questions(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        url = json.loads("".join(server.stdout.readline() for _ in range(3)))["url"]
        taken = [_milliseconds(_asking(url, question)) for _ in range(_ROUNDS) for question in questions][_WARM_UP:]
        pages = [_milliseconds(f"{url}/?{urlencode({'q': question})}") for question in questions]
        read = [_milliseconds(f"{url}/d/{TRANSCRIPT.stem}") for _ in range(_WARM_UP)]
        memory = _resident(server.pid)
        server.terminate()
    percentiles = statistics.quantiles(taken, n=20)
    print(f"POST /v1/ask, {len(taken)} warm, median           {statistics.median(taken):8.1f} ms")
    print(f"POST /v1/ask, {len(taken)} warm, 95th percentile  {percentiles[-1]:8.1f} ms")
    print(f"GET /?q=…, {len(pages)} warm, median              {statistics.median(pages):8.1f} ms")
    print(f"GET /d/{{debate}}, warm, median              {statistics.median(read):8.1f} ms")
    print(f"memory of the server                    {memory:8.0f} MB")


def _asking(url: str, question: str) -> urllib.request.Request:
    body = json.dumps({"question": question}).encode()
    return urllib.request.Request(f"{url}/v1/ask", body, {"Content-Type": "application/json"})


def _milliseconds(request: urllib.request.Request | str) -> float:
    """Of one answer."""
    began = time.perf_counter()
    with urllib.request.urlopen(request, timeout=120) as response:
        response.read()
    return 1000 * (time.perf_counter() - began)


def _resident(process: int) -> float:
    """Megabytes; nan where /proc does not tell."""
    status = Path(f"/proc/{process}/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1000 for line in lines if line.startswith("VmRSS")), float("nan"))


if __name__ == "__main__":
    main()
