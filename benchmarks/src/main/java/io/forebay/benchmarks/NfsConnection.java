package io.forebay.benchmarks;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * An NFSv4.1 client with one session, one slot and one TCP connection (RFC 8881): enough to open,
 * read, write and close, with next to no CPU of its own.
 */
final class NfsConnection implements AutoCloseable {
  private static final int MAX_DATA = 1 << 20;
  private static final int ROOM = MAX_DATA + (8 << 10);
  private static final int FRAGMENT_LAST = 1 << 31;

  // Operation numbers (RFC 8881 section 16.2).
  private static final int OP_CLOSE = 4;
  private static final int OP_GETFH = 10;
  private static final int OP_LOOKUP = 15;
  private static final int OP_OPEN = 18;
  private static final int OP_PUTFH = 22;
  private static final int OP_PUTROOTFH = 24;
  private static final int OP_READ = 25;
  private static final int OP_WRITE = 38;
  private static final int OP_EXCHANGE_ID = 42;
  private static final int OP_CREATE_SESSION = 43;
  private static final int OP_SEQUENCE = 53;
  private static final int OP_RECLAIM_COMPLETE = 58;

  private static final int SHARE_READ_WITHOUT_DELEGATION = 0x401;
  private static final int SHARE_WRITE_WITHOUT_DELEGATION = 0x402;
  private static final int FILE_SYNC = 2;

  private static final int STATUS_GRACE = 10013;
  private static final int MAX_GRACE_ATTEMPTS = 100;

  /** The server answered with a status other than OK. */
  private static final class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;

