package io.forebay.s3.auth;

import io.forebay.s3.http.Headers;
import io.forebay.s3.op.S3Error;
import io.forebay.s3.op.S3Exception;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes the framing off an {@code aws-chunked} body: {@code size[;chunk-signature=s]}, bytes, and
 * after a chunk of size 0 the trailer fields. Data passes without being copied or gathered; what is
 * kept is at most one line and the trailer. Lengths are 64-bit. Lines end in CRLF; a bare LF is
 * taken too, as some clients write trailers with it. S3's minimum chunk size is not enforced.
 *
 * <p>One thread at a time. Use: {@link #decode} until it returns null for each input, then {@link
 * #end}.
 */
final class AwsChunkedDecoder {
  /** Longest line: 16 digits and a signature, or a trailer field. */
  static final int MAX_LINE_BYTES = 1024;

  static final int MAX_TRAILERS = 16;
  private static final int MAX_BYTES_AFTER_END = 4;
  private static final int MAX_BLANK_LINES = 2;
  private static final String SIGNATURE_EXTENSION = "chunk-signature=";
  private static final String TRAILER_SIGNATURE = "x-amz-trailer-signature";

  private enum State {
    SIZE,
    DATA,
    AFTER_DATA,
    TRAILER,
    END
  }

  private final long contentLength;
  private final Optional<ChunkSignatures> signatures;
  private final Set<String> announced;
  private final boolean trailer;
  private final byte[] line = new byte[MAX_LINE_BYTES];
  private int lineLength;
  private State state = State.SIZE;
  private long chunkRemaining;
  private long decoded;
  private String chunkSignature = "";
  private boolean trailerSigned;
  private int blankLines;
  private int bytesAfterEnd;
  private final List<Headers.Field> trailers = new ArrayList<>();

  /**
   * For one body.
   *
   * @param contentLength bytes of content in all chunks together
   * @param signatures that each chunk, and the trailer, has to carry; empty: none are looked at
   * @param trailer whether trailer fields may follow
   * @param announced names of the trailer fields that have to follow, in lower case
   */
  AwsChunkedDecoder(
      long contentLength,
      Optional<ChunkSignatures> signatures,
      boolean trailer,
      Set<String> announced) {
    this.contentLength = contentLength;
    this.signatures = signatures;
    this.trailer = trailer;
    this.announced = announced;
  }

  /**
   * Takes bytes from {@code input} up to the end of the next run of content.
   *
   * @return content, a slice of {@code input}; null when {@code input} is used up
   * @throws S3Exception for broken framing, lengths, signatures; the decoder is of no use then
   */
  @Nullable ByteBuffer decode(ByteBuffer input) {
    while (input.hasRemaining()) {
      switch (state) {
        case SIZE -> {
          String text = takeLine(input);
          if (text != null) {
            beginChunk(text);
          }
        }
        case DATA -> {
          int length = (int) Math.min(chunkRemaining, input.remaining());
          ByteBuffer data = input.slice(input.position(), length);
          input.position(input.position() + length);
          chunkRemaining -= length;
          signatures.ifPresent(each -> each.update(data));
          if (chunkRemaining == 0) {
            signatures.ifPresent(each -> each.endChunk(chunkSignature));
            state = State.AFTER_DATA;
          }
          return data;
        }
        case AFTER_DATA -> {
          String text = takeLine(input);
          if (text != null) {
            if (!text.isEmpty()) {
              throw malformed("a chunk is longer than its size");
            }
            state = State.SIZE;
          }
        }
        case TRAILER -> {
          String text = takeLine(input);
          if (text != null) {
            takeTrailer(text);
          }
        }
        case END -> {
          byte extra = input.get();
          if ((extra != '\r' && extra != '\n') || ++bytesAfterEnd > MAX_BYTES_AFTER_END) {
            throw malformed("bytes follow the last chunk");
          }
        }
      }
    }
    return null;
  }

  /** Tells that there is no more input. Throws when the body is not whole. */
  void end() {
    if (state == State.TRAILER && lineLength == 0) {
      endTrailer();
    }
    if (state != State.END) {
      throw new S3Exception(S3Error.INCOMPLETE_BODY, "The last chunk is missing.");
    }
  }

  /** The trailer fields, names in lower case; complete after {@link #end}. */
  Headers trailers() {
    return new Headers(trailers);
  }

  /** The next line without its end; null when {@code input} is used up before. */
  private @Nullable String takeLine(ByteBuffer input) {
    while (input.hasRemaining()) {
      byte next = input.get();
      if (next == '\n') {
        int length = lineLength > 0 && line[lineLength - 1] == '\r' ? lineLength - 1 : lineLength;
        lineLength = 0;
        return new String(line, 0, length, StandardCharsets.ISO_8859_1);
      }
      if (lineLength == MAX_LINE_BYTES) {
        throw malformed("a line of the framing is too long");
      }
      line[lineLength++] = next;
    }
    return null;
  }

  private void beginChunk(String text) {
    String[] parts = text.split(";", -1);
    long size = sizeOf(parts[0]);
    chunkSignature = "";
    for (int i = 1; i < parts.length; i++) {
      if (parts[i].startsWith(SIGNATURE_EXTENSION)) {
        chunkSignature = parts[i].substring(SIGNATURE_EXTENSION.length());
      }
    }
    if (size > contentLength - decoded) {
      throw wrongLength();
    }
    decoded += size;
    chunkRemaining = size;
    state = State.DATA;
    if (size == 0) {
      if (decoded != contentLength) {
        throw wrongLength();
      }
      signatures.ifPresent(each -> each.endChunk(chunkSignature));
      state = State.TRAILER;
    }
  }

  private static long sizeOf(String digits) {
    if (digits.isEmpty() || digits.length() > 15) {
      throw malformed("a chunk's size is no hexadecimal number");
    }
    long size = 0;
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      int digit = c < 0x80 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        throw malformed("a chunk's size is no hexadecimal number");
      }
      size = size << 4 | digit;
    }
    return size;
  }

  private void takeTrailer(String text) {
    if (text.isEmpty()) {
      // A blank line may stand before the signature: S3's own example has one.
      if (!lacksSignature() || ++blankLines > MAX_BLANK_LINES) {
        endTrailer();
      }
      return;
    }
    int colon = text.indexOf(':');
    if (!trailer || colon < 1 || trailers.size() == MAX_TRAILERS) {
      throw new S3Exception(S3Error.MALFORMED_TRAILER);
    }
    String name = text.substring(0, colon).trim().toLowerCase(Locale.ROOT);
    String value = text.substring(colon + 1).trim();
    if (name.equals(TRAILER_SIGNATURE)) {
      takeTrailerSignature(value);
    } else if (!announced.contains(name) || trailerSigned || isTaken(name)) {
      throw new S3Exception(S3Error.MALFORMED_TRAILER);
    } else {
      trailers.add(new Headers.Field(name, value));
    }
  }

  private void takeTrailerSignature(String signature) {
    if (trailerSigned) {
      throw new S3Exception(S3Error.MALFORMED_TRAILER);
    }
    StringBuilder text = new StringBuilder();
    for (Headers.Field field : trailers) {
      text.append(field.name()).append(':').append(field.value()).append('\n');
    }
    signatures.ifPresent(each -> each.endTrailers(text.toString(), signature));
    trailerSigned = true;
  }

  private boolean isTaken(String name) {
    return trailers.stream().anyMatch(field -> field.name().equals(name));
  }

  private boolean lacksSignature() {
    return trailer && signatures.isPresent() && !trailerSigned;
  }

  private void endTrailer() {
    // Only announced fields were taken, each once.
    if (trailers.size() != announced.size() || lacksSignature()) {
      throw new S3Exception(S3Error.MALFORMED_TRAILER);
    }
    state = State.END;
  }

  private S3Exception wrongLength() {
    return new S3Exception(
        S3Error.INCOMPLETE_BODY,
        "The chunks do not add up to x-amz-decoded-content-length, " + contentLength + ".");
  }

  private static S3Exception malformed(String what) {
    return new S3Exception(
        S3Error.INVALID_REQUEST, "The aws-chunked encoding of the body is malformed: " + what);
  }
}
