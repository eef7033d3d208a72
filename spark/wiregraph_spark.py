#!/usr/bin/env python3
"""News in, one knowledge graph out, on a Spark cluster. docs/cluster.md says how it works and how to size it.

    spark-submit wiregraph_spark.py INPUT... --output DIR

INPUT: JSON Lines, a record a line, also .gz or .bz2; files, directories (walked) or patterns, on any file system that Spark reads. In DIR, which must not
hold a result yet: `graph/part-*`, N-Quads with all statements of a node in one part; `errors/part-*`, JSON Lines, a line for each record that gave no article.
Exit codes: 0 done, also where records failed: their number is told; 1 the job failed; 2 the command was wrong.

The binary does the work: one `wiregraph stream` for each partition of the input, then one `wiregraph merge --step` for each partition of each step of uniting.
Spark moves, sorts and keeps the records between them. Nothing but a table of names comes together in one place.
"""

from __future__ import annotations

import argparse
import atexit
import contextlib
import json
import os
import shlex
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import uuid
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import reduce
from itertools import chain
from typing import IO

import pyarrow as pa
from pyspark import SparkFiles
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.functions import col, input_file_name

# Channels of frames, as the binary numbers them; answers of `stream` that are errors have one of their own.
ARTICLES, REFERENCES, BANDS, ALIKE, CAPTURES, VOTES, SETTLING, FIGURES, GRAPH, SURVEYS = range(10)
ERRORS = -1
# Steps behind the table, in order, and the channel that each reads of all steps before it.
STEPS = {"compare": ARTICLES, "revise": CAPTURES, "alike": BANDS, "copies": ALIKE, "entities": REFERENCES}
STEPS |= {"roles": ARTICLES, "vote": VOTES, "settle": SETTLING, "figures": FIGURES}
# The head of a frame: channel, bytes of the group, bytes of the payload. A row of Spark's is the same in columns.
HEAD, HEAD_SIZE = "<BII", 9
FRAMES = "channel tinyint, grp binary, payload binary"
COLUMNS = {"channel": pa.int8(), "grp": pa.binary(), "payload": pa.binary()}
# Bytes of a batch on its way back to Spark. One frame may be larger.
BATCH = 4 << 20
# Bytes that are shown of a line that failed, and of what a program said before it died.
SHOWN = 1000

Frame = tuple[int, bytes, bytes]
Batches = Iterator[pa.RecordBatch]


class Died(RuntimeError):
    """A program that ended with `code` (as `subprocess` gives it) before it was done."""

    def __init__(self, command: list[str], code: int, said: str) -> None:
        how = f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"
        super().__init__(f"{shlex.join(command)} on {socket.gethostname()} {how}: {said or 'it said nothing'}")
        self.code = code


def found(name: str) -> str:
    """Where a program or file is on this node: sent along with the job, or installed.

    Raises FileNotFoundError that names the node and what to do."""
    for path in (SparkFiles.get(os.path.basename(name)), os.path.abspath(os.path.basename(name))):
        if os.path.isfile(path):
            if not os.access(path, os.X_OK):
                os.chmod(path, 0o755)
            return path
    if not (installed := shutil.which(name)):
        raise FileNotFoundError(
            f"there is no {name} on node {socket.gethostname()}: send it along (--binary PATH, or spark-submit --files PATH), or install it on the PATH of every node"
        )
    return installed


@contextlib.contextmanager
def process(command: list[str], pieces: Iterable[bytes]) -> Iterator[IO[bytes]]:
    """A program, for as long as it is talked to: a thread writes `pieces` to it, so that neither side waits for the other, and its output is given.

    Raises Died when it ends with something else than 0 or 1 (some documents failed), and what `pieces` raises."""
    failed: list[BaseException] = []
    with tempfile.TemporaryFile() as said:
        running = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said)

        def feed() -> None:
            try:
                with contextlib.suppress(BrokenPipeError), running.stdin as to:
                    for piece in pieces:
                        to.write(piece)
            except BaseException as error:
                failed.append(error)
            finally:
                if hasattr(pieces, "close"):
                    pieces.close()

        feeder = threading.Thread(target=feed, daemon=True)
        feeder.start()
        try:
            yield running.stdout
            code = running.wait()
            feeder.join()
        finally:
            running.kill()
            running.wait()
            running.stdout.close()
        if failed:
            raise failed[0]
        if code not in (0, 1):
            said.seek(max(0, said.seek(0, os.SEEK_END) - SHOWN))
            raise Died(command, code, said.read().decode(errors="replace").strip())


