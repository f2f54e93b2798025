package io.forebay.nfs.session;

import io.forebay.engine.RecordStore;
import io.forebay.nfs.xdr.Opaque;
import io.forebay.nfs.xdr.XdrException;
import io.forebay.nfs.xdr.XdrReader;
import io.forebay.nfs.xdr.XdrWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has to survive a restart (RFC 8881 section 8.4.2.1): which clients may hold locks, and who
 * this server is. Each method blocks and may throw {@link io.forebay.engine.EngineException}.
 */
final class ClientRecords {
  private static final Logger LOG = LoggerFactory.getLogger(ClientRecords.class);
  private static final String CLIENTS = "nfs-client";
  private static final String SERVER = "nfs-server";
  private static final String IDENTITY = "identity";
  private static final int IDENTITY_BYTES = 16;
  private static final int PAGE = 1000;
  private static final int VERSION = 1;
  private static final int MAX_OWNER_BYTES = 1024;
  private static final int MAX_BYTES = 2048;

  private final RecordStore store;

  ClientRecords(RecordStore store) {
    this.store = store;
  }

  /** A client that held state in an earlier process. */
  record Recorded(String key, Opaque owner, long verifier) {}

  /**
   * Sixteen random bytes, the same for ever: gateways that share no NFS state differ (section
   * 2.10.4).
   */
  Opaque identity(RandomGenerator random) {
    Optional<byte[]> known = store.get(SERVER, IDENTITY);
    if (known.isPresent()) {
      return Opaque.of(known.get());
    }
    byte[] fresh = new byte[IDENTITY_BYTES];
    random.nextBytes(fresh);
    store.put(SERVER, IDENTITY, fresh);
    return Opaque.of(fresh);
  }

  /** Durable on return. */
  String put(Client client) {
    String key = HexFormat.of().toHexDigits(client.id());
    XdrWriter writer = new XdrWriter(MAX_BYTES);
    writer.writeInt(VERSION);
    writer.writeLong(client.verifier());
    writer.writeOpaque(client.owner());
    writer.writeOpaque(Opaque.of(client.address()));
    store.put(CLIENTS, key, writer.toBytes());
    return key;
  }

  void remove(String key) {
    store.remove(CLIENTS, key);
  }

  List<Recorded> all() {
    List<Recorded> all = new ArrayList<>();
    List<RecordStore.Entry> page;
    String after = "";
    do {
      page = store.list(CLIENTS, after, PAGE);
      for (RecordStore.Entry entry : page) {
        all.add(decode(entry));
        after = entry.key();
      }
    } while (page.size() == PAGE);
    return all;
  }

  private static Recorded decode(RecordStore.Entry entry) {
    try {
      XdrReader reader = new XdrReader(ByteBuffer.wrap(entry.value()));
      if (reader.readInt() == VERSION) {
        long verifier = reader.readLong();
        return new Recorded(entry.key(), reader.readOpaque(MAX_OWNER_BYTES), verifier);
      }
      LOG.warn("The record of NFS client {} is of another version; it cannot reclaim", entry.key());
    } catch (XdrException malformed) {
      LOG.warn("The record of NFS client {} is malformed; it cannot reclaim", entry.key());
    }
    // Nobody's: goes when the grace period ends.
    return new Recorded(entry.key(), Opaque.EMPTY, 0);
  }
}
