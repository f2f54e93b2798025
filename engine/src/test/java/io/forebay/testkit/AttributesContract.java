package io.forebay.testkit;

import static io.forebay.engine.InodeId.ROOT;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.engine.AttributeChanges;
import io.forebay.engine.Caller;
import io.forebay.engine.CreateMode;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.FileAttributes;
import io.forebay.engine.FileSystem;
import io.forebay.engine.InodeId;
import io.forebay.engine.OpenAccess;
import io.forebay.engine.OpenCheck;
import io.forebay.engine.OpenFile;
import io.forebay.engine.Permission;
import io.forebay.engine.RemoveKind;
import io.forebay.engine.Stability;
import io.forebay.engine.TimeChange;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Attributes and rights, whoever implements {@link FileSystem} (POSIX.1-2017). */
public abstract class AttributesContract extends FileSystemSuite {
  private static final Caller IN_ALICES_GROUP = new Caller(1003, 2003, Set.of(ALICE.gid()));

  private FileAttributes set(Caller caller, InodeId inode, AttributeChanges changes) {
    return fs().setAttributes(caller, inode, changes);
  }

  private InodeId alicesFile(int mode) {
    InodeId open = makeDirectory(ROOT, "open", 0777);
    return makeFile(ALICE, open, "f", mode);
  }

  // --- rights

  @Test
  void exactlyOneClassOfBitsCounts() {
    InodeId file = alicesFile(0046);
    assertThat(fs().permissions(ALICE, file)).isEmpty();
    assertThat(fs().permissions(IN_ALICES_GROUP, file)).containsExactly(Permission.READ);
    assertThat(fs().permissions(BOB, file))
        .containsExactlyInAnyOrder(Permission.READ, Permission.WRITE);
  }

  @Test
  void theSuperuserReadsAndWritesAllAndExecutesWhatAnybodyMay() {
    InodeId file = alicesFile(0000);
    assertThat(fs().permissions(SU, file))
        .containsExactlyInAnyOrder(Permission.READ, Permission.WRITE);
    set(SU, file, AttributeChanges.mode(0010));
    assertThat(fs().permissions(SU, file)).contains(Permission.EXECUTE);
    InodeId directory = makeDirectory(ROOT, "d", 0000);
    assertThat(fs().permissions(SU, directory)).hasSize(3);
  }

  @Test
  void namesNeedTheDirectorysRights() {
    InodeId directory = makeDirectory(ROOT, "d", 0744);
    makeFile(directory, "f");
    assertRefused(ErrorCode.ACCESS_DENIED, () -> fs().lookup(ALICE, directory, name("f")));
    assertRefused(ErrorCode.ACCESS_DENIED, () -> fs().lookup(ALICE, directory, name("none")));
    assertThat(fs().readDirectory(ALICE, directory, 0, 10).entries()).hasSize(1);
    set(SU, directory, AttributeChanges.mode(0711));
    assertThat(fs().lookup(ALICE, directory, name("f"))).isNotNull();
    assertRefused(ErrorCode.ACCESS_DENIED, () -> fs().readDirectory(ALICE, directory, 0, 10));
    assertRefused(ErrorCode.ACCESS_DENIED, () -> makeFile(ALICE, directory, "g", 0644));
    assertRefused(
        ErrorCode.ACCESS_DENIED,
        () -> fs().createDirectory(ALICE, directory, name("g"), AttributeChanges.mode(0755)));
    assertRefused(
        ErrorCode.ACCESS_DENIED, () -> fs().remove(ALICE, directory, name("f"), RemoveKind.FILE));
    InodeId open = makeDirectory(ROOT, "open", 0777);
    InodeId mine = makeFile(ALICE, open, "mine", 0644);
    assertRefused(ErrorCode.ACCESS_DENIED, () -> fs().link(ALICE, mine, directory, name("mine")));
    assertRefused(
        ErrorCode.ACCESS_DENIED,
        () -> fs().rename(ALICE, open, name("mine"), directory, name("mine")));
    assertRefused(
        ErrorCode.ACCESS_DENIED, () -> fs().rename(ALICE, directory, name("f"), open, name("f")));
    assertThat(exists(directory, "f")).isTrue();
    assertThat(exists(open, "mine")).isTrue();
  }

