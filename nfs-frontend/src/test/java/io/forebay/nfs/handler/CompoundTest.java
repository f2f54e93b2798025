package io.forebay.nfs.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.nfs.attr.Attribute;
import io.forebay.nfs.attr.AttributeBitmap;
import io.forebay.nfs.op.ChannelAttributes;
import io.forebay.nfs.op.CompoundRequest;
import io.forebay.nfs.op.NfsOp;
import io.forebay.nfs.op.NfsResult;
import io.forebay.nfs.op.NfsStatus;
import io.forebay.nfs.op.OpCode;
import io.forebay.nfs.op.SessionId;
import io.forebay.nfs.op.StableHow;
import io.forebay.nfs.op.StateId;
import io.forebay.nfs.xdr.Opaque;
import io.forebay.nfs.xdr.XdrReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** RFC 8881 sections 2.10.6, 16.2 and 18.46: what holds a COMPOUND together. */
class CompoundTest extends ServerTest {
  private static final NfsOp ILLEGAL = new NfsOp.Illegal(2000);

  /** COMPOUND4res as it is on the wire: its status, tag and number of results. */
  private record Head(int status, String tag, int results) {
    static Head of(CompoundReply reply) {
      XdrReader in = new XdrReader(ByteBuffer.wrap(reply.toBytes()));
      return new Head(in.readInt(), in.readOpaque(1024).toText(), in.readInt());
    }
  }

  private NfsResult alone(NfsOp... ops) {
    try (CompoundReply reply = client.send(1, List.of(ops))) {
      assertThat(reply.results()).hasSize(1);
      return reply.results().getFirst();
    }
  }

  private TestClient narrow(int maxResponse, int maxCached, int maxOperations) {
    return new TestClient(
            server,
            "127.0.0.1",
            0,
            0,
            new ChannelAttributes(0, 4096, maxResponse, maxCached, maxOperations, 1))
        .ready();
  }

  // --- the whole

  @Test
  void otherMinorVersionsAreRefusedWithoutResults() {
    for (int minor : new int[] {0, 3, -1}) {
      try (CompoundReply reply = client.send(minor, List.of())) {
        assertThat(Head.of(reply))
            .isEqualTo(new Head(NfsStatus.MINOR_VERS_MISMATCH.wire(), "tag", 0));
      }
    }
  }

  @Test
  void nothingToDoIsDone() {
    try (CompoundReply reply = client.send(1, List.of())) {
      assertThat(Head.of(reply)).isEqualTo(new Head(0, "tag", 0));
    }
  }

  @Test
  void theFirstFailureIsTheLastResultAndTheStatusOfTheWhole() {
    try (CompoundReply reply = client.compound(Ops.PUTROOTFH, Ops.lookup("missing"), Ops.GETFH)) {
      assertThat(Head.of(reply)).isEqualTo(new Head(NfsStatus.NOENT.wire(), "tag", 3));
      assertThat(reply.results().getLast())
          .isEqualTo(new NfsResult.Failed(OpCode.LOOKUP, NfsStatus.NOENT));
    }
  }

  @Test
  void operationsThatThereAreNotAreAnsweredAsSuch() {
    assertThat(client.run(Ops.PUTROOTFH, ILLEGAL).getLast())
        .isEqualTo(new NfsResult.Failed(OpCode.ILLEGAL, NfsStatus.OP_ILLEGAL));
    assertThat(client.run(new NfsOp.Malformed(OpCode.READ)).getLast())
        .isEqualTo(new NfsResult.Failed(OpCode.READ, NfsStatus.BADXDR));
    assertThat(client.run(new NfsOp.Malformed(OpCode.SETATTR)).getLast())
        .isEqualTo(new NfsResult.SetAttr(NfsStatus.BADXDR, AttributeBitmap.EMPTY));
    assertThat(client.run(new NfsOp.Unsupported(OpCode.OPENATTR)).getLast())
        .isEqualTo(new NfsResult.Failed(OpCode.OPENATTR, NfsStatus.NOTSUPP));
  }

  // --- sessions

  @Test
  void whatNeedsASessionDoesNotRunWithoutOne() {
    assertThat(alone(Ops.PUTROOTFH).status()).isEqualTo(NfsStatus.OP_NOT_IN_SESSION);
    assertThat(alone(new NfsOp.Unsupported(OpCode.SETCLIENTID)).status())
        .isEqualTo(NfsStatus.OP_NOT_IN_SESSION);
    assertThat(alone(new NfsOp.ReclaimComplete(false)).status())
        .isEqualTo(NfsStatus.OP_NOT_IN_SESSION);
    assertThat(alone(ILLEGAL).status()).isEqualTo(NfsStatus.OP_ILLEGAL);
    assertThat(alone(new NfsOp.Malformed(OpCode.EXCHANGE_ID)).status()).isEqualTo(NfsStatus.BADXDR);
  }

