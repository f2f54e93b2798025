package io.forebay.nfs.op;

import io.forebay.engine.ExtendedAttribute.Presence;
import io.forebay.nfs.attr.Attribute;
import io.forebay.nfs.attr.AttributeBitmap;
import io.forebay.nfs.attr.RawAttributes;
import io.forebay.nfs.op.NfsOp.LockType;
import io.forebay.nfs.op.NfsOp.Locker;
import io.forebay.nfs.op.NfsOp.OpenClaim;
import io.forebay.nfs.op.NfsOp.OpenHow;
import io.forebay.nfs.op.NfsOp.PlainOp;
import io.forebay.nfs.xdr.Opaque;
import io.forebay.nfs.xdr.XdrWriter;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;

/**
 * Every operation as a client writes it, in hexadecimal as the XDR of RFC 5662 has it, and the
 * record it stands for.
 *
 * @param hex number and arguments
 * @param op what is to be read
 */
record Arguments(String hex, NfsOp op) {
  static final String STATEID = "00000003 0102030405060708 090a0b0c";
  private static final StateId STATE = new StateId(3, 0x0102030405060708L, 0x090a0b0c);
  static final String SESSION = "0011223344556677 8899aabbccddeeff";
  private static final SessionId SESSION_ID =
      new SessionId(0x0011223344556677L, 0x8899aabbccddeeffL);

  /** "abc". */
  static final String NAME = "00000003 61626300";

  /** 1 and 2. */
  private static final String RANGE = "0000000000000001 0000000000000002";

  private static final Opaque ABC = Opaque.of("abc");

  /** A mode of 0644. */
  static final String ATTRIBUTES = "00000002 00000000 00000002 00000004 000001a4";

  private static final RawAttributes MODE =
      new RawAttributes(
          AttributeBitmap.of(Attribute.MODE), Opaque.of(new byte[] {0, 0, 1, (byte) 0xa4}));

  /** Client id 5, owner "abc". */
  static final String OWNER = "0000000000000005 " + NAME;

  static final String CHANNEL = "00000000 00100000 00200000 00001000 00000008 00000040 00000000";
  private static final ChannelAttributes CHANNEL_ATTRIBUTES =
      new ChannelAttributes(0, 1 << 20, 2 << 20, 4096, 8, 64);

