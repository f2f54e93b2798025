package io.forebay.engine.shipping;

import io.forebay.engine.VolumeId;
import io.forebay.engine.metadata.LogPlace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;

/**
 * An object that holds pages of the metadata's database: a part of the log, or of a snapshot
 * (docs/format.md, "The metadata's log"). Header, deflated pages, SHA-256 of all before.
 */
final class PagesObject {
  /** Bytes of pages in one object at the most. */
  static final int MAX_PAGE_BYTES = 8 << 20;

  /** What an object can have at the most: pages that do not deflate, their numbers, the rest. */
  static final int MAX_OBJECT_BYTES = MAX_PAGE_BYTES + (1 << 20);

  private static final long MAGIC = 0x464f52454241594dL; // FOREBAYM
  private static final int VERSION = 1;
  private static final int HEADER = 8 + 4 + 4 + 16 + 8 + 8 + 8 + 4 + 4 + 4 + 4 + 20 + 8 + 32 + 4;
  static final int HEADER_BYTES = HEADER;

  /** What an object is a part of. */
  enum Kind {
    LOG(1),
    SNAPSHOT(2);

    private final int code;

    Kind(int code) {
      this.code = code;
    }
  }

  /**
   * What an object says of itself.
   *
   * @param place its key's
   * @param piece of a snapshot: which, from 0 on; of the log 0
   * @param isWhole whether a transaction ends here: what is before is a state that was committed
   * @param databasePages size of the database then; 0 when it is not whole
   * @param to where in the gateway's own log it ends
   * @param committedNanos the last commit in it, since 1970-01-01T00:00:00Z
   * @param previous digest of the object before; of the first, what the generation begins with
   */
  record Header(
      Kind kind,
      VolumeId volume,
      LogKeys.Place place,
      int piece,
      boolean isWhole,
      int pageBytes,
      int pages,
      int databasePages,
      LogPlace to,
      long committedNanos,
      Digest previous) {}

  /** Takes a page's number and bytes; the buffer is the callee's until it returns. */
  interface PageSink {
    void page(int number, ByteBuffer bytes) throws IOException;
  }

  /** Gathers pages, then makes the object. */
  static final class Builder {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(64 << 10);
    private final Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    private final DeflaterOutputStream out;

    Builder() {
      bytes.writeBytes(new byte[HEADER]);
      out = new DeflaterOutputStream(bytes, deflater, 32 << 10);
    }

    void add(int number, byte[] page) throws IOException {
      out.write(ByteBuffer.allocate(4).putInt(0, number).array());
      out.write(page);
    }

    /** All of the object; the builder is used up. */
    ByteBuffer finish(Header header) throws IOException {
      out.finish();
      deflater.end();
      int bodyBytes = bytes.size() - HEADER;
      bytes.writeBytes(new byte[Digest.BYTES]);
      ByteBuffer object = ByteBuffer.wrap(bytes.toByteArray());
      encode(header, bodyBytes, object);
      Digest.of(object.slice(0, object.limit() - Digest.BYTES))
          .write(object.position(object.limit() - Digest.BYTES));
      return object.position(0);
    }
  }

  private final Header header;
  private final ByteBuffer body;
  private final Digest digest;

  private PagesObject(Header header, ByteBuffer body, Digest digest) {
    this.header = header;
    this.body = body;
    this.digest = digest;
  }

  Header header() {
    return header;
  }

  Digest digest() {
    return digest;
  }

  /** What an object that was made has as its digest. */
  static Digest digestOf(ByteBuffer object) {
    return Digest.read(object.duplicate().position(object.limit() - Digest.BYTES));
  }

