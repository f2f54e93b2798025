package io.forebay.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.engine.AttributeChanges;
import io.forebay.engine.ContentWriter;
import io.forebay.engine.CopySource;
import io.forebay.engine.CreateMode;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.FileName;
import io.forebay.engine.FileType;
import io.forebay.engine.InodeId;
import io.forebay.engine.ListRequest;
import io.forebay.engine.ObjectInfo;
import io.forebay.engine.ObjectListing.Listed;
import io.forebay.engine.ObjectProperties;
import io.forebay.engine.OpenFile;
import io.forebay.engine.OpenObject;
import io.forebay.engine.ReadCondition;
import io.forebay.engine.SpecialFile;
import io.forebay.engine.Stability;
import io.forebay.engine.TimeChange;
import io.forebay.engine.WriteCondition;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** One tree, two faces (design section 7): what each side sees of the other's doings. */
public abstract class TwoProtocolsContract extends ObjectViewFixture {
  private static final String OPAQUE = "[0-9a-f]{32}-0";

  private ObjectInfo listed(String key) {
    return view.list(ROOT, BUCKET, new ListRequest(key, "", "", 1)).items().stream()
        .map(item -> ((Listed) item).info())
        .findFirst()
        .orElseThrow();
  }

  // --- ETags

  @Test
  void aFileOfNfsIsAnObjectWithAnOpaqueEtag() {
    write("bucket/a", "over nfs");
    ObjectInfo info = head("a");
    assertThat(info.etag()).matches(OPAQUE);
    assertThat(info.size()).isEqualTo(8);
    assertThat(info.lastModifiedNanos()).isEqualTo(at("bucket/a").modifyNanos());
    assertThat(info.properties()).isEqualTo(ObjectProperties.NONE);
    assertThat(listed("a")).isEqualTo(info);
    assertThat(text("a")).isEqualTo("over nfs");
    reopen();
    assertThat(head("a")).isEqualTo(info);
  }

  @Test
  void theEtagChangesWithEveryWriteCommittedOrNot() {
    InodeId file = create("bucket/a");
    Set<String> seen = new HashSet<>();
    assertThat(seen.add(head("a").etag())).isTrue();
    for (Stability stability :
        new Stability[] {
          Stability.UNSTABLE, Stability.UNSTABLE, Stability.DURABLE, Stability.UNSTABLE
        }) {
      write(file, 0, "x", stability);
      ObjectInfo info = head("a");
      assertThat(seen.add(info.etag())).as("%s %s", stability, info).isTrue();
      assertThat(listed("a")).isEqualTo(info);
      try (OpenObject object = view.open(ROOT, BUCKET, key("a"))) {
        assertThat(object.info()).isEqualTo(info);
      }
    }
    String before = head("a").etag();
    try (OpenFile open = openFile(file)) {
      open.commit();
    }
    assertThat(head("a").etag()).as("a commit changes no content").isEqualTo(before);
    files.setAttributes(ROOT, file, AttributeChanges.size(0));
    assertThat(seen.add(head("a").etag())).isTrue();
  }

  @Test
  void anEditOverNfsDropsDigestAndChecksumsAndKeepsTheRest() {
    Map<String, String> checksums = Map.of("crc32c", "AAAAAA==");
    ObjectProperties kept = metadata("color", "red").withTags(Map.of("t", "1"));
    ObjectInfo put = put("a", "content", kept.withChecksums(checksums));
    assertThat(head("a").properties().checksums()).isEqualTo(checksums);
    write(at("bucket/a").inode(), 3, "T", Stability.UNSTABLE);
    ObjectInfo edited = head("a");
    assertThat(edited.etag()).matches(OPAQUE).isNotEqualTo(put.etag());
    assertThat(edited.properties()).isEqualTo(kept);
    assertThat(listed("a")).isEqualTo(edited);
    assertThat(text("a")).isEqualTo("conTent");
    // The same bytes again are another content all the same: nobody compared them.
    write(at("bucket/a").inode(), 3, "t", Stability.DURABLE);
    assertThat(head("a").etag()).matches(OPAQUE).isNotEqualTo(edited.etag());
    copy("a", "a", Optional.of(metadata("color", "blue")));
    assertThat(head("a").properties()).isEqualTo(metadata("color", "blue"));
  }

