package io.forebay.nfs.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.engine.FileAttributes;
import io.forebay.nfs.attr.Attribute;
import io.forebay.nfs.attr.AttributeBitmap;
import io.forebay.nfs.attr.AttributeEncoder;
import io.forebay.nfs.attr.AttributeSource;
import io.forebay.nfs.attr.RawAttributes;
import io.forebay.nfs.op.NfsOp;
import io.forebay.nfs.op.NfsResult;
import io.forebay.nfs.op.NfsStatus;
import io.forebay.nfs.op.StateId;
import io.forebay.nfs.xdr.Opaque;
import io.forebay.nfs.xdr.XdrReader;
import io.forebay.nfs.xdr.XdrWriter;
import org.junit.jupiter.api.Test;

/** RFC 8881 sections 5, 18.1, 18.7, 18.15, 18.30 and 18.31. */
class AttributesTest extends ServerTest {
  private static final int ALL = 0x3f;

  private FileAttributes attributes(String path) {
    return at(NfsResult.GetAttr.class, path, Ops.getAttr(Attribute.MODE)).source().file();
  }

  private int granted(String path) {
    return at(NfsResult.Access.class, path, new NfsOp.Access(ALL)).granted();
  }

  // --- ACCESS

  @Test
  void accessIsWhatTheModeBitsGive() {
    client.run(Ops.at("", Ops.create("f")));
    client.run(Ops.at("", Ops.makeDirectory("d")));
    client.run(Ops.at("f", Ops.setAttr(Ops.mode(0750))));

    assertThat(granted("f")).isEqualTo(0x01 | 0x04 | 0x08 | 0x20);
    client.as(1000, 0);
    assertThat(granted("f")).isEqualTo(0x01 | 0x20);
    assertThat(granted("d")).isEqualTo(0x01 | 0x02);
    client.as(1000, 1000);
    assertThat(granted("f")).isZero();
  }

  @Test
  void rightsThatATypeDoesNotHaveAreNotSupported() {
    client.run(Ops.at("", Ops.create("f")));

    assertThat(at(NfsResult.Access.class, "f", new NfsOp.Access(ALL)).supported())
        .isEqualTo(0x01 | 0x04 | 0x08 | 0x20);
    assertThat(at(NfsResult.Access.class, "", new NfsOp.Access(ALL)).supported())
        .isEqualTo(0x01 | 0x02 | 0x04 | 0x08 | 0x10);
    assertThat(at("f", new NfsOp.Access(0x200))).isEqualTo(NfsStatus.INVAL);
  }

  // --- GETATTR

  /** Section 5.6: a server has all that are required, and says so. */
  @Test
  void everySupportedAttributeIsReturnedInOrder() {
    client.run(Ops.at("", Ops.create("f")));
    NfsResult.GetAttr result =
        at(NfsResult.GetAttr.class, "f", new NfsOp.GetAttr(AttributeBitmap.READABLE));
    XdrWriter out = new XdrWriter(4096);
    AttributeEncoder.encode(result.wanted(), result.source(), out);
    XdrReader in = new XdrReader(out.written());

    assertThat(AttributeBitmap.decode(in)).isEqualTo(AttributeBitmap.READABLE);
    assertThat(in.readInt()).isEqualTo(in.remaining());
    assertThat(AttributeBitmap.decode(in)).isEqualTo(AttributeBitmap.SUPPORTED);
    assertThat(in.readInt()).as("type").isEqualTo(1);
    assertThat(result.source().handle()).isEqualTo(handle("f"));
    assertThat(result.source().fileSystem().leaseSeconds()).isEqualTo(30);
    assertThat(result.source().fileSystem().maxTransferBytes()).isEqualTo(1 << 20);
    assertThat(result.source().fileSystem().statistics().get().totalBytes()).isPositive();
  }

  @Test
  void attributesThatThereAreNotAreLeftOut() {
    AttributeBitmap acl = new AttributeBitmap(1L << 12, 0, false);

    assertThat(at("", new NfsOp.GetAttr(acl))).isEqualTo(NfsStatus.OK);
    assertThat(at("", new NfsOp.GetAttr(new AttributeBitmap(-1L << 56, -1, true))))
        .isEqualTo(NfsStatus.OK);
  }

  @Test
  void whatCanOnlyBeSetIsNotReadable() {
    assertThat(at("", Ops.getAttr(Attribute.TIME_MODIFY_SET))).isEqualTo(NfsStatus.INVAL);
    assertThat(at("", Ops.getAttr(Attribute.TIME_ACCESS_SET))).isEqualTo(NfsStatus.INVAL);
  }