def answered(command: list[str], lines: Iterator[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Each line with what `stream` answers it, in order. No line may be blank.

    A line that ends the program by a signal (out of memory, out of stack) is answered with an error; the lines that waited with it are asked again, each alone."""
    while True:
        waiting: deque[bytes] = deque()

        def asked() -> Iterator[bytes]:
            for line in lines:
                waiting.append(line)
                yield line + b"\n"

        try:
            with process(command, asked()) as answers:
                for answer in answers:
                    if answer.endswith(b"\n"):
                        yield waiting.popleft(), answer
            if waiting:
                raise RuntimeError(f"{shlex.join(command)} left {len(waiting)} lines without an answer")
            return
        except Died as died:
            if died.code > 0:
                raise
        for line in waiting:
            try:
                with process(command, [line + b"\n"]) as answers:
                    answer = answers.read()
            except Died as died:
                if died.code > 0:
                    raise
                answer = json.dumps({"error": {"stage": "stream", "reason": f"ended the program by signal {-died.code}"}}).encode()
            yield line, answer


def to_bytes(batches: Batches) -> Iterator[bytes]:
    """Rows as the binary reads them."""
    for batch in batches:
        for channel, group, payload in zip(*(column.to_pylist() for column in batch.columns)):
            yield struct.pack(HEAD, channel, len(group), len(payload)) + group + payload


def frames(source: IO[bytes]) -> Iterator[Frame]:
    """What the binary writes, frame by frame."""
    while head := source.read(HEAD_SIZE):
        if len(head) < HEAD_SIZE:
            return  # It died, and how is told when it is waited for.
        channel, group, payload = struct.unpack(HEAD, head)
        both = source.read(group + payload)
        if len(both) == group + payload:
            yield channel, both[:group], both[group:]


def to_batches(rows: Iterable[Frame]) -> Batches:
    """Rows in batches of bounded bytes."""
    kept, size = [], 0
    for row in chain(rows, [None]):
        if row:
            kept.append(row)
            size += HEAD_SIZE + len(row[1]) + len(row[2])
        if kept and (size >= BATCH or not row):
            yield pa.RecordBatch.from_arrays([pa.array(values, kind) for values, kind in zip(zip(*kept), COLUMNS.values())], list(COLUMNS))
            kept, size = [], 0


@dataclass(frozen=True)
class Task:
    """What a process on a node is started with."""

    binary: str
    options: list[str]
    stream: list[str]
    corrections: str | None
    table: str | None = None

    def command(self, step: str) -> list[str]:
        """The command of a step. Files came along with the job."""
        command = [found(self.binary), "merge", "--step", step, *self.options]
        for option, name in (("--corrections", self.corrections), ("--table", self.table)):
            if name:
                command += [option, SparkFiles.get(name)]
        return [*command, "-"]

    def facts(self, batches: Batches) -> Batches:
        """Lines, each with its file's name, to frames of facts, and of errors."""
        failed: deque[bytes] = deque()
        files: deque[str] = deque()

        def lines() -> Iterator[bytes]:
            for batch in batches:
                for line, file in zip(*(column.to_pylist() for column in batch.columns)):
                    if line.strip(b" \t\n\f\r"):
                        files.append(file)
                        yield line

        def fragments() -> Iterator[bytes]:
            command = [found(self.binary), "stream", "--jobs", "1", *self.options, *self.stream]
            for line, answer in answered(command, lines()):
                file = files.popleft()
                if answer.startswith(b'{"error"'):
                    error = json.loads(answer)["error"]
                    if error.get("id", "").startswith("-#"):
                        del error["id"]  # No name of its own: the number of a line of this task says nothing.
                    shown = line[:SHOWN].decode(errors="replace")
                    failed.append(json.dumps({"error": error, "file": file, "line": shown}, ensure_ascii=False).encode())
                else:
                    yield answer

        def rows(source: IO[bytes]) -> Iterator[Frame]:
            for frame in chain(frames(source), [None]):
                while failed:
                    yield ERRORS, b"", failed.popleft()
                if frame:
                    yield frame

        with process(self.command("facts"), fragments()) as source:
            yield from to_batches(rows(source))

    def over(self, step: str) -> Callable[[Batches], Batches]:
        """Frames to frames, by a step."""

        def run(batches: Batches) -> Batches:
            first = next((batch for batch in batches if batch.num_rows), None)
            if first:
                with process(self.command(step), to_bytes(chain([first], batches))) as source:
                    yield from to_batches(frames(source))

        return run

    def write(self, batches: Batches) -> Batches:
        """Frames of the graph to N-Quads: a row is many lines."""
        with process(self.command("write"), to_bytes(batches)) as source:
            while lines := b"".join(source.readlines(BATCH)):
                yield pa.RecordBatch.from_arrays([pa.array([lines.removesuffix(b"\n").decode()])], ["value"])


class Job:
    """The steps in order, each kept in `DIR/_work` as Parquet.

    What is kept there outlives the worker that made it: neither the model nor a step runs twice because a node is lost later."""

    def __init__(self, spark: SparkSession, task: Task, output: str, partitions: int) -> None:
        self.spark, self.task, self.output, self.partitions = spark, task, output.rstrip("/"), partitions
        self.kept: list[DataFrame] = []

    def keep(self, name: str, rows: DataFrame) -> DataFrame:
        """Writes what a step gives, and reads it back."""
        place = f"{self.output}/_work/{name}"
        rows.write.partitionBy("channel").mode("overwrite").parquet(place)
        kept = self.spark.read.schema(FRAMES).parquet(place)
        self.kept.append(kept)
        return kept

    def channel(self, channel: int) -> DataFrame:
        """Frames of a channel, of all steps so far."""
        return reduce(DataFrame.union, [kept.where(col("channel") == channel).select("channel", "grp", "payload") for kept in self.kept])

    def grouped(self, channel: int) -> DataFrame:
        """The same in the order that steps want; a group is in one partition. Spark, too, compares bytes as unsigned."""
        return self.channel(channel).repartition(self.partitions, "grp").sortWithinPartitions("grp", "payload")

    def step(self, step: str, channel: int) -> None:
        self.keep(step, self.grouped(channel).mapInArrow(self.task.over(step), FRAMES))

    def table(self) -> str:
        """Sends what all steps look up to all nodes, and gives the file's name. It holds names and keys of articles, none of their text."""
        rows = ((row.channel, bytes(row.grp), bytes(row.payload)) for row in self.channel(SURVEYS).toLocalIterator())
        path = os.path.join(tempfile.mkdtemp(prefix="wiregraph-"), f"table-{uuid.uuid4().hex}")
        atexit.register(shutil.rmtree, os.path.dirname(path), ignore_errors=True)
        with open(path, "wb") as table, process(self.task.command("table"), to_bytes(to_batches(rows))) as source:
            shutil.copyfileobj(source, table)
        self.spark.sparkContext.addFile(path)
        return os.path.basename(path)

    def run(self, inputs: list[str]) -> int:
        """Does it all, and gives the number of records that failed."""
        lines = self.spark.read.text(inputs, lineSep="\n", recursiveFileLookup=True)
        lines = lines.select(col("value").cast("binary"), input_file_name().alias("file")).repartition(self.partitions)
        facts = self.keep("facts", lines.mapInArrow(self.task.facts, FRAMES))
        errors = facts.where(col("channel") == ERRORS).select(col("payload").cast("string"))
        errors.write.mode("overwrite").text(f"{self.output}/errors")
        self.step("survey", ARTICLES)
        self.task = replace(self.task, table=self.table())
        for step, channel in STEPS.items():
            self.step(step, channel)
        nodes = self.channel(GRAPH).repartitionByRange(self.partitions, "grp").sortWithinPartitions("grp", "payload")
        nodes.mapInArrow(self.task.write, "value string").write.mode("overwrite").text(f"{self.output}/graph")
        return errors.count()


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("inputs", nargs="+", metavar="INPUT")
    options.add_argument("--output", required=True, metavar="DIR")
    options.add_argument("--binary", default="wiregraph", help="a path on the driver: sent to every node; a name: sent with --files, or on every node's PATH")
    options.add_argument("--partitions", type=int, metavar="N", help="tasks of a step [default: four for each core that Spark has at the start]")
    options.add_argument("--stream-args", default="", metavar="ARGS", help="further options of `wiregraph stream`, in one word: '--recogniser rules'")
    options.add_argument("--corrections", metavar="F", help="what an analyst has put right, as for `wiregraph run`")
    options.add_argument("--base", metavar="IRI", help="base of instance IRIs")
    options.add_argument("--rules", metavar="DIR", help="your own gazetteers and word lists: a path that every node has")
    asked = options.parse_args()

    spark = SparkSession.builder.appName("wiregraph").getOrCreate()
    context = spark.sparkContext
    # Articles differ in size: few rows a batch bound its bytes. Without a sort by channel, a task has one file of each open.
    spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", 500)
    spark.conf.set("spark.sql.maxConcurrentOutputFileWriters", 16)
    path = context._jvm.org.apache.hadoop.fs.Path
    files = path(asked.output).getFileSystem(context._jsc.hadoopConfiguration())
    if files.exists(path(asked.output, "graph/_SUCCESS")):
        print(f"error: there is a graph in {asked.output} already\nhint: name another directory, or remove it", file=sys.stderr)
        return 2
    for sent in filter(None, (asked.binary if os.path.dirname(asked.binary) else None, asked.corrections)):
        context.addFile(sent)
    task = Task(
        binary=asked.binary,
        options=[word for option in ("base", "rules") if getattr(asked, option) for word in (f"--{option}", getattr(asked, option))],
        stream=shlex.split(asked.stream_args),
        corrections=os.path.basename(asked.corrections) if asked.corrections else None,
    )
    failed = Job(spark, task, asked.output, asked.partitions or 4 * context.defaultParallelism).run(asked.inputs)
    files.delete(path(asked.output, "_work"), True)
    print(f"{failed} records gave no article: {asked.output}/errors" if failed else "all records gave articles", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
