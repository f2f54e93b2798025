package io.forebay.nfs.session;

import io.forebay.ambient.Invariant;
import io.forebay.ambient.TimeSource;
import io.forebay.nfs.NfsConfig;
import io.forebay.nfs.op.NfsException;
import io.forebay.nfs.op.NfsStatus;
import io.forebay.nfs.op.SessionId;
import io.forebay.nfs.state.Leases;
import io.forebay.nfs.state.StateLimits;
import io.forebay.nfs.state.StateTable;
import io.forebay.nfs.xdr.Opaque;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is a client, and how clients end. A client that is silent for longer than its lease keeps
 * what it holds until somebody wants it, or {@link #COURTESY} has passed, or there is no room for
 * another client (RFC 8881 section 8.3 lets a server do that). Thread-safe; {@link #lock} guards
 * what several lookups have to agree on, and is never held over a call that blocks.
 */
final class ClientRegistry implements Leases {
  /** How long a silent client is remembered at most. */
  static final Duration COURTESY = Duration.ofHours(24);

  private static final Logger LOG = LoggerFactory.getLogger(ClientRegistry.class);

  private final NfsConfig config;
  private final TimeSource time;
  private final ClientRecords records;
  private final Grace grace;
  private final StateTable states;
  private final int instance;
  private final ReentrantLock lock = new ReentrantLock();
  private final ConcurrentHashMap<Long, Client> clients = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<SessionId, Session> sessions = new ConcurrentHashMap<>();

  // --- guarded by the lock
  private final Map<Opaque, Holders> byOwner = new HashMap<>();
  private int issued;

  /** The at most two client ids of one owner (section 18.35.4). */
  private static final class Holders {
    @Nullable Client confirmed;
    @Nullable Client unconfirmed;
  }

  ClientRegistry(
      NfsConfig config, TimeSource time, ClientRecords records, Grace grace, int instance) {
    this.config = config;
    this.time = time;
    this.records = records;
    this.grace = grace;
    this.instance = instance;
    this.states =
        new StateTable(StateLimits.forOpens(config.limits().maxOpensPerClient()), this, instance);
  }

  ReentrantLock lock() {
    return lock;
  }

  StateTable states() {
    return states;
  }

  long now() {
    return time.monotonicNanos();
  }

  /** What was renewed before this moment has run out. */
  private long leaseHorizon() {
    return now() - config.lease().toNanos();
  }

  // --- finding

  Optional<Client> find(long clientId) {
    return Optional.ofNullable(clients.get(clientId));
  }

  @Nullable Session session(SessionId id) {
    return sessions.get(id);
  }

  List<Session> sessions() {
    return List.copyOf(sessions.values());
  }

  int clientCount() {
    return clients.size();
  }

  int sessionCount() {
    return sessions.size();
  }

  /** Needs the lock. May be ending already. */
  @Nullable Client confirmed(Opaque owner) {
    Holders holders = byOwner.get(owner);
    return holders == null ? null : holders.confirmed;
  }

  // --- coming; each needs the lock

  boolean isFull() {
    return clients.size() >= config.limits().maxClients();
  }

  /** A new client id, in the place of one of the same owner that was not confirmed. */
  Client introduce(Opaque owner, long verifier, Principal principal, String address) {
    Holders holders = byOwner.computeIfAbsent(owner, unused -> new Holders());
    Client replaced = holders.unconfirmed;
    if (replaced != null) {
      replaced.beginEnding();
      clients.remove(replaced.id());
    }
    long id = Integer.toUnsignedLong(instance) << Integer.SIZE | Integer.toUnsignedLong(++issued);
    Client client = new Client(id, owner, verifier, principal, address, now());
    holders.unconfirmed = client;
    clients.put(id, client);
    return client;
  }

  /**
   * A session confirms its client and renews its lease; a predecessor has ended before. False when
   * the client has ended meanwhile.
   */
  boolean confirm(Client client) {
    if (!client.confirm(now())) {
      return false;
    }
    Holders holders = byOwner.computeIfAbsent(client.owner(), unused -> new Holders());
    Invariant.check(
        holders.confirmed == null || holders.confirmed == client,
        "an owner has one confirmed client");
    holders.confirmed = client;
    holders.unconfirmed = holders.unconfirmed == client ? null : holders.unconfirmed;
    return true;
  }

  /**
   * Makes the record by which a client may reclaim after a restart. Blocks; without the lock.
   *
   * @throws NfsException DEADSESSION when the client ended meanwhile
   */
  void record(Client client) {
    keepRecord(client, records.put(client));
  }

  /** As {@link #record}, for records that are there: one is enough. */
  void keepRecords(Client client, List<String> keys) {
    for (String key : keys) {
      if (client.record() == null) {
        keepRecord(client, key);
      } else {
        records.remove(key);
      }
    }
  }

  private void keepRecord(Client client, String key) {
    if (!client.recordedAs(key)) {
      // Its end has passed the record by.
      records.remove(key);
      throw new NfsException(NfsStatus.DEADSESSION);
    }
  }

  void add(Session session) {
    session.client().sessions().put(session.id(), session);
    sessions.put(session.id(), session);
  }

  // --- going

  /** Forgets a session that has ended. */
  void remove(Session session) {
    lock.lock();
    try {
      session.client().sessions().remove(session.id());
      sessions.remove(session.id());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends a client whose end has begun: from here on it has no sessions, then no record, then no
   * state, and then its owner may have another client id. Blocks; throws when the record cannot be
   * removed, and is then to be called again.
   */
  void end(Client client) {
    FutureTask<Void> flight =
        client.ending(
            new FutureTask<>(() -> {
              carryOutEnd(client);
              return null;
            }));
    flight.run();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          flight.get();
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      client.forgetEnding(flight);
      switch (e.getCause()) {
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        case null, default -> throw new IllegalStateException(e);
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void carryOutEnd(Client client) {
    lock.lock();
    try {
      for (Session session : client.sessions().values()) {
        session.end();
        sessions.remove(session.id());
      }
      client.sessions().clear();
    } finally {
      lock.unlock();
    }
    String record = client.record();
    if (record != null) {
      records.remove(record);
    }
    if (client.leftReclaimOpen()) {
      grace.abandoned(client.owner(), client.verifier());
    }
    states.releaseAll(client.id());
    lock.lock();
    try {
      clients.remove(client.id());
      Holders holders = byOwner.get(client.owner());
      if (holders != null) {
        holders.confirmed = holders.confirmed == client ? null : holders.confirmed;
        holders.unconfirmed = holders.unconfirmed == client ? null : holders.unconfirmed;
        if (holders.confirmed == null && holders.unconfirmed == null) {
          byOwner.remove(client.owner());
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends one client to make room for another: one that never made a session, else the one that is
   * silent for longest. Whether there was one. Blocks.
   */
  boolean makeRoom() {
    long horizon = leaseHorizon();
    Optional<Client> victim =
        clients.values().stream()
            .filter(
                client -> client.phase() == Client.Phase.UNCONFIRMED || client.isSilent(horizon))
            .min(
                Comparator.comparing((Client client) -> client.phase())
                    .thenComparingLong(client -> client.renewedNanos() - horizon));
    if (victim.isEmpty()) {
      return false;
    }
    Client client = victim.get();
    if (client.phase() == Client.Phase.UNCONFIRMED) {
      client.beginEnding();
    } else if (!client.beginEndingIfSilent(horizon)) {
      return true;
    }
    LOG.info("NFS client {} ends to make room for another", client.address());
    end(client);
    return true;
  }

  /**
   * Ends clients that nobody misses: in the grace period none that may still reclaim. Blocks; to be
   * called regularly.
   */
  void tick() {
    boolean spared = !grace.isOver();
    long horizon = leaseHorizon();
    long courtesyHorizon = now() - COURTESY.toNanos();
    for (Client client : new ArrayList<>(clients.values())) {
      boolean ends =
          switch (client.phase()) {
            case UNCONFIRMED -> client.beginEndingIfSilent(horizon);
            case CONFIRMED ->
                !spared
                    && (client.beginEndingIfSilent(courtesyHorizon)
                        || (!states.holdsState(client.id())
                            && client.beginEndingIfSilent(horizon)));
            case ENDING -> true;
          };
      if (ends) {
        end(client);
      }
    }
  }

  // --- leases

  @Override
  public boolean isGone(long clientId) {
    Client client = clients.get(clientId);
    return client == null || client.phase() == Client.Phase.ENDING;
  }

  @Override
  public boolean isExpired(long clientId) {
    Client client = clients.get(clientId);
    return client == null
        || client.phase() == Client.Phase.ENDING
        || client.isSilent(leaseHorizon());
  }

  @Override
  public void expire(long clientId) {
    Client client = clients.get(clientId);
    if (client != null && client.beginEndingIfSilent(leaseHorizon())) {
      LOG.info("NFS client {} was silent and is in the way: it ends", client.address());
      end(client);
    }
  }
}
