package io.forebay.nfs.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.engine.AttributeChanges;
import io.forebay.engine.Caller;
import io.forebay.engine.InodeId;
import io.forebay.nfs.ClientRule;
import io.forebay.nfs.ClientRule.Squash;
import io.forebay.nfs.Export;
import io.forebay.nfs.attr.Attribute;
import io.forebay.nfs.attr.AttributeBitmap;
import io.forebay.nfs.attr.AttributeEncoder;
import io.forebay.nfs.attr.AttributeSource;
import io.forebay.nfs.op.NfsOp;
import io.forebay.nfs.op.NfsOp.OpenHow;
import io.forebay.nfs.op.NfsResult;
import io.forebay.nfs.op.NfsResult.ReadDir.Entry;
import io.forebay.nfs.op.NfsStatus;
import io.forebay.nfs.op.StateId;
import io.forebay.nfs.rpc.Credential;
import io.forebay.nfs.xdr.Opaque;
import io.forebay.nfs.xdr.XdrReader;
import io.forebay.nfs.xdr.XdrWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** RFC 8881 section 7.3 and exports(5): what is exported, to whom, as whom. */
class ExportsTest {
  private static final String OFFICE = "10.0.0.0/8";
  private static final String IN_OFFICE = "10.1.2.3";
  private static final String ELSEWHERE = "192.0.2.1";

  @TempDir Path directory;
  private @Nullable TestServer started;

  private TestServer server(Export... exports) {
    started = new TestServer(directory, exports);
    return started;
  }

  @AfterEach
  void stop() {
    if (started != null) {
      started.close();
    }
  }

  private static TestClient office(TestServer server) {
    return server.client(IN_OFFICE, 0, 0).ready();
  }

  private static List<String> names(TestClient client, String path) {
    return entries(client, path).stream().map(entry -> entry.name().toText()).toList();
  }

  private static List<Entry> entries(TestClient client, String path) {
    AttributeBitmap wanted =
        AttributeBitmap.of(
            Attribute.RDATTR_ERROR,
            Attribute.FSID,
            Attribute.FILEHANDLE,
            Attribute.MOUNTED_ON_FILEID);
    NfsResult.ReadDir page =
        client.last(
            NfsResult.ReadDir.class, Ops.at(path, new NfsOp.ReadDir(0, 0, 0, 4096, wanted)));
    assertThat(page.end()).isTrue();
    return page.entries();
  }

  private static AttributeSource source(TestClient client, String path) {
    return client
        .last(NfsResult.GetAttr.class, Ops.at(path, new NfsOp.GetAttr(AttributeBitmap.READABLE)))
        .source();
  }

  private static long fsid(TestClient client, String path) {
    return source(client, path).fileSystem().fsidMinor();
  }

  private static Opaque handle(TestClient client, String path) {
    return client.last(NfsResult.GetFh.class, Ops.at(path, Ops.GETFH)).handle();
  }

  // --- the pseudo file system

  @Test
  void theRootIsTheVolumesWhereItIsExported() {
    TestServer server = server(TestServer.open("/"));
    server.directory("/a");

    assertThat(source(office(server), "").file().inode()).isEqualTo(InodeId.ROOT);
    assertThat(names(office(server), "")).containsExactly("a");
  }

  @Test
  void pseudoDirectoriesLeadToExportsAndShowNothingElse() {
    TestServer server = server(TestServer.open("/a/b"), TestServer.open("/c"));
    server.directory("/a/b/inside");
    server.directory("/a/secret");
    server.directory("/c");
    TestClient client = office(server);

    assertThat(names(client, "")).containsExactly("a", "c");
    assertThat(names(client, "a")).containsExactly("b");
    assertThat(names(client, "a/b")).containsExactly("inside");
    assertThat(client.status(Ops.at("a", Ops.lookup("secret")))).isEqualTo(NfsStatus.NOENT);
    assertThat(handle(client, "a/b/inside")).isNotEqualTo(handle(client, "a/b"));
  }

  @Test
  void theWayBackLeadsThroughThePseudoFileSystem() {
    TestServer server = server(TestServer.open("/a/b"));
    server.directory("/a/b/c");
    TestClient client = office(server);

    assertThat(handleAfter(client, "a/b/c", Ops.LOOKUPP)).isEqualTo(handle(client, "a/b"));
    assertThat(handleAfter(client, "a/b", Ops.LOOKUPP)).isEqualTo(handle(client, "a"));
    assertThat(handleAfter(client, "a", Ops.LOOKUPP)).isEqualTo(handle(client, ""));
    assertThat(client.status(Ops.at("", Ops.LOOKUPP))).isEqualTo(NfsStatus.NOENT);
  }

