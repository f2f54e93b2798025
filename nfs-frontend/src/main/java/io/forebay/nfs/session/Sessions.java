package io.forebay.nfs.session;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.EngineException;
import io.forebay.engine.RecordStore;
import io.forebay.nfs.NfsConfig;
import io.forebay.nfs.op.NfsException;
import io.forebay.nfs.op.NfsOp;
import io.forebay.nfs.op.NfsResult;
import io.forebay.nfs.op.NfsStatus;
import io.forebay.nfs.op.OpCode;
import io.forebay.nfs.state.StateTable;
import io.forebay.nfs.xdr.Opaque;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Clients, sessions and their requests. Thread-safe. What blocks says so; anything that touches the
 * durable records may throw {@link EngineException}.
 */
public final class Sessions {
  private static final int DIRECTION_FORE = 1;
  private static final int DIRECTION_BACK = 2;
  private static final int DIRECTION_BOTH = 3;

  private final ClientRecords records;
  private final Grace grace;
  private final ClientRegistry registry;
  private final Introductions introductions;
  private final SessionCreation creation;

  /**
   * Begins the grace period if clients held state before. Blocks.
   *
   * @param records this gateway's alone
   * @param random makes this process's ids unlike those of others
   * @param whenGraceEnds run once by {@link #tick} when nobody may reclaim any more; may block
   */
  public Sessions(
      NfsConfig config,
      RecordStore records,
      TimeSource time,
      RandomGenerator random,
      Runnable whenGraceEnds) {
    this.records = new ClientRecords(records);
    Opaque identity = this.records.identity(random);
    this.grace = new Grace(this.records, config.grace(), time.monotonicNanos(), whenGraceEnds);
    // Neither 0 nor all ones, which special stateids begin with.
    int instance = random.nextInt(1, Integer.MAX_VALUE);
    this.registry = new ClientRegistry(config, time, this.records, grace, instance);
    this.introductions = new Introductions(registry, identity);
    this.creation = new SessionCreation(registry, grace, config.limits(), random);
  }

  /** What these clients hold. */
  public StateTable states() {
    return registry.states();
  }

  // --- clients

  /** EXCHANGE_ID. May block. */
  public NfsResult exchangeId(NfsOp.ExchangeId op, Origin origin) {
    return introductions.exchangeId(op, origin);
  }

  /** DESTROY_CLIENTID (section 18.50). May block. */
  public NfsResult destroyClientId(NfsOp.DestroyClientId op, Origin unusedOrigin) {
    registry.lock().lock();
    Client client;
    try {
      client = registry.find(op.clientId()).orElse(null);
      if (client == null || client.phase() == Client.Phase.ENDING) {
        return failed(op.code(), NfsStatus.STALE_CLIENTID);
      }
      if (!client.sessions().isEmpty()
          || client.creation().isBusy()
          || registry.states().holdsState(client.id())) {
        return failed(op.code(), NfsStatus.CLIENTID_BUSY);
      }
      client.beginEnding();
    } finally {
      registry.lock().unlock();
    }
    registry.end(client);
    return new NfsResult.Done(op.code());
  }

  // --- sessions

  /** CREATE_SESSION. May block. */
  public NfsResult createSession(NfsOp.CreateSession op, Origin origin) {
    return creation.createSession(op, origin);
  }

  /**
   * DESTROY_SESSION (section 18.37). DELAY while other requests of the session run.
   *
   * @param lease of the request that says so, null when it has none
   */
  public NfsResult destroySession(NfsOp.DestroySession op, @Nullable SlotLease lease) {
    Session session = registry.session(op.session());
    if (session == null) {
      return failed(op.code(), NfsStatus.BADSESSION);
    }
    boolean own = lease != null && lease.session().equals(op.session());
    if (!session.endUnlessBusy(own ? 1 : 0)) {
      return failed(op.code(), NfsStatus.DELAY);
    }
    registry.remove(session);
    return new NfsResult.Done(op.code());
  }

