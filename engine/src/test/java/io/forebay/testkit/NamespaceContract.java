package io.forebay.testkit;

import static io.forebay.engine.InodeId.ROOT;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.engine.AttributeChanges;
import io.forebay.engine.CreateMode;
import io.forebay.engine.Creation;
import io.forebay.engine.DirectoryChange;
import io.forebay.engine.DirectoryEntry;
import io.forebay.engine.DirectoryPage;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.FileAttributes;
import io.forebay.engine.FileName;
import io.forebay.engine.FileSystem;
import io.forebay.engine.FileType;
import io.forebay.engine.InodeId;
import io.forebay.engine.Removal;
import io.forebay.engine.RemoveKind;
import io.forebay.engine.Renaming;
import io.forebay.engine.SpecialFile;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What names do, whoever implements {@link FileSystem}. */
public abstract class NamespaceContract extends FileSystemSuite {
  // --- the root, lookups

  @Test
  void theRootIsADirectoryAndItsOwnParent() {
    FileAttributes root = fs().attributes(ROOT);
    assertThat(root.type()).isEqualTo(FileType.DIRECTORY);
    assertThat(root.linkCount()).isEqualTo(2);
    assertThat(fs().lookupParent(SU, ROOT).inode()).isEqualTo(ROOT);
  }

  @Test
  void aNameIsFoundWithTheAttributesOfItsInode() {
    InodeId file = makeFile(ROOT, "a");
    assertThat(lookup(ROOT, "a")).isEqualTo(fs().attributes(file));
    assertRefused(ErrorCode.NOT_FOUND, () -> lookup(ROOT, "b"));
  }

  @Test
  void aLookupNeedsADirectory() {
    InodeId file = makeFile(ROOT, "file");
    InodeId link = makeSymlink("link", "file");
    assertRefused(ErrorCode.NOT_DIRECTORY, () -> lookup(file, "x"));
    assertRefused(ErrorCode.IS_SYMLINK, () -> lookup(link, "x"));
    assertRefused(ErrorCode.STALE, () -> lookup(new InodeId(999_999), "x"));
    assertRefused(ErrorCode.STALE, () -> fs().attributes(new InodeId(999_999)));
    assertRefused(ErrorCode.NOT_DIRECTORY, () -> fs().lookupParent(SU, file));
  }

  @Test
  void namesAreBytesAndTheLongestHas255() {
    byte[] odd = {(byte) 0xff, (byte) 0xfe, ' ', '\n', '\\'};
    fs().createFile(SU, ROOT, FileName.of(odd), CreateMode.GUARDED, AttributeChanges.NONE);
    assertThat(fs().lookup(SU, ROOT, FileName.of(odd)).isRegular()).isTrue();
    String longest = "n".repeat(255);
    makeFile(ROOT, longest);
    assertThat(exists(ROOT, longest)).isTrue();
    assertThat(exists(ROOT, "n".repeat(254))).isFalse();
  }

  // --- creating files

  @Test
  void aNewFileIsEmptyAndBelongsToItsCreator() {
    InodeId open = makeDirectory(ROOT, "open", 0777);
    FileAttributes file =
        fs().createFile(ALICE, open, name("f"), CreateMode.GUARDED, AttributeChanges.mode(0640))
            .attributes();
    assertThat(file.type()).isEqualTo(FileType.REGULAR);
    assertThat(file.mode()).isEqualTo(0640);
    assertThat(file.uid()).isEqualTo(ALICE.uid());
    assertThat(file.gid()).isEqualTo(ALICE.gid());
    assertThat(file.size()).isZero();
    assertThat(file.spaceUsed()).isZero();
    assertThat(file.linkCount()).isEqualTo(1);
    assertThat(file.birthNanos()).isEqualTo(world().clock().epochNanos());
    assertThat(fs().attributes(file.inode())).isEqualTo(file);
  }

  @Test
  void withoutAModeThereIsNone() {
    FileAttributes file =
        fs().createFile(SU, ROOT, name("f"), CreateMode.GUARDED, AttributeChanges.NONE)
            .attributes();
    assertThat(file.mode()).isZero();
  }