  @Test
  void theRootIsItsOwnMountPoint() {
    AttributeSource root =
        at(NfsResult.GetAttr.class, "", Ops.getAttr(Attribute.MOUNTED_ON_FILEID)).source();

    assertThat(root.mountedOnFileId()).isEqualTo(root.file().inode().value());
  }

  @Test
  void changeMovesWithEveryChange() {
    StateId open = opened(Ops.create("f"));
    long created = attributes("f").change();
    client.run(Ops.at("f", Ops.write(open, 0, "x")));
    long written = attributes("f").change();
    client.run(Ops.at("f", Ops.setAttr(Ops.mode(0600))));

    assertThat(written).isGreaterThan(created);
    assertThat(attributes("f").change()).isGreaterThan(written);
  }

  // --- SETATTR

  @Test
  void whatWasSetIsSaid() {
    client.run(Ops.at("", Ops.create("f")));
    NfsResult.SetAttr result = at(NfsResult.SetAttr.class, "f", Ops.setAttr(Ops.mode(04711)));

    assertThat(result.set()).isEqualTo(AttributeBitmap.of(Attribute.MODE));
    assertThat(attributes("f").mode()).isEqualTo(04711);
  }

  @Test
  void aFailureSaysThatNothingWasSet() {
    client.run(Ops.at("", Ops.create("f")));
    client.as(1000, 1000);
    NfsResult result = client.run(Ops.at("f", Ops.setAttr(Ops.mode(0777)))).getLast();

    assertThat(result).isEqualTo(new NfsResult.SetAttr(NfsStatus.PERM, AttributeBitmap.EMPTY));
  }

  @Test
  void ownersAreNumbers() {
    client.run(Ops.at("", Ops.create("f")));

    assertThat(at("f", Ops.setAttr(Ops.owner("4294967294")))).isEqualTo(NfsStatus.OK);
    assertThat(attributes("f").uid()).isEqualTo(-2);
    assertThat(at("f", Ops.setAttr(Ops.owner("root@example.org")))).isEqualTo(NfsStatus.BADOWNER);
    assertThat(at("f", Ops.setAttr(Ops.owner("")))).isEqualTo(NfsStatus.BADOWNER);
  }

  @Test
  void attributesThatCannotBeSetAreRefused() {
    client.run(Ops.at("", Ops.create("f")));
    RawAttributes acl = new RawAttributes(new AttributeBitmap(1L << 12, 0, false), Opaque.EMPTY);
    XdrWriter change = new XdrWriter(8);
    change.writeLong(1);
    RawAttributes tooShort =
        new RawAttributes(AttributeBitmap.of(Attribute.SIZE), Opaque.of(new byte[4]));
    RawAttributes tooLong =
        new RawAttributes(AttributeBitmap.of(Attribute.MODE), Opaque.of(new byte[8]));

    assertThat(at("f", Ops.setAttr(acl))).isEqualTo(NfsStatus.ATTRNOTSUPP);
    assertThat(at("f", Ops.setAttr(Ops.raw(change, Attribute.CHANGE)))).isEqualTo(NfsStatus.INVAL);
    assertThat(at("f", Ops.setAttr(tooShort))).isEqualTo(NfsStatus.BADXDR);
    assertThat(at("f", Ops.setAttr(tooLong))).isEqualTo(NfsStatus.BADXDR);
    assertThat(at("f", Ops.setAttr(Ops.mode(010000)))).isEqualTo(NfsStatus.INVAL);
  }

  @Test
  void aSizeTruncatesAndExtends() {
    StateId open = opened(Ops.create("f"));
    client.run(Ops.at("f", Ops.write(open, 0, "0123456789")));

    assertThat(at("f", Ops.setAttr(open, Ops.size(4)))).isEqualTo(NfsStatus.OK);
    assertThat(attributes("f").size()).isEqualTo(4);
    assertThat(at("f", Ops.setAttr(Ops.size(8)))).isEqualTo(NfsStatus.OK);
    try (CompoundReply reply = client.compound(Ops.at("f", Ops.read(open, 0, 100)))) {
      assertThat(((NfsResult.Read) reply.results().getLast()).payload().toBytes())
          .isEqualTo(new byte[] {'0', '1', '2', '3', 0, 0, 0, 0});
    }
  }

