"""ArcadeDB's server, until standard input ends: arcadedb.py DIRECTORY HTTP_PORT BOLT_PORT PASSWORD DATABASE...

Prints "ready" when it listens.
"""

import sys

import arcadedb_embedded

root, http, bolt, password, *databases = sys.argv[1:]
server = arcadedb_embedded.ArcadeDBServer(
    root_path=root,
    root_password=password,
    config={
        # Production mode has no LOAD CSV from files.
        "mode": "development",
        "txWalFlush": 1,
        "http_port": int(http),
        "bolt_port": int(bolt),
        "server_plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
        "server_defaultDatabases": ";".join(f"{name}[]" for name in databases),
    },
    jvm_kwargs={"heap_size": "1g"},
)
server.start()
print("ready", flush=True)
sys.stdin.read()
server.stop()