  @Test
  void whatExistsIsToldBeforeTheRightToMakeItIsAsked() {
    InodeId directory = makeDirectory(ROOT, "d", 0755);
    makeFile(directory, "f");
    assertRefused(ErrorCode.EXISTS, () -> makeFile(ALICE, directory, "f", 0644));
  }

  @Test
  void inAStickyDirectoryOnlyOwnersRemoveAndRename() {
    InodeId shared = makeDirectory(ROOT, "tmp", 01777);
    makeFile(ALICE, shared, "alices", 0666);
    makeFile(BOB, shared, "bobs", 0666);
    assertRefused(
        ErrorCode.NOT_PERMITTED, () -> fs().remove(BOB, shared, name("alices"), RemoveKind.FILE));
    assertRefused(
        ErrorCode.NOT_PERMITTED, () -> fs().rename(BOB, shared, name("alices"), shared, name("x")));
    assertRefused(
        ErrorCode.NOT_PERMITTED,
        () -> fs().rename(BOB, shared, name("bobs"), shared, name("alices")));
    fs().rename(ALICE, shared, name("alices"), shared, name("renamed"));
    fs().remove(ALICE, shared, name("renamed"), RemoveKind.FILE);
    set(SU, shared, AttributeChanges.NONE.withOwner(ALICE.uid()));
    fs().remove(ALICE, shared, name("bobs"), RemoveKind.FILE);
  }

  @Test
  void aDirectoryChangesItsParentOnlyForWhoMayWriteIt() {
    InodeId open = makeDirectory(ROOT, "open", 0777);
    InodeId other = makeDirectory(ROOT, "other", 0777);
    makeDirectory(open, "d", 0755);
    assertRefused(
        ErrorCode.ACCESS_DENIED, () -> fs().rename(ALICE, open, name("d"), other, name("d")));
    fs().rename(ALICE, open, name("d"), open, name("e"));
    assertThat(exists(open, "e")).isTrue();
  }

  @Test
  void openingNeedsTheRightOfItsKind() {
    InodeId file = alicesFile(0640);
    open(ALICE, file, OpenAccess.READ_WRITE, OpenCheck.ENFORCE).close();
    open(IN_ALICES_GROUP, file, OpenAccess.READ, OpenCheck.ENFORCE).close();
    assertRefused(
        ErrorCode.ACCESS_DENIED,
        () -> open(IN_ALICES_GROUP, file, OpenAccess.WRITE, OpenCheck.ENFORCE));
    assertRefused(
        ErrorCode.ACCESS_DENIED, () -> open(BOB, file, OpenAccess.READ, OpenCheck.ENFORCE));
    open(BOB, file, OpenAccess.READ, OpenCheck.ALREADY_GRANTED).close();
  }

  private OpenFile open(Caller caller, InodeId file, OpenAccess access, OpenCheck check) {
    return fs().open(caller, file, access, check);
  }

  @Test
  void onlyRegularFilesAreOpened() {
    InodeId link =
        fs().createSymlink(SU, ROOT, name("l"), new byte[] {'x'}, AttributeChanges.mode(0777))
            .attributes()
            .inode();
    assertRefused(ErrorCode.IS_SYMLINK, () -> openFile(link));
    assertRefused(ErrorCode.IS_DIRECTORY, () -> openFile(ROOT));
  }

  @Test
  void anOpenFileDoesWhatItWasOpenedFor() {
    InodeId file = makeFile(ROOT, "f");
    try (OpenFile reading = open(SU, file, OpenAccess.READ, OpenCheck.ENFORCE);
        OpenFile writing = open(SU, file, OpenAccess.WRITE, OpenCheck.ENFORCE)) {
      assertRefused(ErrorCode.ACCESS_DENIED, () -> write(reading, 0, "x"));
      assertRefused(ErrorCode.ACCESS_DENIED, () -> readText(writing));
    }
  }

  // --- chmod, chown