  @Test
  void creatingChangesTheDirectoryAndSaysHow() {
    DirectoryChange first = change(create("a", CreateMode.GUARDED));
    DirectoryChange second = change(create("b", CreateMode.GUARDED));
    assertThat(first.after()).isGreaterThan(first.before());
    assertThat(second.before()).isEqualTo(first.after());
    assertThat(second.after()).isEqualTo(fs().attributes(ROOT).change());
  }

  private Creation create(String name, CreateMode mode) {
    return fs().createFile(SU, ROOT, name(name), mode, AttributeChanges.mode(0600));
  }

  private static DirectoryChange change(Creation creation) {
    return creation.directory();
  }

  @Test
  void aGuardedCreateRefusesWhatExists() {
    create("a", CreateMode.GUARDED);
    assertRefused(ErrorCode.EXISTS, () -> create("a", CreateMode.GUARDED));
  }

  @Test
  void anUncheckedCreateFindsAFileAsItIs() {
    InodeId file = makeFile(ROOT, "a");
    writeFile(file, "content");
    Creation found = create("a", CreateMode.UNCHECKED);
    assertThat(found.created()).isFalse();
    assertThat(found.attributes().inode()).isEqualTo(file);
    assertThat(found.attributes().mode()).isEqualTo(0644);
    assertThat(found.directory().before()).isEqualTo(found.directory().after());
    assertThat(readFile(file)).isEqualTo("content");
  }

  @Test
  void anUncheckedCreateTruncatesWithASizeOfZeroAndTheRight() {
    InodeId file = makeFile(ROOT, "a");
    writeFile(file, "content");
    assertRefused(
        ErrorCode.ACCESS_DENIED,
        () ->
            fs().createFile(
                    ALICE, ROOT, name("a"), CreateMode.UNCHECKED, AttributeChanges.size(0)));
    assertThat(readFile(file)).isEqualTo("content");
    Creation found =
        fs().createFile(SU, ROOT, name("a"), CreateMode.UNCHECKED, AttributeChanges.size(0));
    assertThat(found.created()).isFalse();
    assertThat(found.attributes().size()).isZero();
    assertThat(readFile(file)).isEmpty();
  }

  @Test
  void anUncheckedCreateNamesWhatIsInTheWay() {
    makeDirectory(ROOT, "d", 0755);
    makeSymlink("l", "x");
    fs().createSpecial(
            SU, ROOT, name("p"), new SpecialFile(FileType.FIFO, 0, 0), AttributeChanges.mode(0600));
    assertRefused(ErrorCode.IS_DIRECTORY, () -> create("d", CreateMode.UNCHECKED));
    assertRefused(ErrorCode.IS_SYMLINK, () -> create("l", CreateMode.UNCHECKED));
    assertRefused(ErrorCode.WRONG_TYPE, () -> create("p", CreateMode.UNCHECKED));
    assertRefused(ErrorCode.EXISTS, () -> create("d", CreateMode.GUARDED));
  }

  @Test
  void anExclusiveCreateFindsItsOwnFileAgainEvenAfterARestart() {
    Creation first = create("a", new CreateMode.Exclusive(42));
    assertThat(first.created()).isTrue();
    Creation again = create("a", new CreateMode.Exclusive(42));
    assertThat(again.created()).isFalse();
    assertThat(again.attributes().inode()).isEqualTo(first.attributes().inode());
    assertRefused(ErrorCode.EXISTS, () -> create("a", new CreateMode.Exclusive(43)));
    world().crash();
    assertThat(create("a", new CreateMode.Exclusive(42)).attributes().inode())
        .isEqualTo(first.attributes().inode());
    create("b", CreateMode.GUARDED);
    assertRefused(ErrorCode.EXISTS, () -> create("b", new CreateMode.Exclusive(0)));
  }

