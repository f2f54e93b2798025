package io.forebay.engine.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.engine.BucketName;
import io.forebay.engine.Caller;
import io.forebay.engine.FileAttributes;
import io.forebay.engine.FileName;
import io.forebay.engine.FileType;
import io.forebay.engine.InodeId;
import io.forebay.engine.ListRequest;
import io.forebay.engine.ObjectListing;
import io.forebay.engine.ObjectListing.CommonPrefix;
import io.forebay.engine.ObjectListing.Item;
import io.forebay.engine.ObjectListing.Listed;
import io.forebay.engine.ObjectProperties;
import io.forebay.engine.file.FileContents;
import io.forebay.engine.file.PinnedContent;
import io.forebay.engine.metadata.Inode;
import io.forebay.engine.metadata.InodeEdit;
import io.forebay.engine.metadata.MetadataStore;
import io.forebay.engine.metadata.Objects;
import io.forebay.engine.metadata.Transaction;
import io.forebay.testkit.ManualClock;
import io.forebay.testkit.Seeds;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Listings against a brute-force model: all keys in a sorted set, rolled up one by one. */
class ListingModelTest {
  private static final BucketName BUCKET = new BucketName("bucket");
  private static final Comparator<String> BY_BYTES =
      (a, b) ->
          Arrays.compareUnsigned(
              a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

  /** Around the slash, below and above it, of one to four bytes; UTF-16 orders some differently. */
  private static final List<String> PIECES =
      List.of("a", "b", "-", ".", "0", "!", "\u0001", "~", "é", "\uffee", "𝄞", "aa", "a.");

  @TempDir private Path directory;
  private MetadataStore store;
  private InodeId bucket = InodeId.ROOT;
  private final TreeSet<String> keys = new TreeSet<>(BY_BYTES);
  private final TreeSet<String> directories = new TreeSet<>(BY_BYTES);

  @BeforeEach
  void open() {
    store =
        MetadataStore.open(
            directory, 10_000, new ManualClock(), new Random(1), new SimpleMeterRegistry());
    bucket =
        store.write(tx -> add(tx, InodeId.ROOT, FileName.of("bucket"), FileType.DIRECTORY).id());
  }

  @AfterEach
  void close() {
    store.close();
  }

  private static Inode add(Transaction tx, InodeId parent, FileName name, FileType type) {
    Inode inode =
        new InodeEdit(tx.newInodeId(), type, tx.now()).mode(0755).addLinks(1).parent(parent).done();
    tx.create(inode);
    tx.addEntry(parent, name, inode.id(), type);
    return inode;
  }

  /** What nobody has written over NFS. */
  private static final FileContents COMMITTED =
      new FileContents() {
        @Override
        public PinnedContent pin(InodeId inode) {
          throw new AssertionError("a listing reads no content");
        }

        @Override
        public PinnedContent pinVersion(InodeId inode) {
          throw new AssertionError("a listing reads no content");
        }

        @Override
        public void commit(InodeId inode) {
          throw new AssertionError("a listing commits nothing");
        }

        @Override
        public FileAttributes attributes(Inode committed) {
          return committed.attributes();
        }
      };

  private ObjectListing list(ListRequest request) {
    return new Listings(store, COMMITTED).list(Caller.ROOT, BUCKET, request);
  }

  // --- random trees

  private void grow(Transaction tx, InodeId parent, String path, int depth, Random random) {
    Map<String, Boolean> names = new TreeMap<>();
    for (int i = random.nextInt(6); i >= 0; i--) {
      names.put(name(random), random.nextInt(5) < 2);
    }
    names.forEach((name, isDirectory) -> {
      int kind = random.nextInt(12);
      if (kind == 0) {
        add(tx, parent, FileName.of(name), FileType.SYMLINK);
      } else if (kind == 1) {
        hide(tx, parent, name);
      } else if (isDirectory && depth < 4) {
        Inode child = add(tx, parent, FileName.of(name), FileType.DIRECTORY);
        directories.add(path + name + "/");
        if (random.nextInt(4) == 0) {
          byte[] none = StoredProperties.of(ObjectProperties.NONE).encode();
          tx.putObject(child.id(), new Objects.Row(1, "explicit", none));
          keys.add(path + name + "/");
        }
        grow(tx, child.id(), path + name + "/", depth + 1, random);
      } else {
        add(tx, parent, FileName.of(name), FileType.REGULAR);
        keys.add(path + name);
      }
    });
  }

  /** A name that is not UTF-8, a directory with something below. */
  private static void hide(Transaction tx, InodeId parent, String name) {
    byte[] bytes = KeyBytes.join(name.getBytes(StandardCharsets.UTF_8), new byte[] {(byte) 0xff});
    Inode hidden = add(tx, parent, FileName.of(bytes), FileType.DIRECTORY);
    add(tx, hidden.id(), FileName.of("invisible"), FileType.REGULAR);
  }

  private static String name(Random random) {
    StringBuilder name = new StringBuilder();
    do {
      name.append(PIECES.get(random.nextInt(PIECES.size())));
    } while (random.nextInt(3) == 0);
    String text = name.toString();
    return text.equals(".") || text.equals("..") ? "dots" : text;
  }

  /** A string that is likely to be near a key. */
  private String near(Random random) {
    List<String> all = new ArrayList<>(keys);
    all.addAll(directories);
    if (all.isEmpty() || random.nextInt(4) == 0) {
      return random.nextBoolean() ? "" : name(random) + (random.nextBoolean() ? "/" : "");
    }
    String key = all.get(random.nextInt(all.size()));
    int end = key.offsetByCodePoints(0, random.nextInt(key.codePointCount(0, key.length()) + 1));
    return key.substring(0, end) + (random.nextInt(3) == 0 ? name(random) : "");
  }

  private static String delimiter(Random random) {
    return switch (random.nextInt(6)) {
      case 0, 1 -> "";
      case 2, 3 -> "/";
      case 4 -> PIECES.get(random.nextInt(PIECES.size()));
      default -> random.nextBoolean() ? "/a" : "a/";
    };
  }

  // --- the model

  private List<String> expected(String prefix, String delimiter, String after) {
    TreeSet<String> all = new TreeSet<>(BY_BYTES);
    for (String key : keys) {
      rolledUp(key, prefix, delimiter).ifPresent(all::add);
    }
    if (delimiter.equals("/")) {
      // Directories show with the delimiter they are made of, whatever is in them.
      for (String each : directories) {
        rolledUp(each, prefix, delimiter).filter(item -> !item.equals(prefix)).ifPresent(all::add);
      }
      if (keys.contains(prefix)) {
        all.add(prefix);
      }
    }
    return List.copyOf(after.isEmpty() ? all : all.tailSet(after, false));
  }

  private static Optional<String> rolledUp(String key, String prefix, String delimiter) {
    if (!key.startsWith(prefix)) {
      return Optional.empty();
    }
    int at = delimiter.isEmpty() ? -1 : key.indexOf(delimiter, prefix.length());
    return Optional.of(at < 0 ? key : key.substring(0, at + delimiter.length()));
  }

  // --- tests

  @Test
  void everyPageIsTheModels() {
    Random random = Seeds.random("everyPageIsTheModels");
    for (int tree = 0; tree < 12; tree++) {
      keys.clear();
      directories.clear();
      store.write(tx -> {
        tx.removeEntry(InodeId.ROOT, FileName.of("bucket"));
        Inode fresh = add(tx, InodeId.ROOT, FileName.of("bucket"), FileType.DIRECTORY);
        bucket = fresh.id();
        for (int i = 0; i < 4; i++) {
          Inode part = add(tx, bucket, FileName.of("part" + i), FileType.DIRECTORY);
          directories.add("part" + i + "/");
          grow(tx, part.id(), "part" + i + "/", 0, random);
        }
        return bucket;
      });
      for (int request = 0; request < 150; request++) {
        compare(near(random), delimiter(random), near(random), 1 + random.nextInt(7));
      }
      compare("", "", "", 1000);
      compare("", "/", "", 1);
    }
  }

  private void compare(String prefix, String delimiter, String after, int limit) {
    String what = "prefix=" + prefix + " delimiter=" + delimiter + " after=" + after + " " + limit;
    List<String> expected = expected(prefix, delimiter, after);
    List<String> got = new ArrayList<>();
    String from = after;
    ObjectListing page;
    do {
      page = list(new ListRequest(prefix, delimiter, from, limit));
      assertThat(page.items()).as(what).hasSizeLessThanOrEqualTo(limit);
      for (Item item : page.items()) {
        got.add(item.key());
        boolean isObject =
            keys.contains(item.key())
                && rolledUp(item.key(), prefix, delimiter).filter(item.key()::equals).isPresent()
                && !isRolled(item.key(), prefix, delimiter);
        assertThat(item).as(what).isInstanceOf(isObject ? Listed.class : CommonPrefix.class);
      }
      if (page.truncated()) {
        assertThat(page.items()).as(what).hasSize(limit);
        from = page.items().getLast().key();
      }
      assertThat(got.size()).as(what).isLessThanOrEqualTo(expected.size());
    } while (page.truncated());
    assertThat(got).as(what).isEqualTo(expected);
  }

  private static boolean isRolled(String key, String prefix, String delimiter) {
    return !delimiter.isEmpty() && key.indexOf(delimiter, prefix.length()) >= 0;
  }

  @Test
  void aPageOfNoneIsEmptyAndWhole() {
    store.write(tx -> add(tx, bucket, FileName.of("a"), FileType.REGULAR));
    assertThat(list(new ListRequest("", "", "", 0))).isEqualTo(new ObjectListing(List.of(), false));
  }

  @Test
  void whatNoKeyCanBeginWithListsNothing() {
    store.write(tx -> {
      Inode child = add(tx, bucket, FileName.of("a"), FileType.DIRECTORY);
      return add(tx, child.id(), FileName.of("b"), FileType.REGULAR);
    });
    for (String prefix :
        List.of("/", "//", "a//", "./a", "a/../a", "\ud800", "a/b/", "x".repeat(1025), "a\0")) {
      assertThat(list(new ListRequest(prefix, "", "", 10)).items()).as(prefix).isEmpty();
      assertThat(list(new ListRequest(prefix, "/", "", 10)).items()).as(prefix).isEmpty();
    }
  }

  @Test
  void aKeyOfMoreThan1024BytesIsNotListedAndHidesNothing() {
    store.write(tx -> {
      InodeId parent = bucket;
      for (int i = 0; i < 4; i++) {
        parent = add(tx, parent, FileName.of("d".repeat(250)), FileType.DIRECTORY).id();
      }
      add(tx, parent, FileName.of("k".repeat(20)), FileType.REGULAR);
      add(tx, parent, FileName.of("k".repeat(21)), FileType.REGULAR);
      add(tx, parent, FileName.of("l"), FileType.REGULAR);
      Inode deep = add(tx, parent, FileName.of("m".repeat(20)), FileType.DIRECTORY);
      return add(tx, deep.id(), FileName.of("x"), FileType.REGULAR);
    });
    List<Item> items = list(new ListRequest("", "", "", 10)).items();
    String path = ("d".repeat(250) + "/").repeat(4);
    assertThat(items.stream().map(Item::key)).containsExactly(path + "k".repeat(20), path + "l");
    assertThat((path + "k".repeat(20)).length()).isEqualTo(1024);
  }

  /** More entries that are no objects than are looked at in one snapshot. */
  @Test
  void manyInvisibleEntriesBeforeAnObjectDoNotHideIt() {
    store.write(tx -> {
      for (int i = 0; i < 25_000; i++) {
        add(tx, bucket, FileName.of("s" + i), FileType.SYMLINK);
      }
      return add(tx, bucket, FileName.of("z"), FileType.REGULAR);
    });
    assertThat(list(new ListRequest("", "", "", 1000)).items().stream().map(Item::key))
        .containsExactly("z");
  }

  @Test
  void aPageCostsOneStatementADirectoryAndNoneAnEntry() {
    store.write(tx -> {
      for (int d = 0; d < 3; d++) {
        Inode child = add(tx, bucket, FileName.of("d" + d), FileType.DIRECTORY);
        for (int i = 0; i < 2000; i++) {
          add(tx, child.id(), FileName.of("f" + i), FileType.REGULAR);
        }
      }
      return bucket;
    });
    list(new ListRequest("d1/", "", "", 10));
    // Each with BEGIN and COMMIT: the top, then the one directory the page lies in.
    assertThat(statements(new ListRequest("", "", "", 1000))).isEqualTo(4);
    assertThat(statements(new ListRequest("d1/", "", "", 1000))).isEqualTo(3);
    assertThat(statements(new ListRequest("", "/", "", 1000))).isEqualTo(3);
    // From the middle of a directory on: the way down, and a page.
    assertThat(statements(new ListRequest("", "", "d1/f1", 1000))).isEqualTo(4);
    assertThat(statements(new ListRequest("", "", "d1/f1998", 10))).isLessThanOrEqualTo(6);
  }

  private long statements(ListRequest request) {
    long before = store.statementCount();
    assertThat(list(request).items()).isNotEmpty();
    return store.statementCount() - before;
  }
}
