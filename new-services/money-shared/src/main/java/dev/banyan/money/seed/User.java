package dev.banyan.money.seed;

/** Somebody who has accounts. */
public record User(long id, String name, String email) {}
