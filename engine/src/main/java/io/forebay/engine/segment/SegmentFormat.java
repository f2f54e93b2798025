package io.forebay.engine.segment;

import io.forebay.ambient.Invariant;
import io.forebay.engine.InodeId;
import io.forebay.engine.VolumeId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * Bytes of a segment object, version 1 (docs/format.md, section "Segment object"): data, then the
 * trailer, which is found from the end. Everything big-endian.
 *
 * <pre>
 * runs         28 bytes each: segment offset u32, length u32, inode u64, file offset u64,
 *              crc32c u32
 * pages        4 bytes each: crc32c of 64 KiB of data
 * segment id   u64
 * volume       16 bytes, a UUID
 * data length  u32
 * run count    u32
 * page count   u32
 * version      u32
 * checksum     u32, crc32c of the trailer up to here
 * length       u32, of the whole trailer
 * magic        u64, "FOREBAYS"
 * </pre>
 */
public final class SegmentFormat {
  /** What the keys of all segments begin with. */
  public static final String FOLDER = "segments/";

  /** Data of a segment, at most. */
  public static final int MAX_DATA = 16 << 20;

  /** Runs of a segment, at most. */
  public static final int MAX_RUNS = 1 << 16;

  /** Bytes from the segment id to the magic. */
  public static final int FOOTER_LENGTH = 56;

  static final int VERSION = 1;
  private static final int RUN_LENGTH = 28;
  private static final long MAGIC = 0x464F524542415953L;
  private static final int CHECKSUM_FROM_END = 16;

  /** The longest trailer. */
  public static final int MAX_TRAILER =
      MAX_RUNS * RUN_LENGTH + MAX_DATA / PageChecksums.PAGE_SIZE * Integer.BYTES + FOOTER_LENGTH;

  private SegmentFormat() {}

  /** The key of a segment's object; 256 directories keep listings and directory stores shallow. */
  public static String objectKey(SegmentId id) {
    return String.format("%s%02x/%016x", FOLDER, id.value() & 0xff, id.value());
  }

  /** Encodes; from position 0 to limit. */
  public static ByteBuffer encode(SegmentTrailer trailer) {
    List<SegmentRun> runs = trailer.runs();
    Invariant.check(runs.size() <= MAX_RUNS, "too many runs", runs.size());
    PageChecksums pages = trailer.pages();
    int length = runs.size() * RUN_LENGTH + pages.pageCount() * Integer.BYTES + FOOTER_LENGTH;
    ByteBuffer out = ByteBuffer.allocate(length);
    for (SegmentRun run : runs) {
      out.putInt(run.slice().offset())
          .putInt(run.slice().length())
          .putLong(run.inode().value())
          .putLong(run.fileOffset())
          .putInt(run.crc32c());
    }
    out.put(pages.encode());
    UUID volume = trailer.volume().uuid();
    out.putLong(trailer.id().value())
        .putLong(volume.getMostSignificantBits())
        .putLong(volume.getLeastSignificantBits())
        .putInt(pages.dataLength())
        .putInt(runs.size())
        .putInt(pages.pageCount())
        .putInt(VERSION);
    out.putInt(crc(out.duplicate().flip())).putInt(length).putLong(MAGIC);
    return out.flip();
  }

  /**
   * Length of the trailer, from the object's last bytes.
   *
   * @param end ends with the object; {@link #FOOTER_LENGTH} bytes or more
   */
  public static int trailerLength(ByteBuffer end) throws DamagedSegmentException {
    ByteBuffer in = end.duplicate();
    if (in.remaining() < FOOTER_LENGTH || in.getLong(in.limit() - Long.BYTES) != MAGIC) {
      throw new DamagedSegmentException("does not end in a segment's trailer");
    }
    int length = in.getInt(in.limit() - Long.BYTES - Integer.BYTES);
    if (length < FOOTER_LENGTH || length > MAX_TRAILER) {
      throw new DamagedSegmentException("says its trailer has " + length + " bytes");
    }
    return length;
  }

  /**
   * Decodes and checks all there is to check without the data.
   *
   * @param bytes exactly a trailer
   */
  public static SegmentTrailer decode(ByteBuffer bytes) throws DamagedSegmentException {
    ByteBuffer in = bytes.slice();
    if (trailerLength(in) != in.remaining()) {
      throw new DamagedSegmentException("a trailer of another length");
    }
    int length = in.limit();
    int checked = length - CHECKSUM_FROM_END;
    if (crc(in.slice(0, checked)) != in.getInt(checked)) {
      throw new DamagedSegmentException("a trailer with a wrong checksum");
    }
    ByteBuffer footer = in.slice(length - FOOTER_LENGTH, FOOTER_LENGTH);
    long id = footer.getLong();
    VolumeId volume = new VolumeId(new UUID(footer.getLong(), footer.getLong()));
    int dataLength = footer.getInt();
    int runCount = footer.getInt();
    int pageCount = footer.getInt();
    int version = footer.getInt();
    if (version != VERSION) {
      throw new DamagedSegmentException("segment format " + version + " is not known");
    }
    long pagesOfData = (dataLength + (long) PageChecksums.PAGE_SIZE - 1) / PageChecksums.PAGE_SIZE;
    if (id < 1
        || dataLength < 1
        || dataLength > MAX_DATA
        || runCount < 0
        || runCount > MAX_RUNS
        || pageCount != pagesOfData
        || length != (long) runCount * RUN_LENGTH + pageCount * 4L + FOOTER_LENGTH) {
      throw new DamagedSegmentException("a trailer whose numbers contradict one another");
    }
    SegmentId segment = new SegmentId(id);
    List<SegmentRun> runs = decodeRuns(in, segment, runCount, dataLength);
    byte[] pages = new byte[pageCount * Integer.BYTES];
    in.get(pages);
    return new SegmentTrailer(volume, segment, runs, PageChecksums.decode(pages, dataLength));
  }

  private static List<SegmentRun> decodeRuns(
      ByteBuffer in, SegmentId segment, int count, int dataLength) throws DamagedSegmentException {
    List<SegmentRun> runs = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int offset = in.getInt();
      int length = in.getInt();
      long inode = in.getLong();
      long fileOffset = in.getLong();
      int crc = in.getInt();
      if (offset < 0 || length < 1 || length > dataLength - offset || inode < 1 || fileOffset < 0) {
        throw new DamagedSegmentException("a trailer with an impossible run");
      }
      SegmentSlice slice = new SegmentSlice(segment, offset, length);
      runs.add(new SegmentRun(slice, new InodeId(inode), fileOffset, crc));
    }
    return runs;
  }

  private static int crc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }
}
