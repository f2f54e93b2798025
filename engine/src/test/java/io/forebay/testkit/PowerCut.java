package io.forebay.testkit;

import java.io.IOException;

/** The machine has lost its power: nothing works until it is started again. */
public final class PowerCut extends IOException {
  private static final long serialVersionUID = 1L;

  PowerCut() {
    super("the power is off");
  }
}