  private static Opaque handleAfter(TestClient client, String path, NfsOp op) {
    return client.last(NfsResult.GetFh.class, Ops.at(path, op, Ops.GETFH)).handle();
  }

  @Test
  void everyExportIsAFileSystemOfItsOwn() {
    TestServer server = server(TestServer.open("/a"), TestServer.open("/b"));
    server.directory("/a");
    server.directory("/b");
    TestClient client = office(server);

    assertThat(List.of(fsid(client, ""), fsid(client, "a"), fsid(client, "b")))
        .doesNotHaveDuplicates();
    assertThat(source(client, "a").mountedOnFileId())
        .isEqualTo(entries(client, "").getFirst().source().mountedOnFileId())
        .isNotEqualTo(source(client, "a").file().inode().value());
    assertThat(entries(client, "").getFirst().source().handle()).isEqualTo(handle(client, "a"));
  }

  @Test
  void handlesOfPseudoDirectoriesAreTheSameAfterARestart() {
    TestServer server = server(TestServer.open("/a/b"));
    server.directory("/a/b");
    Opaque before = handle(office(server), "a");
    server.restart();

    assertThat(handle(office(server), "a")).isEqualTo(before);
    assertThat(office(server).status(Ops.putFh(before), Ops.lookup("b"))).isEqualTo(NfsStatus.OK);
  }

  @Test
  void thePseudoFileSystemIsReadOnly() {
    TestServer server = server(TestServer.open("/a/b"));
    server.directory("/a/b");
    TestClient client = office(server);

    assertThat(client.status(Ops.at("", Ops.makeDirectory("x")))).isEqualTo(NfsStatus.ROFS);
    assertThat(client.status(Ops.at("", Ops.create("x")))).isEqualTo(NfsStatus.ROFS);
    assertThat(client.status(Ops.at("", Ops.remove("a")))).isEqualTo(NfsStatus.ROFS);
    assertThat(client.status(Ops.at("", Ops.setAttr(Ops.mode(0777))))).isEqualTo(NfsStatus.ROFS);
    assertThat(client.status(Ops.at("", Ops.SAVEFH, Ops.rename("a", "b"))))
        .isEqualTo(NfsStatus.ROFS);
    assertThat(client.status(Ops.at("", Ops.SAVEFH, Ops.link("b")))).isEqualTo(NfsStatus.ROFS);
  }

  @Test
  void aPseudoDirectoryIsADirectoryForEveryOperation() {
    TestServer server = server(TestServer.open("/a/b"));
    server.directory("/a/b");
    TestClient client = office(server);
    NfsResult.Access access =
        client.last(NfsResult.Access.class, Ops.at("a", new NfsOp.Access(0x3f)));

    assertThat(access.granted()).isEqualTo(0x03);
    assertThat(client.status(Ops.at("", Ops.open("a", Ops.READ)))).isEqualTo(NfsStatus.ISDIR);
    assertThat(client.status(Ops.at("", Ops.open("x", Ops.READ)))).isEqualTo(NfsStatus.NOENT);
    assertThat(client.status(Ops.at("", Ops.open("a", 3, 0, "o", guarded()))))
        .isEqualTo(NfsStatus.EXIST);
    assertThat(client.status(Ops.at("", Ops.read(StateId.ANONYMOUS, 0, 1))))
        .isEqualTo(NfsStatus.ISDIR);
    assertThat(client.status(Ops.at("", Ops.commit()))).isEqualTo(NfsStatus.ISDIR);
    assertThat(client.status(Ops.at("", Ops.READLINK))).isEqualTo(NfsStatus.WRONG_TYPE);
    assertThat(client.status(Ops.at("", new NfsOp.SecInfo(Opaque.of("a")))))
        .isEqualTo(NfsStatus.OK);
    assertThat(source(client, "a").file().isDirectory()).isTrue();
    assertThat(source(client, "a").file().linkCount()).isEqualTo(3);
  }

  private static OpenHow guarded() {
    return new OpenHow.Guarded(Ops.mode(0600));
  }

  @Test
  void anExportWhoseDirectoryIsMissingIsNotThereUntilItIs() {
    TestServer server = server(TestServer.open("/a"));
    TestClient client = office(server);

    assertThat(names(client, "")).isEmpty();
    assertThat(client.status(Ops.at("", Ops.lookup("a")))).isEqualTo(NfsStatus.NOENT);
    server.directory("/a");
    assertThat(names(client, "")).containsExactly("a");
    assertThat(client.status(Ops.at("a", Ops.create("f")))).isEqualTo(NfsStatus.OK);
  }

