"""What a cell puts out, kept within bounds, as a notebook stores it."""

import json
from typing import Any

MOST = {
    "text": 200_000,
    "cell": 4_000_000,
    "flood": 30_000_000,
}  # symbols of a cell's text, of its outputs; then it is stopped


def error(name: str, words: str) -> dict[str, Any]:
    return {"output_type": "error", "ename": name, "evalue": words, "traceback": [f"✗ {words}"]}


def keep(page: dict[str, Any], kind: str, content: dict[str, Any]) -> None:
    """Add a message to a cell's outputs, unless there is too much already; an error always has room."""
    outputs = page["outputs"]
    size = len(json.dumps(content)) if kind != "stream" else len(content["text"])
    page["size"] += size
    match kind:
        case "error":
            traceback = [line[:20_000] for line in content["traceback"][-100:]]
            outputs.append(
                {
                    "output_type": "error",
                    "ename": content["ename"],
                    "evalue": content["evalue"][:20_000],
                    "traceback": traceback,
                }
            )
        case "stream" if page["size"] <= MOST["text"]:
            if outputs and outputs[-1].get("name") == content["name"]:
                outputs[-1]["text"] += content["text"]
            else:
                outputs.append({"output_type": "stream", "name": content["name"], "text": content["text"]})
        case "display_data" | "execute_result" if page["size"] <= MOST["cell"]:
            new = {"output_type": kind, "data": content["data"], "metadata": content["metadata"]}
            outputs.append(new | ({"execution_count": None} if kind == "execute_result" else {}))
        case "clear_output":
            outputs[:] = [each for each in outputs if each["output_type"] == "error"]
        case "stream" | "display_data" | "execute_result":
            page["dropped"] = True