  static List<Arguments> all() {
    return List.of(
        new Arguments("00000003 0000003f", new NfsOp.Access(0x3f)),
        new Arguments("00000004 00000000" + STATEID, new NfsOp.Close(STATE)),
        new Arguments(
            "00000005 0000000000000010 ffffffff", new NfsOp.Commit(16, Integer.MAX_VALUE)),
        new Arguments(
            "00000006 00000002" + NAME + ATTRIBUTES,
            new NfsOp.Create(2, Opaque.EMPTY, 0, 0, ABC, MODE)),
        new Arguments(
            "00000006 00000005 00000002 78790000" + NAME + ATTRIBUTES,
            new NfsOp.Create(5, Opaque.of("xy"), 0, 0, ABC, MODE)),
        new Arguments(
            "00000006 00000004 00000001 00000003" + NAME + ATTRIBUTES,
            new NfsOp.Create(4, Opaque.EMPTY, 1, 3, ABC, MODE)),
        new Arguments(
            "00000009 00000001 0000000a",
            new NfsOp.GetAttr(AttributeBitmap.of(Attribute.TYPE, Attribute.CHANGE))),
        new Arguments("0000000a", new NfsOp.Plain(PlainOp.GETFH)),
        new Arguments("0000000b" + NAME, new NfsOp.Link(ABC)),
        new Arguments(
            "0000000c 00000004 00000000 0000000000000001 ffffffffffffffff 00000001 00000000"
                + STATEID
                + "00000000"
                + OWNER,
            new NfsOp.Lock(LockType.WRITE, false, 1, -1, new Locker.FromOpen(STATE, ABC))),
        new Arguments(
            "0000000c 00000001 00000001 0000000000000001 0000000000000002 00000000"
                + STATEID
                + "00000000",
            new NfsOp.Lock(LockType.READ, true, 1, 2, new Locker.Existing(STATE))),
        new Arguments(
            "0000000d 00000002 0000000000000001 0000000000000002" + OWNER,
            new NfsOp.LockTest(LockType.WRITE, 1, 2, ABC)),
        new Arguments(
            "0000000e 00000001 00000000" + STATEID + "0000000000000001 0000000000000002",
            new NfsOp.Unlock(STATE, 1, 2)),
        new Arguments("0000000f" + NAME, new NfsOp.Lookup(ABC)),
        new Arguments("00000010", new NfsOp.Plain(PlainOp.LOOKUPP)),
        new Arguments("00000011" + ATTRIBUTES, new NfsOp.Verify(false, MODE)),
        open("00000000 00000000" + NAME, new OpenHow.NoCreate(), new OpenClaim.ByName(ABC)),
        open(
            "00000001 00000000" + ATTRIBUTES + "00000004",
            new OpenHow.Unchecked(MODE),
            new OpenClaim.ByHandle()),
        open(
            "00000001 00000001" + ATTRIBUTES + "00000000" + NAME,
            new OpenHow.Guarded(MODE),
            new OpenClaim.ByName(ABC)),
        open(
            "00000001 00000002 0000000000000009 00000000" + NAME,
            new OpenHow.Exclusive(9, RawAttributes.NONE),
            new OpenClaim.ByName(ABC)),
        open(
            "00000001 00000003 0000000000000009" + ATTRIBUTES + "00000000" + NAME,
            new OpenHow.Exclusive(9, MODE),
            new OpenClaim.ByName(ABC)),
        open("00000000 00000001 00000002", new OpenHow.NoCreate(), new OpenClaim.Previous(2)),
        open(
            "00000000 00000002" + STATEID + NAME,
            new OpenHow.NoCreate(),
            new OpenClaim.ByDelegation(2)),
        open("00000000 00000003" + NAME, new OpenHow.NoCreate(), new OpenClaim.ByDelegation(3)),
        open("00000000 00000005" + STATEID, new OpenHow.NoCreate(), new OpenClaim.ByDelegation(5)),
        open("00000000 00000006", new OpenHow.NoCreate(), new OpenClaim.ByDelegation(6)),
        new Arguments(
            "00000015" + STATEID + "00000000 00000001 00000002",
            new NfsOp.OpenDowngrade(STATE, 1, 2)),
        new Arguments("00000016" + NAME, new NfsOp.PutFh(ABC)),
        new Arguments("00000017", new NfsOp.Plain(PlainOp.PUTPUBFH)),
        new Arguments("00000018", new NfsOp.Plain(PlainOp.PUTROOTFH)),
        new Arguments(
            "00000019" + STATEID + "0000000000000007 00010000", new NfsOp.Read(STATE, 7, 65536)),
        new Arguments(
            "0000001a 0000000000000001 0000000000000002 00000100 00000200 00000001 00000002",
            new NfsOp.ReadDir(1, 2, 256, 512, AttributeBitmap.of(Attribute.TYPE))),
        new Arguments("0000001b", new NfsOp.Plain(PlainOp.READLINK)),
        new Arguments("0000001c" + NAME, new NfsOp.Remove(ABC)),
        new Arguments(
            "0000001d" + NAME + "00000001 7a000000", new NfsOp.Rename(ABC, Opaque.of("z"))),
        new Arguments("0000001f", new NfsOp.Plain(PlainOp.RESTOREFH)),
        new Arguments("00000020", new NfsOp.Plain(PlainOp.SAVEFH)),
        new Arguments("00000021" + NAME, new NfsOp.SecInfo(ABC)),
        new Arguments("00000022" + STATEID + ATTRIBUTES, new NfsOp.SetAttr(STATE, MODE)),
        new Arguments("00000025" + ATTRIBUTES, new NfsOp.Verify(true, MODE)),
        new Arguments(
            "00000026" + STATEID + "0000000000000007 00000002" + NAME,
            new NfsOp.Write(STATE, 7, StableHow.FILE_SYNC, ByteBuffer.wrap(ABC.toBytes()))),
        new Arguments("00000028 40000000 00000001 00000000", new NfsOp.BackchannelCtl(0x40000000)),
        new Arguments(
            "00000029" + SESSION + "00000007 00000000",
            new NfsOp.BindConnToSession(SESSION_ID, 7, false)),
        new Arguments(
            "0000002a 0000000000000009"
                + NAME
                + "00010100 00000000 00000001"
                + NAME
                + NAME
                + "0000000000000001 00000002",
            new NfsOp.ExchangeId(9, ABC, 0x10100, 0)),
        new Arguments(
            "0000002a 0000000000000009"
                + NAME
                + "00000000 00000001 00000001 00000001 00000000"
                + "00000000",
            new NfsOp.ExchangeId(9, ABC, 0, 1)),
        new Arguments(
            "0000002a 0000000000000009"
                + NAME
                + "00000000 00000002 00000000 00000000 00000001"
                + NAME
                + "00000001"
                + NAME
                + "00000010 00000001 00000000",
            new NfsOp.ExchangeId(9, ABC, 0, 2)),
        new Arguments(
            "0000002b 0000000000000005 00000001 00000002"
                + CHANNEL
                + CHANNEL
                + "40000000"
                + "00000003 00000000"
                + "00000001 00000009"
                + NAME
                + "00000000 00000000 00000001 00000007"
                + "00000006 00000001"
                + NAME
                + NAME,
            new NfsOp.CreateSession(5, 1, 2, CHANNEL_ATTRIBUTES, CHANNEL_ATTRIBUTES, 0x40000000)),
        new Arguments("0000002c" + SESSION, new NfsOp.DestroySession(SESSION_ID)),
        new Arguments("0000002d" + STATEID, new NfsOp.FreeStateId(STATE)),
        new Arguments("00000034 00000001", new NfsOp.SecInfoNoName(true)),
        new Arguments(
            "00000035" + SESSION + "00000002 00000003 00000004 00000001",
            new NfsOp.Sequence(SESSION_ID, 2, 3, 4, true)),
        new Arguments(
            "00000037 00000002" + STATEID + STATEID, new NfsOp.TestStateId(List.of(STATE, STATE))),
        new Arguments("00000039 0000000000000005", new NfsOp.DestroyClientId(5)),
        new Arguments("0000003a 00000000", new NfsOp.ReclaimComplete(false)),
        new Arguments("0000003b" + STATEID + RANGE, new NfsOp.Space(true, STATE, 1, 2)),
        new Arguments("0000003e" + STATEID + RANGE, new NfsOp.Space(false, STATE, 1, 2)),
        new Arguments(
            "0000003c"
                + STATEID
                + STATEID
                + RANGE
                + "0000000000000003 00000001 00000000 00000002 00000001"
                + NAME
                + "00000003"
                + NAME
                + NAME,
            new NfsOp.Copy(STATE, STATE, 1, 2, 3, 2)),
        new Arguments(
            "0000003f" + STATEID + RANGE + "00000001 00000010",
            new NfsOp.IoAdvise(STATE, 1, 2, 16)),
        new Arguments(
            "00000044" + STATEID + "0000000000000001 ffffffff",
            new NfsOp.ReadPlus(STATE, 1, Integer.MAX_VALUE)),
        new Arguments(
            "00000045" + STATEID + "0000000000000001 00000001", new NfsOp.Seek(STATE, 1, 1)),
        new Arguments(
            "00000047" + STATEID + STATEID + RANGE + "0000000000000003",
            new NfsOp.Clone(STATE, STATE, 1, 2, 3)),
        new Arguments("00000048" + NAME, new NfsOp.GetXattr(ABC)),
        new Arguments(
            "00000049 00000001" + NAME + NAME, new NfsOp.SetXattr(Presence.NEW, ABC, ABC)),
        new Arguments("0000004a 0000000000000001 00000100", new NfsOp.ListXattrs(1, 256)),
        new Arguments("0000004b" + NAME, new NfsOp.RemoveXattr(ABC)));
  }

  private static Arguments open(String howAndClaim, OpenHow how, OpenClaim claim) {
    return new Arguments(
        "00000012 00000000 00000003 00000001" + OWNER + howAndClaim,
        new NfsOp.Open(3, 1, ABC, how, claim));
  }

  byte[] bytes() {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  /** A COMPOUND4args with these operations, tag "tag". */
  static byte[] compound(int minorVersion, int count, byte[]... operations) {
    XdrWriter writer = new XdrWriter(1 << 20);
    writer.writeOpaque(Opaque.of("tag"));
    writer.writeInt(minorVersion);
    writer.writeInt(count);
    for (byte[] operation : operations) {
      writer.writeFixed(ByteBuffer.wrap(operation));
    }
    return writer.toBytes();
  }

  @Override
  public String toString() {
    return op.code() + " " + op;
  }
}