  private static void encode(Header header, int bodyBytes, ByteBuffer to) {
    UUID volume = header.volume().uuid();
    to.putLong(MAGIC).putInt(VERSION).putInt(header.kind().code);
    to.putLong(volume.getMostSignificantBits()).putLong(volume.getLeastSignificantBits());
    to.putLong(header.place().generation()).putLong(header.place().sequence());
    to.putLong(header.place().epoch());
    to.putInt(header.piece() << 1 | (header.isWhole() ? 1 : 0));
    to.putInt(header.pageBytes()).putInt(header.pages()).putInt(header.databasePages());
    LogPlace end = header.to();
    to.putInt(end.salt1()).putInt(end.salt2()).putInt(end.frames());
    to.putInt(end.sum1()).putInt(end.sum2());
    to.putLong(header.committedNanos());
    header.previous().write(to);
    to.putInt(bodyBytes);
  }

  /**
   * Reads an object and proves it, as far as it can be proved by itself.
   *
   * @throws DamagedLogException when it is not whole, or not one
   */
  static PagesObject decode(ByteBuffer object) throws DamagedLogException {
    if (object.remaining() < HEADER + Digest.BYTES || object.remaining() > MAX_OBJECT_BYTES) {
      throw new DamagedLogException("no object of the log has " + object.remaining() + " bytes");
    }
    ByteBuffer all = object.slice();
    int end = all.limit() - Digest.BYTES;
    Digest digest = Digest.of(all.slice(0, end));
    if (!digest.equals(digestOf(all))) {
      throw new DamagedLogException("its digest is not that of its bytes");
    }
    Header header = header(all);
    int bodyBytes = all.getInt(HEADER - 4);
    if (bodyBytes != end - HEADER) {
      throw new DamagedLogException("its length is not what it says");
    }
    return new PagesObject(header, all.slice(HEADER, bodyBytes), digest);
  }

  /** Reads the first {@link #HEADER_BYTES} of an object, which alone prove nothing. */
  static Header header(ByteBuffer object) throws DamagedLogException {
    ByteBuffer in = object.duplicate();
    if (in.getLong() != MAGIC || in.getInt() != VERSION) {
      throw new DamagedLogException("it is no object of the log, or of a later version");
    }
    int kind = in.getInt();
    VolumeId volume = new VolumeId(new UUID(in.getLong(), in.getLong()));
    LogKeys.Place place = new LogKeys.Place(in.getLong(), in.getLong(), in.getLong());
    int flags = in.getInt();
    int pageBytes = in.getInt();
    int pages = in.getInt();
    int databasePages = in.getInt();
    LogPlace to = new LogPlace(in.getInt(), in.getInt(), in.getInt(), in.getInt(), in.getInt());
    long committedNanos = in.getLong();
    Digest previous = Digest.read(in);
    boolean sane =
        (kind == Kind.LOG.code || kind == Kind.SNAPSHOT.code)
            && pageBytes >= 512
            && pageBytes <= 65536
            && pages >= 0
            && pages <= Math.max(1, MAX_PAGE_BYTES / pageBytes);
    if (!sane) {
      throw new DamagedLogException("its header makes no sense");
    }
    return new Header(
        kind == Kind.LOG.code ? Kind.LOG : Kind.SNAPSHOT,
        volume,
        place,
        flags >>> 1,
        (flags & 1) == 1,
        pageBytes,
        pages,
        databasePages,
        to,
        committedNanos,
        previous);
  }

  /** Hands out all pages, in the order of their numbers. */
  void pages(PageSink sink) throws IOException, DamagedLogException {
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(body.duplicate());
      ByteBuffer page = ByteBuffer.allocate(4 + header.pageBytes());
      for (int i = 0; i < header.pages(); i++) {
        page.clear();
        while (page.hasRemaining()) {
          if (inflater.inflate(page) == 0 && (inflater.finished() || inflater.needsInput())) {
            throw new DamagedLogException("it has fewer pages than it says");
          }
        }
        sink.page(page.getInt(0), page.slice(4, header.pageBytes()));
      }
    } catch (DataFormatException e) {
      throw new DamagedLogException("its pages do not inflate: " + e.getMessage());
    } finally {
      inflater.end();
    }
  }
}
