/** The whole S3 frontend over a real engine, asked by real clients. */
@NullMarked
package io.forebay.s3.server;

import org.jspecify.annotations.NullMarked;
