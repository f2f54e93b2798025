package io.forebay.nfs.session;

/** Keeps the grace period from ending while a reclaim is carried out. Closed once, soon. */
public interface ReclaimPermit extends AutoCloseable {
  @Override
  void close();
}
