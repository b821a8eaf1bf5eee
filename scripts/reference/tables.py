"""Small Parquet files, as pandas and Arrow write them, for the tests of the readers of tables."""

import datetime as dt
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq


def write(folder: Path, name: str, table: pa.Table, compression: str) -> None:
    pq.write_table(table, folder / f"{name}.parquet", compression=compression)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    start = dt.datetime(2024, 3, 18, 20, 37)
    later = [start + dt.timedelta(microseconds=m) for m in (500_000, 250_001, 0)]
    for name, zone, unit, compression in (
        ("local", None, "us", "snappy"),
        ("utc", "UTC", "ms", "gzip"),
        ("nanos", None, "ns", "none"),
    ):
        interactions = pa.table(
            {
                "user_id": pa.array(["u", "u", "u"]),
                "item_id": pa.array([3, 2, 1], pa.int64()),
                "rating": pa.array([4.5, 3.0, 1.0], pa.float64()),
                "timestamp": pa.array(later, pa.timestamp("us")).cast(pa.timestamp(unit, tz=zone), safe=False),
            }
        )
        write(folder, f"interactions-{name}", interactions, compression)
    items = pa.table(
        {
            "item_id": pa.array([1, 2, 3], pa.int64()),
            "title": pa.array(["Café", "Beta, \"the\" second", "Gamma"]),
            "genres": pa.array([["a", "b"], [], None], pa.list_(pa.string())),
            "size": pa.array([{"w": 1}, None, {"w": 3}]),
            "__index_level_0__": pa.array([0, 1, 2], pa.int64()),
        }
    )
    write(folder, "items", items, "zstd")
    write_odd(folder)


def write_odd(folder: Path) -> None:
    """Numbers that Java would write otherwise, bytes that are no text, and a compression that is not read."""
    numbers = pa.table(
        {
            "user": pa.array([2**64 - 6] * 3, pa.uint64()),
            "item": pa.array([12345678.0, 3.0, 12345679.0], pa.float64()),
            "rating": pa.array([1.5, 2.5, 3.5], pa.float32()),
            "time": pa.array([2**32 - 3, 2**32 - 2, 2**32 - 1], pa.uint32()),
            "weight": pa.array([float("nan"), 1.0, 2.0], pa.float64()),
        }
    )
    write(folder, "interactions-numbers", numbers, "snappy")
    write(folder, "interactions-lz4", numbers, "lz4")
    raw = pa.array([b"\xff1", b"\xff2", b"\xff2"], pa.binary())
    write(folder, "interactions-bytes", numbers.set_column(0, "user", raw), "snappy")
    write(folder, "interactions-image", numbers.append_column("image", raw), "snappy")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
