#!/usr/bin/env python3
"""Holds the graph of a cluster against the graph of one machine, triple for triple: spark/test.sh runs it.

The cluster is Spark's `local-cluster`: two worker processes on this machine that share nothing but files. Among the articles are one that is broken JSON and one
that takes more than it may. The job runs twice; in the second run a worker is killed while it reads articles. What one machine and the cluster took is told.
"""

from __future__ import annotations

import contextlib
import ctypes
import gzip
import json
import os
import re
import resource
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import wiregraph_spark as job
from pyspark.sql import SparkSession

ROOT = Path(__file__).resolve().parent.parent
ARTICLES = 300
OPTIONS = ["--recogniser", "rules", "--limit-mb", "10"]
# Java that starts quickly and does not compile for a long run.
JAVA = [word for of in ("driver", "executor") for word in ("--conf", f"spark.{of}.extraJavaOptions=-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")]
PR_SET_CHILD_SUBREAPER = 36
# Stands in for the binary: doubles each line; one ends it by a signal, one makes it fail.
STAND_IN = """
import os, sys
for line in sys.stdin.buffer:
    if line.startswith(b"kill"): os.kill(os.getpid(), 9)
    if line.startswith(b"refuse"): print("error: no such option", file=sys.stderr) or sys.exit(2)
    sys.stdout.buffer.write(line.strip() * 2 + b"\\n")
"""


def check(holds: bool, what: str) -> None:
    if not holds:
        sys.exit(f"failed: {what}")
    print(f"ok  {what}", flush=True)


def processes() -> None:
    """How the job talks to the binary, without Spark."""
    command = [sys.executable, "-c", STAND_IN]
    many = [b"%d" % number * 50 for number in range(5_000)]
    check([answer for _, answer in job.answered(command, iter(many))] == [line * 2 + b"\n" for line in many], "more than a pipe holds is answered in order")
    answers = dict(job.answered(command, iter([b"a", b"b", b"kill", b"c", b"kill too", b"d"])))
    expected = {b"a": b"aa\n", b"b": b"bb\n", b"c": b"cc\n", b"d": b"dd\n"}
    died = [json.loads(answers.pop(line))["error"]["reason"] for line in (b"kill", b"kill too")]
    check(answers == expected and died == ["ended the program by signal 9"] * 2, "a line that ends the program costs no other line")
    try:
        said = str(list(job.answered(command, iter([b"a", b"refuse", b"b"]))))
    except job.Died as error:
        said = str(error)
    check("code 2: error: no such option" in said, "a program that cannot work is quoted")


def order() -> None:
    """What the job takes for granted of Spark and of nodes."""
    spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    rows = [b"\xff\x00", b"\x80", b"a", b"\x7f", b"", b"ab", b"\xff", b"12345678\x80", b"12345678\x7f"]
    frame = spark.createDataFrame([(bytearray(row),) for row in rows], "grp binary")
    for spread in (frame.repartition(1, "grp"), frame.repartitionByRange(2, "grp")):
        check([bytes(row.grp) for row in spread.sortWithinPartitions("grp").collect()] == sorted(rows), "Spark sorts bytes as unsigned")
    try:
        said = job.found("no-such-binary")
    except FileNotFoundError as error:
        said = str(error)
    check("there is no no-such-binary on node" in said and "--binary PATH" in said, "a node without the binary is named, with what to do")
    spark.stop()


def inputs(work: Path) -> list[str]:
    """Articles that the project has and makes, in two files; three records among them give none."""
    subprocess.run([sys.executable, ROOT / "tests/scale/synthesise.py", "--articles", str(ARTICLES), "--out", work], check=True, stdout=subprocess.DEVNULL)
    made = (work / "articles.jsonl").read_text().splitlines()
    pages = sorted([*ROOT.glob("corpus/articles/*.*"), *ROOT.glob("corpus/stories/*/articles/*.*")])
    records = [{"id": str(page.relative_to(ROOT)), "html" if page.suffix == ".html" else "text": page.read_text()} for page in pages]
    heavy = {"id": "heavy", "text": "LIMA, Peru — " + "The army said on Monday that 12 soldiers had been killed near Ayacucho. " * 10_000}
    bad = ['{"id": "broken", "text": "12 soldi', json.dumps(heavy), json.dumps({"id": "empty"})]
    (work / "in").mkdir()
    (work / "in/made.jsonl").write_text("\n".join([*made[:100], bad[0], "", *made[100:], made[0]]) + "\n")
    with gzip.open(work / "in/pages.jsonl.gz", "wt") as packed:
        packed.write("\n".join([*map(json.dumps, records), *bad[1:]]))
    return [str(work / "in/made.jsonl"), str(work / "in/pages.jsonl.gz")]