  @Test
  void onlyTheSuperuserCreatesForOthers() {
    InodeId open = makeDirectory(ROOT, "open", 0777);
    AttributeChanges forBob = AttributeChanges.mode(0600).withOwner(BOB.uid());
    assertRefused(
        ErrorCode.NOT_PERMITTED,
        () -> fs().createFile(ALICE, open, name("f"), CreateMode.GUARDED, forBob));
    assertRefused(
        ErrorCode.NOT_PERMITTED,
        () ->
            fs().createDirectory(
                    ALICE, open, name("d"), AttributeChanges.mode(0700).withGroup(BOB.gid())));
    FileAttributes file =
        fs().createFile(SU, open, name("f"), CreateMode.GUARDED, forBob).attributes();
    assertThat(file.uid()).isEqualTo(BOB.uid());
  }

  @Test
  void aSetGroupIdDirectoryGivesItsGroup() {
    InodeId shared =
        fs().createDirectory(SU, ROOT, name("shared"), AttributeChanges.mode(02777).withGroup(7))
            .attributes()
            .inode();
    assertThat(fs().attributes(makeFile(ALICE, shared, "f", 0644)).gid()).isEqualTo(7);
    FileAttributes below =
        fs().createDirectory(ALICE, shared, name("d"), AttributeChanges.mode(0755)).attributes();
    assertThat(below.gid()).isEqualTo(7);
    assertThat(below.mode()).isEqualTo(02755);
  }

