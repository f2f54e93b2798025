package io.forebay.nfs.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.engine.AttributeChanges;
import io.forebay.engine.Caller;
import io.forebay.engine.FileName;
import io.forebay.engine.InodeId;
import io.forebay.nfs.attr.Attribute;
import io.forebay.nfs.attr.AttributeBitmap;
import io.forebay.nfs.op.NfsOp;
import io.forebay.nfs.op.NfsResult;
import io.forebay.nfs.op.NfsResult.ReadDir.Entry;
import io.forebay.nfs.op.NfsStatus;
import io.forebay.nfs.op.ResultEncoder;
import io.forebay.nfs.xdr.XdrWriter;
import io.forebay.testkit.Seeds;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** RFC 8881 section 18.23: READDIR. */
class ReadDirTest extends ServerTest {
  private static final AttributeBitmap NOTHING = AttributeBitmap.EMPTY;

  /** What {@code ls -l} on Linux asks for. */
  private static final AttributeBitmap MUCH =
      AttributeBitmap.of(
          Attribute.RDATTR_ERROR,
          Attribute.TYPE,
          Attribute.CHANGE,
          Attribute.SIZE,
          Attribute.FSID,
          Attribute.FILEHANDLE,
          Attribute.FILEID,
          Attribute.MODE,
          Attribute.NUMLINKS,
          Attribute.OWNER,
          Attribute.OWNER_GROUP,
          Attribute.SPACE_USED,
          Attribute.TIME_MODIFY,
          Attribute.MOUNTED_ON_FILEID);

  private NfsOp readDir(long cookie, int dirCount, int maxCount, AttributeBitmap wanted) {
    return new NfsOp.ReadDir(cookie, 0, dirCount, maxCount, wanted);
  }

  private List<Entry> listing(String path, int dirCount, int maxCount, AttributeBitmap wanted) {
    List<Entry> all = new ArrayList<>();
    long cookie = 0;
    while (true) {
      NfsResult.ReadDir page =
          at(NfsResult.ReadDir.class, path, readDir(cookie, dirCount, maxCount, wanted));
      assertThat(encoded(page)).isLessThanOrEqualTo(maxCount);
      all.addAll(page.entries());
      if (page.end()) {
        return all;
      }
      cookie = page.entries().getLast().cookie();
    }
  }

  /** Bytes of READDIR4resok. */
  private static int encoded(NfsResult.ReadDir page) {
    XdrWriter out = new XdrWriter(1 << 22);
    ResultEncoder.encode(page, out);
    return out.size() - 8;
  }

  private void fill(InodeId parent, int count) {
    for (int i = 0; i < count; i++) {
      server
          .files()
          .createDirectory(
              Caller.ROOT, parent, FileName.of("entry-" + i), AttributeChanges.mode(0755));
    }
  }

  @Test
  void anEmptyDirectoryEndsAtOnceWithoutDots() {
    server.directory("/d");
    NfsResult.ReadDir page = at(NfsResult.ReadDir.class, "d", readDir(0, 4096, 4096, NOTHING));

    assertThat(page.entries()).isEmpty();
    assertThat(page.end()).isTrue();
  }

  @Test
  void anEmptyDirectoryFitsIntoTheSmallestAnswer() {
    server.directory("/d");

    assertThat(at("d", readDir(0, 0, 16, NOTHING))).isEqualTo(NfsStatus.OK);
  }

  @Test
  void everyEntryIsListedOnceWhateverTheClientsCounts() {
    fill(server.directory("/d"), 300);
    Random random = Seeds.random("everyEntryIsListedOnceWhateverTheClientsCounts");
    for (AttributeBitmap wanted : List.of(NOTHING, MUCH)) {
      for (int round = 0; round < 8; round++) {
        int maxCount = 512 + random.nextInt(1 << (9 + random.nextInt(8)));
        List<Entry> all = listing("d", random.nextInt(4096), maxCount, wanted);

        Set<String> names = new HashSet<>();
        all.forEach(entry -> names.add(entry.name().toText()));
        assertThat(all).hasSize(300);
        assertThat(names).hasSize(300);
        assertThat(all).allSatisfy(entry -> assertThat(entry.cookie()).isGreaterThan(2));
      }
    }
  }

  @Test
  void anEntryThatFitsExactlyIsReturned() {
    fill(server.directory("/d"), 2);
    NfsResult.ReadDir both = at(NfsResult.ReadDir.class, "d", readDir(0, 0, 4096, MUCH));
    int exact = encoded(both);

    assertThat(at(NfsResult.ReadDir.class, "d", readDir(0, 0, exact, MUCH)).entries()).hasSize(2);
    NfsResult.ReadDir less = at(NfsResult.ReadDir.class, "d", readDir(0, 0, exact - 1, MUCH));
    assertThat(less.entries()).hasSize(1);
    assertThat(less.end()).isFalse();
  }