  @Test
  void whatIsNoChangeOfContentKeepsTheEtag() {
    ObjectInfo put = put("d/a", "content", metadata("color", "red"));
    chmod("bucket/d/a", 0600);
    chown("bucket/d/a", ALICE);
    link(at("bucket/d/a").inode(), "bucket/linked");
    rename("bucket/d/a", "bucket/moved");
    files.setAttributes(
        ROOT,
        at("bucket/moved").inode(),
        AttributeChanges.NONE.withModify(new TimeChange.To(1_000_000_000L)));
    for (String key : new String[] {"moved", "linked"}) {
      assertThat(head(key).etag()).isEqualTo(put.etag());
      assertThat(head(key).properties()).isEqualTo(put.properties());
      assertThat(head(key).lastModifiedNanos()).isEqualTo(1_000_000_000L);
    }
    assertThat(exists("d/a")).isFalse();
  }

  // --- who has the old file open

  @Test
  void anOpenFileKeepsItsContentThroughPutAndDelete() {
    put("a", "old content");
    InodeId old = at("bucket/a").inode();
    try (OpenFile file = openFile(old)) {
      put("a", "new");
      assertThat(read(file)).isEqualTo("old content");
      file.write(0, ByteBuffer.wrap(bytes("OLD")), Stability.DURABLE);
      assertThat(read(file)).isEqualTo("OLD content");
      assertThat(text("a")).isEqualTo("new");
      assertThat(at("bucket/a").inode()).isNotEqualTo(old);
      delete("a");
      assertThat(read(file)).isEqualTo("OLD content");
      assertThat(files.attributes(old).linkCount()).isZero();
    }
    assertCode(ErrorCode.STALE, () -> files.attributes(old));
  }

  @Test
  void aReplacedFileThatNobodyHasOpenIsStale() {
    put("a", "old");
    InodeId old = at("bucket/a").inode();
    put("a", "new");
    assertCode(ErrorCode.STALE, () -> files.attributes(old));
  }

  @Test
  void aPutBreaksAHardLinkOff() {
    put("a", "shared");
    link(at("bucket/a").inode(), "bucket/b");
    put("a", "own");
    assertThat(text("a")).isEqualTo("own");
    assertThat(text("b")).isEqualTo("shared");
    assertThat(at("bucket/b").linkCount()).isEqualTo(1);
    copy("b", "a");
    assertThat(text("a")).isEqualTo("shared");
    link(at("bucket/b").inode(), "bucket/c");
    copy("b", "c");
    assertThat(at("bucket/c").inode()).isNotEqualTo(at("bucket/b").inode());
    delete("b");
    assertThat(text("c")).isEqualTo("shared");
  }

  @Test
  void aReplacementKeepsOwnerAndMode() {
    put("a", "x");
    chmod("bucket/a", 0604);
    chown("bucket/a", ALICE);
    put("a", "y");
    assertThat(at("bucket/a").mode()).isEqualTo(0604);
    assertThat(at("bucket/a").uid()).isEqualTo(ALICE.uid());
    assertThat(at("bucket/a").gid()).isEqualTo(ALICE.gid());
  }

  // --- uncommitted writes

  @Test
  void aPinnedObjectIsNotTornByLaterWrites() {
    InodeId file = write("bucket/a", "0123456789");
    write(file, 0, "ab", Stability.UNSTABLE);
    try (OpenObject object = view.open(ROOT, BUCKET, key("a"));
        OpenFile open = openFile(file)) {
      write(file, 1, "XXXXXXXXXXXXXXX", Stability.DURABLE);
      files.setAttributes(ROOT, file, AttributeChanges.size(3));
      open.commit();
      assertThat(all(object)).isEqualTo(bytes("ab23456789"));
    }
    assertThat(text("a")).isEqualTo("aXX");
  }

