package dev.banyan.controlplane.revisions;

import dev.banyan.routing.BaseTable;
import dev.banyan.routing.Flags;
import dev.banyan.routing.FlagsText;
import dev.banyan.routing.file.TableText;
import java.security.MessageDigest;

/** The text of a base, and its part of a digest. */
record BaseText(BaseTable base, String text, MessageDigest begun) {

    static BaseText of(BaseTable base) {
        String text = TableText.write(base);
        return new BaseText(base, text, Digests.begun(text));
    }

    /** Of that base: this one if it is the same, as after most changes, which are of flags. */
    BaseText next(BaseTable asked) {
        return asked.equals(base) ? this : of(asked);
    }

    /** Of the base and these flags together. */
    String digest(Flags flags) {
        return Digests.hex(begun, FlagsText.of(flags));
    }
}
