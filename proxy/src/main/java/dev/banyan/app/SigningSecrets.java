package dev.banyan.app;

import dev.banyan.routing.decide.SigningKeys;
import dev.banyan.settings.SecretReference;
import dev.banyan.settings.Setting;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The signing keys that settings name. */
final class SigningSecrets {
    private static final String FIX =
            "make one by `openssl rand -base64 " + SigningKeys.MIN_BYTES + "` and give it to every replica";

    private SigningSecrets() {}

    /** Empty if the setting names none, or if one of them cannot be used, which is then told to the reader. */
    static Optional<SigningKeys> read(Setting<List<SecretReference>> setting, SecretReader reader) {
        List<byte[]> keys = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (SecretReference reference : setting.value()) {
            reader.read(setting, reference)
                    .flatMap(text -> key(setting, reference, text, reader))
                    .ifPresent(key -> {
                        if (seen.add(Base64.getEncoder().encodeToString(key))) {
                            keys.add(key);
                        } else {
                            reader.wrong(setting, reference, "the same key as one before it", "name each key once");
                        }
                    });
        }
        return keys.isEmpty() || keys.size() < setting.value().size()
                ? Optional.empty()
                : Optional.of(new SigningKeys(keys));
    }

    private static Optional<byte[]> key(
            Setting<?> setting, SecretReference reference, String text, SecretReader reader) {
        try {
            byte[] key = Base64.getDecoder().decode(text);
            if (key.length >= SigningKeys.MIN_BYTES) {
                return Optional.of(key);
            }
            reader.wrong(
                    setting,
                    reference,
                    "a key of " + key.length + " bytes, and under " + SigningKeys.MIN_BYTES + " it could be guessed",
                    FIX);
        } catch (IllegalArgumentException e) {
            reader.wrong(setting, reference, "not base64", FIX);
        }
        return Optional.empty();
    }
}
