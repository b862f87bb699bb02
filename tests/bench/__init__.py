"""Benches: `python -m tests.bench NAME` measures afresh and ends with one line of JSON.

Each is a module here with a function `bench() -> dict[str, float]`.
"""
