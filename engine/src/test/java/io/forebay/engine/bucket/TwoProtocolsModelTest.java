package io.forebay.engine.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.engine.AttributeChanges;
import io.forebay.engine.CompletedPart;
import io.forebay.engine.ContentWriter;
import io.forebay.engine.CopySource;
import io.forebay.engine.DirectoryEntry;
import io.forebay.engine.DirectoryPage;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.FileType;
import io.forebay.engine.InodeId;
import io.forebay.engine.ListRequest;
import io.forebay.engine.ObjectInfo;
import io.forebay.engine.ObjectListing.Item;
import io.forebay.engine.ObjectListing.Listed;
import io.forebay.engine.ObjectProperties;
import io.forebay.engine.OpenFile;
import io.forebay.engine.OpenObject;
import io.forebay.engine.PartInfo;
import io.forebay.engine.Payload;
import io.forebay.engine.ReadCondition;
import io.forebay.engine.Stability;
import io.forebay.engine.UploadId;
import io.forebay.engine.WriteCondition;
import io.forebay.engine.bucket.TreeModel.Directory;
import io.forebay.engine.bucket.TreeModel.File;
import io.forebay.engine.bucket.TreeModel.Node;
import io.forebay.testkit.ManualClock;
import io.forebay.testkit.ObjectViewFixture;
import io.forebay.testkit.Seeds;
import io.forebay.testkit.VolumeUnderTest;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Random doings of both protocols on one tree, against {@link TreeModel}. */
@Timeout(300)
class TwoProtocolsModelTest extends ObjectViewFixture {
  private static final int STEPS = Integer.getInteger("forebay.steps", 1500);
  private static final List<String> NAMES = List.of("a", "b", "a.", "a-", "c");

  /** A file held open, and what it is in the model, named or not. */
  private record Held(OpenFile file, File model) {}

  private final TreeModel model = new TreeModel();
  private final List<Held> held = new ArrayList<>();
  private final Map<String, String> contentOfEtag = new HashMap<>();
  private Random random = new Random(0);
  private String last = "";

  @Override
  protected VolumeUnderTest open(Path where) {
    return new StoredVolume(where, new ManualClock());
  }

  @Test
  void bothProtocolsDoWhatTheModelDoes() {
    random = Seeds.random("bothProtocolsDoWhatTheModelDoes");
    int refused = 0;
    for (int step = 0; step < STEPS; step++) {
      refused += step(step) ? 0 : 1;
      if (step % 40 == 39) {
        compare();
      }
      if (step % 300 == 299) {
        commitAndReopen();
        compare();
      }
    }
    System.out.printf("%d steps, %d of them refused by both%n", STEPS, refused);
    assertThat(refused).isBetween(STEPS / 50, STEPS / 2);
  }

  /** One operation on both; they succeed alike or are refused with the same code. */
  private boolean step(int step) {
    Runnable[] both =
        switch (random.nextInt(19)) {
          case 0, 1, 2, 3 -> put();
          case 4, 5 -> delete();
          case 6 -> copy();
          case 7 -> putDirectory();
          case 8 -> deleteDirectory();
          case 9 -> multipart();
          case 10 -> tag();
          case 11, 12 -> write();
          case 13 -> makeDirectory();
          case 14 -> removeOverNfs();
          case 15 -> move();
          case 16 -> hardLink();
          case 17 -> makeSymlink();
          default -> useHeld();
        };
    String what = "step " + step + ": " + last;
    ErrorCode expected = outcome(both[0]);
    ErrorCode got = outcome(both[1]);
    assertThat(got).as(what).isEqualTo(expected);
    return expected == SUCCESS;
  }

  private static final ErrorCode SUCCESS = ErrorCode.FENCED;

  private static ErrorCode outcome(Runnable operation) {
    try {
      operation.run();
      return SUCCESS;
    } catch (EngineException e) {
      if (e.code() == ErrorCode.INTERNAL) {
        throw e;
      }
      return e.code();
    }
  }

  private Runnable[] both(String what, Runnable inModel, Runnable inEngine) {
    last = what;
    return new Runnable[] {inModel, inEngine};
  }

  private Runnable[] nothing() {
    return both("nothing", () -> {}, () -> {});
  }

  // --- choices

  private String name() {
    return NAMES.get(random.nextInt(NAMES.size()));
  }

  private String randomKey() {
    StringBuilder key = new StringBuilder(name());
    while (random.nextInt(3) != 0 && key.length() < 8) {
      key.append('/').append(name());
    }
    return key.toString();
  }

