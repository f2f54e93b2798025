package io.forebay.engine.shipping;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The object that makes a snapshot complete; written last.
 *
 * @param volume the volume's UUID
 * @param place the snapshot's
 * @param log digest of the last log object that it contains
 * @param pageBytes of the database
 * @param pages of the database
 * @param pieces how many objects have them
 * @param lastPiece digest of the last; each names the one before
 * @param takenNanos since 1970-01-01T00:00:00Z
 */
record Manifest(
    String volume,
    LogKeys.Place place,
    Digest log,
    int pageBytes,
    int pages,
    int pieces,
    Digest lastPiece,
    long takenNanos) {
  static final int MAX_BYTES = 4096;

  private static final Pattern TEXT =
      Pattern.compile(
          "forebay snapshot\nformat 1\nuuid ([0-9a-f-]{36})\ngeneration (\\d{1,18})\n"
              + "sequence (\\d{1,18})\nepoch (\\d{1,18})\nlog ([0-9a-f]{64})\n"
              + "page_bytes (\\d{1,6})\npages (\\d{1,9})\npieces (\\d{1,9})\n"
              + "last_piece ([0-9a-f]{64})\ntaken_ns (\\d{1,19})\n");
  private static final int SEAL = "sha256 \n".length() + 2 * Digest.BYTES;

  ByteBuffer encode() {
    String text =
        ("forebay snapshot\nformat 1\nuuid %s\ngeneration %d\nsequence %d\nepoch %d\nlog %s\n"
                + "page_bytes %d\npages %d\npieces %d\nlast_piece %s\ntaken_ns %d\n")
            .formatted(
                volume,
                place.generation(),
                place.sequence(),
                place.epoch(),
                log,
                pageBytes,
                pages,
                pieces,
                lastPiece,
                takenNanos);
    String sealed = text + "sha256 " + Digest.of(text) + "\n";
    return ByteBuffer.wrap(sealed.getBytes(StandardCharsets.US_ASCII));
  }

  static Manifest decode(ByteBuffer bytes) throws DamagedLogException {
    String sealed = StandardCharsets.US_ASCII.decode(bytes.duplicate()).toString();
    int end = sealed.length() - SEAL;
    if (end < 0
        || !sealed.substring(end).equals("sha256 " + Digest.of(sealed.substring(0, end)) + "\n")) {
      throw new DamagedLogException("the manifest's digest is not that of its lines");
    }
    Matcher text = TEXT.matcher(sealed.substring(0, end));
    if (!text.matches()) {
      throw new DamagedLogException("the manifest is of a later version");
    }
    return new Manifest(
        text.group(1),
        new LogKeys.Place(number(text, 2), number(text, 3), number(text, 4)),
        new Digest(text.group(5)),
        (int) number(text, 6),
        (int) number(text, 7),
        (int) number(text, 8),
        new Digest(text.group(9)),
        number(text, 10));
  }

  private static long number(Matcher text, int group) {
    return Long.parseLong(text.group(group));
  }
}
