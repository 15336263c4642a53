package dev.banyan.app;

import dev.banyan.routing.decide.SigningKeys;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
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

    /** Whole or not at all: a disk that is full, or a crash, must not leave half a key, which no later start could use. */
    private static void make(Path file, SecureRandom random) throws IOException {
        byte[] secret = new byte[BYTES];
        random.nextBytes(secret);
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        try (FileChannel channel = FileChannel.open(
                fresh,
                EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getEncoder().encode(secret));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        try {
            Files.move(fresh, file);
        } catch (FileAlreadyExistsException e) {
            // Another start was quicker: its key is as good.
            Files.delete(fresh);
        }
    }
}
