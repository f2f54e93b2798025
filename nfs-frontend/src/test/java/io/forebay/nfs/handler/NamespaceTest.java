package io.forebay.nfs.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.engine.Caller;
import io.forebay.engine.DirectoryChange;
import io.forebay.engine.FileName;
import io.forebay.engine.InodeId;
import io.forebay.engine.RemoveKind;
import io.forebay.nfs.attr.Attribute;
import io.forebay.nfs.attr.AttributeBitmap;
import io.forebay.nfs.op.NfsOp;
import io.forebay.nfs.op.NfsResult;
import io.forebay.nfs.op.NfsStatus;
import io.forebay.nfs.xdr.Opaque;
import org.junit.jupiter.api.Test;

/** RFC 8881 sections 18.4, 18.9, 18.13, 18.14, 18.24, 18.25 and 18.26. */
class NamespaceTest extends ServerTest {
  private NfsStatus rename(String fromDirectory, String from, String toDirectory, String to) {
    Opaque target = handle(toDirectory);
    return client.status(
        Ops.at(fromDirectory, Ops.SAVEFH, Ops.putFh(target), Ops.rename(from, to)));
  }

  private NfsStatus link(String file, String directoryPath, String name) {
    Opaque target = handle(directoryPath);
    return at(file, Ops.SAVEFH, Ops.putFh(target), Ops.link(name));
  }

  @Test
  void aCreatedDirectoryIsTheCurrentFile() {
    NfsResult.GetFh made = at(NfsResult.GetFh.class, "", Ops.makeDirectory("d"), Ops.GETFH);

    assertThat(handle("d")).isEqualTo(made.handle());
  }

  @Test
  void aCreateSaysWhatItSetAndHowTheDirectoryChanged() {
    long before = server.files().attributes(InodeId.ROOT).change();
    NfsResult.Create made = at(NfsResult.Create.class, "", Ops.makeDirectory("d"));
    long after = server.files().attributes(InodeId.ROOT).change();

    assertThat(made.change()).isEqualTo(new DirectoryChange(before, after));
    assertThat(after).isGreaterThan(before);
    assertThat(made.set()).isEqualTo(AttributeBitmap.of(Attribute.MODE));
  }

  @Test
  void createMakesEverythingButRegularFiles() {
    for (int type = 2; type <= 7; type++) {
      assertThat(at("", create(type, "n" + type, "target")))
          .as("type " + type)
          .isEqualTo(NfsStatus.OK);
      NfsResult.GetAttr found =
          at(NfsResult.GetAttr.class, "n" + type, Ops.getAttr(Attribute.TYPE));
      assertThat(found.source().file().mode()).isEqualTo(0640);
    }
    assertThat(at("", create(1, "regular", ""))).isEqualTo(NfsStatus.BADTYPE);
    assertThat(at("", create(8, "attributes", ""))).isEqualTo(NfsStatus.BADTYPE);
    assertThat(at("", create(99, "unknown", ""))).isEqualTo(NfsStatus.BADTYPE);
  }

  private static NfsOp create(int type, String name, String target) {
    return new NfsOp.Create(type, Opaque.of(target), 7, 9, Opaque.of(name), Ops.mode(0640));
  }

  @Test
  void devicesKeepTheirNumbers() {
    client.run(Ops.at("", create(4, "null", "")));

    NfsResult.GetAttr found = at(NfsResult.GetAttr.class, "null", Ops.getAttr(Attribute.RAWDEV));
    assertThat(found.source().file().deviceMajor()).isEqualTo(7);
    assertThat(found.source().file().deviceMinor()).isEqualTo(9);
  }

  @Test
  void onlyTheSuperuserMakesDevices() {
    server.directory("/d");
    client.as(1000, 1000);

    assertThat(at("d", create(3, "disk", ""))).isEqualTo(NfsStatus.PERM);
    assertThat(at("d", create(7, "fifo", ""))).isEqualTo(NfsStatus.OK);
  }

  @Test
  void aNameIsCreatedOnce() {
    client.run(Ops.at("", Ops.makeDirectory("d")));

    assertThat(at("", Ops.makeDirectory("d"))).isEqualTo(NfsStatus.EXIST);
    assertThat(at("", Ops.makeSymlink("d", "x"))).isEqualTo(NfsStatus.EXIST);
  }

