package io.forebay.engine;

import java.util.Optional;

/**
 * What a deletion did.
 *
 * @param existed whether there was such an object or version
 * @param version what was destroyed, or the marker that was made; empty where nothing is versioned
 * @param marker whether {@code version} is a delete marker
 */
public record Deleted(boolean existed, Optional<VersionId> version, boolean marker) {}