  @Test
  void onlyTheOwnerSetsTheMode() {
    InodeId file = alicesFile(0666);
    assertRefused(ErrorCode.NOT_PERMITTED, () -> set(BOB, file, AttributeChanges.mode(0600)));
    FileAttributes before = fs().attributes(file);
    FileAttributes after = set(ALICE, file, AttributeChanges.mode(0600));
    assertThat(after.mode()).isEqualTo(0600);
    assertThat(after.change()).isGreaterThan(before.change());
    assertThat(after.dataVersion()).isEqualTo(before.dataVersion());
    assertThat(fs().attributes(file)).isEqualTo(after);
    assertRefused(ErrorCode.INVALID_ARGUMENT, () -> set(SU, file, AttributeChanges.mode(0100000)));
  }

  @Test
  void nothingToSetChangesNothing() {
    InodeId file = alicesFile(0666);
    FileAttributes before = fs().attributes(file);
    assertThat(set(BOB, file, AttributeChanges.NONE)).isEqualTo(before);
  }

  @Test
  void theSetGroupIdBitIsNotForOtherGroupsFiles() {
    InodeId file = alicesFile(0750);
    set(SU, file, AttributeChanges.NONE.withGroup(BOB.gid()));
    assertThat(set(ALICE, file, AttributeChanges.mode(02750)).mode()).isEqualTo(0750);
    assertThat(set(SU, file, AttributeChanges.mode(02750)).mode()).isEqualTo(02750);
  }

  @Test
  void filesAreGivenAwayByTheSuperuserOnly() {
    InodeId file = alicesFile(0644);
    assertRefused(
        ErrorCode.NOT_PERMITTED,
        () -> set(ALICE, file, AttributeChanges.NONE.withOwner(BOB.uid())));
    assertRefused(
        ErrorCode.NOT_PERMITTED,
        () -> set(ALICE, file, AttributeChanges.NONE.withGroup(BOB.gid())));
    Caller inBoth = new Caller(ALICE.uid(), ALICE.gid(), Set.of(BOB.gid()));
    assertThat(set(inBoth, file, AttributeChanges.NONE.withGroup(BOB.gid())).gid())
        .isEqualTo(BOB.gid());
    assertThat(set(SU, file, AttributeChanges.NONE.withOwner(-2)).uid()).isEqualTo(-2);
    world().crash();
    assertThat(fs().attributes(file).uid()).isEqualTo(-2);
  }

  @Test
  void aNewOwnerGetsNoLentRights() {
    InodeId file = alicesFile(0755);
    set(SU, file, AttributeChanges.mode(06755));
    assertThat(set(SU, file, AttributeChanges.NONE.withOwner(BOB.uid())).mode()).isEqualTo(0755);
    set(SU, file, AttributeChanges.mode(02745));
    assertThat(set(SU, file, AttributeChanges.NONE.withGroup(5)).mode())
        .as("without the group's right to execute it lends none")
        .isEqualTo(02745);
    InodeId directory = makeDirectory(ROOT, "d", 02775);
    assertThat(set(SU, directory, AttributeChanges.NONE.withGroup(5)).mode()).isEqualTo(02775);
  }

  @Test
  void aWriteByAnOrdinaryUserTakesLentRightsAway() {
    InodeId file = alicesFile(0777);
    set(SU, file, AttributeChanges.mode(06777));
    try (OpenFile byRoot = openFile(file);
        OpenFile byBob = open(BOB, file, OpenAccess.WRITE, OpenCheck.ENFORCE)) {
      write(byRoot, 0, "x");
      assertThat(fs().attributes(file).mode()).isEqualTo(06777);
      assertThat(write(byBob, 0, "y").mode()).isEqualTo(0777);
    }
    set(SU, file, AttributeChanges.mode(06777));
    assertThat(set(BOB, file, AttributeChanges.size(0)).mode()).isEqualTo(0777);
  }

  // --- times