  @Test
  void whatHasNoRoomForOneEntryIsTooSmall() {
    fill(server.directory("/d"), 1);

    assertThat(at("d", readDir(0, 0, 40, MUCH))).isEqualTo(NfsStatus.TOOSMALL);
    assertThat(at("d", readDir(0, 0, 0, NOTHING))).isEqualTo(NfsStatus.TOOSMALL);
  }

  @Test
  void theCountOfNamesIsAHintThatLetsOneEntryThrough() {
    fill(server.directory("/d"), 50);

    assertThat(at(NfsResult.ReadDir.class, "d", readDir(0, 1, 4096, NOTHING)).entries()).hasSize(1);
    // A cookie, a length and a name padded to 8 bytes: 20 bytes each.
    assertThat(at(NfsResult.ReadDir.class, "d", readDir(0, 100, 4096, NOTHING)).entries())
        .hasSize(5);
  }

  @Test
  void cookiesAreGoodForEverAndReservedOnesAreBad() {
    InodeId parent = server.directory("/d");
    fill(parent, 10);
    List<Entry> all = listing("d", 0, 4096, NOTHING);
    long fifth = all.get(4).cookie();
    client.run(Ops.at("d", Ops.remove(all.get(4).name().toText())));
    restart();

    NfsResult.ReadDir rest = at(NfsResult.ReadDir.class, "d", readDir(fifth, 0, 4096, NOTHING));
    assertThat(rest.entries())
        .extracting(Entry::cookie)
        .isEqualTo(all.subList(5, 10).stream().map(Entry::cookie).toList());
    assertThat(at("d", readDir(1, 0, 4096, NOTHING))).isEqualTo(NfsStatus.BAD_COOKIE);
    assertThat(at("d", readDir(2, 0, 4096, NOTHING))).isEqualTo(NfsStatus.BAD_COOKIE);
    assertThat(at("d", readDir(-1, 0, 4096, NOTHING))).isEqualTo(NfsStatus.BAD_COOKIE);
  }

  @Test
  void aVerifierThatWasNeverGivenIsNotTheSame() {
    fill(server.directory("/d"), 1);

    assertThat(at("d", new NfsOp.ReadDir(7, 1, 0, 4096, NOTHING))).isEqualTo(NfsStatus.NOT_SAME);
    assertThat(at("d", new NfsOp.ReadDir(0, 1, 0, 4096, NOTHING))).isEqualTo(NfsStatus.OK);
  }

  @Test
  void entriesThatStayAreSeenOnceWhileOthersComeAndGo() {
    InodeId parent = server.directory("/d");
    fill(parent, 100);
    Set<String> seen = new HashSet<>();
    long cookie = 0;
    int made = 0;
    while (true) {
      NfsResult.ReadDir page = at(NfsResult.ReadDir.class, "d", readDir(cookie, 0, 512, NOTHING));
      for (Entry entry : page.entries()) {
        assertThat(seen.add(entry.name().toText())).as(entry.name().toText()).isTrue();
      }
      if (page.end() || made > 1000) {
        break;
      }
      cookie = page.entries().getLast().cookie();
      client.run(Ops.at("d", Ops.remove(page.entries().getFirst().name().toText())));
      if (made < 20) {
        client.run(Ops.at("d", Ops.makeDirectory("new-" + made++)));
      }
    }
    for (int i = 0; i < 100; i++) {
      assertThat(seen).contains("entry-" + i);
    }
  }

  @Test
  void attributesComeWithTheEntries() {
    fill(server.directory("/d"), 1);
    Entry entry = listing("d", 0, 4096, MUCH).getFirst();

    assertThat(entry.source().handle()).isEqualTo(handle("d/entry-0"));
    assertThat(entry.source().file())
        .isEqualTo(server.files().attributes(entry.source().file().inode()));
    assertThat(entry.source().mountedOnFileId()).isEqualTo(entry.source().file().inode().value());
  }

  @Test
  void onlyDirectoriesAreListedAndOnlyToWhomMayRead() {
    client.run(Ops.at("", Ops.create("f")));
    client.run(Ops.at("", Ops.makeSymlink("l", "f")));
    client.run(Ops.at("", Ops.makeDirectory("d")));
    client.run(Ops.at("d", Ops.setAttr(Ops.mode(0711))));

    assertThat(at("f", readDir(0, 0, 4096, NOTHING))).isEqualTo(NfsStatus.NOTDIR);
    assertThat(at("l", readDir(0, 0, 4096, NOTHING))).isEqualTo(NfsStatus.NOTDIR);
    assertThat(at("", readDir(0, 0, 4096, AttributeBitmap.of(Attribute.TIME_MODIFY_SET))))
        .isEqualTo(NfsStatus.INVAL);
    client.as(1000, 1000);
    assertThat(at("d", readDir(0, 0, 4096, NOTHING))).isEqualTo(NfsStatus.ACCESS);
  }
}
