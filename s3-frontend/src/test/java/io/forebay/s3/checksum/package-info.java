@NullMarked
package io.forebay.s3.checksum;

import org.jspecify.annotations.NullMarked;
