package io.forebay.engine.cache;

import io.forebay.engine.Payload;
import io.forebay.engine.segment.FileLease;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Builds a payload part by part and holds its leases; ranges that continue one another in a file
 * become one. One thread.
 */
final class PayloadAssembly {
  private final List<Payload.Part> parts = new ArrayList<>();
  private final List<FileLease> leases = new ArrayList<>();

  /** Takes the lease over. */
  void range(FileLease lease, long position, int length) {
    if (!parts.isEmpty()
        && parts.getLast() instanceof Payload.FileRange last
        && last.channel().equals(lease.channel())
        && last.position() + last.length() == position) {
      parts.set(
          parts.size() - 1,
          new Payload.FileRange(last.channel(), last.position(), last.length() + length));
      lease.close();
      return;
    }
    leases.add(lease);
    parts.add(new Payload.FileRange(lease.channel(), position, length));
  }

  /**
   * @param bytes must not change any more
   */
  void memory(ByteBuffer bytes) {
    parts.add(new Payload.Memory(bytes.asReadOnlyBuffer()));
  }

  void zeroes(int length) {
    if (!parts.isEmpty() && parts.getLast() instanceof Payload.Zeroes last) {
      parts.set(parts.size() - 1, new Payload.Zeroes(last.length() + length));
      return;
    }
    parts.add(new Payload.Zeroes(length));
  }

  Payload finish() {
    List<FileLease> held = List.copyOf(leases);
    return new Payload(parts, () -> held.forEach(FileLease::close));
  }

  /** Lets go of everything. */
  void abort() {
    leases.forEach(FileLease::close);
  }
}