  private String someKey() {
    List<String> keys = new ArrayList<>(model.objects().keySet());
    return keys.isEmpty() || random.nextInt(3) == 0
        ? randomKey()
        : keys.get(random.nextInt(keys.size()));
  }

  private <T extends Node> Optional<Map.Entry<String, T>> some(Class<T> type) {
    List<Map.Entry<String, Node>> all = new ArrayList<>(model.nodes().entrySet());
    all.removeIf(each -> !type.isInstance(each.getValue()));
    if (all.isEmpty()) {
      return Optional.empty();
    }
    Map.Entry<String, Node> chosen = all.get(random.nextInt(all.size()));
    return Optional.of(Map.entry(chosen.getKey(), type.cast(chosen.getValue())));
  }

  private byte[] content() {
    int length =
        switch (random.nextInt(12)) {
          case 0 -> 0;
          case 1 -> 300_000 + random.nextInt(300_000);
          default -> 1 + random.nextInt(5_000);
        };
    return Seeds.bytes(random, length);
  }

  private ObjectProperties properties() {
    ObjectProperties some = metadata("k" + random.nextInt(3), "v" + random.nextInt(100));
    return random.nextBoolean() ? some : some.withChecksums(Map.of("crc32c", "AAAAAA=="));
  }

  /** The ETag of what is there now: asked of the engine where the model cannot know it. */
  private String etag(String key) {
    return model.object(key) == null ? "" : head(key).etag();
  }

  private WriteCondition condition(String key) {
    return switch (random.nextInt(8)) {
      case 0 -> WriteCondition.IF_ABSENT;
      case 1 -> new WriteCondition.IfMatches("*");
      case 2 -> new WriteCondition.IfMatches(etag(key).isEmpty() ? "0".repeat(32) : etag(key));
      case 3 -> new WriteCondition.IfMatches("f".repeat(32));
      default -> WriteCondition.ALWAYS;
    };
  }

  private static String child(String directory, String name) {
    return directory.isEmpty() ? name : directory + "/" + name;
  }

  private static String nfs(String path) {
    return path.isEmpty() ? "bucket" : "bucket/" + path;
  }

  // --- S3

  private Runnable[] put() {
    String key = someKey();
    byte[] bytes = key.endsWith("/") ? new byte[0] : content();
    ObjectProperties properties = properties();
    WriteCondition condition = condition(key);
    String current = etag(key);
    return both(
        "put " + key + " " + condition,
        () -> model.put(key, bytes, md5(bytes), properties, condition, current),
        () -> put(view, ROOT, key, bytes, properties, condition));
  }

  private Runnable[] delete() {
    String key = someKey();
    boolean there = model.object(key) != null;
    return both(
        "delete " + key,
        () -> assertThat(model.delete(key)).isEqualTo(there),
        () -> assertThat(delete(key)).as("delete " + key).isEqualTo(there));
  }

  private Runnable[] putDirectory() {
    String key =
        random.nextBoolean()
            ? randomKey() + "/"
            : some(Directory.class)
                    .map(Map.Entry::getKey)
                    .filter(path -> !path.isEmpty())
                    .orElseGet(this::randomKey)
                + "/";
    byte[] bytes = random.nextInt(5) == 0 ? new byte[1] : new byte[0];
    ObjectProperties properties = properties();
    return both(
        "put " + key,
        () -> {
          // The engine looks at the length first.
          if (bytes.length > 0) {
            throw new EngineException(ErrorCode.DIRECTORY_OBJECT_HAS_DATA, "the model refuses");
          }
          model.put(key, bytes, md5(bytes), properties, WriteCondition.ALWAYS, "");
        },
        () -> put(view, ROOT, key, bytes, properties, WriteCondition.ALWAYS));
  }

  private Runnable[] deleteDirectory() {
    Optional<Map.Entry<String, Directory>> chosen = some(Directory.class);
    if (chosen.isEmpty() || chosen.get().getKey().isEmpty()) {
      return nothing();
    }
    String key = chosen.get().getKey() + "/";
    boolean there = model.object(key) != null;
    return both(
        "delete " + key,
        () -> assertThat(model.delete(key)).isEqualTo(there),
        () -> assertThat(delete(key)).as("delete " + key).isEqualTo(there));
  }

