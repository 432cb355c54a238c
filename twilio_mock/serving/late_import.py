"""Modules that are to be changed when they are imported, whenever that is."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType

Change = Callable[[ModuleType], None]


class LateImport:
    """A finder that waits for modules by name and calls `changes[name]` once one is imported.

    So nothing has to be imported before its time, perhaps in vain. It stands first in
    `sys.meta_path` from `start()` to `stop()`, and lets all other finders do their work.
    """

    def __init__(self, changes: dict[str, Change]) -> None:
        self.changes = changes

    def start(self) -> None:
        """Begin to wait."""
        sys.meta_path.insert(0, self)

    def stop(self) -> None:
        """Wait no longer."""
        sys.meta_path.remove(self)

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """What the import system asks each finder."""
        change = self.changes.get(name)
        if change is None:
            return None
        for finder in sys.meta_path:
            if finder is self:
                continue
            find = getattr(finder, "find_spec", None)
            spec: ModuleSpec | None = find(name, path, target) if find else None
            if spec is not None:
                return with_change(spec, change)
        return None


def with_change(spec: ModuleSpec, change: Change) -> ModuleSpec:
    """The same spec, whose loader calls `change` when it has run the module."""
    loader = spec.loader
    if loader is None:
        return spec
    run = loader.exec_module

    def run_and_change(module: ModuleType) -> None:
        run(module)
        change(module)

    loader.exec_module = run_and_change  # type: ignore[method-assign]  # each spec has its own
    return spec