  @Test
  void whatNeedsNoSessionIsAloneInItsRequest() {
    NfsOp exchange = new NfsOp.ExchangeId(1, Opaque.of("x"), 0, 0);

    assertThat(alone(exchange, Ops.PUTROOTFH).status()).isEqualTo(NfsStatus.NOT_ONLY_OP);
    assertThat(alone(exchange).status()).isEqualTo(NfsStatus.OK);
  }

  @Test
  void sequenceComesFirstAndOnce() {
    NfsOp again = new NfsOp.Sequence(client.session(), 1, 0, 0, false);

    assertThat(client.status(Ops.PUTROOTFH, again)).isEqualTo(NfsStatus.SEQUENCE_POS);
  }

  @Test
  void bindingAConnectionIsNoPartOfACompound() {
    assertThat(client.status(new NfsOp.BindConnToSession(client.session(), 3, false)))
        .isEqualTo(NfsStatus.NOT_ONLY_OP);
  }

  @Test
  void anUnknownSessionRunsNothing() {
    NfsOp sequence = new NfsOp.Sequence(new SessionId(9, 9), 1, 0, 0, false);

    assertThat(alone(sequence, Ops.PUTROOTFH, Ops.makeDirectory("d")))
        .isEqualTo(new NfsResult.Failed(OpCode.SEQUENCE, NfsStatus.BADSESSION));
    assertThat(at("", Ops.lookup("d"))).isEqualTo(NfsStatus.NOENT);
  }

  /** Section 2.10.6.1.2. */
  @Test
  void aRetryIsAnsweredFromMemoryAndNotRunAgain() {
    client.caching();
    List<NfsOp> ops =
        List.of(client.nextSequence(), Ops.PUTROOTFH, Ops.makeDirectory("d"), Ops.GETFH);
    byte[] first;
    try (CompoundReply reply = client.send(1, ops)) {
      first = reply.toBytes();
    }
    try (CompoundReply reply = client.send(1, ops)) {
      assertThat(reply.toBytes()).isEqualTo(first);
      assertThat(Head.of(reply).status()).isZero();
    }
  }

  @Test
  void aRetryOfAReadBringsItsBytesAgain() {
    StateId open = opened(Ops.create("f"));
    client.run(Ops.at("f", Ops.write(open, 0, "0123456")));
    client.caching();
    List<NfsOp> ops =
        List.of(
            client.nextSequence(),
            Ops.PUTROOTFH,
            Ops.lookup("f"),
            Ops.read(open, 0, 100),
            Ops.GETFH);
    byte[] first;
    try (CompoundReply reply = client.send(1, ops)) {
      first = reply.toBytes();
    }
    client.send(1, ops).close();
    try (CompoundReply reply = client.send(1, ops)) {
      assertThat(reply.toBytes()).isEqualTo(first);
      assertThat(new String(first, StandardCharsets.ISO_8859_1)).contains("0123456");
    }
  }

  @Test
  void anotherRequestIsNoRetry() {
    List<NfsOp> ops = List.of(client.nextSequence(), Ops.PUTROOTFH);
    client.send(1, ops).close();

    try (CompoundReply reply = client.send(1, List.of(ops.getFirst(), Ops.PUTROOTFH, Ops.GETFH))) {
      assertThat(reply.results())
          .containsExactly(new NfsResult.Failed(OpCode.SEQUENCE, NfsStatus.SEQ_FALSE_RETRY));
    }
  }

  @Test
  void aRetryOfWhatWasTooLongToKeepSaysSo() {
    StateId open = opened(Ops.create("f"));
    client.run(Ops.at("f", Ops.write(open, 0, StableHow.FILE_SYNC, new byte[8192])));
    List<NfsOp> ops =
        List.of(client.nextSequence(), Ops.PUTROOTFH, Ops.lookup("f"), Ops.read(open, 0, 8192));
    client.send(1, ops).close();

    try (CompoundReply reply = client.send(1, ops)) {
      assertThat(reply.results()).hasSize(2);
      assertThat(reply.results().getFirst().status()).isEqualTo(NfsStatus.OK);
      assertThat(reply.results().getLast())
          .isEqualTo(new NfsResult.Failed(OpCode.PUTROOTFH, NfsStatus.RETRY_UNCACHED_REP));
    }
  }

