package io.forebay.nfs.server;

import static io.forebay.nfs.server.WireClient.GETATTR;
import static io.forebay.nfs.server.WireClient.PROGRAM;
import static io.forebay.nfs.server.WireClient.PUTROOTFH;
import static io.forebay.nfs.server.WireClient.assertResult;
import static io.forebay.nfs.server.WireClient.lookup;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.AttributeChanges;
import io.forebay.engine.Caller;
import io.forebay.engine.CreateMode;
import io.forebay.engine.Durability;
import io.forebay.engine.FileName;
import io.forebay.engine.FileSystem;
import io.forebay.engine.InodeId;
import io.forebay.engine.OpenAccess;
import io.forebay.engine.OpenCheck;
import io.forebay.engine.OpenFile;
import io.forebay.engine.Stability;
import io.forebay.engine.assembly.Engine;
import io.forebay.engine.assembly.EngineConfig;
import io.forebay.engine.assembly.EngineWiring;
import io.forebay.nfs.ClientRule;
import io.forebay.nfs.ClientRule.Squash;
import io.forebay.nfs.Export;
import io.forebay.nfs.NfsConfig;
import io.forebay.nfs.NfsLimits;
import io.forebay.nfs.xdr.XdrReader;
import io.forebay.testkit.Seeds;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.EOFException;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server over loopback, on a real engine. */
@Timeout(60)
class NfsServerTest {
  private static final NfsLimits LIMITS =
      new NfsLimits(8, 4, 8, 1 << 20, 64, 4 << 10, 64, 16, 4, 1000);
  private static final int MIB = 1 << 20;

  @TempDir Path directory;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private Engine engine;
  private NfsServer server;
  private int port;

  @BeforeEach
  void start() throws IOException {
    Random random = new Random(5);
    engine =
        EngineWiring.open(
            EngineConfig.defaults(directory.resolve("data"), directory.resolve("bucket").toUri()),
            TimeSource.system(),
            random,
            new SimpleMeterRegistry());
    server = server(0);
    port = server.start().getPort();
  }

  private NfsServer server(int bindPort) {
    NfsConfig config =
        new NfsConfig(
            new InetSocketAddress("127.0.0.1", bindPort),
            Duration.ofSeconds(30),
            Duration.ofSeconds(5),
            List.of(
                new Export(
                    "/",
                    List.of(new ClientRule("127.0.0.1", false, Squash.NONE, 65534, 65534)),
                    Durability.LOCAL)),
            LIMITS);
    return new NfsServer(
        config, engine::fileSystem, engine.records(), TimeSource.system(), new Random(6), meters);
  }

  @AfterEach
  void stop() {
    server.close();
    engine.close();
  }

  private WireClient connect() throws IOException {
    return new WireClient(port);
  }

  private FileSystem files() {
    return engine.fileSystem(Durability.LOCAL);
  }

  /** A file that anybody may write, committed. */
  private void file(String name, byte[] content) {
    InodeId inode =
        files()
            .createFile(
                Caller.ROOT,
                InodeId.ROOT,
                FileName.of(name),
                new CreateMode.Unchecked(),
                AttributeChanges.mode(0666))
            .attributes()
            .inode();
    try (OpenFile open =
        files().open(Caller.ROOT, inode, OpenAccess.READ_WRITE, OpenCheck.ENFORCE)) {
      for (int at = 0; at < content.length; at += MIB) {
        int length = Math.min(MIB, content.length - at);
        var unused = open.write(at, ByteBuffer.wrap(content, at, length), Stability.UNSTABLE);
      }
      open.commit();
    }
  }

  // --- RPC

  @Test
  void answersNull() throws IOException {
    try (WireClient client = connect()) {
      assertThat(client.ask(PROGRAM, 4, 0, 0).remaining()).isZero();
    }
  }

  @Test
  void refusesWhatItDoesNotSpeak() throws IOException {
    try (WireClient client = connect()) {
      assertThat(client.ask(100_005, 3, 0, 1).remaining()).as("PROG_UNAVAIL").isZero();
      for (int version : new int[] {2, 3, 5}) {
        XdrReader mismatch = client.ask(PROGRAM, version, 0, 2);
        assertThat(mismatch.readInt()).as("lowest").isEqualTo(4);
        assertThat(mismatch.readInt()).as("highest").isEqualTo(4);
      }
      assertThat(client.ask(PROGRAM, 4, 2, 3).remaining()).as("PROC_UNAVAIL").isZero();
      assertThat(client.ask(PROGRAM, 4, 0, 0).remaining()).as("still there").isZero();
    }
  }