  @Test
  void pagesOfAPseudoDirectoryGoOnWhereTheyEnded() {
    TestServer server = server(TestServer.open("/a"), TestServer.open("/b"), TestServer.open("/c"));
    for (String name : List.of("/a", "/b", "/c")) {
      server.directory(name);
    }
    TestClient client = office(server);
    long cookie = 0;
    for (String name : List.of("a", "b", "c")) {
      NfsResult.ReadDir page =
          client.last(
              NfsResult.ReadDir.class,
              Ops.at("", new NfsOp.ReadDir(cookie, 0, 1, 4096, AttributeBitmap.EMPTY)));
      assertThat(page.entries()).extracting(entry -> entry.name().toText()).containsExactly(name);
      assertThat(page.end()).isEqualTo(name.equals("c"));
      cookie = page.entries().getFirst().cookie();
    }
  }

  // --- exports in exports

  @Test
  void anExportInAnotherIsCrossedInto() {
    TestServer server = server(TestServer.open("/"), TestServer.open("/a/b"));
    server.directory("/a/b/c");
    server.directory("/a/d");
    TestClient client = office(server);

    assertThat(fsid(client, "a")).isEqualTo(fsid(client, ""));
    assertThat(fsid(client, "a/b")).isNotEqualTo(fsid(client, "a"));
    assertThat(fsid(client, "a/b/c")).isEqualTo(fsid(client, "a/b"));
    assertThat(handleAfter(client, "a/b", Ops.LOOKUPP)).isEqualTo(handle(client, "a"));
    assertThat(source(client, "a/b").mountedOnFileId())
        .isEqualTo(source(client, "a/b").file().inode().value());
    assertThat(entries(client, "a"))
        .extracting(entry -> entry.source().handle())
        .containsExactlyInAnyOrder(handle(client, "a/b"), handle(client, "a/d"));
  }

  @Test
  void nothingMovesOrLinksBetweenExports() {
    TestServer server = server(TestServer.open("/"), TestServer.open("/a"));
    server.directory("/a");
    TestClient client = office(server);
    client.run(Ops.at("", Ops.create("f")));
    Opaque inside = handle(client, "a");

    assertThat(client.status(Ops.at("", Ops.SAVEFH, Ops.putFh(inside), Ops.rename("f", "g"))))
        .isEqualTo(NfsStatus.XDEV);
    assertThat(client.status(Ops.at("f", Ops.SAVEFH, Ops.putFh(inside), Ops.link("g"))))
        .isEqualTo(NfsStatus.XDEV);
  }

  @Test
  void anExportForOthersCannotBeEnteredFromTheOneAround() {
    TestServer server =
        server(
            TestServer.open("/"),
            TestServer.export("/a", TestServer.rule(OFFICE, false, Squash.NONE)));
    server.directory("/a/secret");
    TestClient outside = server.client(ELSEWHERE, 0, 0).ready();
    Entry entry = entries(outside, "").getFirst();

    assertThat(outside.status(Ops.at("", Ops.lookup("a")))).isEqualTo(NfsStatus.ACCESS);
    assertThat(entry.source().readError()).isEqualTo(NfsStatus.ACCESS.wire());
    assertThat(outside.status(Ops.putFh(handle(office(server), "a/secret"))))
        .isEqualTo(NfsStatus.STALE);
    assertThat(outside.status(Ops.at("", Ops.open("a", Ops.READ)))).isEqualTo(NfsStatus.ISDIR);
  }

  /** Section 18.23.3: an error instead of the attributes, in the attribute made for it. */
  @Test
  void anEntryThatCannotBeLookedAtHasItsErrorAndItsNumberOnly() {
    TestServer server =
        server(
            TestServer.open("/"),
            TestServer.export("/a", TestServer.rule(OFFICE, false, Squash.NONE)));
    server.directory("/a");
    TestClient outside = server.client(ELSEWHERE, 0, 0).ready();
    AttributeSource source = entries(outside, "").getFirst().source();
    XdrWriter out = new XdrWriter(256);
    AttributeEncoder.encode(AttributeBitmap.READABLE, source, out);
    XdrReader in = new XdrReader(out.written());

    assertThat(AttributeBitmap.decode(in))
        .isEqualTo(AttributeBitmap.of(Attribute.RDATTR_ERROR, Attribute.MOUNTED_ON_FILEID));
    assertThat(in.readInt()).isEqualTo(12);
    assertThat(in.readInt()).isEqualTo(NfsStatus.ACCESS.wire());
  }

