package dev.banyan.app.settings;

/** Something that is done, or is not. */
public enum Switch {
    OFF,
    ON
}
