package io.forebay.nfs.handler;

import io.forebay.nfs.op.NfsOp;
import io.forebay.nfs.op.NfsResult;
import io.forebay.nfs.op.NfsStatus;
import io.forebay.nfs.op.StateId;
import io.forebay.nfs.xdr.Opaque;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * A test that talks as one client to a server that exports everything. Starting an engine takes
 * longer than a test, so the tests of a class share one, and each begins with an empty volume.
 */
@TestInstance(Lifecycle.PER_CLASS)
abstract class ServerTest {
  TestServer server;
  TestClient client;

  @BeforeAll
  void start(@TempDir Path directory) {
    server = new TestServer(directory, TestServer.open("/"));
  }

  @BeforeEach
  void beginWithAnEmptyVolume() {
    server.empty();
    client = server.client().ready();
  }

  @AfterAll
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