  /** BIND_CONN_TO_SESSION (section 18.34). The fore channel needs no binding: any may use it. */
  public NfsResult bindConnection(NfsOp.BindConnToSession op, Origin origin) {
    Session session = registry.session(op.session());
    if (session == null) {
      return failed(op.code(), NfsStatus.BADSESSION);
    }
    if (op.direction() == DIRECTION_FORE) {
      return new NfsResult.BindConnToSession(op.session(), DIRECTION_FORE);
    }
    session.bindBackChannel(origin.connection().id());
    boolean backOnly = op.direction() == DIRECTION_BACK;
    return new NfsResult.BindConnToSession(
        op.session(), backOnly ? DIRECTION_BACK : DIRECTION_BOTH);
  }

  /** BACKCHANNEL_CTL (section 18.33): there are no callbacks yet that it could change. */
  public NfsResult backchannelCtl(NfsOp.BackchannelCtl op, SlotLease lease) {
    return lease.owner().wantsBackChannel()
        ? new NfsResult.Done(op.code())
        : failed(op.code(), NfsStatus.NOENT);
  }

  /** SEQUENCE (section 18.46). Never blocks. */
  public SequenceOutcome sequence(NfsOp.Sequence op, Origin origin, RequestShape shape) {
    Session session = registry.session(op.session());
    if (session == null || !session.client().beginRequest(registry.now())) {
      return new SequenceOutcome.Refused(NfsStatus.BADSESSION);
    }
    SequenceOutcome outcome =
        session.sequence(op, shape, origin.principal(), creation.targetSlots());
    switch (outcome) {
      case SequenceOutcome.Granted granted -> {}
      case SequenceOutcome.Replay replay -> session.client().endRequest();
      case SequenceOutcome.Unkept unkept -> session.client().endRequest();
      case SequenceOutcome.Refused refused -> session.client().endRequest();
    }
    return outcome;
  }

  /** A connection is gone: nobody can be called back over it. */
  public void disconnected(Connection connection) {
    registry.sessions().forEach(session -> session.disconnected(connection.id()));
  }

  // --- reclaim

  /** RECLAIM_COMPLETE (section 18.51). */
  public NfsResult reclaimComplete(NfsOp.ReclaimComplete op, SlotLease lease) {
    if (op.oneFileSystem()) {
      // File systems do not move here.
      return new NfsResult.Done(op.code());
    }
    Client client = lease.owner().client();
    if (!client.completeReclaim()) {
      return failed(op.code(), NfsStatus.COMPLETE_ALREADY);
    }
    registry.keepRecords(client, grace.completed(client.owner(), client.verifier()));
    return new NfsResult.Done(op.code());
  }

  /** Whether clients may still reclaim, so that nobody may get anything new. */
  public boolean inGrace() {
    return !grace.isOver();
  }

  /**
   * To be called before a client is given an open or a lock that it does not reclaim. The first
   * time it makes the client's durable record: blocks.
   *
   * @throws NfsException GRACE in the grace period, and before the client's RECLAIM_COMPLETE
   *     (section 18.51.3); DEADSESSION when the client has ended
   */
  public void requireNewState(SlotLease lease) {
    Client client = lease.owner().client();
    if (!grace.isOver() || !client.isReclaimComplete()) {
      throw new NfsException(NfsStatus.GRACE);
    }
    if (client.record() == null) {
      registry.record(client);
    }
  }

  /**
   * Lets a client have something back that it held before the restart; to be closed when it has it.
   *
   * @throws NfsException NO_GRACE where the time for that is over; RECLAIM_BAD for a client that
   *     held nothing
   */
  public ReclaimPermit reclaim(SlotLease lease) {
    Client client = lease.owner().client();
    if (client.isReclaimComplete()) {
      throw new NfsException(NfsStatus.NO_GRACE);
    }
    return grace.reclaim(client.owner(), client.verifier());
  }

  // --- upkeep

  /** Ends what has run its time. Blocks; to be called about every second, by one thread. */
  public void tick() {
    grace.tick(registry.now());
    registry.tick();
  }

  /** Clients there are now. */
  public int clientCount() {
    return registry.clientCount();
  }

  /** Sessions there are now. */
  public int sessionCount() {
    return registry.sessionCount();
  }

  private static NfsResult failed(OpCode code, NfsStatus status) {
    return new NfsResult.Failed(code, status);
  }
}
