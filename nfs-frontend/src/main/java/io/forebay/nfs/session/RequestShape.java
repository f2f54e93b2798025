package io.forebay.nfs.session;

/**
 * What SEQUENCE has to know of the request it begins.
 *
 * @param bytes of the whole RPC message
 * @param operations as many as the request says it has, SEQUENCE included
 * @param checksum of the arguments: tells a retry from another request on the same slot
 */
public record RequestShape(int bytes, int operations, int checksum) {}
