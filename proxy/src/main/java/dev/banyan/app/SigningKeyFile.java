package dev.banyan.app;

import dev.banyan.routing.decide.SigningKeys;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code DATA/signing.key}: the secret behind Banyan's cookies, made at the first start, readable by its owner only. */
final class SigningKeyFile {
    private static final Logger LOG = LoggerFactory.getLogger(SigningKeyFile.class);
    private static final int BYTES = 32;

    private SigningKeyFile() {}

    static SigningKeys read(Path data, SecureRandom random) throws IOException {
        Path file = data.resolve("signing.key");
        if (!Files.exists(file)) {
            make(file, random);
        }
        if (SecretReader.othersMayRead(file)) {
            LOG.warn("every user of this machine can read a signing key; chmod o-r it file={}", file);
        }
        String text = Files.readString(file).strip();
        try {
            return new SigningKeys(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    file + ": not base64 of at least " + SigningKeys.MIN_BYTES
                            + " bytes; fix: put the key back that the cookies of your users were signed with, or remove the file"
                            + " and every cookie becomes a stranger's",
                    e);
        }
    }

    private static void make(Path file, SecureRandom random) throws IOException {
        byte[] secret = new byte[BYTES];
        random.nextBytes(secret);
        try (var channel = Files.newByteChannel(
                file,
                EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            channel.write(java.nio.ByteBuffer.wrap(Base64.getEncoder().encode(secret)));
        } catch (FileAlreadyExistsException e) {
            // Another start was quicker: its key is as good.
            return;
        }
    }
}
