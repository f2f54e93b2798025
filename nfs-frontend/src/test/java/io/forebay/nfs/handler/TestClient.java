package io.forebay.nfs.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.nfs.op.ChannelAttributes;
import io.forebay.nfs.op.CompoundRequest;
import io.forebay.nfs.op.NfsOp;
import io.forebay.nfs.op.NfsResult;
import io.forebay.nfs.op.NfsStatus;
import io.forebay.nfs.op.SessionId;
import io.forebay.nfs.rpc.Credential;
import io.forebay.nfs.session.Connection;
import io.forebay.nfs.session.Origin;
import io.forebay.nfs.session.RequestShape;
import io.forebay.nfs.xdr.Opaque;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/** A client with one session and one slot, which speaks records instead of bytes. */
final class TestClient {
  private static final int REQUEST_BYTES = 1000;
  private static final ChannelAttributes WIDE =
      new ChannelAttributes(0, 1_060_000, 1_060_000, 4096, 64, 4);

  private static int clients;

  private final TestServer server;
  private final InetAddress address;
  private final SessionId session;
  private final long clientId;
  private Credential credential;
  private int sequence;
  private boolean cacheThis;

  TestClient(TestServer server, String address, int uid, int gid) {
    this(server, address, uid, gid, WIDE);
  }

  TestClient(TestServer server, String address, int uid, int gid, ChannelAttributes channel) {
    this(server, "client " + clients++, address, uid, gid, channel);
  }

  TestClient(TestServer server, String name) {
    this(server, name, "127.0.0.1", 0, 0, WIDE);
  }

  private TestClient(
      TestServer server, String name, String address, int uid, int gid, ChannelAttributes channel) {
    this.server = server;
    this.credential = new Credential.Sys("test", uid, gid, List.of());
    try {
      this.address = InetAddress.getByName(address);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
    NfsResult.ExchangeId exchanged =
        (NfsResult.ExchangeId) alone(new NfsOp.ExchangeId(1, Opaque.of(name), 0, 0));
    clientId = exchanged.clientId();
    NfsResult.CreateSession created =
        (NfsResult.CreateSession)
            alone(
                new NfsOp.CreateSession(
                    clientId, exchanged.sequence(), 0, channel, channel, 0x40000000));
    session = created.session();
  }

  /** Says that it has nothing to reclaim, as every client has to before it opens anything. */
  TestClient ready() {
    assertThat(status(new NfsOp.ReclaimComplete(false))).isEqualTo(NfsStatus.OK);
    return this;
  }

  long clientId() {
    return clientId;
  }

  SessionId session() {
    return session;
  }

  /** The same client with another user's requests from now on. */
  TestClient as(Credential user) {
    credential = user;
    return this;
  }

  TestClient as(int uid, int gid, Integer... groups) {
    return as(new Credential.Sys("test", uid, gid, List.of(groups)));
  }

  /** Asks that replies be kept, from now on. */
  TestClient caching() {
    cacheThis = true;
    return this;
  }

  /** The result of an operation sent without a session. */
  NfsResult alone(NfsOp op) {
    try (CompoundReply reply = send(1, List.of(op))) {
      return reply.results().getFirst();
    }
  }

  CompoundReply send(int minorVersion, List<NfsOp> ops) {
    return server
        .executor()
        .execute(
            new CompoundRequest(Opaque.of("tag"), minorVersion, ops.size(), ops), context(ops));
  }

  CallContext context(List<NfsOp> ops) {
    Origin origin = new Origin(new Connection(clientId, address), credential);
    return new CallContext(origin, new RequestShape(REQUEST_BYTES, ops.size(), ops.hashCode()));
  }

  NfsOp.Sequence nextSequence() {
    sequence++;
    return new NfsOp.Sequence(session, sequence, 0, 0, cacheThis);
  }

  /** The reply to operations behind a SEQUENCE; the caller's to close. */
  CompoundReply compound(NfsOp... ops) {
    List<NfsOp> all = new ArrayList<>();
    all.add(nextSequence());
    all.addAll(List.of(ops));
    return send(1, all);
  }

  /** The results of operations behind a SEQUENCE, its own left out. */
  List<NfsResult> run(NfsOp... ops) {
    try (CompoundReply reply = compound(ops)) {
      List<NfsResult> results = reply.results();
      assertThat(results.getFirst().status()).isEqualTo(NfsStatus.OK);
      assertThat(reply.toBytes()).hasSize(reply.size());
      return results.subList(1, results.size());
    }
  }

  /** How the compound ended. */
  NfsStatus status(NfsOp... ops) {
    return run(ops).getLast().status();
  }

  /** The last result of a compound that succeeds. */
  <R extends NfsResult> R last(Class<R> type, NfsOp... ops) {
    List<NfsResult> results = run(ops);
    assertThat(results).hasSize(ops.length);
    assertThat(results.getLast().status()).isEqualTo(NfsStatus.OK);
    return type.cast(results.getLast());
  }
}