  private Runnable[] copy() {
    String from = someKey();
    String to = random.nextInt(4) == 0 ? from : someKey();
    Optional<ObjectProperties> replacement =
        random.nextBoolean() ? Optional.of(metadata("copied", from)) : Optional.empty();
    WriteCondition condition = condition(to);
    String current = etag(to);
    String sourceEtag = etag(from);
    return both(
        "copy " + from + " to " + to + " " + condition,
        () -> copyInModel(from, to, replacement, condition, sourceEtag, current),
        () ->
            view.copy(
                ROOT,
                new CopySource(BUCKET, key(from), ReadCondition.ALWAYS),
                BUCKET,
                key(to),
                replacement,
                condition));
  }

  private void copyInModel(
      String from,
      String to,
      Optional<ObjectProperties> replacement,
      WriteCondition condition,
      String etag,
      String current) {
    Node source = model.object(from);
    if (source == null) {
      throw new EngineException(ErrorCode.NOT_FOUND, "the model has no such object");
    }
    byte[] bytes = source instanceof File file ? file.bytes : new byte[0];
    ObjectProperties before =
        source instanceof File file ? file.properties : ((Directory) source).properties;
    ObjectProperties after =
        replacement.map(given -> given.withChecksums(before.checksums())).orElse(before);
    if (!from.equals(to)) {
      model.put(to, bytes, etag, after, condition, current);
      return;
    }
    if (condition instanceof WriteCondition.IfAbsent
        || (condition instanceof WriteCondition.IfMatches(String wanted)
            && !wanted.equals("*")
            && !wanted.equals(current))) {
      throw new EngineException(ErrorCode.CONDITION_FAILED, "the model refuses");
    }
    switch (source) {
      case File file -> file.properties = after;
      case Directory directory -> directory.properties = after;
      case TreeModel.Link link -> throw new AssertionError("no object");
    }
  }

  private Runnable[] multipart() {
    String key = randomKey();
    byte[] bytes = content();
    ObjectProperties properties = metadata("by", "parts");
    String digest = md5(HexFormat.of().parseHex(md5(bytes))) + "-1";
    return both(
        "multipart " + key,
        () -> model.put(key, bytes, digest, properties, WriteCondition.ALWAYS, ""),
        () -> {
          UploadId upload = view.createUpload(ROOT, BUCKET, key(key), properties).id();
          try (ContentWriter writer = view.newContent(ROOT, -1)) {
            writer.write(ByteBuffer.wrap(bytes));
            PartInfo part =
                view.putPart(
                    ROOT, BUCKET, key(key), upload, 1, writer, md5(bytes), new TreeMap<>());
            view.completeUpload(
                ROOT,
                BUCKET,
                key(key),
                upload,
                List.of(new CompletedPart(1, part.etag(), new TreeMap<>())),
                new TreeMap<>(),
                WriteCondition.ALWAYS);
          }
        });
  }

  private Runnable[] tag() {
    String key = someKey();
    Map<String, String> tags = Map.of("t", Integer.toString(random.nextInt(50)));
    return both(
        "tag " + key,
        () -> {
          switch (model.object(key)) {
            case null -> throw new EngineException(ErrorCode.NOT_FOUND, "the model has none");
            case File file -> file.properties = file.properties.withTags(tags);
            case Directory directory -> directory.properties = directory.properties.withTags(tags);
            case TreeModel.Link link -> throw new AssertionError("no object");
          }
        },
        () -> view.setTags(ROOT, BUCKET, key(key), tags));
  }

  // --- NFS

  private Runnable[] write() {
    Map.Entry<String, Directory> parent = some(Directory.class).orElseThrow();
    String name = name();
    String path = child(parent.getKey(), name);
    Node there = parent.getValue().children.get(name);
    if (there != null && !(there instanceof File)) {
      return nothing();
    }
    int offset = random.nextInt(3_000);
    byte[] piece = Seeds.bytes(random, 1 + random.nextInt(2_000));
    boolean truncate = random.nextInt(4) == 0;
    Stability stability = random.nextBoolean() ? Stability.DURABLE : Stability.UNSTABLE;
    return both(
        "write " + path + " " + stability + (truncate ? " truncated" : ""),
        () -> {
          File file = there instanceof File existing ? existing : new File();
          if (there == null) {
            parent.getValue().implicit = false;
            parent.getValue().children.put(name, file);
          }
          file.edit(truncate ? Arrays.copyOf(file.bytes, offset) : over(file.bytes, offset, piece));
        },
        () -> {
          InodeId inode = create(nfs(path));
          if (truncate) {
            files.setAttributes(ROOT, inode, AttributeChanges.size(offset));
          } else {
            try (OpenFile file = openFile(inode)) {
              file.write(offset, ByteBuffer.wrap(piece), stability);
            }
          }
        });
  }

