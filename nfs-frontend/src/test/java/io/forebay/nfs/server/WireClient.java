package io.forebay.nfs.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.nfs.xdr.Opaque;
import io.forebay.nfs.xdr.XdrReader;
import io.forebay.nfs.xdr.XdrWriter;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;

/** An NFS client that knows bytes: it writes calls by hand and takes replies apart by hand. */
final class WireClient implements AutoCloseable {
  static final int PROGRAM = 100_003;
  private static final int LAST = 0x8000_0000;
  private static final int MAX_CALL = 4 << 20;

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;
  private final int port;
  private int xid = 100;

  // --- of the session
  private long clientId;
  private long sessionHigh;
  private long sessionLow;
  private int sequence;

  WireClient(int port) throws IOException {
    this.port = port;
    socket = new Socket();
    socket.setSoTimeout(10_000);
    socket.setTcpNoDelay(true);
    socket.connect(new InetSocketAddress("127.0.0.1", port), 5_000);
    in = new DataInputStream(socket.getInputStream());
    out = socket.getOutputStream();
  }

  /** Another connection that uses the same session. */
  WireClient another() throws IOException {
    WireClient other = new WireClient(port);
    other.clientId = clientId;
    other.sessionHigh = sessionHigh;
    other.sessionLow = sessionLow;
    other.sequence = sequence;
    return other;
  }

  long clientId() {
    return clientId;
  }

  // --- records

  void send(byte[] record) throws IOException {
    out.write(framed(record));
  }

  void sendRaw(byte[] bytes) throws IOException {
    out.write(bytes);
  }

  static byte[] framed(byte[] record) {
    return ByteBuffer.allocate(4 + record.length).putInt(LAST | record.length).put(record).array();
  }

  /** The next record. */
  byte[] receive() throws IOException {
    int mark = in.readInt();
    assertThat(mark & LAST).as("one fragment").isNotZero();
    byte[] record = new byte[mark & ~LAST];
    in.readFully(record);
    return record;
  }

  /** Whether the server has closed the connection, which it does soon or never. */
  boolean isClosedByServer() throws IOException {
    try {
      return in.read() < 0;
    } catch (java.net.SocketException reset) {
      return true;
    }
  }

  // --- RPC

  static byte[] call(
      int xid, int program, int version, int procedure, Consumer<XdrWriter> arguments) {
    XdrWriter writer = new XdrWriter(MAX_CALL);
    writer.writeInt(xid);
    writer.writeInt(0);
    writer.writeInt(2);
    writer.writeInt(program);
    writer.writeInt(version);
    writer.writeInt(procedure);
    XdrWriter sys = new XdrWriter(400);
    sys.writeInt(1);
    sys.writeOpaque(Opaque.of("host"));
    sys.writeInt(0);
    sys.writeInt(0);
    sys.writeInt(0);
    writer.writeInt(1);
    writer.writeOpaque(sys.toBytes());
    writer.writeInt(0);
    writer.writeInt(0);
    arguments.accept(writer);
    return writer.toBytes();
  }

  int nextXid() {
    return ++xid;
  }

  /** What follows the header of an accepted reply whose status is expected. */
  XdrReader accepted(int expectedXid, int status) throws IOException {
    return accepted(receive(), expectedXid, status);
  }

  static XdrReader accepted(byte[] record, int expectedXid, int status) {
    XdrReader reader = new XdrReader(ByteBuffer.wrap(record));
    assertThat(reader.readInt()).as("xid").isEqualTo(expectedXid);
    assertThat(reader.readInt()).as("a reply").isEqualTo(1);
    assertThat(reader.readInt()).as("accepted").isZero();
    assertThat(reader.readInt()).as("AUTH_NONE").isZero();
    assertThat(reader.readInt()).as("empty verifier").isZero();
    assertThat(reader.readInt()).as("accept_stat").isEqualTo(status);
    return reader;
  }

  XdrReader ask(int program, int version, int procedure, int status) throws IOException {
    int asked = nextXid();
    send(call(asked, program, version, procedure, arguments -> {}));
    return accepted(asked, status);
  }

  // --- COMPOUND

  static Consumer<XdrWriter> compound(int minorVersion, Op... ops) {
    return writer -> {
      writer.writeOpaque(Opaque.of("tag"));
      writer.writeInt(minorVersion);
      writer.writeInt(ops.length);
      for (Op op : ops) {
        op.write(writer);
      }
    };
  }

  /** An operation as it is written. */
  interface Op {
    void write(XdrWriter writer);
  }

