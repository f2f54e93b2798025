package io.forebay.engine.file;

import io.forebay.engine.EngineException;
import io.forebay.engine.Payload;
import io.forebay.engine.cache.SegmentReader;
import io.forebay.engine.cache.SegmentReader.Data;
import io.forebay.engine.cache.SegmentReader.Intent;
import io.forebay.engine.segment.SegmentId;
import io.forebay.engine.segment.SegmentRun;
import io.forebay.engine.segment.SegmentWriter;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * After a disk failed to make uncommitted bytes durable: a second force of the same file would
 * prove nothing, so the bytes are written once more, to another segment, for the next commit. They
 * are proved by their checksum when they are read; what the disk has lost stays where it is, and
 * fails reads and commits until it is overwritten.
 */
final class DirtyRescue {
  private static final Logger log = LoggerFactory.getLogger(DirtyRescue.class);

  private final SegmentWriter writer;
  private final SegmentReader reader;

  DirtyRescue(SegmentWriter writer, SegmentReader reader) {
    this.writer = writer;
    this.reader = reader;
  }

  /** Moves what it can; by the one who has the file's turn. */
  void rescue(LiveFile live, CommitSnapshot snapshot) {
    Map<SegmentId, Boolean> durable = new HashMap<>();
    int moved = 0;
    try {
      for (DirtyExtent piece : snapshot.pieces()) {
        if (!durable.computeIfAbsent(piece.slice().segment(), this::isDurable)) {
          move(live, piece);
          moved++;
        }
      }
    } catch (EngineException e) {
      // The commit fails with what the disk said first; the next one comes here again.
      log.debug("not all bytes of {} could be written elsewhere: {}", live.id(), e.toString());
    }
    log.warn("{} uncommitted runs of {} were written to another segment", moved, live.id());
  }

  private boolean isDurable(SegmentId segment) {
    try {
      writer.sync(List.of(segment));
      return true;
    } catch (EngineException e) {
      log.debug("{} is not durable: {}", segment, e.toString());
      return false;
    }
  }

  private void move(LiveFile live, DirtyExtent piece) {
    ByteBuffer bytes = ByteBuffer.allocate(piece.length());
    try (Payload payload = reader.read(List.of(new Data(piece.slice())), Intent.RANDOM)) {
      payload.copyTo(bytes);
    }
    List<SegmentRun> runs = live.stream(writer).append(live.id(), piece.offset(), bytes.flip());
    live.replace(piece, runs);
  }
}
