"""The schema of SARIF 2.1.0, which tests/data/README.md tells more of."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema

SCHEMA = json.loads(Path(__file__).with_name("data").joinpath("sarif-schema-2.1.0.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft4Validator(SCHEMA)
