package io.forebay.engine.segment;

import java.io.IOException;
import java.nio.ByteBuffer;

/** What to do about a full disk before trying once more. */
interface RoomMaker {
  void makeRoom(long bytes);

  /** Writes all bytes, at the second try if the first finds the disk full. */
  default void write(SegmentFiles.StoredFile file, ByteBuffer bytes, long position)
      throws IOException {
    try {
      file.write(bytes.duplicate(), position);
    } catch (IOException e) {
      if (!DiskErrors.isFull(e)) {
        throw e;
      }
      makeRoom(bytes.remaining());
      file.write(bytes.duplicate(), position);
    }
  }
}
