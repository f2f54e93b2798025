package io.forebay.engine;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;

/**
 * Bytes on their way out: memory, ranges of local files, and zeroes, in order. Whoever receives a
 * payload owns it and closes it exactly once, after the last byte has left; until then its file
 * ranges stay readable whatever the cache evicts. Not thread-safe, but may be handed from one
 * thread to another.
 */
public final class Payload implements AutoCloseable {
  /** A run of bytes. */
  public sealed interface Part {
    /** Bytes, 1 or more. */
    int length();
  }

  /**
   * Bytes in memory.
   *
   * @param bytes read-only view, from position to limit; valid until the payload is closed
   */
  public record Memory(ByteBuffer bytes) implements Part {
    @Override
    public int length() {
      return bytes.remaining();
    }
  }

  /**
   * Bytes of a local file, checked against their checksums, meant for {@code sendfile}.
   *
   * @param channel open for reading; positional reads only; never to be closed by the receiver
   * @param position first byte
   * @param length 1 or more
   */
  public record FileRange(FileChannel channel, long position, int length) implements Part {}

  /**
   * A hole.
   *
   * @param length 1 or more
   */
  public record Zeroes(int length) implements Part {}

  /** No bytes. */
  public static final Payload EMPTY = new Payload(List.of(), () -> {});

  private final List<Part> parts;
  private final int length;
  private Runnable release;

  /**
   * @param parts in order; none empty
   * @param release runs once, at close
   */
  public Payload(List<Part> parts, Runnable release) {
    this.parts = List.copyOf(parts);
    this.release = release;
    int sum = 0;
    for (Part part : parts) {
      sum = Math.addExact(sum, part.length());
    }
    this.length = sum;
  }

  public List<Part> parts() {
    return parts;
  }

  /** Bytes of all parts. */
  public int length() {
    return length;
  }

  /**
   * Copies everything into {@code target}, which has room for {@link #length()}.
   *
   * @throws EngineException {@link ErrorCode#IO} when a local file cannot be read
   */
  public void copyTo(ByteBuffer target) {
    for (Part part : parts) {
      switch (part) {
        case Memory memory -> target.put(memory.bytes().duplicate());
        case Zeroes zeroes -> {
          for (int i = 0; i < zeroes.length(); i++) {
            target.put((byte) 0);
          }
        }
        case FileRange range -> copyRange(range, target);
      }
    }
  }

  private static void copyRange(FileRange range, ByteBuffer target) {
    ByteBuffer window = target.slice(target.position(), range.length());
    long position = range.position();
    try {
      while (window.hasRemaining()) {
        int n = range.channel().read(window, position);
        if (n < 0) {
          throw new EOFException("a local file is shorter than its index says");
        }
        position += n;
      }
    } catch (IOException e) {
      throw new EngineException(ErrorCode.IO, "cannot read a local file", e);
    }
    target.position(target.position() + range.length());
  }

  /** A copy of the bytes on the heap; for small payloads and tests. */
  public byte[] toBytes() {
    ByteBuffer copy = ByteBuffer.allocate(length);
    copyTo(copy);
    return copy.array();
  }

  @Override
  public void close() {
    Runnable once = release;
    release = () -> {};
    once.run();
  }
}
