package io.forebay.engine.segment;

import io.forebay.engine.object.StoreException;
import io.forebay.engine.segment.SegmentLedger.Row;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings staging back after the process ended, however it ended. The metadata says what has to be
 * there; for each segment that is not in the bucket by its row, the file is proved byte for byte,
 * completed where it was open, and queued for upload. What is not there may be in the bucket: the
 * process may have ended between the upload and the row. Only what is in neither place is lost.
 *
 * <table>
 * <caption>Where the process may have ended</caption>
 * <tr><td>before the force or the commit</td><td>no row, or no run: deleted or cut</td></tr>
 * <tr><td>after the commit</td><td>row OPEN: runs proved, cut behind the last, sealed</td></tr>
 * <tr><td>in or after writing the trailer</td><td>row OPEN: the trailer stands if all is right</td>
 * </tr>
 * <tr><td>before or after the put</td><td>row SEALED: put again, the same bytes</td></tr>
 * <tr><td>after the row became STORED</td><td>file left over: given to the cache</td></tr>
 * <tr><td>after the file went to the cache, before a late first commit was settled</td><td>row
 * OPEN, no file: found in the bucket</td></tr>
 * </table>
 */
public final class StagingRecovery {
  private static final Logger log = LoggerFactory.getLogger(StagingRecovery.class);
  private static final Pattern NAME = Pattern.compile("([0-9a-f]{16})\\.seg");

  private final StagingContext context;
  private final Staging staging;
  private final Sealing sealing;
  private final BucketSegments bucket;

  /** Segments that could not be decided on yet: their disk or the bucket does not answer. */
  private final ConcurrentLinkedQueue<Row> unresolved = new ConcurrentLinkedQueue<>();

  public StagingRecovery(StagingContext context, Staging staging) {
    this.context = context;
    this.staging = staging;
    this.sealing = new Sealing(context, new DirectoryForce(context.directory(), context.files()));
    this.bucket = new BucketSegments(context.store(), context.volume());
  }

  /**
   * Once, before the first append.
   *
   * @throws IOException when the staging directory cannot be used at all
   */
  public void run() throws IOException {
    createDirectory();
    Map<SegmentId, Path> files = stagedFiles();
    int found = 0;
    for (Row row : context.ledger().unstored()) {
      Path file = files.remove(row.id());
      found++;
      if (row.liveBytes() == 0) {
        dismiss(row, file);
      } else if (file == null) {
        lookInBucket(row);
      } else {
        takeUp(row, file);
      }
    }
    for (Map.Entry<SegmentId, Path> left : files.entrySet()) {
      clear(left.getKey(), left.getValue());
    }
    if (found > 0 || !files.isEmpty()) {
      log.info("staging: {} segments taken up, {} other files cleared", found, files.size());
    }
  }

  /** The directory's own name has to outlast a power cut as well, or all in it is lost. */
  private void createDirectory() throws IOException {
    Path directory = context.directory().toAbsolutePath();
    context.files().createDirectories(directory);
    Path parent = directory.getParent();
    if (parent != null) {
      context.files().forceDirectory(parent);
    }
  }

  private Map<SegmentId, Path> stagedFiles() throws IOException {
    Map<SegmentId, Path> files = new HashMap<>();
    for (Path path : context.files().list(context.directory())) {
      if (path.toString().endsWith(Sealing.REWRITTEN)) {
        context.files().delete(path);
        continue;
      }
      Matcher name = NAME.matcher(String.valueOf(path.getFileName()));
      if (name.matches()) {
        long id = Long.parseUnsignedLong(name.group(1), 16);
        if (id >= 1) {
          files.put(new SegmentId(id), path);
        }
      }
    }
    return files;
  }

  /** Nothing refers to it: its row is done with, and its file. */
  private void dismiss(Row row, @Nullable Path file) throws IOException {
    if (file != null) {
      context.files().delete(file);
    }
    if (row.state() == SegmentState.OPEN) {
      context.ledger().sealed(row.id(), 0, new PageChecksums(new int[0], 0));
    }
    context.ledger().stored(row.id());
  }

  /** A file whose segment is not waiting for upload. */
  private void clear(SegmentId id, Path file) throws IOException {
    Optional<SegmentState> state = context.ledger().find(id).map(Row::state);
    Optional<PageChecksums> checksums =
        state.equals(Optional.of(SegmentState.STORED))
            ? context.ledger().checksums(id)
            : Optional.empty();
    if (state.equals(Optional.of(SegmentState.LOST))) {
      Damage.report(context, file, id, "it was lost before this start");
    } else if (checksums.isPresent()) {
      // The cache proves pages at their first use.
      context.handover().adopt(id, file, checksums.get().dataLength(), false);
    } else {
      context.files().delete(file);
    }
  }

  // --- a file with its row

  /**
   * Goes on with a file, or does without it when it is proved to be wrong. One that cannot be read,
   * or be completed, for now (a failing or full disk) is neither: it is tried again.
   */
  private void takeUp(Row row, Path file) {
    StagedSegment segment = new StagedSegment(row.id(), file, context.files());
    boolean good;
    try {
      try {
        good = complete(row, segment);
      } finally {
        segment.closeFile();
      }
    } catch (NoSuchFileException e) {
      good = false;
    } catch (IOException e) {
      postpone(row, "cannot be recovered from its file for now: " + e);
      return;
    }
    if (good) {
      staging.adopt(segment, segment.reserved());
      decided(row.id());
    } else {
      lookInBucket(row);
    }
  }