def took(command: list[str | Path], fine: tuple[int, ...] = (0, 1), **more: object) -> tuple[float, float]:
    """Runs something, with 1 where some documents are left out, and gives seconds by the clock and of CPU, its orphans' too."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    code = subprocess.run(command, **more).returncode
    wall = time.monotonic() - started
    if code not in fine:
        sys.exit(f"failed: code {code} of {' '.join(map(str, command))}")
    deadline = time.monotonic() + 30
    with contextlib.suppress(ChildProcessError):
        while time.monotonic() < deadline:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                time.sleep(0.1)
        sys.exit(f"failed: processes are left behind by {' '.join(map(str, command))}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def same_graph(lines: list[str]) -> set[str]:
    """The triples of N-Quads, without the run record and the names of files and records, which no two ways of running have in common."""
    kinds = ("<http://www.w3.org/ns/prov#Activity> .", "<https://w3id.org/wiregraph#Omission> .")
    run = {line.split(" ", 1)[0] for line in lines if line.endswith(kinds)}
    return {line for line in lines if line.split(" ", 1)[0] not in run and " <https://w3id.org/wiregraph#sourceFile> " not in line}


def compare(cluster: set[str], other: set[str], what: str) -> None:
    for name, some in (("the cluster alone", cluster - other), ("the other alone", other - cluster)):
        for line in sorted(some)[:5]:
            print(f"in {name}, of {len(some)}: {line}", file=sys.stderr)
    check(cluster == other, f"{what} ({len(other)} triples)")


class Cluster:
    def __init__(self, binary: Path, work: Path, asked: list[str]) -> None:
        self.work = work
        submit = Path(sys.executable).with_name("spark-submit")
        self.command = [submit, "--master", "local-cluster[2,1,1024]", "--conf", "spark.ui.enabled=false", *JAVA, ROOT / "spark/wiregraph_spark.py"]
        self.command += [*asked, "--binary", binary, "--partitions", "4", "--stream-args", " ".join(OPTIONS)]
        self.environment = os.environ | {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_WORKER_DIR": str(work / "workers")}

    def run(self, name: str) -> tuple[float, float]:
        with open(self.work / f"{name}.log", "wb") as log:
            return took([*self.command, "--output", self.work / name], fine=(0,), env=self.environment, stdout=log, stderr=log)

    def graph(self, name: str) -> list[str]:
        parts = [part.read_text().splitlines() for part in sorted((self.work / name / "graph").glob("part-*"))]
        nodes = [{line.split(" ", 1)[0] for line in part} for part in parts]
        check(len(set.union(*nodes)) == sum(map(len, nodes)) and sum(map(bool, parts)) > 1, f"{name}: each node stands in one of {len(parts)} parts")
        check(sorted(path.name for path in (self.work / name).iterdir()) == ["errors", "graph"], f"{name}: nothing else stays behind")
        return [line for part in parts for line in part]

    def whole(self, name: str) -> Path:
        """The parts as one file."""
        whole = self.work / f"{name}.nq"
        whole.write_bytes(b"".join(part.read_bytes() for part in sorted((self.work / name / "graph").glob("part-*"))))
        return whole

    def errors(self, name: str) -> list[dict]:
        """What failed. Reasons that name a line of a task's input differ from run to run."""
        lines = [line for part in (self.work / name / "errors").glob("part-*") for line in part.read_text().splitlines()]
        return sorted((json.loads(re.sub(r"line \d+|#\d+", "line", line)) for line in lines), key=str)


