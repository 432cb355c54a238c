"""Lets the async client of twilio-python go through the proxy, which it ignores by itself.

`twilio-mock run` puts this folder on PYTHONPATH; it may be read by any Python 3, so it uses
nothing of this package. A sitecustomize that it stands before is run as well.
"""

import importlib.abc
import importlib.machinery
import os
import sys

PATIENT = "twilio.http.async_http_client"


class Finder(importlib.abc.MetaPathFinder):
    """Waits for the one module, and changes it when it is imported."""

    def find_spec(self, name, path=None, target=None):  # type: ignore[no-untyped-def]
        """The spec that the others find, with a loader that heeds the environment's proxy."""
        if name != PATIENT:
            return None
        sys.meta_path.remove(self)
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        if spec is not None and spec.loader is not None:
            load = spec.loader.exec_module

            def exec_module(module):  # type: ignore[no-untyped-def]
                load(module)
                session = module.ClientSession
                module.ClientSession = lambda *a, **k: session(*a, **{"trust_env": True, **k})

            spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


sys.meta_path.insert(0, Finder())

here = os.path.dirname(os.path.abspath(__file__))
others = [place for place in sys.path if os.path.abspath(place) != here]
replaced = importlib.machinery.PathFinder.find_spec("sitecustomize", others)
if replaced is not None and replaced.loader is not None:
    replaced.loader.exec_module(sys.modules[__name__])