  @Test
  void aCopyHasTheUncommittedWrites() {
    InodeId file = create("bucket/a");
    write(file, 0, "committed", Stability.DURABLE);
    write(file, 0, "UN", Stability.UNSTABLE);
    ObjectInfo source = head("a");
    ObjectInfo copy = copy("a", "b");
    assertThat(copy.etag()).isEqualTo(source.etag());
    assertThat(copy.size()).isEqualTo(9);
    write(file, 0, "later", Stability.DURABLE);
    assertThat(text("b")).isEqualTo("UNmmitted");
    assertThat(head("b").etag()).isEqualTo(source.etag());
    reopen();
    assertThat(text("b")).isEqualTo("UNmmitted");
  }

  @Test
  void aConditionSeesTheUncommittedWrites() {
    InodeId file = write("bucket/a", "x");
    String before = head("a").etag();
    write(file, 0, "y", Stability.UNSTABLE);
    assertCode(
        ErrorCode.CONDITION_FAILED,
        () -> put(ROOT, "a", bytes("z"), new WriteCondition.IfMatches(before)));
    String now = head("a").etag();
    CopySource seeing =
        new CopySource(
            BUCKET, key("a"), info -> assertThat(info.etag()).as("of the copy").isEqualTo(now));
    view.copy(ROOT, seeing, BUCKET, key("b"), Optional.empty(), WriteCondition.ALWAYS);
    put(ROOT, "a", bytes("z"), new WriteCondition.IfMatches(now));
    assertThat(text("a")).isEqualTo("z");
  }

  @Test
  void aSparseFileIsReadAndCopiedWithItsHoles() {
    InodeId file = create("bucket/a");
    write(file, 1_000_000, "end", Stability.DURABLE);
    write(file, 500_000, "middle", Stability.UNSTABLE);
    byte[] expected = new byte[1_000_003];
    System.arraycopy(bytes("end"), 0, expected, 1_000_000, 3);
    System.arraycopy(bytes("middle"), 0, expected, 500_000, 6);
    assertThat(get("a")).isEqualTo(expected);
    copy("a", "b");
    assertThat(get("b")).isEqualTo(expected);
    assertThat(at("bucket/b").spaceUsed()).isEqualTo(9);
    files.setAttributes(ROOT, file, AttributeChanges.size(2_000_000));
    assertThat(get("a")).isEqualTo(Arrays.copyOf(expected, 2_000_000));
  }

  // --- names

  @Test
  void whatS3CannotNameIsNotThere() {
    symlink("bucket/link", "target");
    write("bucket/target", "x");
    files.createSpecial(
        ROOT,
        at("bucket").inode(),
        FileName.of("pipe"),
        new SpecialFile(FileType.FIFO, 0, 0),
        AttributeChanges.mode(0644));
    FileName bad = FileName.of(new byte[] {'b', (byte) 0xff});
    files.createFile(
        ROOT, at("bucket").inode(), bad, CreateMode.GUARDED, AttributeChanges.mode(0644));
    assertThat(list("", "")).containsExactly("target");
    for (String key : new String[] {"link", "pipe", "link/x", "b\ufffd"}) {
      assertCode(ErrorCode.NOT_FOUND, () -> head(key));
      assertCode(ErrorCode.NOT_FOUND, () -> get(key));
      assertThat(delete(key)).isFalse();
    }
    assertCode(ErrorCode.OBJECT_PARENT_IS_FILE, () -> put("link/x", "x"));
    assertCode(
        ErrorCode.CONDITION_FAILED, () -> put(ROOT, "link", bytes("x"), WriteCondition.IF_ABSENT));
    put("link", "a file instead");
    assertThat(at("bucket/link").type()).isEqualTo(FileType.REGULAR);
    assertThat(at("bucket/link").mode()).isEqualTo(0640);
    assertThat(text("target")).isEqualTo("x");
  }

  @Test
  void renamingADirectoryRenamesItsObjects() {
    put("a/b/1", "one");
    put("a/b/2", "two", metadata("k", "v"));
    rename("bucket/a/b", "bucket/c");
    assertThat(list("", "")).containsExactly("c/1", "c/2");
    assertThat(text("c/1")).isEqualTo("one");
    assertThat(head("c/2").properties()).isEqualTo(metadata("k", "v"));
    rename("bucket", "renamed");
    assertCode(ErrorCode.NO_SUCH_BUCKET, () -> head("c/1"));
    rename("renamed/c/1", "moved");
    rename("renamed", "bucket");
    assertThat(list("", "")).containsExactly("c/2");
  }

