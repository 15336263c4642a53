package dev.banyan.settings;

/** Something that is done, or is not. */
public enum Switch {
    OFF,
    ON
}