  private static byte[] over(byte[] old, int offset, byte[] piece) {
    byte[] bytes = Arrays.copyOf(old, Math.max(old.length, offset + piece.length));
    System.arraycopy(piece, 0, bytes, offset, piece.length);
    return bytes;
  }

  private Runnable[] makeDirectory() {
    Map.Entry<String, Directory> parent = some(Directory.class).orElseThrow();
    String name = name();
    String path = child(parent.getKey(), name);
    return both(
        "mkdir " + path,
        () -> {
          addInModel(parent.getValue(), name, new Directory());
        },
        () -> mkdir(nfs(path), 0755));
  }

  private static void addInModel(Directory parent, String name, Node node) {
    if (parent.children.containsKey(name)) {
      throw new EngineException(ErrorCode.EXISTS, "the model has it");
    }
    parent.children.put(name, node);
    parent.implicit = false;
  }

  private Runnable[] makeSymlink() {
    Map.Entry<String, Directory> parent = some(Directory.class).orElseThrow();
    String name = name();
    String path = child(parent.getKey(), name);
    return both(
        "symlink " + path,
        () -> addInModel(parent.getValue(), name, new TreeModel.Link()),
        () -> symlink(nfs(path), "anywhere"));
  }

  private Runnable[] removeOverNfs() {
    Map.Entry<String, Directory> parent = some(Directory.class).orElseThrow();
    if (parent.getValue().children.isEmpty()) {
      return nothing();
    }
    List<String> names = List.copyOf(parent.getValue().children.keySet());
    String name = names.get(random.nextInt(names.size()));
    String path = child(parent.getKey(), name);
    return both(
        "remove " + path,
        () -> {
          if (parent.getValue().children.get(name) instanceof Directory directory
              && !directory.children.isEmpty()) {
            throw new EngineException(ErrorCode.NOT_EMPTY, "the model has something in it");
          }
          parent.getValue().children.remove(name);
          parent.getValue().implicit = false;
        },
        () -> remove(nfs(path)));
  }

  private Runnable[] move() {
    Map.Entry<String, Directory> from = some(Directory.class).orElseThrow();
    Map.Entry<String, Directory> to = some(Directory.class).orElseThrow();
    if (from.getValue().children.isEmpty()) {
      return nothing();
    }
    List<String> names = List.copyOf(from.getValue().children.keySet());
    String name = names.get(random.nextInt(names.size()));
    String target = name();
    Node moved = from.getValue().children.get(name);
    Node replaced = to.getValue().children.get(target);
    String source = child(from.getKey(), name);
    String path = child(to.getKey(), target);
    boolean intoItself =
        (path + "/").startsWith(source + "/") || (source + "/").startsWith(path + "/");
    boolean alike =
        replaced == null || (moved instanceof Directory == replaced instanceof Directory);
    if (intoItself || !alike) {
      return nothing();
    }
    return both(
        "rename " + source + " to " + path,
        () -> {
          if (moved == replaced) {
            return;
          }
          if (replaced instanceof Directory directory && !directory.children.isEmpty()) {
            throw new EngineException(ErrorCode.NOT_EMPTY, "the model has something in it");
          }
          from.getValue().children.remove(name);
          from.getValue().implicit = false;
          to.getValue().children.put(target, moved);
          to.getValue().implicit = false;
        },
        () -> rename(nfs(source), nfs(path)));
  }

  private Runnable[] hardLink() {
    Optional<Map.Entry<String, File>> file = some(File.class);
    if (file.isEmpty()) {
      return nothing();
    }
    Map.Entry<String, Directory> parent = some(Directory.class).orElseThrow();
    String name = name();
    String path = child(parent.getKey(), name);
    return both(
        "link " + file.get().getKey() + " as " + path,
        () -> addInModel(parent.getValue(), name, file.get().getValue()),
        () -> link(at(nfs(file.get().getKey())).inode(), nfs(path)));
  }

  /** Opens a file, or writes to one that is open, whatever has become of its name. */
  private Runnable[] useHeld() {
    if (held.size() < 4) {
      Optional<Map.Entry<String, File>> file = some(File.class);
      file.ifPresent(
          each -> held.add(new Held(openFile(at(nfs(each.getKey())).inode()), each.getValue())));
      return nothing();
    }
    Held one = held.get(random.nextInt(held.size()));
    if (random.nextInt(3) == 0) {
      assertThat(bytes(one.file())).as("held, after " + last).isEqualTo(one.model().bytes);
      held.remove(one);
      one.file().commit();
      one.file().close();
      return nothing();
    }
    byte[] piece = Seeds.bytes(random, 100);
    int offset = random.nextInt(2_000);
    return both(
        "write to a held file",
        () -> one.model().edit(over(one.model().bytes, offset, piece)),
        () -> one.file().write(offset, ByteBuffer.wrap(piece), Stability.UNSTABLE));
  }

