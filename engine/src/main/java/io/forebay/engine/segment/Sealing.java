package io.forebay.engine.segment;

import java.io.IOException;
import java.nio.ByteBuffer;
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
    }
    finish(segment, file, runs, scan);
    return Outcome.SEALED;
  }

  /** Writes the trailer of proved data. */
  void finish(
      StagedSegment segment,
      SegmentFiles.StoredFile file,
      List<SegmentRun> runs,
      SegmentScan.Result scan)
      throws IOException {
    List<SegmentRun> sorted =
        runs.stream().sorted(Comparator.comparingInt(run -> run.slice().offset())).toList();
    int dataLength = scan.pages().dataLength();
    ByteBuffer trailer =
        SegmentFormat.encode(
            new SegmentTrailer(context.volume(), segment.id(), sorted, scan.pages()));
    int trailerLength = trailer.remaining();
    CRC32C crc = scan.crc();
    crc.update(trailer.duplicate());
    if (file.length() > dataLength) {
      file.truncate(dataLength);
    }
    // Without its trailer a segment cannot leave a full disk, so the cache gives way for it.
    RoomMaker roomMaker = context.handover()::giveWay;
    roomMaker.write(file, trailer, dataLength);
    segment.forceForSeal();
    directoryForce.force();
    segment.sealed(scan.pages(), crc.getValue(), (long) dataLength + trailerLength);
  }
}
