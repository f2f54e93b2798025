/** The object view of the same tree. Depends on file and metadata. */
@NullMarked
package io.forebay.engine.bucket;

import org.jspecify.annotations.NullMarked;
