package io.forebay.nfs.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.engine.ExtendedAttribute.Presence;
import io.forebay.nfs.attr.Attribute;
import io.forebay.nfs.op.NfsOp;
import io.forebay.nfs.op.NfsResult;
import io.forebay.nfs.op.NfsStatus;
import io.forebay.nfs.op.OpCode;
import io.forebay.nfs.op.StableHow;
import io.forebay.nfs.op.StateId;
import io.forebay.nfs.xdr.Opaque;
import io.forebay.testkit.Seeds;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** RFC 7862 section 15: what minor version 2 does with ranges of files. */
class RangesTest extends ServerTest {
  private static final int DATA = 0;
  private static final int HOLE = 1;
  private final byte[] text = Seeds.bytesOf(3, 1000);

  private StateId written(String name) {
    StateId open = opened(Ops.create(name));
    client.run(Ops.at(name, Ops.write(open, 0, StableHow.UNSTABLE, text)));
    return open;
  }

  private byte[] bytes(String path, StateId stateId) {
    try (CompoundReply reply = client.compound(Ops.at(path, Ops.read(stateId, 0, 1 << 20)))) {
      return ((NfsResult.Read) reply.results().getLast()).payload().toBytes();
    }
  }

  private NfsResult.Seek seek(StateId open, long offset, int what) {
    return at(NfsResult.Seek.class, "a", new NfsOp.Seek(open, offset, what));
  }

  @Test
  void aHoleIsPunchedFoundAndRead() {
    StateId open = written("a");
    assertThat(at("a", new NfsOp.Space(false, open, 100, 200))).isEqualTo(NfsStatus.OK);

    byte[] expected = text.clone();
    Arrays.fill(expected, 100, 300, (byte) 0);
    assertThat(bytes("a", open)).isEqualTo(expected);
    assertThat(seek(open, 0, HOLE)).isEqualTo(new NfsResult.Seek(false, 100));
    assertThat(seek(open, 150, DATA)).isEqualTo(new NfsResult.Seek(false, 300));
    assertThat(seek(open, 300, HOLE)).isEqualTo(new NfsResult.Seek(true, 1000));
    assertThat(at("a", new NfsOp.Seek(open, 1000, DATA))).isEqualTo(NfsStatus.NXIO);
    assertThat(at("a", new NfsOp.Seek(open, 0, 7))).isEqualTo(NfsStatus.UNION_NOTSUPP);
  }

  @Test
  void allocatingMakesAFileLongerAndNothingElse() {
    StateId open = written("a");
    assertThat(at("a", new NfsOp.Space(true, open, 500, 1000))).isEqualTo(NfsStatus.OK);
    assertThat(bytes("a", open)).isEqualTo(Arrays.copyOf(text, 1500));
    assertThat(seek(open, 0, HOLE)).isEqualTo(new NfsResult.Seek(false, 1000));
    assertThat(seek(open, 1000, DATA).endOfFile()).isTrue();
    assertThat(at("a", new NfsOp.Space(true, open, 0, 0))).isEqualTo(NfsStatus.INVAL);
    assertThat(at("a", new NfsOp.Space(true, open, 5, -1))).isEqualTo(NfsStatus.INVAL);
    assertThat(at("a", new NfsOp.Space(true, open, 1L << 60, 1))).isEqualTo(NfsStatus.FBIG);
  }

  @Test
  void whatBeginsARangeIsReadAsDataOrAsAHole() {
    StateId open = written("a");
    client.run(Ops.at("a", Ops.setAttr(open, Ops.size(5000))));
    try (CompoundReply reply = client.compound(Ops.at("a", new NfsOp.ReadPlus(open, 10, 100)))) {
      NfsResult.ReadPlus data = (NfsResult.ReadPlus) reply.results().getLast();
      assertThat(data.payload().toBytes()).isEqualTo(Arrays.copyOfRange(text, 10, 110));
      assertThat(data.endOfFile()).isFalse();
    }
    assertThat(at(NfsResult.ReadPlus.class, "a", new NfsOp.ReadPlus(open, 1000, 9000)))
        .satisfies(hole -> assertThat(hole.hole()).isEqualTo(4000))
        .satisfies(hole -> assertThat(hole.endOfFile()).isTrue());
    assertThat(at(NfsResult.ReadPlus.class, "a", new NfsOp.ReadPlus(open, 5000, 10)))
        .satisfies(end -> assertThat(end.hole()).isZero())
        .satisfies(end -> assertThat(end.endOfFile()).isTrue());
  }