    RefusedException(String message, int status) {
      super(message);
      this.status = status;
    }
  }

  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;
  private final XdrBuffer request = new XdrBuffer(ROOM);
  private final XdrBuffer reply = new XdrBuffer(ROOM);
  private final String owner;
  private int xid;
  private long clientId;
  private byte[] session = new byte[16];
  private int sequence;

  /** An open file: its handle and stateid. */
  record Opened(byte[] handle, byte[] stateId) {}

  /** Connects, and establishes client id and session. {@code owner} names this client. */
  NfsConnection(int port, String owner) throws IOException {
    this.owner = owner;
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 256 << 10));
    out = new DataOutputStream(socket.getOutputStream());
    establish();
  }

  private void establish() throws IOException {
    call(
        1,
        x ->
            x.u32(OP_EXCHANGE_ID)
                .u64(ProcessHandle.current().pid())
                .string(owner)
                .u32(0)
                .u32(0)
                .u32(0));
    expect(OP_EXCHANGE_ID);
    clientId = reply.readU64();
    int createSequence = reply.readU32();
    call(
        1,
        x -> {
          x.u32(OP_CREATE_SESSION).u64(clientId).u32(createSequence).u32(0);
          channel(x, ROOM, 1);
          channel(x, 4096, 1);
          x.u32(0x40000000).u32(1).u32(0);
        });
    expect(OP_CREATE_SESSION);
    session = reply.readFixed(16);
    sequenced(1, x -> x.u32(OP_RECLAIM_COMPLETE).u32(0));
    expect(OP_RECLAIM_COMPLETE);
  }

  private static void channel(XdrBuffer x, int size, int requests) {
    x.u32(0).u32(size).u32(size).u32(4096).u32(16).u32(requests).u32(0);
  }

  /** Opens an existing file of a directory of the root for reading. */
  Opened openForReading(String directory, String name) throws IOException {
    return open(directory, name, SHARE_READ_WITHOUT_DELEGATION, false);
  }

  /** Creates a file and opens it for writing. */
  Opened create(String directory, String name) throws IOException {
    return open(directory, name, SHARE_WRITE_WITHOUT_DELEGATION, true);
  }

  /** Right after a start the server may be in grace, if only for a moment. */
  private Opened open(String directory, String name, int access, boolean create)
      throws IOException {
    for (int attempt = 0; ; attempt++) {
      sequenced(
          4,
          x -> {
            x.u32(OP_PUTROOTFH).u32(OP_LOOKUP).string(directory);
            open(x, access, create, name);
            x.u32(OP_GETFH);
          });
      try {
        return opened();
      } catch (RefusedException e) {
        if (e.status != STATUS_GRACE || attempt == MAX_GRACE_ATTEMPTS) {
          throw e;
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
      }
    }
  }

  private void open(XdrBuffer x, int access, boolean create, String name) {
    x.u32(OP_OPEN).u32(0).u32(access).u32(0).u64(clientId).string(owner);
    if (create) {
      x.u32(1).u32(0).u32(0).u32(0);
    } else {
      x.u32(0);
    }
    x.u32(0).string(name);
  }

  private Opened opened() throws IOException {
    expect(OP_PUTROOTFH);
    expect(OP_LOOKUP);
    expect(OP_OPEN);
    byte[] stateId = reply.readFixed(16);
    reply.skipWords(5);
    reply.skipWords(1);
    reply.skipWords(reply.readU32());
    int delegation = reply.readU32();
    if (delegation == 3) {
      int why = reply.readU32();
      reply.skipWords(why == 1 || why == 2 ? 1 : 0);
    } else if (delegation != 0) {
      throw new IOException("a delegation nobody asked for");
    }
    expect(OP_GETFH);
    return new Opened(reply.readOpaque(), stateId);
  }

  /** Reads; returns the number of bytes that came. */
  int read(Opened file, long offset, int count) throws IOException {
    sequenced(
        2,
        x ->
            x.u32(OP_PUTFH)
                .opaque(file.handle())
                .u32(OP_READ)
                .fixed(file.stateId())
                .u64(offset)
                .u32(count));
    expect(OP_PUTFH);
    expect(OP_READ);
    reply.readU32();
    return reply.skipOpaque();
  }

  /** Writes with FILE_SYNC. */
  void writeDurably(Opened file, long offset, byte[] data, int length) throws IOException {
    sequenced(
        2,
        x ->
            x.u32(OP_PUTFH)
                .opaque(file.handle())
                .u32(OP_WRITE)
                .fixed(file.stateId())
                .u64(offset)
                .u32(FILE_SYNC)
                .opaque(data, length));
    expect(OP_PUTFH);
    expect(OP_WRITE);
    if (reply.readU32() != length) {
      throw new IOException("a short write");
    }
  }

  /** Closes a file. */
  void close(Opened file) throws IOException {
    sequenced(
        2, x -> x.u32(OP_PUTFH).opaque(file.handle()).u32(OP_CLOSE).u32(0).fixed(file.stateId()));
    expect(OP_PUTFH);
    expect(OP_CLOSE);
  }

  private void sequenced(int operations, Consumer<XdrBuffer> body) throws IOException {
    sequence++;
    call(
        operations + 1,
        x -> {
          x.u32(OP_SEQUENCE).fixed(session).u32(sequence).u32(0).u32(0).u32(0);
          body.accept(x);
        });
    expect(OP_SEQUENCE);
    reply.skipWords(9);
  }

  private void call(int operations, Consumer<XdrBuffer> body) throws IOException {
    xid++;
    request.clear().u32(0).u32(xid).u32(0).u32(2).u32(100003).u32(4).u32(1);
    request.u32(1).u32(20).u32(0).u32(0).u32(0).u32(0).u32(0).u32(0).u32(0);
    request.u32(0).u32(1).u32(operations);
    body.accept(request);
    ByteBuffer.wrap(request.array()).putInt(0, FRAGMENT_LAST | (request.size() - 4));
    out.write(request.array(), 0, request.size());
    int mark = in.readInt();
    if ((mark & FRAGMENT_LAST) == 0) {
      throw new IOException("an answer in several fragments");
    }
    reply.fill(in, mark & ~FRAGMENT_LAST);
    if (reply.readU32() != xid || reply.readU32() != 1 || reply.readU32() != 0) {
      throw new IOException("not the answer to this call");
    }
    reply.readU32();
    reply.skipOpaque();
    if (reply.readU32() != 0) {
      throw new IOException("the call was not accepted");
    }
    reply.readU32();
    reply.skipOpaque();
    reply.readU32();
  }

  private void expect(int operation) throws IOException {
    int got = reply.readU32();
    int status = reply.readU32();
    if (got != operation || status != 0) {
      throw new RefusedException(
          "operation " + got + " (expected " + operation + "): status " + status, status);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
