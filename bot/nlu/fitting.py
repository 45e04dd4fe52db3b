"""Fits models of scikit-learn: two side by side, and as early as we mean to stop."""

from __future__ import annotations

import warnings
from typing import Any

from sklearn.exceptions import ConvergenceWarning

# Processes that learn side by side. Each needs more than 1 GB, so there are no more on
# a machine with many cores.
WORKERS = 2


def fitted(model: Any, seen: Any, names: Any, **options: Any) -> Any:
    """A model of scikit-learn, fitted, without its warning that it could go on.

    Stopping early is meant: it keeps the weights small, as the regularisation does.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return model.fit(seen, names, **options)