  @Test
  void whatNobodyMayAskForIsRefused() {
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () ->
            fs().createFile(
                    SU, ROOT, name("f"), CreateMode.GUARDED, AttributeChanges.mode(010000)));
    assertRefused(
        ErrorCode.FILE_TOO_LARGE,
        () ->
            fs().createFile(
                    SU,
                    ROOT,
                    name("f"),
                    CreateMode.GUARDED,
                    AttributeChanges.size(FileSystem.MAX_FILE_SIZE + 1)));
    assertThat(exists(ROOT, "f")).isFalse();
  }

  // --- directories, links, special files

  @Test
  void aDirectoryKnowsItsParentAndCountsItsSubdirectories() {
    InodeId a = makeDirectory(ROOT, "a", 0755);
    InodeId b = makeDirectory(a, "b", 0700);
    makeFile(a, "file");
    assertThat(fs().attributes(a).linkCount()).isEqualTo(3);
    assertThat(fs().attributes(b).linkCount()).isEqualTo(2);
    assertThat(fs().attributes(ROOT).linkCount()).isEqualTo(3);
    assertThat(fs().lookupParent(SU, b).inode()).isEqualTo(a);
    assertRefused(ErrorCode.EXISTS, () -> makeDirectory(a, "b", 0755));
    assertRefused(ErrorCode.EXISTS, () -> makeDirectory(a, "file", 0755));
  }

  private InodeId makeSymlink(String name, String target) {
    return fs().createSymlink(
            SU,
            ROOT,
            name(name),
            target.getBytes(StandardCharsets.UTF_8),
            AttributeChanges.mode(0777))
        .attributes()
        .inode();
  }

  @Test
  void aSymbolicLinkKeepsItsTargetByteForByte() {
    InodeId link = makeSymlink("l", "../ä/x");
    assertThat(fs().readSymlink(ALICE, link)).isEqualTo("../ä/x".getBytes(StandardCharsets.UTF_8));
    assertThat(fs().attributes(link).size()).isEqualTo(7);
    assertThat(fs().attributes(link).type()).isEqualTo(FileType.SYMLINK);
    assertRefused(ErrorCode.WRONG_TYPE, () -> fs().readSymlink(SU, ROOT));
    assertThat(makeSymlink("longest", "t".repeat(4095))).isNotNull();
    assertRefused(ErrorCode.NAME_TOO_LONG, () -> makeSymlink("m", "t".repeat(4096)));
    assertRefused(ErrorCode.INVALID_ARGUMENT, () -> makeSymlink("m", ""));
    assertRefused(ErrorCode.INVALID_ARGUMENT, () -> makeSymlink("m", "a\0b"));
  }

  @Test
  void devicesNeedTheSuperuserAndKeepTheirNumbers() {
    InodeId open = makeDirectory(ROOT, "open", 0777);
    SpecialFile device = new SpecialFile(FileType.BLOCK_DEVICE, 8, 17);
    assertRefused(
        ErrorCode.NOT_PERMITTED,
        () -> fs().createSpecial(ALICE, open, name("d"), device, AttributeChanges.mode(0600)));
    FileAttributes made =
        fs().createSpecial(SU, open, name("d"), device, AttributeChanges.mode(0600)).attributes();
    assertThat(made.type()).isEqualTo(FileType.BLOCK_DEVICE);
    assertThat(made.deviceMajor()).isEqualTo(8);
    assertThat(made.deviceMinor()).isEqualTo(17);
    FileAttributes socket =
        fs().createSpecial(
                ALICE,
                open,
                name("s"),
                new SpecialFile(FileType.SOCKET, 0, 0),
                AttributeChanges.mode(0600))
            .attributes();
    assertThat(socket.type()).isEqualTo(FileType.SOCKET);
  }

  @Test
  void aHardLinkIsAnotherNameOfTheSameFile() {
    InodeId file = makeFile(ROOT, "a");
    writeFile(file, "text");
    InodeId directory = makeDirectory(ROOT, "d", 0755);
    long before = fs().attributes(file).change();
    DirectoryChange change = fs().link(SU, file, directory, name("b"));
    assertThat(change.after()).isGreaterThan(change.before());
    assertThat(lookup(directory, "b").inode()).isEqualTo(file);
    assertThat(fs().attributes(file).linkCount()).isEqualTo(2);
    assertThat(fs().attributes(file).change()).isGreaterThan(before);
    Removal removal = fs().remove(SU, ROOT, name("a"), RemoveKind.FILE);
    assertThat(removal.lastLink()).isFalse();
    assertThat(fs().attributes(file).linkCount()).isEqualTo(1);
    assertThat(readFile(file)).isEqualTo("text");
  }

  @Test
  void linksAreRefusedForDirectoriesTakenNamesAndTheNameless() {
    InodeId file = makeFile(ROOT, "a");
    InodeId directory = makeDirectory(ROOT, "d", 0755);
    assertRefused(ErrorCode.IS_DIRECTORY, () -> fs().link(SU, directory, ROOT, name("x")));
    assertRefused(ErrorCode.EXISTS, () -> fs().link(SU, file, ROOT, name("d")));
    assertRefused(ErrorCode.EXISTS, () -> fs().link(SU, file, ROOT, name("a")));
    assertRefused(ErrorCode.NOT_DIRECTORY, () -> fs().link(SU, file, file, name("x")));
    try (var open = openFile(file)) {
      fs().remove(SU, ROOT, name("a"), RemoveKind.FILE);
      assertRefused(ErrorCode.STALE, () -> fs().link(SU, open.inode(), ROOT, name("x")));
    }
    assertRefused(ErrorCode.STALE, () -> fs().link(SU, file, ROOT, name("x")));
  }

  // --- removing

  @Test
  void whatIsRemovedIsGone() {
    InodeId file = makeFile(ROOT, "a");
    Removal removal = fs().remove(SU, ROOT, name("a"), RemoveKind.FILE);
    assertThat(removal.removed()).isEqualTo(file);
    assertThat(removal.lastLink()).isTrue();
    assertThat(removal.directory().after()).isGreaterThan(removal.directory().before());
    assertThat(exists(ROOT, "a")).isFalse();
    assertRefused(ErrorCode.STALE, () -> fs().attributes(file));
    assertRefused(ErrorCode.STALE, () -> openFile(file));
    assertRefused(ErrorCode.STALE, () -> fs().setAttributes(SU, file, AttributeChanges.mode(0600)));
    assertRefused(ErrorCode.NOT_FOUND, () -> fs().remove(SU, ROOT, name("a"), RemoveKind.ANY));
  }

  @Test
  void onlyTheRightKindIsRemoved() {
    makeFile(ROOT, "file");
    makeDirectory(ROOT, "dir", 0755);
    assertRefused(
        ErrorCode.NOT_DIRECTORY, () -> fs().remove(SU, ROOT, name("file"), RemoveKind.DIRECTORY));
    assertRefused(
        ErrorCode.IS_DIRECTORY, () -> fs().remove(SU, ROOT, name("dir"), RemoveKind.FILE));
    fs().remove(SU, ROOT, name("file"), RemoveKind.ANY);
    fs().remove(SU, ROOT, name("dir"), RemoveKind.ANY);
    assertThat(fs().attributes(ROOT).linkCount()).isEqualTo(2);
  }

  @Test
  void onlyEmptyDirectoriesAreRemoved() {
    InodeId directory = makeDirectory(ROOT, "d", 0755);
    makeFile(directory, "f");
    assertRefused(
        ErrorCode.NOT_EMPTY, () -> fs().remove(SU, ROOT, name("d"), RemoveKind.DIRECTORY));
    fs().remove(SU, directory, name("f"), RemoveKind.FILE);
    fs().remove(SU, ROOT, name("d"), RemoveKind.DIRECTORY);
    assertRefused(ErrorCode.STALE, () -> makeFile(directory, "f"));
    assertRefused(ErrorCode.STALE, () -> fs().attributes(directory));
    assertRefused(ErrorCode.STALE, () -> fs().readDirectory(SU, directory, 0, 10));
  }

  // --- renaming

  private Renaming rename(InodeId from, String name, InodeId to, String newName) {
    return fs().rename(SU, from, name(name), to, name(newName));
  }

  @Test
  void aRenamedFileHasItsNewNameAndNotTheOld() {
    InodeId d = makeDirectory(ROOT, "d", 0755);
    InodeId file = makeFile(ROOT, "a");
    long before = fs().attributes(file).change();
    Renaming renaming = rename(ROOT, "a", d, "b");
    assertThat(renaming.moved()).isEqualTo(file);
    assertThat(renaming.replaced()).isEmpty();
    assertThat(renaming.source().after()).isGreaterThan(renaming.source().before());
    assertThat(renaming.target().after()).isEqualTo(fs().attributes(d).change());
    assertThat(exists(ROOT, "a")).isFalse();
    assertThat(lookup(d, "b").inode()).isEqualTo(file);
    assertThat(fs().attributes(file).change()).isGreaterThan(before);
  }

  @Test
  void withinADirectoryBothChangesAreTheSame() {
    makeFile(ROOT, "a");
    Renaming renaming = rename(ROOT, "a", ROOT, "b");
    assertThat(renaming.source()).isEqualTo(renaming.target());
    assertThat(renaming.source().after()).isEqualTo(fs().attributes(ROOT).change());
  }

  @Test
  void aRenameReplacesAFile() {
    InodeId source = makeFile(ROOT, "a");
    InodeId old = makeFile(ROOT, "b");
    Renaming renaming = rename(ROOT, "a", ROOT, "b");
    assertThat(renaming.replaced()).isEqualTo(Optional.of(old));
    assertThat(lookup(ROOT, "b").inode()).isEqualTo(source);
    assertThat(exists(ROOT, "a")).isFalse();
    assertRefused(ErrorCode.STALE, () -> fs().attributes(old));
  }

  @Test
  void aRenameReplacesAnEmptyDirectoryByADirectory() {
    InodeId a = makeDirectory(ROOT, "a", 0755);
    InodeId b = makeDirectory(ROOT, "b", 0755);
    InodeId inB = makeFile(b, "f");
    makeFile(ROOT, "file");
    assertRefused(ErrorCode.NOT_EMPTY, () -> rename(ROOT, "a", ROOT, "b"));
    assertRefused(ErrorCode.NOT_DIRECTORY, () -> rename(ROOT, "a", ROOT, "file"));
    assertRefused(ErrorCode.IS_DIRECTORY, () -> rename(ROOT, "file", ROOT, "a"));
    assertThat(lookup(b, "f").inode()).isEqualTo(inB);
    rename(ROOT, "b", ROOT, "a");
    assertThat(lookup(ROOT, "a").inode()).isEqualTo(b);
    assertRefused(ErrorCode.STALE, () -> fs().attributes(a));
    assertThat(fs().attributes(ROOT).linkCount()).isEqualTo(3);
  }

  @Test
  void aMovedDirectoryTakesItsTreeAlongAndCountsAtItsNewPlace() {
    InodeId a = makeDirectory(ROOT, "a", 0755);
    InodeId b = makeDirectory(ROOT, "b", 0755);
    InodeId c = makeDirectory(a, "c", 0755);
    InodeId file = makeFile(c, "f");
    rename(a, "c", b, "moved");
    assertThat(fs().lookupParent(SU, c).inode()).isEqualTo(b);
    assertThat(lookup(c, "f").inode()).isEqualTo(file);
    assertThat(fs().attributes(a).linkCount()).isEqualTo(2);
    assertThat(fs().attributes(b).linkCount()).isEqualTo(3);
  }

  @Test
  void aDirectoryNeverMovesBelowItself() {
    InodeId a = makeDirectory(ROOT, "a", 0755);
    InodeId b = makeDirectory(a, "b", 0755);
    InodeId c = makeDirectory(b, "c", 0755);
    assertRefused(ErrorCode.INVALID_ARGUMENT, () -> rename(ROOT, "a", a, "x"));
    assertRefused(ErrorCode.INVALID_ARGUMENT, () -> rename(ROOT, "a", c, "x"));
    assertRefused(ErrorCode.NOT_EMPTY, () -> rename(b, "c", ROOT, "a"));
  }

  @Test
  void twoNamesOfOneFileAreLeftAsTheyAre() {
    InodeId file = makeFile(ROOT, "a");
    fs().link(SU, file, ROOT, name("b"));
    Renaming renaming = rename(ROOT, "a", ROOT, "b");
    assertThat(renaming.source().before()).isEqualTo(renaming.source().after());
    assertThat(exists(ROOT, "a")).isTrue();
    assertThat(exists(ROOT, "b")).isTrue();
    assertThat(fs().attributes(file).linkCount()).isEqualTo(2);
    rename(ROOT, "a", ROOT, "a");
    assertThat(exists(ROOT, "a")).isTrue();
  }

  @Test
  void renamesOfNothingAndIntoNothingAreRefused() {
    makeFile(ROOT, "a");
    assertRefused(ErrorCode.NOT_FOUND, () -> rename(ROOT, "x", ROOT, "y"));
    assertRefused(ErrorCode.STALE, () -> rename(ROOT, "a", new InodeId(123_456), "y"));
    InodeId file = lookup(ROOT, "a").inode();
    assertRefused(ErrorCode.NOT_DIRECTORY, () -> rename(ROOT, "a", file, "y"));
  }

  // --- reading directories

  private List<DirectoryEntry> list(InodeId directory, int pageSize) {
    List<DirectoryEntry> all = new ArrayList<>();
    long cookie = 0;
    DirectoryPage page;
    do {
      page = fs().readDirectory(SU, directory, cookie, pageSize);
      all.addAll(page.entries());
      cookie = page.entries().isEmpty() ? cookie : page.entries().getLast().cookie();
      assertThat(page.entries().size() == pageSize || page.end()).isTrue();
    } while (!page.end());
    return all;
  }

  @Test
  void aListingHasEveryEntryOnceWhateverThePage() {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      makeFile(ROOT, "f" + i);
      names.add("f" + i);
    }
    for (int pageSize : new int[] {1, 7, 50, 1024}) {
      List<DirectoryEntry> listed = list(ROOT, pageSize);
      assertThat(listed).extracting(each -> each.name().toString()).hasSize(50);
      assertThat(listed)
          .extracting(each -> each.name().toString())
          .containsExactlyInAnyOrderElementsOf(names);
      assertThat(listed).allMatch(each -> each.cookie() >= 3);
      assertThat(listed)
          .allSatisfy(each ->
              assertThat(each.attributes()).isEqualTo(lookup(ROOT, each.name().toString())));
    }
  }

  @Test
  void anEmptyDirectoryListsNothing() {
    InodeId empty = makeDirectory(ROOT, "d", 0755);
    DirectoryPage page = fs().readDirectory(SU, empty, 0, 10);
    assertThat(page.entries()).isEmpty();
    assertThat(page.end()).isTrue();
  }

  @Test
  void changesDuringAListingDisturbNoOtherEntry() {
    for (int i = 0; i < 20; i++) {
      makeFile(ROOT, "f" + i);
    }
    DirectoryPage first = fs().readDirectory(SU, ROOT, 0, 10);
    for (DirectoryEntry seen : first.entries()) {
      fs().remove(SU, ROOT, seen.name(), RemoveKind.FILE);
    }
    long cookie = first.entries().getLast().cookie();
    for (int i = 0; i < 5; i++) {
      makeFile(ROOT, "new" + i);
    }
    List<String> rest = new ArrayList<>();
    DirectoryPage page = fs().readDirectory(SU, ROOT, cookie, 100);
    page.entries().forEach(each -> rest.add(each.name().toString()));
    assertThat(rest).contains("f10", "f15", "f19").doesNotHaveDuplicates();
    assertThat(page.end()).isTrue();
  }

  @Test
  void aNameThatIsMadeAgainGetsANewCookie() {
    makeFile(ROOT, "a");
    long cookie = list(ROOT, 10).getFirst().cookie();
    fs().remove(SU, ROOT, name("a"), RemoveKind.FILE);
    makeFile(ROOT, "a");
    assertThat(list(ROOT, 10).getFirst().cookie()).isGreaterThan(cookie);
  }

  @Test
  void pagesAreBounded() {
    assertRefused(ErrorCode.INVALID_ARGUMENT, () -> fs().readDirectory(SU, ROOT, 0, 0));
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> fs().readDirectory(SU, ROOT, 0, FileSystem.MAX_DIRECTORY_PAGE + 1));
    InodeId file = makeFile(ROOT, "f");
    assertRefused(ErrorCode.NOT_DIRECTORY, () -> fs().readDirectory(SU, file, 0, 10));
  }

  // --- durability

  @Test
  void theTreeIsTheSameAfterACrash() {
    InodeId a = makeDirectory(ROOT, "a", 0755);
    InodeId file = makeFile(a, "f");
    fs().link(SU, file, ROOT, name("g"));
    makeSymlink("l", "target");
    rename(ROOT, "g", a, "h");
    List<DirectoryEntry> before = list(a, 100);
    FileAttributes root = fs().attributes(ROOT);
    world().crash();
    assertThat(list(a, 100)).isEqualTo(before);
    assertThat(fs().attributes(ROOT)).isEqualTo(root);
    assertThat(fs().readSymlink(SU, lookup(ROOT, "l").inode()))
        .isEqualTo("target".getBytes(StandardCharsets.UTF_8));
    assertThat(makeFile(ROOT, "later").value()).isGreaterThan(file.value());
  }

  @Test
  void statisticsCountInodesAndNeverMoreThanThereIs() {
    long before = fs().statistics().usedInodes();
    makeFile(ROOT, "a");
    world().clock().advance(Duration.ofSeconds(5));
    assertThat(fs().statistics().usedInodes()).isEqualTo(before + 1);
    assertThat(fs().statistics().freeBytes() + fs().statistics().usedBytes())
        .isEqualTo(fs().statistics().totalBytes());
  }

  @Test
  void theWriteVerifierChangesWithEveryStart() {
    long before = fs().writeVerifier();
    assertThat(fs().writeVerifier()).isEqualTo(before);
    world().reopen();
    assertThat(fs().writeVerifier()).isNotEqualTo(before);
  }
}
