package io.forebay.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * What of a file system would be there after a power cut. The real files have everything; the model
 * has what was forced, and what was not, in order. Names and contents are durable apart from one
 * another, as POSIX has it. One thread at a time.
 */
final class DiskModel {
  private static final int SECTOR = 512;

  /** A file, whatever it is called. */
  static final class Content {
    private byte[] durable = new byte[0];
    private final List<Change> pending = new ArrayList<>();
    long length;
    boolean directory;
  }

  /** A write, or with {@code bytes} empty, a truncation to {@code position}. */
  private record Change(long position, byte[] bytes) {}

  /** Names that changed together. */
  private record NameChange(Map<Path, Optional<Content>> names) {}

  private final Map<Path, Content> live = new HashMap<>();
  private final Map<Path, Content> durable = new HashMap<>();
  private final List<NameChange> pending = new ArrayList<>();

  /** Bytes of all files. */
  long usedBytes() {
    return live.values().stream().mapToLong(content -> content.length).sum();
  }

  /** A file that is there; one that the model has not seen yet counts as durable. */
  Content existing(Path path) throws IOException {
    Content known = live.get(path);
    if (known == null) {
      known = new Content();
      known.durable = Files.readAllBytes(path);
      known.length = known.durable.length;
      live.put(path, known);
      durable.put(path, known);
    }
    return known;
  }

  Content created(Path path) {
    Content content = new Content();
    change(Map.of(path, Optional.of(content)));
    return content;
  }

  /** A directory that was not there before. */
  void directoryCreated(Path path) {
    created(path).directory = true;
  }

  void renamed(Path from, Path to) throws IOException {
    Content moved = existing(from);
    Map<Path, Optional<Content>> names = new HashMap<>();
    names.put(from, Optional.empty());
    names.put(to, Optional.of(moved));
    change(names);
  }

  void deleted(Path path) {
    if (live.containsKey(path)) {
      change(Map.of(path, Optional.empty()));
    }
  }

  private void change(Map<Path, Optional<Content>> names) {
    pending.add(new NameChange(names));
    apply(names, live);
  }

  private static void apply(Map<Path, Optional<Content>> names, Map<Path, Content> to) {
    names.forEach((path, content) ->
        content.ifPresentOrElse(there -> to.put(path, there), () -> to.remove(path)));
  }

  void written(Content content, long position, byte[] bytes) {
    if (bytes.length > 0) {
      content.pending.add(new Change(position, bytes));
      content.length = Math.max(content.length, position + bytes.length);
    }
  }

  void truncated(Content content, long length) {
    content.pending.add(new Change(length, new byte[0]));
    content.length = Math.min(content.length, length);
  }

  void forced(Content content) {
    content.durable = applied(content);
    content.pending.clear();
  }

  private static byte[] applied(Content content) {
    byte[] bytes = content.durable;
    for (Change change : content.pending) {
      bytes = apply(change, bytes);
    }
    return bytes;
  }

  private static byte[] apply(Change change, byte[] to) {
    if (change.bytes().length == 0) {
      return change.position() < to.length ? Arrays.copyOf(to, (int) change.position()) : to;
    }
    int end = (int) change.position() + change.bytes().length;
    byte[] bytes = end > to.length ? Arrays.copyOf(to, end) : to.clone();
    System.arraycopy(change.bytes(), 0, bytes, (int) change.position(), change.bytes().length);
    return bytes;
  }

  /** A failed force: the kernel has thrown away what it could not write, and will not try again. */
  void forceFailed(Content content) {
    content.pending.clear();
  }

  void directoryForced(Path directory) {
    List<NameChange> left = new ArrayList<>();
    for (NameChange each : pending) {
      Map<Path, Optional<Content>> here = new HashMap<>();
      Map<Path, Optional<Content>> elsewhere = new HashMap<>();
      each.names()
          .forEach((path, content) ->
              (directory.equals(path.getParent()) ? here : elsewhere).put(path, content));
      if (here.isEmpty()) {
        left.add(each);
      } else {
        // One journal entry: a rename is there on both sides or on none.
        apply(each.names(), durable);
      }
    }
    pending.clear();
    pending.addAll(left);
  }

  /** Makes the real files what the disk has kept. */
  void cut(Random random) throws IOException {
    Map<Path, Content> kept = new TreeMap<>(durable);
    int mode = random.nextInt(3);
    int prefix = mode == 1 ? random.nextInt(pending.size() + 1) : 0;
    for (int i = 0; i < pending.size(); i++) {
      if (i < prefix || (mode == 2 && random.nextBoolean())) {
        apply(pending.get(i).names(), kept);
      }
    }
    // What is in a directory whose own name is gone is gone with it.
    TreeMap<Path, Content> all = new TreeMap<>(live);
    all.putAll(durable);
    kept.keySet()
        .removeIf(path ->
            all.keySet().stream()
                .anyMatch(other -> path.startsWith(other) && !kept.containsKey(other)));
    for (Path path : all.descendingKeySet()) {
      Files.deleteIfExists(path);
    }
    Map<Content, byte[]> survivors = new HashMap<>();
    for (Map.Entry<Path, Content> each : kept.entrySet()) {
      if (each.getValue().directory) {
        Files.createDirectories(each.getKey());
      } else {
        byte[] bytes =
            survivors.computeIfAbsent(each.getValue(), content -> survivor(content, random));
        Files.write(each.getKey(), bytes);
      }
    }
    live.clear();
    durable.clear();
    pending.clear();
  }

  /** What was forced, and of what was not: nothing, all, or some sectors, each write for itself. */
  private static byte[] survivor(Content content, Random random) {
    byte[] bytes = content.durable;
    for (Change change : content.pending) {
      switch (random.nextInt(3)) {
        case 0 -> {
          // Gone.
        }
        case 1 -> bytes = apply(change, bytes);
        default -> bytes = torn(change, bytes, random);
      }
    }
    return bytes;
  }

  private static byte[] torn(Change change, byte[] to, Random random) {
    byte[] bytes = to;
    boolean garbage = random.nextBoolean();
    for (int at = 0; at < change.bytes().length; at += SECTOR) {
      byte[] sector =
          Arrays.copyOfRange(change.bytes(), at, Math.min(at + SECTOR, change.bytes().length));
      if (random.nextBoolean()) {
        bytes = apply(new Change(change.position() + at, sector), bytes);
      } else if (garbage && change.position() + at >= to.length) {
        random.nextBytes(sector);
        bytes = apply(new Change(change.position() + at, sector), bytes);
      }
    }
    return bytes;
  }
}
