"""How fast the mock is, and how that is measured: `python -m benchmarks` (docs/performance.md)."""
