package dev.banyan.controlplane.revisions;

import dev.banyan.routing.BaseTable;
import dev.banyan.routing.Flags;
import dev.banyan.routing.FlagsText;
import dev.banyan.routing.file.TableText;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The text of the base that was asked for last, and its part of a digest: most changes are of flags and leave it as it is. */
final class BaseText {
    private @Nullable BaseTable base;
    private String text = "";
    private MessageDigest digested = Digests.sha256();

    String of(BaseTable asked) {
        if (!asked.equals(base)) {
            text = TableText.write(asked);
            digested = Digests.sha256();
            digested.update(text.getBytes(StandardCharsets.UTF_8));
            digested.update((byte) 0);
            base = asked;
        }
        return text;
    }

    /** Of the base and the flags together, as lower-case hex of SHA-256: both texts with a zero byte between them. */
    String digest(BaseTable asked, Flags flags) {
        String unused = of(asked);
        try {
            MessageDigest both = (MessageDigest) digested.clone();
            return HexFormat.of().formatHex(both.digest(FlagsText.of(flags).getBytes(StandardCharsets.UTF_8)));
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the SHA-256 of every JDK can be cloned", e);
        }
    }
}