  @Test
  void explicitTimesAreTheOwnersAndTheClocksTimeIsEveryWriters() {
    InodeId file = alicesFile(0666);
    AttributeChanges explicit =
        AttributeChanges.NONE
            .withModify(new TimeChange.To(1_234_567_890_123_456_789L))
            .withAccess(new TimeChange.To(-5));
    assertRefused(ErrorCode.NOT_PERMITTED, () -> set(BOB, file, explicit));
    FileAttributes after = set(ALICE, file, explicit);
    assertThat(after.modifyNanos()).isEqualTo(1_234_567_890_123_456_789L);
    assertThat(after.accessNanos()).isEqualTo(-5);
    assertThat(after.changeNanos()).isEqualTo(world().clock().epochNanos());
    world().clock().advance(Duration.ofSeconds(1));
    AttributeChanges now =
        AttributeChanges.NONE.withModify(TimeChange.NOW).withAccess(TimeChange.NOW);
    assertThat(set(BOB, file, now).modifyNanos()).isEqualTo(world().clock().epochNanos());
    set(ALICE, file, AttributeChanges.mode(0644));
    assertRefused(ErrorCode.ACCESS_DENIED, () -> set(BOB, file, now));
  }

  @Test
  void anExplicitTimeHoldsAgainstAWriteBeforeIt() {
    InodeId file = makeFile(ROOT, "f");
    try (OpenFile open = openFile(file)) {
      write(open, 0, "text");
      world().clock().advance(Duration.ofSeconds(1));
      set(SU, file, AttributeChanges.NONE.withModify(new TimeChange.To(77)));
      open.commit();
      assertThat(fs().attributes(file).modifyNanos()).isEqualTo(77);
    }
    world().crash();
    assertThat(fs().attributes(file).modifyNanos()).isEqualTo(77);
    assertThat(readFile(file)).isEqualTo("text");
  }

  @Test
  void aChangeOfEntriesMovesTheDirectorysTime() {
    InodeId directory = makeDirectory(ROOT, "d", 0755);
    world().clock().advance(Duration.ofSeconds(1));
    makeFile(directory, "f");
    long made = world().clock().epochNanos();
    assertThat(fs().attributes(directory).modifyNanos()).isEqualTo(made);
    assertThat(fs().attributes(directory).changeNanos()).isEqualTo(made);
    world().clock().advance(Duration.ofSeconds(1));
    writeFile(lookup(directory, "f").inode(), "x");
    assertThat(fs().attributes(directory).modifyNanos()).isEqualTo(made);
  }

  // --- size

  @Test
  void aSizeCutsAndExtends() {
    InodeId file = makeFile(ROOT, "f");
    writeFile(file, "0123456789");
    FileAttributes before = fs().attributes(file);
    FileAttributes cut = set(SU, file, AttributeChanges.size(4));
    assertThat(cut.size()).isEqualTo(4);
    assertThat(cut.change()).isGreaterThan(before.change());
    assertThat(cut.dataVersion()).isGreaterThan(before.dataVersion());
    assertThat(readFile(file)).isEqualTo("0123");
    set(SU, file, AttributeChanges.size(6));
    assertThat(readFile(file)).isEqualTo("0123\0\0");
    world().crash();
    assertThat(readFile(file)).isEqualTo("0123\0\0");
  }

  @Test
  void whatWasCutOffDoesNotComeBack() {
    InodeId file = makeFile(ROOT, "f");
    try (OpenFile open = openFile(file)) {
      write(open, 0, "secret");
      set(SU, file, AttributeChanges.size(2));
      write(open, 5, "x");
      assertThat(readText(open)).isEqualTo("se\0\0\0x");
      open.commit();
    }
    world().crash();
    assertThat(readFile(file)).isEqualTo("se\0\0\0x");
  }

  @Test
  void aSizeNeedsTheRightToWriteUnlessTheFileIsOpenForIt() {
    InodeId file = alicesFile(0400);
    assertRefused(ErrorCode.ACCESS_DENIED, () -> set(ALICE, file, AttributeChanges.size(1)));
    try (OpenFile open = open(ALICE, file, OpenAccess.WRITE, OpenCheck.ALREADY_GRANTED);
        OpenFile reading = open(ALICE, file, OpenAccess.READ, OpenCheck.ENFORCE)) {
      assertThat(fs().setAttributesOfOpenFile(ALICE, open, AttributeChanges.size(3)).size())
          .isEqualTo(3);
      assertRefused(
          ErrorCode.ACCESS_DENIED,
          () -> fs().setAttributesOfOpenFile(ALICE, reading, AttributeChanges.size(1)));
    }
  }

