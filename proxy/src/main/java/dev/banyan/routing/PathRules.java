package dev.banyan.routing;

/** How spellings of a path are told apart. */
public enum PathRules {
    /** Every spelling that Rails takes for the same action is the same: suffixes, trailing slashes, overridden methods. */
    RAILS,
    /** A path is what it says, after normalising. */
    PLAIN
}
