package dev.banyan.legacystub.rails;

/** One header line. */
public record Header(String name, String value) {}
