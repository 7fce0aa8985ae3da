"""échange: the people of a town exchange skills, services and equipment."""

import os
import sys

__version__ = "0.1.0"

# What libraries would take along at every start, unused: what structlog paints tracebacks in a terminal with
# (ours are JSON), and plugins of pydantic, looked for in every package installed.
sys.modules.setdefault("rich", None)  # type: ignore[arg-type]
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