  private static byte[] bytes(OpenFile file) {
    try (Payload payload = file.read(0, 4 << 20).payload()) {
      return payload.toBytes();
    }
  }

  private void commitAndReopen() {
    for (Held each : held) {
      each.file().close();
    }
    held.clear();
    model
        .nodes()
        .forEach((path, node) -> {
          if (node instanceof File) {
            try (OpenFile file = openFile(at(nfs(path)).inode())) {
              file.commit();
            }
          }
        });
    ((StoredVolume) volume).deleteDiscarded();
    reopen();
  }

  // --- the whole

  private void compare() {
    String when = "after " + last;
    compareObjects(when);
    compareRolledUp(when);
    compareFiles(when);
    for (Held each : held) {
      assertThat(bytes(each.file())).as("held, " + when).isEqualTo(each.model().bytes);
    }
  }

  private void compareObjects(String when) {
    Map<String, Node> expected = model.objects();
    List<Item> listed = view.list(ROOT, BUCKET, new ListRequest("", "", "", 1000)).items();
    assertThat(listed.stream().map(Item::key))
        .as(when)
        .containsExactlyElementsOf(expected.keySet());
    for (Item item : listed) {
      ObjectInfo info = ((Listed) item).info();
      Node node = Objects.requireNonNull(expected.get(item.key()));
      assertThat(head(item.key())).as(when).isEqualTo(info);
      byte[] content = node instanceof File file ? file.bytes : new byte[0];
      ObjectProperties properties =
          node instanceof File file ? file.properties : ((Directory) node).properties;
      assertThat(info.properties()).as(when + " " + item.key()).isEqualTo(properties);
      try (OpenObject object = view.open(ROOT, BUCKET, key(item.key()))) {
        assertThat(object.info()).as(when).isEqualTo(info);
        assertThat(all(object)).as(when + " " + item.key()).isEqualTo(content);
      }
      compareEtag(when + " " + item.key(), info.etag(), node, content);
    }
  }

  private void compareEtag(String what, String etag, Node node, byte[] content) {
    if (node instanceof File file) {
      file.etag.ifPresentOrElse(
          known -> assertThat(etag).as(what).isEqualTo(known),
          () -> assertThat(etag).as(what).matches("[0-9a-f]{32}-0"));
      String digest = md5(content);
      assertThat(contentOfEtag.merge(etag, digest, (old, now) -> old))
          .as("an ETag is of one content: " + what)
          .isEqualTo(digest);
    }
  }

  private void compareRolledUp(String when) {
    model
        .nodes()
        .forEach((path, node) -> {
          if (node instanceof Directory directory) {
            String prefix = path.isEmpty() ? "" : path + "/";
            List<String> expected = new ArrayList<>();
            if (directory.explicit) {
              expected.add(prefix);
            }
            directory.children.forEach((name, child) -> {
              if (child instanceof Directory) {
                expected.add(prefix + name + "/");
              } else if (child instanceof File) {
                expected.add(prefix + name);
              }
            });
            assertThat(list(prefix, "/"))
                .as(when + " " + prefix)
                .containsExactlyElementsOf(expected.stream().sorted().toList());
          }
        });
  }

  private void compareFiles(String when) {
    model
        .nodes()
        .forEach((path, node) -> {
          String what = when + " " + path;
          InodeId inode = at(nfs(path)).inode();
          switch (node) {
            case Directory directory -> {
              DirectoryPage page = files.readDirectory(ROOT, inode, 0, 1024);
              assertThat(page.entries().stream().map(each -> each.name().toString()))
                  .as(what)
                  .containsExactlyInAnyOrderElementsOf(directory.children.keySet());
              for (DirectoryEntry entry : page.entries()) {
                Node child = directory.children.get(entry.name().toString());
                FileType type =
                    child instanceof Directory
                        ? FileType.DIRECTORY
                        : child instanceof File ? FileType.REGULAR : FileType.SYMLINK;
                assertThat(entry.attributes().type()).as(what).isEqualTo(type);
              }
            }
            case File file -> {
              try (OpenFile open = openFile(inode)) {
                assertThat(bytes(open)).as(what).isEqualTo(file.bytes);
              }
            }
            case TreeModel.Link link ->
                assertThat(at(nfs(path)).type()).as(what).isEqualTo(FileType.SYMLINK);
          }
        });
  }
}
