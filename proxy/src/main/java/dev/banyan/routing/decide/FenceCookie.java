package dev.banyan.routing.decide;

import dev.banyan.routing.Sha256;
import dev.banyan.routing.Side;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What stands in the cookie {@code banyan-fence}: for each cohort that the client lately wrote to, the side and until when its reads
 * go there too: {@code 1~legacy:1767225600:COHORT~modern:1767225607:COHORT.SIGNATURE}, a cohort by 64 bits of its hash, so that any name
 * fits.
 *
 * <p>By cohort and not by route: routes of one cohort move the same users together because they are views of the same data.
 */
final class FenceCookie {
    static final String NAME = "banyan-fence";

    /** The latest stay: a client that writes to more within seconds is no person. */
    private static final int MAX_FENCES = 8;

    private static final int MAX_CHARS = 1024;
    private static final String VERSION = "1";

    private final Signer signer;

    FenceCookie(SigningKeys keys) {
        signer = new Signer(keys, "fence", MAX_CHARS);
    }

    /** How a cohort is called in the cookie. */
    static String tagOf(String cohort) {
        byte[] hash = Sha256.begun().digest(cohort.getBytes(StandardCharsets.UTF_8));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, 8));
    }

    /** That reads of a cohort, given by its tag, go to a side until then. */
    record Fence(String cohortTag, Side side, long untilEpochSeconds) {}

    /** The side that a cohort's reads go to now; null if to none. */
    @Nullable
    Side sideOf(String cohortTag, @Nullable String cookies, long nowEpochSeconds) {
        for (Fence fence : fences(cookies)) {
            if (fence.cohortTag().equals(cohortTag) && fence.untilEpochSeconds() > nowEpochSeconds) {
                return fence.side();
            }
        }
        return null;
    }

    /** The whole Set-Cookie value that adds a fence to those which the client still has. */
    String adding(Fence added, @Nullable String cookies, long nowEpochSeconds, boolean tls) {
        List<Fence> fences = new ArrayList<>();
        fences.add(added);
        for (Fence fence : fences(cookies)) {
            if (fence.untilEpochSeconds() > nowEpochSeconds
                    && !fence.cohortTag().equals(added.cohortTag())) {
                fences.add(fence);
            }
        }
        fences.subList(1, fences.size())
                .sort(Comparator.comparingLong(Fence::untilEpochSeconds).reversed());
        long last = fences.stream().mapToLong(Fence::untilEpochSeconds).max().orElseThrow();
        return Cookies.set(NAME, signer.sign(text(fences)), last - nowEpochSeconds, tls);
    }

    private static String text(List<Fence> fences) {
        StringBuilder text = new StringBuilder(VERSION);
        for (Fence fence : fences.subList(0, Math.min(fences.size(), MAX_FENCES))) {
            text.append('~').append(fence.side().word());
            text.append(':').append(fence.untilEpochSeconds());
            text.append(':').append(fence.cohortTag());
        }
        return text.toString();
    }

    private List<Fence> fences(@Nullable String cookies) {
        String text = Cookies.first(cookies, NAME, signer::open);
        if (text == null || !text.startsWith(VERSION + "~")) {
            return List.of();
        }
        List<Fence> fences = new ArrayList<>();
        for (String one : text.substring(2).split("~", -1)) {
            fence(one).ifPresent(fences::add);
        }
        return fences;
    }

    private static Optional<Fence> fence(String text) {
        String[] parts = text.split(":", 3);
        if (parts.length < 3) {
            return Optional.empty();
        }
        return Side.ofWord(parts[0]).map(side -> new Fence(parts[2], side, Long.parseLong(parts[1])));
    }
}
