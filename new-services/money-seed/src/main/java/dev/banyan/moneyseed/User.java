package dev.banyan.moneyseed;

/** Somebody who has accounts. */
public record User(long id, String name, String email) {}