  @Test
  void moreOperationsThanTheSessionHasAreTooMany() {
    TestClient four = narrow(4096, 4096, 4);

    assertThat(four.status(Ops.PUTROOTFH, Ops.GETFH, Ops.GETFH)).isEqualTo(NfsStatus.OK);
    try (CompoundReply reply = four.compound(Ops.PUTROOTFH, Ops.GETFH, Ops.GETFH, Ops.GETFH)) {
      assertThat(reply.results())
          .containsExactly(new NfsResult.Failed(OpCode.SEQUENCE, NfsStatus.TOO_MANY_OPS));
    }
  }

  // --- sizes (section 2.10.6.4)

  @Test
  void aReplyThatWouldBeTooBigEndsInsideItsBound() {
    StateId open = opened(Ops.create("f"));
    client.run(Ops.at("f", Ops.write(open, 0, StableHow.FILE_SYNC, new byte[2000])));
    TestClient small = narrow(1024, 1024, 16);
    NfsOp read = Ops.read(StateId.ANONYMOUS, 0, 2000);
    client.run(Ops.at("f", Ops.close(open)));

    try (CompoundReply reply = small.compound(Ops.at("f", read, Ops.GETFH))) {
      assertThat(reply.results().getLast())
          .isEqualTo(new NfsResult.Failed(OpCode.READ, NfsStatus.REP_TOO_BIG));
      assertThat(reply.size()).isLessThanOrEqualTo(1000);
      assertThat(reply.payloads()).isEmpty();
    }
    small.caching();
    try (CompoundReply reply = small.compound(Ops.at("f", read))) {
      assertThat(reply.results().getLast())
          .isEqualTo(new NfsResult.Failed(OpCode.READ, NfsStatus.REP_TOO_BIG_TO_CACHE));
    }
    assertThat(small.status(Ops.at("f", Ops.read(StateId.ANONYMOUS, 0, 500))))
        .isEqualTo(NfsStatus.OK);
  }

  /** Whatever comes before the operation that is too much: never a byte above the bound. */
  @Test
  void noReplyIsLongerThanTheSessionAllows() {
    TestClient small = narrow(512, 512, 64);
    NfsOp[] ops = new NfsOp[40];
    for (int fill = 0; fill < 30; fill++) {
      for (NfsOp last :
          new NfsOp[] {
            Ops.GETFH,
            Ops.setAttr(Ops.mode(0700)),
            Ops.getAttr(Attribute.values()[0], Attribute.FSID, Attribute.FILEHANDLE),
            Ops.makeDirectory("d" + fill),
            new NfsOp.Access(0x3f)
          }) {
        Arrays.fill(ops, Ops.PUTROOTFH);
        for (int i = fill; i < ops.length; i++) {
          ops[i] = last;
        }
        ops[0] = Ops.PUTROOTFH;
        try (CompoundReply reply = small.compound(ops)) {
          assertThat(reply.size()).isLessThanOrEqualTo(512 - 24);
          assertThat(reply.toBytes()).hasSize(reply.size());
        }
      }
    }
  }

  @Test
  void whatWouldChangeSomethingIsNotBegunWithoutRoomForItsResult() {
    TestClient small = narrow(512, 512, 64);
    NfsOp[] ops = new NfsOp[40];
    for (int before = 1; before < 39; before++) {
      Arrays.fill(ops, Ops.PUTROOTFH);
      ops[before] = Ops.makeDirectory("made-" + before);
      List<NfsResult> results = small.run(Arrays.copyOf(ops, before + 1));
      boolean said = results.size() == before + 1 && results.getLast().status() == NfsStatus.OK;

      assertThat(at("", Ops.lookup("made-" + before)))
          .isEqualTo(said ? NfsStatus.OK : NfsStatus.NOENT);
    }
  }

  @Test
  void aListingTakesTheRoomThatIsThere() {
    for (int i = 0; i < 40; i++) {
      server.directory("/d/a-rather-long-name-" + i);
    }
    TestClient small = narrow(1024, 1024, 16);
    NfsResult.ReadDir page =
        small.last(
            NfsResult.ReadDir.class,
            Ops.at("d", new NfsOp.ReadDir(0, 0, 0, 1 << 20, AttributeBitmap.EMPTY)));

    assertThat(page.entries()).hasSizeBetween(15, 25);
    assertThat(page.end()).isFalse();
  }

