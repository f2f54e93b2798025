package io.forebay.endtoend;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A tree as {@code guest/manifest.py} saw it over NFS. */
record Manifest(List<Entry> entries) {
  /** S3 orders keys by the bytes of their UTF-8. */
  static final Comparator<String> KEY_ORDER =
      (a, b) ->
          Arrays.compareUnsigned(
              a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

  /**
   * One entry.
   *
   * @param kind f, d, l or o
   * @param path bytes in hex, as names need not be UTF-8
   */
  record Entry(char kind, long size, long modifyNanos, String sha256, String path) {
    Optional<String> key() {
      try {
        ByteBuffer bytes = ByteBuffer.wrap(HexFormat.of().parseHex(path));
        return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
      } catch (CharacterCodingException notText) {
        return Optional.empty();
      }
    }
  }

  static Manifest read(Path file) throws IOException {
    return new Manifest(
        Files.readAllLines(file).stream()
            .map(line -> line.split(" "))
            .map(f ->
                new Entry(f[0].charAt(0), Long.parseLong(f[1]), Long.parseLong(f[2]), f[3], f[4]))
            .toList());
  }

  /** The regular files that S3 shows, by key, in S3's order. */
  SortedMap<String, Entry> objects() {
    SortedMap<String, Entry> objects = new TreeMap<>(KEY_ORDER);
    for (Entry entry : entries) {
      if (entry.kind() == 'f') {
        entry.key().ifPresent(key -> objects.put(key, entry));
      }
    }
    return objects;
  }
}