def parents(process: int) -> list[int]:
    """A process and those that it comes from."""
    line = []
    while process > 1:
        line.append(process)
        process = int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])
    return line


def kill_a_worker(work: Path, killed: list[int]) -> None:
    """Waits until a task of the run is done and another reads articles, and kills the worker process of that one."""
    while not killed:
        time.sleep(0.05)
        if not list(work.glob("killed/_work/facts/_temporary/0/task_*")):
            continue
        for directory in Path("/proc").glob("[0-9]*"):
            try:
                if b"\0stream\0--jobs\0" not in (directory / "cmdline").read_bytes():
                    continue
                line = parents(int(directory.name))
                workers = [process for process in line if b"CoarseGrainedExecutorBackend" in Path(f"/proc/{process}/cmdline").read_bytes()]
                if os.getpid() in line and workers:
                    os.kill(workers[0], signal.SIGKILL)
                    killed.append(workers[0])
                    break
            except (FileNotFoundError, ProcessLookupError):
                continue


def main(binary: Path, work: Path) -> None:
    # Processes that a dead worker leaves behind become ours: their time is counted, and that they end is seen.
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    subprocess.run(["rm", "-rf", work], check=True)
    work.mkdir(parents=True)
    processes()
    given = inputs(work)

    def nquads(graph: Path) -> list[str]:
        return subprocess.run([binary, "export", graph, "--to", "nquads"], check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout.splitlines()

    # An analyst's word, on a claim of the first graph.
    first = work / "first.jsonld"
    took([binary, "run", *OPTIONS, *given, "-o", first], stderr=subprocess.DEVNULL)
    claim = min(line.split(" ", 1)[0].strip("<>") for line in nquads(first) if line.endswith("<https://w3id.org/wiregraph#Claim> ."))
    corrections = work / "corrections.jsonl"
    corrections.write_text(json.dumps({"claim": claim, "reject": True, "by": "the test", "why": "to see it"}) + "\n")
    corrected = ["--corrections", corrections]

    alone = took([binary, "run", *OPTIONS, "--jobs", "2", *corrected, *given, "-o", work / "alone.jsonld"], stderr=subprocess.DEVNULL)
    expected = same_graph(nquads(work / "alone.jsonld"))
    lines = b"".join((gzip.open if path.endswith(".gz") else open)(path, "rb").read() + b"\n" for path in given)
    fragments = subprocess.run([binary, "stream", *OPTIONS], input=lines, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    merged = subprocess.run([binary, "merge", *corrected, "-"], input=fragments, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    (work / "merged.jsonld").write_bytes(merged)

    cluster = Cluster(binary, work, [*given, *map(str, corrected)])
    together = cluster.run("cluster")
    graph = same_graph(cluster.graph("cluster"))
    compare(graph, expected, "the cluster's graph is that of `wiregraph run`")
    compare(graph, same_graph(nquads(work / "merged.jsonld")), "and that of `wiregraph stream | wiregraph merge -`")
    compare(graph, same_graph(nquads(cluster.whole("cluster"))), "and the binary reads it")
    errors = cluster.errors("cluster")
    stages = {error["line"][8:13]: (error["error"]["stage"], Path(error["file"]).name) for error in errors}
    failed = {"broke": ("read", "made.jsonl"), "heavy": ("extract", "pages.jsonl.gz"), "empty": ("read", "pages.jsonl.gz")}
    check(stages == failed and len(errors) == 3, "three records failed, and are told with stage and file")

    killed: list[int] = []
    threading.Thread(target=kill_a_worker, args=(work, killed), daemon=True).start()
    cluster.run("killed")
    check(bool(killed) and "ExecutorLostFailure" in (work / "killed.log").read_text(), "a worker was killed while it read articles")
    compare(same_graph(cluster.graph("killed")), expected, "the graph is the same")
    check(cluster.errors("killed") == errors, "so are the errors")

    for name, (wall, cpu) in (("wiregraph run --jobs 2", alone), ("local-cluster[2,1,1024]", together)):
        print(f"    {name:24} {wall:6.1f} s, {cpu:6.1f} s of CPU")
    order()


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve())
