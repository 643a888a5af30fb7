"""Spark: the one place that opens it, and what is missing or goes wrong there in words."""

from __future__ import annotations

import logging
import os
import shutil
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from leadpact.batch.places import RunError

__all__ = ["opened", "session_of", "settled", "told"]

_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.caseSensitive": "true",
    # Else instants would be written as times without a zone.
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    # Spark sees how much there is, and makes as few parts of it as it can: each costs a second.
    "spark.sql.adaptive.enabled": "true",
    "spark.sql.optimizer.canChangeCachedPlanOutputPartitioning": "true",
}

_NEEDLESS = "PySpark does not yet fully support pandas"


def _pyspark() -> None:
    try:
        import pyspark  # noqa: F401
    except ImportError as missing:
        raise RunError(
            "Spark is not installed beside Leadpact.", "`pip install 'leadpact[spark]'`"
        ) from missing


@contextmanager
def opened(master: str) -> Iterator[Any]:
    """A session of its own, local for ``spark`` and ``local``; ended afterwards if it is new."""
    _pyspark()
    if not master.startswith("k8s://") and not _java():
        raise RunError(
            "Spark needs Java, and there is none.",
            "Install Java 17 or newer, or say in JAVA_HOME where it is.",
        )
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    # The Python beside Leadpact, not the first that is found.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    # For the workers what `told` says for this process.
    os.environ.setdefault("PYTHONWARNINGS", f"ignore:{_NEEDLESS}:FutureWarning")
    logging.getLogger("py4j").setLevel(logging.ERROR)
    there = SparkSession.getActiveSession()
    url = "local[*]" if master in ("spark", "local") else master
    builder = SparkSession.builder.appName("leadpact").master(url)
    builder = builder.config("spark.ui.enabled", "false").config("spark.log.level", "ERROR")
    builder = builder.config("spark.ui.showConsoleProgress", str(sys.stderr.isatty()).lower())
    try:
        session = builder.getOrCreate()
    except (PySparkException, RuntimeError, OSError, ValueError) as error:
        raise RunError(f"Spark does not start at {url}: {_first(error)}") from None
    except Exception as error:
        if type(error).__module__.startswith("py4j"):
            raise RunError(f"Spark does not start at {url}: {_first(error)}") from None
        raise
    try:
        with told(), settled(session):
            yield session
    finally:
        if there is None:
            session.stop()


def session_of(frame: Any) -> Any:
    """The session of a DataFrame; RunError for what is none of Spark."""
    _pyspark()
    session = getattr(frame, "sparkSession", None)
    if session is None:
        raise RunError("The leads are no DataFrame of Spark.", "`policy.table` takes Arrow tables.")
    return session


@contextmanager
def settled(session: Any) -> Iterator[None]:
    """With the settings under which a query means what it says; put back afterwards."""
    before = {key: session.conf.get(key) for key in _SETTINGS}
    for key, value in _SETTINGS.items():
        session.conf.set(key, value)
    try:
        yield
    finally:
        for key, value in before.items():
            session.conf.set(key, value)


@contextmanager
def told() -> Iterator[None]:
    """What goes wrong in Spark, in words for people."""
    from pyspark.errors import PySparkException

    try:
        with warnings.catch_warnings():
            # Spark warns about versions of pandas, which nothing here needs.
            warnings.filterwarnings("ignore", _NEEDLESS)
            yield
    except PySparkException as error:
        raise RunError(f"Spark could not do it: {_first(error)}", "Nothing was changed.") from None
    except Exception as error:
        if not type(error).__module__.startswith("py4j"):
            raise
        raise RunError(f"Spark could not do it: {_first(error)}", "Nothing was changed.") from None


def _java() -> bool:
    home = os.environ.get("JAVA_HOME")
    return bool(home and (Path(home) / "bin" / "java").exists()) or shutil.which("java") is not None


def _first(error: BaseException) -> str:
    lines = [line.rstrip() for line in str(error).splitlines() if line.strip()]
    if "Traceback (most recent call last):" in map(str.strip, lines):
        # What went wrong in Python on a worker stands on the first line that is not of the trace.
        trace = [line.strip() for line in lines].index("Traceback (most recent call last):")
        told = [line for line in lines[trace + 1 :] if not line.startswith(" ")]
        lines = [f"a worker says {told[0]}"] if told else lines
    return lines[0].strip()[:300] if lines else type(error).__name__