  private NfsOp[] fromTo(String source, String target, NfsOp then) {
    NfsOp[] first = Ops.at(source, Ops.SAVEFH);
    NfsOp[] second = Ops.at(target, then);
    NfsOp[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  @Test
  void aCopySharesBytesThatAreNotCommittedYet() {
    StateId from = written("a");
    StateId to = opened(Ops.create("b"));
    NfsResult.Copy copy =
        client.last(
            NfsResult.Copy.class, fromTo("a", "b", new NfsOp.Copy(from, to, 100, 50, 200, 0)));
    assertThat(copy.count()).isEqualTo(200);
    byte[] expected = new byte[250];
    System.arraycopy(text, 100, expected, 50, 200);
    assertThat(bytes("b", to)).isEqualTo(expected);

    assertThat(client.status(fromTo("a", "b", new NfsOp.Copy(from, to, 900, 0, 200, 0))))
        .isEqualTo(NfsStatus.INVAL);
    assertThat(client.status(fromTo("a", "a", new NfsOp.Copy(from, from, 0, 100, 200, 0))))
        .isEqualTo(NfsStatus.INVAL);
    assertThat(client.status(fromTo("a", "b", new NfsOp.Copy(from, to, 0, 0, 1, 1))))
        .isEqualTo(NfsStatus.NOTSUPP);
  }

  @Test
  void aCloneIsIndependentOfItsSource() {
    StateId from = written("a");
    StateId to = opened(Ops.create("b"));
    assertThat(client.status(fromTo("a", "b", new NfsOp.Clone(from, to, 0, 0, 0))))
        .isEqualTo(NfsStatus.OK);
    client.run(Ops.at("a", Ops.write(from, 0, "changed")));
    assertThat(bytes("b", to)).isEqualTo(text);
    assertThat(client.status(Ops.at("b", new NfsOp.Clone(from, to, 0, 0, 0))))
        .isEqualTo(NfsStatus.NOFILEHANDLE);
  }

  @Test
  void onlyAdviceThatIsFollowedIsAcknowledged() {
    StateId open = written("a");
    assertThat(at(NfsResult.IoAdvise.class, "a", new NfsOp.IoAdvise(open, 0, 0, 0x7ff)).hints())
        .isEqualTo(0x30);
  }

  @Test
  void whatIsNotOfferedSaysSo() {
    for (OpCode code : new OpCode[] {OpCode.COPY_NOTIFY, OpCode.WRITE_SAME, OpCode.LAYOUTSTATS}) {
      assertThat(client.status(new NfsOp.Unsupported(code))).isEqualTo(NfsStatus.NOTSUPP);
    }
  }

  // --- extended attributes (RFC 8276)

  private static NfsOp set(Presence presence, String name, byte[] value) {
    return new NfsOp.SetXattr(presence, Opaque.of(name), Opaque.of(value));
  }

  @Test
  void anExtendedAttributeIsSetReadListedAndRemoved() {
    StateId unused = written("a");
    NfsOp get = new NfsOp.GetXattr(Opaque.of("n"));
    assertThat(at("a", get)).isEqualTo(NfsStatus.NOXATTR);
    assertThat(at("a", set(Presence.PRESENT, "n", text))).isEqualTo(NfsStatus.NOXATTR);
    NfsResult.Changed changed = at(NfsResult.Changed.class, "a", set(Presence.NEW, "n", text));
    assertThat(changed.change().after()).isGreaterThan(changed.change().before());
    assertThat(at("a", set(Presence.NEW, "n", text))).isEqualTo(NfsStatus.EXIST);
    assertThat(at(NfsResult.GetXattr.class, "a", get).value()).isEqualTo(Opaque.of(text));

    restart();
    assertThat(at(NfsResult.GetXattr.class, "a", get).value()).isEqualTo(Opaque.of(text));
    assertThat(at("a", new NfsOp.RemoveXattr(Opaque.of("n")))).isEqualTo(NfsStatus.OK);
    assertThat(at("a", new NfsOp.RemoveXattr(Opaque.of("n")))).isEqualTo(NfsStatus.NOXATTR);
    assertThat(at("a", set(Presence.EITHER, "n", new byte[65537]))).isEqualTo(NfsStatus.XATTR2BIG);
    assertThat(at("a", set(Presence.EITHER, "", text))).isEqualTo(NfsStatus.INVAL);
  }

  @Test
  void namesAreListedInPagesThatFit() {
    StateId unused = written("a");
    for (String name : new String[] {"one", "two", "three"}) {
      assertThat(at("a", set(Presence.EITHER, name, text))).isEqualTo(NfsStatus.OK);
    }
    NfsResult.ListXattrs first =
        at(NfsResult.ListXattrs.class, "a", new NfsOp.ListXattrs(0, 16 + 16));
    assertThat(first.names()).containsExactly(Opaque.of("one"), Opaque.of("two"));
    assertThat(first.end()).isFalse();
    NfsResult.ListXattrs rest =
        at(NfsResult.ListXattrs.class, "a", new NfsOp.ListXattrs(first.cookie(), 4096));
    assertThat(rest.names()).containsExactly(Opaque.of("three"));
    assertThat(rest.end()).isTrue();
    assertThat(at("a", new NfsOp.ListXattrs(0, 20))).isEqualTo(NfsStatus.TOOSMALL);
    assertThat(at("a", new NfsOp.ListXattrs(-1, 4096))).isEqualTo(NfsStatus.BAD_COOKIE);
  }

  @Test
  void whoMayNotReadOrWriteHasNoExtendedAttributes() {
    StateId unused = written("a");
    assertThat(at("a", set(Presence.NEW, "n", text))).isEqualTo(NfsStatus.OK);
    client.as(1000, 1000);
    assertThat(at("a", set(Presence.EITHER, "n", text))).isEqualTo(NfsStatus.ACCESS);
    assertThat(at("a", new NfsOp.GetXattr(Opaque.of("n")))).isEqualTo(NfsStatus.OK);
    NfsResult.Access access = at(NfsResult.Access.class, "a", new NfsOp.Access(0x1c0));
    assertThat(access.supported()).isEqualTo(0x1c0);
    assertThat(access.granted()).isEqualTo(0x140);
  }

  @Test
  void supportIsSaid() {
    StateId unused = written("a");
    assertThat(
            at(
                "a",
                Ops.getAttr(
                    Attribute.XATTR_SUPPORT, Attribute.CLONE_BLKSIZE, Attribute.CHANGE_ATTR_TYPE)))
        .isEqualTo(NfsStatus.OK);
  }
}
