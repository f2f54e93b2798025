package io.forebay.engine.metadata;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads SQLite's write-ahead log as it is on the disk (sqlite.org/fileformat2.html, "The
 * Write-Ahead Log"). Every frame is proved by its salts and by the running checksum. Frames up to
 * the end of a commit do not change until the log begins anew.
 */
final class LogFile {
  private static final int HEADER = 32;
  private static final int FRAME_HEADER = 24;
  private static final int MAGIC = 0x377f0682;
  private static final int VERSION = 3_007_000;
  private static final int SUMMED_HEADER = 24;
  private static final int SUMMED_FRAME_HEADER = 8;

  /** Frames in one run at the most: 256 MiB of log. */
  private static final int MAX_FRAMES = 1 << 16;

  private final FileChannel channel;

  LogFile(FileChannel channel) {
    this.channel = channel;
  }

  /** What the log's header says: its page size, and the place behind the header. */
  record Header(int pageBytes, ByteOrder sums, LogPlace start) {}

  /** Empty for a log without a (whole) header: nothing was written since it was emptied. */
  Optional<Header> header() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(HEADER);
    if (!fill(bytes, 0)) {
      return Optional.empty();
    }
    int magic = bytes.getInt(0);
    int pageBytes = bytes.getInt(8);
    boolean known =
        (magic & ~1) == MAGIC
            && bytes.getInt(4) == VERSION
            && pageBytes >= 512
            && pageBytes <= 65536
            && Integer.bitCount(pageBytes) == 1;
    ByteOrder sums = (magic & 1) == 1 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    Sum sum = new Sum(0, 0);
    sum.add(bytes.slice(0, SUMMED_HEADER).order(sums));
    if (!known || sum.first != bytes.getInt(24) || sum.second != bytes.getInt(28)) {
      return Optional.empty();
    }
    return Optional.of(
        new Header(
            pageBytes,
            sums,
            new LogPlace(bytes.getInt(16), bytes.getInt(20), 0, sum.first, sum.second)));
  }

  /** Whether the log has this place: the same log, as far, with the same frames. */
  boolean has(LogPlace place) throws IOException {
    Optional<Header> header = header();
    if (header.isEmpty() || !header.get().start().isSameLog(place)) {
      return false;
    }
    if (place.frames() == 0) {
      return header.get().start().equals(place);
    }
    ByteBuffer frame = ByteBuffer.allocate(FRAME_HEADER);
    return fill(frame, offset(place.frames() - 1, header.get().pageBytes()))
        && frame.getInt(8) == place.salt1()
        && frame.getInt(12) == place.salt2()
        && frame.getInt(16) == place.sum1()
        && frame.getInt(20) == place.sum2();
  }

  /**
   * The frames behind a place, as far as they are committed.
   *
   * @param from in this log
   * @param bound bytes of the log that are known to be committed, or left over behind that
   * @param maxPages different pages at the most; a larger transaction takes several runs
   * @return empty when nothing is committed behind {@code from}
   */
  Optional<LogRun> read(Header header, LogPlace from, long bound, int maxPages) throws IOException {
    TreeMap<Integer, Integer> whole = new TreeMap<>();
    TreeMap<Integer, Integer> part = new TreeMap<>();
    LogPlace wholeEnd = from;
    LogPlace partEnd = from;
    int databasePages = 0;
    boolean isCut = false;
    Sum sum = new Sum(from.sum1(), from.sum2());
    ByteBuffer frame = ByteBuffer.allocate(FRAME_HEADER + header.pageBytes());
    for (int index = from.frames(); ; index++) {
      long at = offset(index, header.pageBytes());
      if (at + frame.capacity() > bound
          || !fill(frame.clear(), at)
          || !proves(frame, header, from, sum)) {
        break;
      }
      int page = frame.getInt(0);
      int pagesAfter = frame.getInt(4);
      if (!isCut) {
        part.put(page, index);
        partEnd = new LogPlace(from.salt1(), from.salt2(), index + 1, sum.first, sum.second);
      }
      if (pagesAfter != 0) {
        if (isCut) {
          // The transaction is committed: its first part may go.
          return Optional.of(new LogRun(from, partEnd, 0, false, part));
        }
        whole.putAll(part);
        part.clear();
        wholeEnd = partEnd;
        databasePages = pagesAfter;
        if (index - from.frames() >= MAX_FRAMES) {
          break;
        }
      }
      if (whole.size() + part.size() >= maxPages) {
        if (!whole.isEmpty()) {
          break;
        }
        isCut = true;
      }
    }
    return whole.isEmpty()
        ? Optional.empty()
        : Optional.of(new LogRun(from, wholeEnd, databasePages, true, whole));
  }

  private static boolean proves(ByteBuffer frame, Header header, LogPlace from, Sum sum) {
    if (frame.getInt(8) != from.salt1() || frame.getInt(12) != from.salt2()) {
      return false;
    }
    sum.add(frame.slice(0, SUMMED_FRAME_HEADER).order(header.sums()));
    sum.add(frame.slice(FRAME_HEADER, header.pageBytes()).order(header.sums()));
    return frame.getInt(16) == sum.first && frame.getInt(20) == sum.second;
  }

  /** Reads the page of a frame. */
  void page(Header header, int frame, ByteBuffer target) throws IOException {
    if (!fill(target, offset(frame, header.pageBytes()) + FRAME_HEADER)) {
      throw new EOFException("the metadata's log became shorter");
    }
  }

  private static long offset(int frame, int pageBytes) {
    return HEADER + frame * (long) (FRAME_HEADER + pageBytes);
  }

  private boolean fill(ByteBuffer target, long offset) throws IOException {
    int start = target.position();
    while (target.hasRemaining()) {
      int read = channel.read(target, offset + target.position() - start);
      if (read < 0) {
        return false;
      }
    }
    return true;
  }

  /** SQLite's running checksum over pairs of 32-bit words. */
  private static final class Sum {
    private int first;
    private int second;

    Sum(int first, int second) {
      this.first = first;
      this.second = second;
    }

    void add(ByteBuffer words) {
      while (words.hasRemaining()) {
        first += words.getInt() + second;
        second += words.getInt() + first;
      }
    }
  }
}