  @Test
  void anExportInOneForOthersIsReachedThroughPseudoDirectories() {
    TestServer server =
        server(
            TestServer.export("/", TestServer.rule(OFFICE, false, Squash.NONE)),
            TestServer.open("/a/b"));
    server.directory("/a/b");
    server.directory("/a/secret");
    TestClient outside = server.client(ELSEWHERE, 0, 0).ready();

    assertThat(names(outside, "")).containsExactly("a");
    assertThat(names(outside, "a")).containsExactly("b");
    assertThat(outside.status(Ops.at("a", Ops.lookup("secret")))).isEqualTo(NfsStatus.NOENT);
    assertThat(handle(outside, "a/b")).isEqualTo(handle(office(server), "a/b"));
    assertThat(names(office(server), "a")).containsExactlyInAnyOrder("b", "secret");
  }

  /** What is moved out of the way of its export's path would be the outer export's. */
  @Test
  void theWayToAnExportCannotBeMovedAway() {
    TestServer server =
        server(
            TestServer.open("/"),
            TestServer.export("/a/b", TestServer.rule(OFFICE, false, Squash.NONE)));
    server.directory("/a/b");
    server.directory("/c");
    TestClient outside = server.client(ELSEWHERE, 0, 0).ready();

    assertThat(outside.status(Ops.at("", Ops.SAVEFH, Ops.rename("a", "x"))))
        .isEqualTo(NfsStatus.FILE_OPEN);
    assertThat(outside.status(Ops.at("a", Ops.SAVEFH, Ops.rename("b", "x"))))
        .isEqualTo(NfsStatus.FILE_OPEN);
    assertThat(outside.status(Ops.at("", Ops.SAVEFH, Ops.rename("c", "a"))))
        .isEqualTo(NfsStatus.FILE_OPEN);
    assertThat(outside.status(Ops.at("a", Ops.remove("b")))).isEqualTo(NfsStatus.FILE_OPEN);
    assertThat(outside.status(Ops.at("", Ops.SAVEFH, Ops.rename("c", "b"))))
        .isEqualTo(NfsStatus.OK);
    assertThat(outside.status(Ops.at("a", Ops.open("b", 3, 0, "o", guarded()))))
        .isEqualTo(NfsStatus.EXIST);
  }

  // --- who may come

  @Test
  void aClientWithoutARuleSeesAnEmptyRootAndNoHandleHelpsIt() {
    TestServer server = server(TestServer.export("/", TestServer.rule(OFFICE, false, Squash.NONE)));
    server.directory("/a");
    Opaque stolen = handle(office(server), "a");
    TestClient outside = server.client(ELSEWHERE, 0, 0).ready();

    assertThat(names(outside, "")).isEmpty();
    assertThat(outside.status(Ops.at("", Ops.lookup("a")))).isEqualTo(NfsStatus.NOENT);
    assertThat(outside.status(Ops.putFh(stolen))).isEqualTo(NfsStatus.STALE);
  }

  @Test
  void theFirstRuleThatMatchesDecides() {
    TestServer server =
        server(
            TestServer.export(
                "/",
                TestServer.rule(IN_OFFICE, true, Squash.NONE),
                TestServer.rule(OFFICE, false, Squash.NONE)));

    assertThat(office(server).status(Ops.at("", Ops.makeDirectory("x")))).isEqualTo(NfsStatus.ROFS);
    assertThat(server.client("10.9.9.9", 0, 0).ready().status(Ops.at("", Ops.makeDirectory("x"))))
        .isEqualTo(NfsStatus.OK);
  }