  @Test
  void aSymbolicLinkKeepsItsTarget() {
    client.run(Ops.at("", Ops.makeSymlink("l", "../somewhere/else")));

    assertThat(at(NfsResult.ReadLink.class, "l", Ops.READLINK).target())
        .isEqualTo(Opaque.of("../somewhere/else"));
    assertThat(at("", Ops.makeSymlink("empty", ""))).isEqualTo(NfsStatus.INVAL);
    assertThat(at("", Ops.makeSymlink("nul", "a\0b"))).isEqualTo(NfsStatus.BADCHAR);
    assertThat(at("", Ops.makeSymlink("long", "x".repeat(4096)))).isEqualTo(NfsStatus.NAMETOOLONG);
    assertThat(at("", Ops.makeSymlink("longest", "x".repeat(4095)))).isEqualTo(NfsStatus.OK);
  }

  @Test
  void onlySymbolicLinksAreReadAsSuch() {
    client.run(Ops.at("", Ops.create("f")));

    assertThat(at("f", Ops.READLINK)).isEqualTo(NfsStatus.WRONG_TYPE);
    assertThat(at("", Ops.READLINK)).isEqualTo(NfsStatus.WRONG_TYPE);
  }

  @Test
  void lookupSaysWhatIsInTheWay() {
    client.run(Ops.at("", Ops.create("f")));
    client.run(Ops.at("", Ops.makeSymlink("l", "f")));

    assertThat(at("", Ops.lookup("missing"))).isEqualTo(NfsStatus.NOENT);
    assertThat(at("f", Ops.lookup("x"))).isEqualTo(NfsStatus.NOTDIR);
    assertThat(at("l", Ops.lookup("x"))).isEqualTo(NfsStatus.SYMLINK);
    assertThat(at("", Ops.lookup(""))).isEqualTo(NfsStatus.INVAL);
    assertThat(at("", Ops.lookup(".."))).isEqualTo(NfsStatus.BADNAME);
    assertThat(at("", Ops.lookup("a".repeat(256)))).isEqualTo(NfsStatus.NAMETOOLONG);
    assertThat(client.status(Ops.lookup("f"))).isEqualTo(NfsStatus.NOFILEHANDLE);
  }

  @Test
  void lookupNeedsTheRightToSearch() {
    client.run(Ops.at("", Ops.makeDirectory("d"), Ops.makeDirectory("e")));
    client.run(Ops.at("d", Ops.setAttr(Ops.mode(0600))));
    client.as(1000, 1000);

    assertThat(at("d", Ops.lookup("e"))).isEqualTo(NfsStatus.ACCESS);
  }

  @Test
  void theParentIsFoundAndTheRootHasNone() {
    client.run(Ops.at("", Ops.makeDirectory("d"), Ops.makeDirectory("e")));
    client.run(Ops.at("", Ops.create("f")));

    assertThat(at(NfsResult.GetFh.class, "d/e", Ops.LOOKUPP, Ops.GETFH).handle())
        .isEqualTo(handle("d"));
    assertThat(at("", Ops.LOOKUPP)).isEqualTo(NfsStatus.NOENT);
    assertThat(at("f", Ops.LOOKUPP)).isEqualTo(NfsStatus.NOTDIR);
  }

  @Test
  void removeTakesFilesAndEmptyDirectories() {
    client.run(Ops.at("", Ops.create("f")));
    client.run(Ops.at("", Ops.makeDirectory("d"), Ops.makeDirectory("e")));

    assertThat(at("", Ops.remove("d"))).isEqualTo(NfsStatus.NOTEMPTY);
    assertThat(at("d", Ops.remove("e"))).isEqualTo(NfsStatus.OK);
    assertThat(at("", Ops.remove("d"))).isEqualTo(NfsStatus.OK);
    assertThat(at("f", Ops.remove("x"))).isEqualTo(NfsStatus.NOTDIR);
    NfsResult.Changed removed = at(NfsResult.Changed.class, "", Ops.remove("f"));
    assertThat(removed.change().after()).isGreaterThan(removed.change().before());
    assertThat(at("", Ops.remove("f"))).isEqualTo(NfsStatus.NOENT);
    assertThat(at("", Ops.remove("."))).isEqualTo(NfsStatus.BADNAME);
  }

  @Test
  void aStickyDirectoryProtectsOtherPeoplesFiles() {
    server.directory("/tmp");
    client.run(Ops.at("tmp", Ops.create("roots")));
    client.run(Ops.at("tmp", Ops.setAttr(Ops.mode(01777))));
    client.as(1000, 1000);

    // Section 15.2: REMOVE may not say PERM.
    assertThat(at("tmp", Ops.remove("roots"))).isEqualTo(NfsStatus.ACCESS);
  }

