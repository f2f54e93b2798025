package io.forebay.engine.segment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.zip.CRC32C;

/** Completes a segment on disk: proves its bytes, writes its trailer, forces the file. */
final class Sealing {
  /** How it went. */
  enum Outcome {
    SEALED,
    /** There is nothing in it. */
    EMPTY,
    /** The file does not have what was written. */
    DAMAGED
  }

  /** Behind the name of a file that is being written anew; of no use to anybody else. */
  static final String REWRITTEN = ".new";

  private final StagingContext context;
  private final DirectoryForce directoryForce;

  Sealing(StagingContext context, DirectoryForce directoryForce) {
    this.context = context;
    this.directoryForce = directoryForce;
  }

  /** Seals what takes no more appends; may be called again after it threw. */
  Outcome seal(StagedSegment segment) throws IOException {
    segment.awaitQuiet();
    List<SegmentRun> runs = segment.runs(false);
    if (runs.isEmpty()) {
      return Outcome.EMPTY;
    }
    int dataLength = runs.stream().mapToInt(run -> run.slice().end()).max().orElseThrow();
    SegmentFiles.StoredFile file = segment.stored();
    SegmentScan.Result scan = SegmentScan.of(file, runs, dataLength);
    if (!scan.bad().isEmpty()) {
      // A transfer may have been at fault instead of the disk: look once more.
      scan = SegmentScan.of(file, runs, dataLength);
    }
    if (!scan.bad().isEmpty()) {
      if (!segment.isPoisoned() || scan.bad().stream().anyMatch(segment.runs(true)::contains)) {
        return Outcome.DAMAGED;
      }
      // Their writers were told that they are not durable; nobody commits them.
      List<SegmentRun> bad = scan.bad();
      runs = runs.stream().filter(run -> !bad.contains(run)).toList();
      if (runs.isEmpty()) {
        return Outcome.EMPTY;
      }
    }
    if (segment.isPoisoned()) {
      rewrite(segment, runs);
    } else {
      finish(segment, file, runs, scan);
    }
    return Outcome.SEALED;
  }

  /** Writes the trailer of proved data. */
  void finish(
      StagedSegment segment,
      SegmentFiles.StoredFile file,
      List<SegmentRun> runs,
      SegmentScan.Result scan)
      throws IOException {
    Trailer trailer = writeTrailer(segment.id(), file, runs, scan);
    segment.forceForSeal();
    directoryForce.force();
    segment.sealed(scan.pages(), trailer.crcOfObject(), trailer.lengthOfObject());
  }

  private record Trailer(long crcOfObject, long lengthOfObject) {}

  private Trailer writeTrailer(
      SegmentId id, SegmentFiles.StoredFile file, List<SegmentRun> runs, SegmentScan.Result scan)
      throws IOException {
    List<SegmentRun> sorted =
        runs.stream().sorted(Comparator.comparingInt(run -> run.slice().offset())).toList();
    int dataLength = scan.pages().dataLength();
    ByteBuffer trailer =
        SegmentFormat.encode(new SegmentTrailer(context.volume(), id, sorted, scan.pages()));
    CRC32C crc = scan.crc();
    crc.update(trailer.duplicate());
    if (file.length() > dataLength) {
      file.truncate(dataLength);
    }
    // Without its trailer a segment cannot leave a full disk, so the cache gives way for it.
    roomMaker().write(file, trailer, dataLength);
    return new Trailer(crc.getValue(), (long) dataLength + trailer.remaining());
  }

  private RoomMaker roomMaker() {
    return context.handover()::giveWay;
  }

  /**
   * Seals what can be proved in a new file: after a failed write or force the kernel may have
   * thrown away anything that was not durable by then, and tells of it only once.
   */
  private void rewrite(StagedSegment segment, List<SegmentRun> runs) throws IOException {
    SegmentFiles files = context.files();
    Path path = segment.path();
    Path fresh = path.resolveSibling(path.getFileName() + REWRITTEN);
    files.delete(fresh);
    SegmentFiles.StoredFile out = files.create(fresh);
    boolean taken = false;
    try {
      for (SegmentRun run : runs) {
        ByteBuffer bytes = ByteBuffer.allocate(run.slice().length());
        segment.stored().read(bytes, run.slice().offset());
        roomMaker().write(out, bytes.flip(), run.slice().offset());
      }
      int dataLength = runs.stream().mapToInt(run -> run.slice().end()).max().orElseThrow();
      SegmentScan.Result scan = SegmentScan.of(out, runs, dataLength);
      if (!scan.bad().isEmpty()) {
        throw new DamagedSegmentException(segment.id() + " changed while it was written anew");
      }
      Trailer trailer = writeTrailer(segment.id(), out, runs, scan);
      out.force();
      files.rename(fresh, path);
      directoryForce.force();
      segment.replaceFile(out);
      taken = true;
      segment.sealed(scan.pages(), trailer.crcOfObject(), trailer.lengthOfObject());
    } finally {
      if (!taken) {
        out.close();
      }
    }
  }
}