  /** The results, after the status, the tag and their count. */
  XdrReader compound(int minorVersion, int status, int results, Op... ops) throws IOException {
    int asked = nextXid();
    send(call(asked, PROGRAM, 4, 1, compound(minorVersion, ops)));
    return results(accepted(asked, 0), status, results);
  }

  static XdrReader results(XdrReader reply, int status, int results) {
    assertThat(reply.readInt()).as("status").isEqualTo(status);
    assertThat(reply.readOpaque(100).toText()).isEqualTo("tag");
    assertThat(reply.readInt()).as("results").isEqualTo(results);
    return reply;
  }

  static Op plain(int code) {
    return writer -> writer.writeInt(code);
  }

  static Op lookup(String name) {
    return writer -> {
      writer.writeInt(15);
      writer.writeOpaque(Opaque.of(name));
    };
  }

  static final Op PUTROOTFH = plain(24);

  /** Type, change and size. */
  static final Op GETATTR =
      writer -> {
        writer.writeInt(9);
        writer.writeInt(1);
        writer.writeInt(1 << 1 | 1 << 3 | 1 << 4);
      };

  /** A READ by nobody's open: the stateid of zeroes. */
  static Op read(long offset, int count) {
    return writer -> {
      writer.writeInt(25);
      stateIdOfNobody(writer);
      writer.writeLong(offset);
      writer.writeInt(count);
    };
  }

  static Op write(long offset, byte[] data) {
    return writer -> {
      writer.writeInt(38);
      stateIdOfNobody(writer);
      writer.writeLong(offset);
      writer.writeInt(2);
      writer.writeOpaque(data);
    };
  }

  private static void stateIdOfNobody(XdrWriter writer) {
    writer.writeInt(0);
    writer.writeLong(0);
    writer.writeInt(0);
  }

  Op sequence(int slot, int slotSequence, boolean cacheThis) {
    return writer -> {
      writer.writeInt(53);
      writer.writeLong(sessionHigh);
      writer.writeLong(sessionLow);
      writer.writeInt(slotSequence);
      writer.writeInt(slot);
      writer.writeInt(slot);
      writer.writeBool(cacheThis);
    };
  }

  Op nextSequence() {
    return sequence(0, ++sequence, false);
  }

  /** Operations behind a SEQUENCE that succeeds; the reader stands after its result. */
  XdrReader sequenced(int status, int results, Op... ops) throws IOException {
    Op[] all = new Op[ops.length + 1];
    all[0] = nextSequence();
    System.arraycopy(ops, 0, all, 1, ops.length);
    XdrReader reply = compound(1, status, results + 1, all);
    skipSequence(reply);
    return reply;
  }

  static void skipSequence(XdrReader reply) {
    assertResult(reply, 53, 0);
    reply.readFixed(16 + 5 * 4);
  }

  static void assertResult(XdrReader reply, int code, int status) {
    assertThat(reply.readInt()).as("operation").isEqualTo(code);
    assertThat(reply.readInt()).as("status of operation " + code).isEqualTo(status);
  }

  /** EXCHANGE_ID, CREATE_SESSION, RECLAIM_COMPLETE. */
  WireClient mount(String owner) throws IOException {
    XdrReader exchanged =
        compound(
            1,
            0,
            1,
            writer -> {
              writer.writeInt(42);
              writer.writeLong(77);
              writer.writeOpaque(Opaque.of(owner));
              writer.writeInt(0);
              writer.writeInt(0);
              writer.writeInt(0);
            });
    assertResult(exchanged, 42, 0);
    clientId = exchanged.readLong();
    int first = exchanged.readInt();
    XdrReader created =
        compound(
            1,
            0,
            1,
            writer -> {
              writer.writeInt(43);
              writer.writeLong(clientId);
              writer.writeInt(first);
              writer.writeInt(2);
              channel(writer);
              channel(writer);
              writer.writeInt(0x4000_0000);
              writer.writeInt(1);
              writer.writeInt(0);
            });
    assertResult(created, 43, 0);
    sessionHigh = created.readLong();
    sessionLow = created.readLong();
    XdrReader complete =
        sequenced(
            0,
            1,
            writer -> {
              writer.writeInt(58);
              writer.writeBool(false);
            });
    assertResult(complete, 58, 0);
    return this;
  }

  private static void channel(XdrWriter writer) {
    for (int value : new int[] {0, 2 << 20, 2 << 20, 4096, 16, 64, 0}) {
      writer.writeInt(value);
    }
  }

  static byte[] prefix(byte[] bytes, int length) {
    return Arrays.copyOf(bytes, length);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