  @Test
  void renameMovesAndReplaces() {
    client.run(Ops.at("a", Ops.close(opened(Ops.create("a")))));
    client.run(Ops.at("", Ops.create("b")));
    client.run(Ops.at("", Ops.makeDirectory("d")));
    Opaque a = handle("a");

    assertThat(rename("", "a", "d", "c")).isEqualTo(NfsStatus.OK);
    assertThat(handle("d/c")).isEqualTo(a);
    assertThat(at("", Ops.lookup("a"))).isEqualTo(NfsStatus.NOENT);
    assertThat(rename("", "b", "d", "c")).isEqualTo(NfsStatus.OK);
    assertThat(handle("d/c")).isNotEqualTo(a);
    assertThat(client.status(Ops.putFh(a))).isEqualTo(NfsStatus.STALE);
  }

  @Test
  void renameSaysBothDirectoriesChanges() {
    client.run(Ops.at("", Ops.create("a")));
    client.run(Ops.at("", Ops.makeDirectory("d")));
    Opaque target = handle("d");

    NfsResult.Rename renamed =
        at(NfsResult.Rename.class, "", Ops.SAVEFH, Ops.putFh(target), Ops.rename("a", "b"));

    assertThat(renamed.source().after()).isGreaterThan(renamed.source().before());
    assertThat(renamed.target().after()).isGreaterThan(renamed.target().before());
    assertThat(renamed.source().after())
        .isEqualTo(server.files().attributes(InodeId.ROOT).change());
  }

  /** Section 18.26.3. */
  @Test
  void renameReplacesOnlyWhatIsOfALikeKind() {
    client.run(Ops.at("", Ops.create("f")));
    client.run(Ops.at("", Ops.makeDirectory("d")));
    client.run(Ops.at("", Ops.makeDirectory("full"), Ops.makeDirectory("x")));

    assertThat(rename("", "f", "", "d")).isEqualTo(NfsStatus.EXIST);
    assertThat(rename("", "d", "", "f")).isEqualTo(NfsStatus.EXIST);
    assertThat(rename("", "d", "", "full")).isEqualTo(NfsStatus.EXIST);
    assertThat(rename("", "full", "full/x", "y")).isEqualTo(NfsStatus.INVAL);
    assertThat(rename("", "missing", "", "y")).isEqualTo(NfsStatus.NOENT);
    assertThat(rename("f", "a", "", "b")).isEqualTo(NfsStatus.NOTDIR);
    assertThat(rename("", "f", "f", "b")).isEqualTo(NfsStatus.NOTDIR);
    assertThat(at("", Ops.rename("f", "g"))).isEqualTo(NfsStatus.NOFILEHANDLE);
  }

  @Test
  void linkGivesAnotherName() {
    client.run(Ops.at("", Ops.create("f")));
    client.run(Ops.at("", Ops.makeDirectory("d")));

    assertThat(link("f", "d", "g")).isEqualTo(NfsStatus.OK);
    assertThat(handle("d/g")).isEqualTo(handle("f"));
    assertThat(
            at(NfsResult.GetAttr.class, "f", Ops.getAttr(Attribute.NUMLINKS))
                .source()
                .file()
                .linkCount())
        .isEqualTo(2);
    assertThat(link("f", "d", "g")).isEqualTo(NfsStatus.EXIST);
    assertThat(link("d", "", "e")).isEqualTo(NfsStatus.ISDIR);
    assertThat(link("f", "f", "e")).isEqualTo(NfsStatus.NOTDIR);
  }

  @Test
  void whatANameNeedsIsTheRightToWriteItsDirectory() {
    client.run(Ops.at("", Ops.makeDirectory("d")));
    client.run(Ops.at("d", Ops.create("f")));
    client.as(1000, 1000);

    assertThat(at("d", Ops.makeDirectory("x"))).isEqualTo(NfsStatus.ACCESS);
    assertThat(at("d", Ops.remove("f"))).isEqualTo(NfsStatus.ACCESS);
    assertThat(rename("d", "f", "d", "g")).isEqualTo(NfsStatus.ACCESS);
    assertThat(at("d", Ops.create("x"))).isEqualTo(NfsStatus.ACCESS);
  }

  @Test
  void whatOneProtocolCommittedTheNextLookupFinds() {
    server.directory("/made/elsewhere");

    assertThat(at("made/elsewhere", Ops.GETFH)).isEqualTo(NfsStatus.OK);
    server
        .files()
        .remove(Caller.ROOT, server.directory("/made"), FileName.of("elsewhere"), RemoveKind.ANY);
    assertThat(at("made", Ops.lookup("elsewhere"))).isEqualTo(NfsStatus.NOENT);
  }
}
