package io.forebay.nfs.handler;

import io.forebay.nfs.op.NfsOp;
import io.forebay.nfs.op.NfsResult;
import io.forebay.nfs.op.NfsStatus;
import io.forebay.nfs.op.StateId;
import io.forebay.nfs.xdr.Opaque;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A test that talks as one client to a server that exports everything. */
abstract class ServerTest {
  @TempDir Path directory;
  TestServer server;
  TestClient client;

  @BeforeEach
  void start() {
    server = new TestServer(directory, TestServer.open("/"));
    client = server.client().ready();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  final void restart() {
    server.restart();
    client = server.client().ready();
  }

  final NfsStatus at(String path, NfsOp... then) {
    return client.status(Ops.at(path, then));
  }

  final <R extends NfsResult> R at(Class<R> type, String path, NfsOp... then) {
    return client.last(type, Ops.at(path, then));
  }

  final StateId opened(NfsOp open) {
    return at(NfsResult.Open.class, "", open).stateId();
  }

  final Opaque handle(String path) {
    return at(NfsResult.GetFh.class, path, Ops.GETFH).handle();
  }
}