  @Test
  void anOpenFileIsTruncatedWhateverItsModeIsNow() {
    server.directory("/d");
    client.as(1000, 1000);
    StateId open = at(NfsResult.Open.class, "d", Ops.create("f")).stateId();
    client.run(Ops.at("d/f", Ops.write(open, 0, "0123456789")));
    client.run(Ops.at("d/f", Ops.setAttr(Ops.mode(0400))));

    assertThat(at("d/f", Ops.setAttr(Ops.size(0)))).isEqualTo(NfsStatus.ACCESS);
    assertThat(at("d/f", Ops.setAttr(open, Ops.size(0)))).isEqualTo(NfsStatus.OK);
  }

  @Test
  void onlyRegularFilesHaveASizeToSet() {
    client.run(Ops.at("", Ops.makeDirectory("d")));
    client.run(Ops.at("", Ops.makeSymlink("l", "d")));

    assertThat(at("d", Ops.setAttr(Ops.size(0)))).isEqualTo(NfsStatus.WRONG_TYPE);
    assertThat(at("l", Ops.setAttr(Ops.size(0)))).isEqualTo(NfsStatus.WRONG_TYPE);
  }

  @Test
  void aSizeHeedsShareReservations() {
    client.run(Ops.at("", Ops.create("f")));
    client.run(Ops.at("", Ops.open("f", Ops.READ, Ops.WRITE, "owner")));

    assertThat(at("f", Ops.setAttr(Ops.size(0)))).isEqualTo(NfsStatus.LOCKED);
    assertThat(at("f", Ops.setAttr(Ops.mode(0600)))).isEqualTo(NfsStatus.OK);
  }

  @Test
  void timesAreSetByTheClientOrTheServer() {
    client.run(Ops.at("", Ops.create("f")));
    XdrWriter values = new XdrWriter(64);
    values.writeInt(1);
    values.writeLong(-5);
    values.writeInt(999_999_999);
    values.writeInt(0);
    client.run(
        Ops.at(
            "f",
            Ops.setAttr(Ops.raw(values, Attribute.TIME_ACCESS_SET, Attribute.TIME_MODIFY_SET))));

    assertThat(attributes("f").accessNanos()).isEqualTo(-4_000_000_001L);
    assertThat(attributes("f").modifyNanos()).isGreaterThan(1_700_000_000_000_000_000L);
  }

  // --- VERIFY, NVERIFY

  private NfsOp verify(boolean same, RawAttributes attributes) {
    return new NfsOp.Verify(same, attributes);
  }

  @Test
  void verifyGoesOnWhereAllIsTheSame() {
    client.run(Ops.at("", Ops.create("f")));
    RawAttributes asItIs = Ops.sizeAndMode(0, 0644);
    RawAttributes otherSize = Ops.sizeAndMode(1, 0644);

    assertThat(at("f", verify(true, asItIs))).isEqualTo(NfsStatus.OK);
    assertThat(at("f", verify(true, otherSize))).isEqualTo(NfsStatus.NOT_SAME);
    assertThat(at("f", verify(false, asItIs))).isEqualTo(NfsStatus.SAME);
    assertThat(at("f", verify(false, otherSize))).isEqualTo(NfsStatus.OK);
  }

  @Test
  void verifyTakesWhatGetattrReturns() {
    client.run(Ops.at("", Ops.create("f")));
    AttributeBitmap mask = AttributeBitmap.of(Attribute.CHANGE, Attribute.OWNER, Attribute.FSID);
    AttributeSource source = at(NfsResult.GetAttr.class, "f", new NfsOp.GetAttr(mask)).source();
    XdrWriter out = new XdrWriter(256);
    AttributeEncoder.encode(mask, source, out);
    RawAttributes raw = RawAttributes.decode(new XdrReader(out.written()));

    assertThat(at("f", verify(true, raw))).isEqualTo(NfsStatus.OK);
  }

  @Test
  void whatCannotBeReadCannotBeVerified() {
    RawAttributes acl = new RawAttributes(new AttributeBitmap(1L << 12, 0, false), Opaque.EMPTY);
    XdrWriter zero = new XdrWriter(4);
    zero.writeInt(0);

    assertThat(at("", verify(true, acl))).isEqualTo(NfsStatus.ATTRNOTSUPP);
    assertThat(at("", verify(false, Ops.raw(zero, Attribute.TIME_ACCESS_SET))))
        .isEqualTo(NfsStatus.INVAL);
    assertThat(at("", verify(false, Ops.raw(zero, Attribute.RDATTR_ERROR))))
        .isEqualTo(NfsStatus.INVAL);
  }
}
