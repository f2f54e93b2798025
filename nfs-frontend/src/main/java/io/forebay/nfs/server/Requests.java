package io.forebay.nfs.server;

/** Where connections take their requests. */
interface Requests {
  /** Whether the next request would have to wait. */
  boolean isSaturated();

  /**
   * Takes a record on; never blocks. In the end comes {@link ConnectionHandler#answer} or {@link
   * ConnectionHandler#finished}.
   *
   * @param record closed when the request has been run
   */
  void dispatch(ConnectionHandler from, ReceivedRecord record);
}
