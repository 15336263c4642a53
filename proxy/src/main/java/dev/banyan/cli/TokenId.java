package dev.banyan.cli;

import picocli.CommandLine.TypeConversionException;

/** A token's id as people type it. */
record TokenId(String text) {

    TokenId {
        if (!text.matches("[0-9a-f]{1,32}")) {
            // It may be a token by mistake, and what is printed ends up in logs: so it is not repeated.
            throw new TypeConversionException(
                    "this is not a token's id (expected: hex digits such as 0123456789ab; see `banyan token list`)");
        }
    }
}
