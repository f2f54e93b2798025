package io.forebay.s3.auth;

import io.forebay.engine.AccessKey;
import io.forebay.s3.http.RequestBody;

/**
 * A request whose head is what the key's owner signed.
 *
 * @param key enabled
 * @param body the content, checked while it is read for what the signature covers; takes the place
 *     of the body as received, and closes it
 */
public record Authenticated(AccessKey key, RequestBody body) {}