  // --- file handles

  @Test
  void aHandleIsSavedAndRestored() {
    client.run(Ops.at("", Ops.makeDirectory("d")));

    NfsResult.GetFh restored =
        at(NfsResult.GetFh.class, "d", Ops.SAVEFH, Ops.PUTROOTFH, Ops.RESTOREFH, Ops.GETFH);
    assertThat(restored.handle()).isEqualTo(handle("d"));
    assertThat(client.status(Ops.SAVEFH)).isEqualTo(NfsStatus.NOFILEHANDLE);
    assertThat(client.status(Ops.PUTROOTFH, Ops.RESTOREFH)).isEqualTo(NfsStatus.NOFILEHANDLE);
    assertThat(client.status(Ops.GETFH)).isEqualTo(NfsStatus.NOFILEHANDLE);
    assertThat(client.status(Ops.PUTPUBFH, Ops.GETFH)).isEqualTo(NfsStatus.OK);
  }

  @Test
  void handlesOutliveRestartsAndRenames() {
    client.run(Ops.at("", Ops.makeDirectory("d")));
    Opaque handle = handle("d");
    client.run(Ops.at("", Ops.SAVEFH, Ops.rename("d", "e")));
    restart();

    assertThat(client.status(Ops.putFh(handle), Ops.getAttr(Attribute.TYPE)))
        .isEqualTo(NfsStatus.OK);
    assertThat(handle("e")).isEqualTo(handle);
  }

  @Test
  void theHandleOfWhatIsGoneIsStale() {
    client.run(Ops.at("", Ops.makeDirectory("d")));
    Opaque handle = handle("d");
    client.run(Ops.at("", Ops.remove("d")));

    assertThat(client.status(Ops.putFh(handle))).isEqualTo(NfsStatus.STALE);
  }

  @Test
  void whatGoesWhileItIsTheCurrentFileIsStale() {
    client.run(Ops.at("", Ops.makeDirectory("d")));
    Opaque root = handle("");

    assertThat(
            at(
                "d",
                Ops.SAVEFH,
                Ops.putFh(root),
                Ops.remove("d"),
                Ops.RESTOREFH,
                Ops.getAttr(Attribute.TYPE)))
        .isEqualTo(NfsStatus.STALE);
  }

  @Test
  void aHandleThatWasNeverGivenIsBad() {
    assertThat(client.status(Ops.putFh(Opaque.EMPTY))).isEqualTo(NfsStatus.BADHANDLE);
    assertThat(client.status(Ops.putFh(Opaque.of(new byte[128])))).isEqualTo(NfsStatus.BADHANDLE);
  }

  // --- security (section 2.6.3.1)

  @Test
  void securityIsTheSameEverywhereAndTakesTheHandleAway() {
    client.run(Ops.at("", Ops.makeDirectory("d")));
    NfsResult.SecInfo ofName = at(NfsResult.SecInfo.class, "", new NfsOp.SecInfo(Opaque.of("d")));

    assertThat(ofName.flavors()).containsExactly(1, 0);
    assertThat(at("", new NfsOp.SecInfo(Opaque.of("x")))).isEqualTo(NfsStatus.NOENT);
    assertThat(at("", new NfsOp.SecInfo(Opaque.of("d")), Ops.GETFH))
        .isEqualTo(NfsStatus.NOFILEHANDLE);
    assertThat(at("", new NfsOp.SecInfoNoName(false), Ops.GETFH)).isEqualTo(NfsStatus.NOFILEHANDLE);
    assertThat(at("d", new NfsOp.SecInfoNoName(true))).isEqualTo(NfsStatus.OK);
    assertThat(at("", new NfsOp.SecInfoNoName(true))).isEqualTo(NfsStatus.NOENT);
  }

  // --- tags (section 16.2.3)

  @Test
  void aTagIsText() {
    assertThat(withTag(Opaque.of("größer")).status()).isZero();
    assertThat(withTag(Opaque.EMPTY)).isEqualTo(new Head(0, "", 0));
    assertThat(withTag(Opaque.of(new byte[] {(byte) 0xc0, (byte) 0xc1})).status())
        .isEqualTo(NfsStatus.INVAL.wire());
  }

  private Head withTag(Opaque tag) {
    CompoundRequest request = new CompoundRequest(tag, 1, 0, List.of());
    try (CompoundReply reply = server.executor().execute(request, client.context(List.of()))) {
      return Head.of(reply);
    }
  }
}