  @Test
  void aReadOnlyExportIsReadOnly() {
    TestServer server =
        server(
            TestServer.export(
                "/",
                TestServer.rule(OFFICE, true, Squash.NONE),
                TestServer.rule(TestServer.ANYBODY, false, Squash.NONE)));
    TestClient writer = server.client(ELSEWHERE, 0, 0).ready();
    StateId open = writer.last(NfsResult.Open.class, Ops.at("", Ops.create("f"))).stateId();
    writer.run(Ops.at("f", Ops.write(open, 0, "x"), Ops.close(open)));
    TestClient reader = office(server);

    assertThat(reader.status(Ops.at("", Ops.open("f", Ops.READ)))).isEqualTo(NfsStatus.OK);
    assertThat(reader.status(Ops.at("", Ops.open("f", Ops.WRITE)))).isEqualTo(NfsStatus.ROFS);
    assertThat(reader.status(Ops.at("f", Ops.openCurrent(Ops.BOTH)))).isEqualTo(NfsStatus.ROFS);
    assertThat(reader.status(Ops.at("", Ops.create("new")))).isEqualTo(NfsStatus.ROFS);
    assertThat(reader.status(Ops.at("", Ops.open("f", Ops.READ, 0, "o", guarded()))))
        .isEqualTo(NfsStatus.EXIST);
    assertThat(
            reader.status(
                Ops.at("", Ops.open("f", Ops.READ, 0, "o", new OpenHow.Unchecked(Ops.mode(0))))))
        .isEqualTo(NfsStatus.OK);
    assertThat(reader.status(Ops.at("f", Ops.write(StateId.ANONYMOUS, 0, "y"))))
        .isEqualTo(NfsStatus.ROFS);
    assertThat(reader.status(Ops.at("f", Ops.setAttr(Ops.mode(0777))))).isEqualTo(NfsStatus.ROFS);
    assertThat(reader.status(Ops.at("", Ops.remove("f")))).isEqualTo(NfsStatus.ROFS);
    NfsResult.Access access =
        reader.last(NfsResult.Access.class, Ops.at("f", new NfsOp.Access(0x3f)));
    assertThat(access.granted()).isEqualTo(0x01);
  }

  // --- as whom

  private static NfsResult.GetAttr made(TestClient client) {
    return client.last(
        NfsResult.GetAttr.class, Ops.at("pub", Ops.create("f"), Ops.getAttr(Attribute.OWNER)));
  }

  private TestClient squashed(Squash squash, int uid, int gid) {
    ClientRule rule = new ClientRule(TestServer.ANYBODY, false, squash, 99, 98);
    TestServer server = server(TestServer.export("/", rule));
    server.directory("/pub");
    return server.client(IN_OFFICE, uid, gid).ready();
  }

  @Test
  void withoutSquashRootIsRoot() {
    assertThat(made(squashed(Squash.NONE, 0, 0)).source().file().uid()).isZero();
  }

  @Test
  void rootSquashTakesUserAndGroupZeroAwayOneByOne() {
    TestClient client = squashed(Squash.ROOT, 0, 100);

    assertThat(made(client).source().file().uid()).isEqualTo(99);
    assertThat(made(client).source().file().gid()).isEqualTo(100);
    assertThat(client.status(Ops.at("", Ops.makeDirectory("x")))).isEqualTo(NfsStatus.ACCESS);
  }

  @Test
  void rootSquashLeavesUsersAloneButNotTheirGroupZero() {
    TestClient client = squashed(Squash.ROOT, 1000, 0);

    assertThat(made(client).source().file().uid()).isEqualTo(1000);
    assertThat(made(client).source().file().gid()).isEqualTo(98);
  }

  @Test
  void rootSquashTakesGroupZeroFromTheSupplementaryGroupsToo() {
    TestClient client = squashed(Squash.ROOT, 1000, 1000);
    TestServer server = Objects.requireNonNull(started);
    InodeId roots = server.directory("/roots");
    server.files().setAttributes(Caller.ROOT, roots, AttributeChanges.mode(0070));
    client.as(1000, 1000, 0, 5);

    assertThat(client.status(Ops.at("roots", Ops.lookup("x")))).isEqualTo(NfsStatus.ACCESS);
  }

  @Test
  void allSquashMakesEverybodyAnonymous() {
    TestClient client = squashed(Squash.ALL, 1000, 1000);

    assertThat(made(client).source().file().uid()).isEqualTo(99);
    assertThat(made(client).source().file().gid()).isEqualTo(98);
  }

  @Test
  void whoCallsWithoutAUserIsAnonymous() {
    TestClient client = squashed(Squash.NONE, 0, 0).as(Credential.NONE);

    assertThat(made(client).source().file().uid()).isEqualTo(99);
  }

  @Test
  void supplementaryGroupsCount() {
    TestClient client = squashed(Squash.NONE, 0, 0);
    client.run(Ops.at("pub", Ops.makeDirectory("team")));
    client.run(Ops.at("pub/team", Ops.setAttr(Ops.mode(0070))));
    client.as(1000, 1000, 0);

    assertThat(client.status(Ops.at("pub/team", Ops.create("f")))).isEqualTo(NfsStatus.OK);
  }
}
