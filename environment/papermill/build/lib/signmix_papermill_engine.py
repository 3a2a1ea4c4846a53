"""Loaded by papermill as it starts, and with it the translator."""

import signmix_papermill  # noqa: F401  registers the translator
from papermill.engines import NBClientEngine


class TypeScriptEngine(NBClientEngine):
    """papermill's own way to execute."""