  private boolean complete(Row row, StagedSegment segment) throws IOException {
    SegmentFiles.StoredFile file = segment.stored();
    List<SegmentRun> committed = context.ledger().runs(row.id());
    Optional<SegmentTrailer> trailer = trailerOf(file, row.id());
    if (trailer.isPresent() && stands(row, segment, trailer.get(), committed)) {
      return true;
    }
    int end = committed.stream().mapToInt(run -> run.slice().end()).max().orElse(0);
    int dataLength = row.state() == SegmentState.SEALED ? row.dataLength() : end;
    if (dataLength < 1 || end > dataLength || file.length() < dataLength) {
      return false;
    }
    SegmentScan.Result scan = SegmentScan.of(file, committed, dataLength);
    if (!scan.bad().isEmpty() || !agrees(row, scan.pages())) {
      return false;
    }
    sealing.finish(segment, file, committed, scan);
    return true;
  }

  /** Whether the trailer's file is right as it is, all data and every committed run. */
  private boolean stands(
      Row row, StagedSegment segment, SegmentTrailer trailer, List<SegmentRun> committed)
      throws IOException {
    int dataLength = trailer.dataLength();
    if (committed.stream().anyMatch(run -> run.slice().end() > dataLength)) {
      return false;
    }
    SegmentFiles.StoredFile file = segment.stored();
    SegmentScan.Result scan = SegmentScan.of(file, committed, dataLength);
    if (!scan.bad().isEmpty()
        || !same(scan.pages(), trailer.pages())
        || !agrees(row, scan.pages())) {
      return false;
    }
    ByteBuffer tail = ByteBuffer.allocate((int) (file.length() - dataLength));
    file.read(tail, dataLength);
    CRC32C crc = scan.crc();
    crc.update(tail.flip());
    // It may have been written and not forced.
    file.force();
    segment.sealed(scan.pages(), crc.getValue(), (long) dataLength + tail.limit());
    return true;
  }

  private Optional<SegmentTrailer> trailerOf(SegmentFiles.StoredFile file, SegmentId id)
      throws IOException {
    long size = file.length();
    if (size < SegmentFormat.FOOTER_LENGTH) {
      return Optional.empty();
    }
    try {
      ByteBuffer footer = ByteBuffer.allocate(SegmentFormat.FOOTER_LENGTH);
      file.read(footer, size - footer.limit());
      int length = SegmentFormat.trailerLength(footer.flip());
      if (length > size) {
        return Optional.empty();
      }
      ByteBuffer bytes = ByteBuffer.allocate(length);
      file.read(bytes, size - length);
      SegmentTrailer trailer = SegmentFormat.decode(bytes.flip());
      boolean ours =
          trailer.id().equals(id)
              && trailer.volume().equals(context.volume())
              && trailer.dataLength() + (long) length == size;
      return ours ? Optional.of(trailer) : Optional.empty();
    } catch (DamagedSegmentException e) {
      return Optional.empty();
    }
  }

  /** Of a sealed segment, the metadata has the checksums as well. */
  private boolean agrees(Row row, PageChecksums pages) {
    return row.state() != SegmentState.SEALED
        || context.ledger().checksums(row.id()).map(known -> same(known, pages)).orElse(true);
  }

  private static boolean same(PageChecksums one, PageChecksums other) {
    return one.dataLength() == other.dataLength() && Arrays.equals(one.encode(), other.encode());
  }

  // --- a row without a file

  /** Tries those again that could not be decided on; now and then. */
  public void retryUnresolved() {
    for (int left = unresolved.size(); left > 0; left--) {
      Row row = unresolved.poll();
      if (row == null) {
        return;
      }
      boolean decided = false;
      try {
        takeUp(row, context.fileOf(row.id()));
        decided = true;
      } finally {
        if (!decided) {
          unresolved.add(row);
        }
      }
    }
  }

  private void lookInBucket(Row row) {
    SegmentId id = row.id();
    try {
      Optional<SegmentTrailer> trailer = bucket.trailer(id);
      if (trailer.isPresent() && covers(trailer.get(), row)) {
        PageChecksums pages = trailer.get().pages();
        context.ledger().sealed(id, pages.dataLength(), pages);
        context.ledger().stored(id);
        decided(id);
        context.files().delete(context.fileOf(id));
        log.info("{} was in the bucket already", id);
      } else {
        lose(id, "neither staging nor the bucket has it");
      }
    } catch (DamagedSegmentException e) {
      lose(id, "staging does not have it, and in the bucket " + e.getMessage());
    } catch (StoreException e) {
      postpone(row, "is not in staging, and the bucket cannot be asked yet: " + e);
    } catch (IOException e) {
      log.warn("a useless file of {} stays: {}", id, e.toString());
    }
  }

  private void decided(SegmentId id) {
    context.problems().clear(unresolved(id));
    staging.decided(id);
  }

  private void postpone(Row row, String why) {
    unresolved.add(row);
    staging.undecided(row.id());
    String sentence = row.id() + " " + why;
    if (context.problems().report(unresolved(row.id()), sentence)) {
      log.warn(sentence);
    }
  }

  private static String unresolved(SegmentId id) {
    return "unresolved " + id;
  }

  private boolean covers(SegmentTrailer trailer, Row row) {
    return agrees(row, trailer.pages())
        && context.ledger().runs(row.id()).stream()
            .allMatch(run -> run.slice().end() <= trailer.dataLength());
  }

  private void lose(SegmentId id, String why) {
    context.ledger().lost(id);
    decided(id);
    Damage.report(context, context.fileOf(id), id, why);
  }
}