  @Test
  void anEmptyDirectoryOfNfsShowsWithTheSlashAsDelimiterOnly() {
    mkdir("bucket/empty", 0755);
    put("full/a", "x");
    assertThat(list("", "/")).containsExactly("empty/", "full/");
    assertThat(list("", "")).containsExactly("full/a");
    assertThat(list("empty/", "/")).isEmpty();
    assertCode(ErrorCode.NOT_FOUND, () -> head("empty/"));
  }

  @Test
  void eachSideSeesTheOthersRemovals() {
    put("a", "x");
    remove("bucket/a");
    assertThat(exists("a")).isFalse();
    write("bucket/b", "x");
    assertThat(delete("b")).isTrue();
    assertThat(existsAt("bucket/b")).isFalse();
    put("d/c", "x");
    remove("bucket/d/c");
    assertThat(existsAt("bucket/d")).as("emptied over NFS, so it stays").isTrue();
  }

  @Test
  void anExclusiveCreateAndAPutOfWhatIsAbsentExcludeEachOther() {
    files.createFile(
        ROOT,
        at("bucket").inode(),
        FileName.of("a"),
        new CreateMode.Exclusive(7),
        AttributeChanges.mode(0644));
    assertCode(
        ErrorCode.CONDITION_FAILED, () -> put(ROOT, "a", bytes("x"), WriteCondition.IF_ABSENT));
    put(ROOT, "b", bytes("x"), WriteCondition.IF_ABSENT);
    assertCode(
        ErrorCode.EXISTS,
        () ->
            files.createFile(
                ROOT,
                at("bucket").inode(),
                FileName.of("b"),
                new CreateMode.Exclusive(7),
                AttributeChanges.mode(0644)));
  }

  // --- directories

  @Test
  void aPutMovesTheDirectoryAsNfsExpects() {
    long change = at("bucket").change();
    put("a", "x");
    assertThat(at("bucket").change()).isGreaterThan(change);
    change = at("bucket").change();
    put("a", "y");
    assertThat(at("bucket").change()).isGreaterThan(change);
    change = at("bucket").change();
    delete("a");
    assertThat(at("bucket").change()).isGreaterThan(change);
  }

  @Test
  void tagsOfAFileThatNfsMadeSurviveItsEdits() {
    InodeId file = write("bucket/a", "x");
    String before = head("a").etag();
    view.setTags(ROOT, BUCKET, key("a"), Map.of("k", "v"));
    assertThat(head("a").etag()).isEqualTo(before);
    write(file, 0, "y", Stability.DURABLE);
    assertThat(head("a").properties().tags()).isEqualTo(Map.of("k", "v"));
    assertThat(head("a").etag()).matches(OPAQUE).isNotEqualTo(before);
  }

  @Test
  void contentStagedBeforeTheBucketWasRenamedGoesWhereTheNameLeadsNow() {
    try (ContentWriter content = view.newContent(ROOT, -1)) {
      content.write(ByteBuffer.wrap(bytes("x")));
      rename("bucket", "elsewhere");
      assertCode(
          ErrorCode.NO_SUCH_BUCKET,
          () ->
              view.put(
                  ROOT,
                  BUCKET,
                  key("a"),
                  content,
                  md5(bytes("x")),
                  ObjectProperties.NONE,
                  WriteCondition.ALWAYS));
    }
    assertThat(existsAt("elsewhere/a")).isFalse();
  }

  /** The frontend's condition runs on what is copied, not on what was looked at before. */
  @Test
  void aCopyOfANfsFileAsksTheConditionOnce() {
    write("bucket/a", "x");
    int[] asked = {0};
    ReadCondition counting = info -> asked[0]++;
    view.copy(
        ROOT,
        new CopySource(BUCKET, key("a"), counting),
        BUCKET,
        key("b"),
        Optional.empty(),
        WriteCondition.ALWAYS);
    assertThat(asked[0]).isEqualTo(1);
  }
}
