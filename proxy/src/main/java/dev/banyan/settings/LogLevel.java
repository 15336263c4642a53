package dev.banyan.settings;

/** How much the proxy says of itself. */
public enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE
}
