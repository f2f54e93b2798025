package io.forebay.nfs.state;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Clients that are silent or gone when the test says so. */
final class TestLeases implements Leases {
  private final Set<Long> silent = ConcurrentHashMap.newKeySet();
  private final Set<Long> gone = ConcurrentHashMap.newKeySet();
  private @Nullable StateTable table;

  void serve(StateTable served) {
    table = served;
  }

  void silence(long clientId) {
    silent.add(clientId);
  }

  void end(long clientId) {
    gone.add(clientId);
  }

  @Override
  public boolean isGone(long clientId) {
    return gone.contains(clientId);
  }

  @Override
  public boolean isExpired(long clientId) {
    return silent.contains(clientId) || gone.contains(clientId);
  }

  @Override
  public void expire(long clientId) {
    gone.add(clientId);
    if (table != null) {
      table.releaseAll(clientId);
    }
  }
}
