"""Which layer a package belongs to, by what it is for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rrr_optimize.facts.declarations import Layer
from rrr_optimize.package_globs import match_package
from rrr_optimize.requirements.layouts.options import CORE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from rrr_optimize.requirements.layouts.options import LayoutOptions

_WORDS = re.compile(r"[a-z0-9]+")
_OF_DEVELOPMENT = frozenset({Layer.DEV, Layer.TEST})
_WELL_KNOWN = {
    "dev": (
        "autoflake autopep8 bandit black build bump2version codespell coverage debugpy deptry factory-boy faker "
        "flake8 flake8-* freezegun hypothesis import-linter interrogate ipdb ipykernel ipython ipywidgets isort "
        "jupyter jupyterlab line-profiler locust memory-profiler mkdocs* mock mypy mypy-extensions nbqa nose "
        "notebook nox pip-audit pip-tools pre-commit pydocstyle pyflakes pylint pyright pytest pytest-* "
        "python-semantic-release pyupgrade requests-mock responses respx ruff safety snakeviz sphinx sphinx-* "
        "testcontainers tox tox-* twine types-* virtualenv vulture yamllint yapf"
    ),
    "ml": (
        "accelerate catboost datasets deepspeed einops evaluate faiss-* fastai gensim gym gymnasium "
        "huggingface-hub jax jaxlib keras keras-* lightgbm lightning mlflow nltk onnx onnxruntime onnxruntime-* "
        "optuna peft pytorch-lightning ray safetensors scikit-learn sentence-transformers sentencepiece shap "
        "spacy stable-baselines3 tensorboard tensorflow tensorflow-* timm tokenizers torch torchaudio "
        "torchmetrics torchvision transformers umap-learn wandb xgboost"
    ),
    "trading": (
        "alpaca-* alpha-vantage arch backtrader bt ccxt copulas empyrical empyrical-* exchange-calendars fredapi "
        "ib-insync ibapi mplfinance pandas-ta polygon-api-client pyfolio pyfolio-* pyportfolioopt python-binance "
        "quantlib quantlib-* quantstats riskfolio-lib ta ta-lib vectorbt yfinance zipline zipline-*"
    ),
}
_NAMES = {name: layer for layer, text in _WELL_KNOWN.items() for name in text.split() if not name.endswith("*")}
_GLOBS = tuple((name, layer) for layer, text in _WELL_KNOWN.items() for name in text.split() if name.endswith("*"))


def choose_theme(package: str, held: Collection[str], files: Iterable[tuple[str, str]], options: LayoutOptions) -> str:
    """Return the layer of a package, by its canonical name.

    The first that speaks decides: a root file that names the package already (`held` are their layers; of several the
    first in order), the configuration, the names of the files that ask for it if they all say the same (each given by
    its path inside the project and its own layer), the table of well-known packages, and else it is core.
    """
    if held:
        return next(name for name in options.names if name in held)
    for layer, globs in options.layers:
        if any(match_package(glob, package) for glob in globs):
            return layer
    said = {_theme_of_file(path, layer, options.names) for path, layer in files}
    if len(said) == 1 and (theme := said.pop()):
        return theme
    known = _NAMES.get(package) or next((layer for glob, layer in _GLOBS if match_package(glob, package)), CORE)
    return known if known in options.names else CORE


def _theme_of_file(path: str, layer: str, names: Iterable[str]) -> str | None:
    """Return the layer that the name of a file speaks of: a configured one, or `dev` for development and tests."""
    words = set(_WORDS.findall(path.lower()))
    named = [name for name in names if name in words]
    if named:
        return named[0]
    return "dev" if layer in _OF_DEVELOPMENT and "dev" in names else None