  @Test
  void compoundsWithoutAHeadAreGarbage() throws IOException {
    try (WireClient client = connect()) {
      client.send(WireClient.call(7, PROGRAM, 4, 1, writer -> writer.writeInt(0x7fff_ffff)));
      client.accepted(7, 4);
      assertThat(client.ask(PROGRAM, 4, 0, 0).remaining()).isZero();
    }
  }

  @Test
  void repliesToCallbacksNobodyMadeAreIgnored() throws IOException {
    try (WireClient client = connect()) {
      client.send(new byte[] {0, 0, 0, 9, 0, 0, 0, 1, 0, 0, 0, 0});
      client.send(new byte[0]);
      client.send(new byte[] {1, 2, 3});
      assertThat(client.ask(PROGRAM, 4, 0, 0).remaining()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, -1})
  void otherMinorVersionsAreTold(int minorVersion) throws IOException {
    try (WireClient client = connect()) {
      assertThat(client.compound(minorVersion, 10021, 0, PUTROOTFH, GETATTR).remaining()).isZero();
    }
  }

  // --- NFS

  @Test
  void mountsAndLooksAtTheRoot() throws IOException {
    try (WireClient client = connect().mount("ann")) {
      XdrReader reply = client.sequenced(0, 2, PUTROOTFH, GETATTR);
      assertResult(reply, 24, 0);
      assertResult(reply, 9, 0);
      assertThat(reply.readInt()).as("one word").isEqualTo(1);
      assertThat(reply.readInt()).isEqualTo(1 << 1 | 1 << 3 | 1 << 4);
      assertThat(reply.readInt()).as("attributes' length").isEqualTo(4 + 8 + 8);
      assertThat(reply.readInt()).as("a directory").isEqualTo(2);
    }
    assertThat(meters.get("forebay.nfs.operations").tag("operation", "getattr").counter().count())
        .isEqualTo(1);
    assertThat(
            meters.get("forebay.nfs.compounds").tag("operation", "create_session").timer().count())
        .isEqualTo(1);
  }

  @Test
  void nothingRunsWithoutASession() throws IOException {
    try (WireClient client = connect()) {
      assertResult(client.compound(1, 10071, 1, PUTROOTFH), 24, 10071);
    }
  }

  /** Whole regions, short pieces, the end of the file, holes: every way bytes leave. */
  @Test
  void readsAreTrueAtEveryLength() throws IOException {
    byte[] content = Seeds.bytesOf(3, 3 * MIB + 77);
    file("f", content);
    try (WireClient client = connect().mount("ann")) {
      for (int count : new int[] {0, 1, 3, 4096, 32 << 10, (32 << 10) + 1, 300_000, MIB}) {
        for (long offset : new long[] {0, 1, 65_536, MIB - 5, 3 * MIB + 70, 3 * MIB + 77}) {
          assertRead(client, content, offset, count);
        }
      }
    }
  }

  private static void assertRead(WireClient client, byte[] content, long offset, int count)
      throws IOException {
    XdrReader reply =
        client.sequenced(0, 3, PUTROOTFH, lookup("f"), WireClient.read(offset, count));
    assertResult(reply, 24, 0);
    assertResult(reply, 15, 0);
    assertResult(reply, 25, 0);
    int expected = Math.clamp(content.length - offset, 0, count);
    assertThat(reply.readBool()).as("eof").isEqualTo(offset + expected >= content.length);
    ByteBuffer data = reply.readView(MIB);
    assertThat(data).isEqualTo(ByteBuffer.wrap(content, (int) offset, expected));
    assertThat(reply.remaining()).as("padded").isZero();
  }

  @Test
  void writesOfAnyLengthArriveInAnyFragments() throws IOException {
    Random random = Seeds.random("NfsServerTest.writesOfAnyLengthArriveInAnyFragments");
    file("f", new byte[0]);
    try (WireClient client = connect().mount("ann")) {
      for (int length : new int[] {1, 2, 3, 4, 5000, 65_537, MIB}) {
        byte[] data = Seeds.bytes(random, length);
        byte[] record =
            WireClient.call(
                length,
                PROGRAM,
                4,
                1,
                WireClient.compound(
                    1, client.nextSequence(), PUTROOTFH, lookup("f"), WireClient.write(0, data)));
        client.sendRaw(inFragments(record, random));
        XdrReader reply = WireClient.results(client.accepted(length, 0), 0, 4);
        assertThat(reply.remaining()).isPositive();
        XdrReader read = client.sequenced(0, 3, PUTROOTFH, lookup("f"), WireClient.read(0, length));
        read.readFixed(6 * 4);
        boolean unusedEnd = read.readBool();
        assertThat(read.readView(MIB)).isEqualTo(ByteBuffer.wrap(data));
      }
    }
  }

  private static byte[] inFragments(byte[] record, Random random) {
    ByteBuffer framed = ByteBuffer.allocate(record.length + 4 * 20);
    int at = 0;
    for (int i = 0; i < 10; i++) {
      int length = random.nextInt(0, (record.length - at) / 3 + 1);
      framed.putInt(length).put(record, at, length);
      at += length;
    }
    framed.putInt(0x8000_0000 | (record.length - at)).put(record, at, record.length - at);
    return WireClient.prefix(framed.array(), framed.position());
  }

  /** Section 2.10.6.1: the connection was lost, not the request. */
  @Test
  void aRetryOverAnotherConnectionGetsTheSameReply() throws IOException {
    try (WireClient client = connect().mount("ann")) {
      byte[] create =
          WireClient.call(
              55,
              PROGRAM,
              4,
              1,
              WireClient.compound(
                  1,
                  client.nextSequence(),
                  PUTROOTFH,
                  writer -> {
                    writer.writeInt(6);
                    writer.writeInt(2);
                    writer.writeOpaque(io.forebay.nfs.xdr.Opaque.of("made once"));
                    writer.writeInt(0);
                    writer.writeInt(0);
                  }));
      client.send(create);
      byte[] first = client.receive();
      WireClient.results(WireClient.accepted(first, 55, 0), 0, 3);
      try (WireClient other = client.another()) {
        other.send(create);
        assertThat(other.receive()).isEqualTo(first);
      }
    }
  }

  @Test
  void severalConnectionsShareASession() throws IOException {
    file("f", new byte[100]);
    try (WireClient client = connect().mount("ann");
        WireClient other = client.another()) {
      for (int i = 1; i < 20; i++) {
        WireClient each = i % 2 == 0 ? client : other;
        each.compound(1, 0, 3, client.sequence(5, i, false), PUTROOTFH, GETATTR);
      }
    }
  }

  // --- clients that behave badly

  @Test
  void aRecordThatIsCutOffHarmsNobody() throws IOException {
    byte[] call = WireClient.framed(WireClient.call(7, PROGRAM, 4, 0, writer -> {}));
    for (int length = 1; length < call.length; length++) {
      try (WireClient client = connect()) {
        client.sendRaw(WireClient.prefix(call, length));
      }
    }
    try (WireClient client = connectWhenThereIsRoom()) {
      assertThat(client.ask(PROGRAM, 4, 0, 0).remaining()).isZero();
    }
  }

  /** The server needs a moment to see that connections are closed. */
  private WireClient connectWhenThereIsRoom() throws IOException {
    while (true) {
      WireClient client = connect();
      try {
        assertThat(client.ask(PROGRAM, 4, 0, 0).remaining()).isZero();
        return client;
      } catch (IOException turnedAway) {
        client.close();
      }
    }
  }

  @Test
  void aRecordAboveTheBoundEndsTheConnectionOnly() throws IOException {
    try (WireClient client = connect();
        WireClient other = connect()) {
      int tooLong = LIMITS.maxRecordBytes() + 1;
      client.sendRaw(ByteBuffer.allocate(8).putInt(0x8000_0000 | tooLong).array());
      assertThat(client.isClosedByServer()).isTrue();
      assertThat(other.ask(PROGRAM, 4, 0, 0).remaining()).isZero();
    }
  }

  @Test
  void aRequestAboveTheSessionsBoundIsAnswered() throws IOException {
    file("f", new byte[0]);
    try (WireClient client = connect().mount("ann")) {
      byte[] data = new byte[LIMITS.maxMessageBytes()];
      XdrReader reply =
          client.compound(
              1,
              10065,
              1,
              client.nextSequence(),
              PUTROOTFH,
              lookup("f"),
              WireClient.write(0, data));
      assertResult(reply, 53, 10065);
    }
  }

  @Test
  void aClientThatNeverReadsIsNotReadAndHindersNobody() throws IOException {
    file("f", Seeds.bytesOf(4, MIB));
    try (WireClient deaf = connect().mount("deaf");
        WireClient client = connect().mount("ann")) {
      int sent = 0;
      for (int i = 1; i <= 60; i++) {
        deaf.send(
            WireClient.call(
                i,
                PROGRAM,
                4,
                1,
                WireClient.compound(
                    1,
                    deaf.sequence(i, 1, false),
                    PUTROOTFH,
                    lookup("f"),
                    WireClient.read(0, MIB))));
        sent++;
      }
      for (int i = 0; i < 10; i++) {
        XdrReader reply = client.sequenced(0, 2, PUTROOTFH, GETATTR);
        assertResult(reply, 24, 0);
      }
      double begun = meters.get("forebay.nfs.bytes").tag("operation", "read").counter().count();
      assertThat(begun / MIB)
          .as("read ahead of a deaf client")
          .isLessThan(LIMITS.maxInFlightPerConnection() + 16);
      // And when it reads after all, everything is there.
      for (int i = 0; i < sent; i++) {
        assertThat(deaf.receive().length).isGreaterThan(MIB);
      }
    }
  }

  @Test
  void connectionsAreBounded() throws IOException {
    List<WireClient> clients = new ArrayList<>();
    try {
      for (int i = 0; i < LIMITS.maxConnections(); i++) {
        WireClient client = connect();
        clients.add(client);
        assertThat(client.ask(PROGRAM, 4, 0, 0).remaining()).isZero();
      }
      try (WireClient last = connect()) {
        assertThat(last.isClosedByServer()).isTrue();
      }
      clients.removeFirst().close();
      clients.add(connectWhenThereIsRoom());
    } finally {
      for (WireClient client : clients) {
        client.close();
      }
    }
  }

  /** Seeded rubbish in place of every part of a request, over sockets. */
  @Test
  void rubbishIsAnsweredOrCutOffAndTheServerLives() throws IOException {
    Random random = Seeds.random("NfsServerTest.rubbish");
    file("f", new byte[1000]);
    try (WireClient client = connect().mount("ann")) {
      byte[] good =
          WireClient.call(
              1,
              PROGRAM,
              4,
              1,
              WireClient.compound(
                  1,
                  client.sequence(1, 1, false),
                  PUTROOTFH,
                  lookup("f"),
                  GETATTR,
                  WireClient.read(0, 100),
                  WireClient.write(5, new byte[30])));
      WireClient hostile = connect();
      for (int i = 0; i < 500; i++) {
        byte[] bad = good.clone();
        for (int k = random.nextInt(1, 5); k > 0; k--) {
          bad[random.nextInt(4, bad.length)] = (byte) random.nextInt();
        }
        hostile.send(random.nextInt(4) == 0 ? WireClient.prefix(bad, bad.length / 2) : bad);
        try {
          hostile.send(WireClient.call(-1, PROGRAM, 4, 0, writer -> {}));
          while (ByteBuffer.wrap(hostile.receive()).getInt() != -1) {}
        } catch (EOFException cutOff) {
          hostile.close();
          hostile = connect();
        }
      }
      hostile.close();
      assertResult(client.sequenced(0, 1, PUTROOTFH), 24, 0);
    }
    assertThat(meters.get("forebay.nfs.requests.memory").gauge().value()).isZero();
  }

  // --- start and stop

  @Test
  void aTakenPortIsSaid() {
    try (NfsServer second = server(port)) {
      assertThatThrownBy(second::start)
          .isInstanceOf(BindException.class)
          .hasMessageContaining(Integer.toString(port));
    }
  }

  @Test
  void drainingAnswersWhatWasAskedAndThenCloses() throws IOException {
    file("f", Seeds.bytesOf(4, MIB));
    try (WireClient client = connect().mount("ann");
        WireClient idle = connect()) {
      assertThat(idle.ask(PROGRAM, 4, 0, 0).remaining()).isZero();
      int asked = client.nextXid();
      client.send(
          WireClient.call(
              asked,
              PROGRAM,
              4,
              1,
              WireClient.compound(
                  1, client.nextSequence(), PUTROOTFH, lookup("f"), WireClient.read(0, MIB))));
      byte[] reply = client.receive();
      server.drain(Duration.ofSeconds(10));
      assertThat(reply.length).isGreaterThan(MIB);
      assertThat(client.isClosedByServer()).isTrue();
      assertThat(idle.isClosedByServer()).isTrue();
      assertThatThrownBy(this::connect).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aServerThatStartsAgainRemembersItsClients() throws IOException {
    WireClient before = connect().mount("ann");
    long clientId = before.clientId();
    before.close();
    server.close();
    server = server(0);
    port = server.start().getPort();
    try (WireClient after = connect().mount("ann")) {
      assertThat(after.clientId()).isNotEqualTo(clientId);
      assertResult(after.sequenced(0, 1, PUTROOTFH), 24, 0);
    }
  }
}