  @Test
  void onlyFilesHaveASizeToSet() {
    assertRefused(ErrorCode.IS_DIRECTORY, () -> set(SU, ROOT, AttributeChanges.size(0)));
    InodeId link =
        fs().createSymlink(SU, ROOT, name("l"), new byte[] {'x'}, AttributeChanges.mode(0777))
            .attributes()
            .inode();
    assertRefused(ErrorCode.WRONG_TYPE, () -> set(SU, link, AttributeChanges.size(0)));
    InodeId file = makeFile(ROOT, "f");
    assertRefused(ErrorCode.INVALID_ARGUMENT, () -> set(SU, file, AttributeChanges.size(-1)));
    assertRefused(
        ErrorCode.FILE_TOO_LARGE,
        () -> set(SU, file, AttributeChanges.size(FileSystem.MAX_FILE_SIZE + 1)));
    assertThat(set(SU, file, AttributeChanges.size(FileSystem.MAX_FILE_SIZE)).size())
        .isEqualTo(FileSystem.MAX_FILE_SIZE);
  }

  @Test
  void allIsSetOrNothing() {
    InodeId file = alicesFile(0644);
    FileAttributes before = fs().attributes(file);
    assertRefused(
        ErrorCode.NOT_PERMITTED,
        () -> set(ALICE, file, AttributeChanges.mode(0600).withOwner(BOB.uid())));
    assertRefused(
        ErrorCode.NOT_PERMITTED,
        () -> set(ALICE, file, AttributeChanges.size(5).withOwner(BOB.uid())));
    assertThat(fs().attributes(file)).isEqualTo(before);
  }

  // --- the change counter, with a clock that stands still

  @Test
  void everyChangeIsSeenInTheCounter() {
    InodeId file =
        fs().createFile(SU, ROOT, name("f"), CreateMode.GUARDED, AttributeChanges.mode(0644))
            .attributes()
            .inode();
    try (OpenFile open = openFile(file)) {
      long last = fs().attributes(file).change();
      for (int i = 0; i < 20; i++) {
        switch (i % 5) {
          case 0 -> write(open, i, "x");
          case 1 -> set(SU, file, AttributeChanges.mode(0600 + i));
          case 2 -> open.write(0, ByteBuffer.wrap(new byte[] {1}), Stability.DURABLE);
          case 3 -> set(SU, file, AttributeChanges.size(100 + i));
          default -> fs().link(SU, file, ROOT, name("link" + i));
        }
        long change = fs().attributes(file).change();
        assertThat(change).as("step " + i).isGreaterThan(last);
        last = change;
        open.commit();
        assertThat(fs().attributes(file).change()).isGreaterThanOrEqualTo(last);
        last = fs().attributes(file).change();
      }
    }
    assertThat(fs().attributes(file).change())
        .isGreaterThanOrEqualTo(fs().attributes(file).dataVersion());
  }

  @Test
  void aCommitDoesNotShowAsAChange() {
    InodeId file = makeFile(ROOT, "f");
    try (OpenFile open = openFile(file)) {
      FileAttributes written = write(open, 0, "text");
      open.commit();
      FileAttributes committed = fs().attributes(file);
      assertThat(committed).isEqualTo(written);
    }
    world().crash();
    assertThat(fs().attributes(file).dataVersion()).isEqualTo(fs().attributes(file).change());
  }

  @Test
  void aMoveOfTheClockBackwardsMovesNoCounterBackwards() {
    InodeId file = makeFile(ROOT, "f");
    long before = fs().attributes(file).change();
    world().clock().step(Duration.ofHours(-1));
    set(SU, file, AttributeChanges.mode(0600));
    writeFile(file, "x");
    assertThat(fs().attributes(file).change()).isGreaterThan(before + 1);
  }
}
