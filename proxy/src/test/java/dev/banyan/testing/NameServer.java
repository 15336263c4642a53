package dev.banyan.testing;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A name server for one name (RFC 1035), with a time to live of a second. */
public final class NameServer implements AutoCloseable {
    private static final int HEADER_BYTES = 12;
    private static final int TYPE_A = 1;
    private static final int TYPE_AAAA = 28;
    private static final int REFUSED = 5;
    private static final int NO_SUCH_NAME = 3;

    private final DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    private final AtomicInteger asked = new AtomicInteger();
    private volatile String name = "";
    private volatile List<String> addresses = List.of();
    private volatile boolean failing;
    private volatile boolean silent;

    public NameServer() throws IOException {
        Thread thread = new Thread(this::serve, "name-server");
        thread.setDaemon(true);
        thread.start();
    }

    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
    }

    public NameServer answering(String name, String... addresses) {
        this.name = name;
        this.addresses = List.of(addresses);
        failing = false;
        return this;
    }

    public NameServer failing() {
        failing = true;
        return this;
    }

    /** It takes questions and answers none. */
    public NameServer silent() {
        silent = true;
        return this;
    }

    public int asked() {
        return asked.get();
    }

    private void serve() {
        byte[] buffer = new byte[512];
        while (!socket.isClosed()) {
            try {
                DatagramPacket query = new DatagramPacket(buffer, buffer.length);
                socket.receive(query);
                asked.incrementAndGet();
                if (silent) {
                    continue;
                }
                byte[] answer = answer(ByteBuffer.wrap(buffer, 0, query.getLength()));
                socket.send(new DatagramPacket(answer, answer.length, query.getSocketAddress()));
            } catch (IOException e) {
                return; // closed: the end of the test
            }
        }
    }

    private byte[] answer(ByteBuffer query) throws IOException {
        int id = query.getShort();
        query.position(HEADER_BYTES);
        StringBuilder asking = new StringBuilder();
        for (int length = query.get(); length > 0; length = query.get()) {
            asking.append(asking.isEmpty() ? "" : ".");
            for (int i = 0; i < length; i++) {
                asking.append((char) query.get());
            }
        }
        int type = query.getShort();
        query.getShort();
        int questionEnd = query.position();
        boolean known = asking.toString().equals(name);
        List<String> found = known && !failing
                ? addresses.stream().filter(address -> type == typeOf(address)).toList()
                : List.of();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeShort(id);
        out.writeShort(0x8580 | (failing ? REFUSED : known ? 0 : NO_SUCH_NAME));
        out.writeShort(1);
        out.writeShort(found.size());
        out.writeInt(0);
        byte[] question = new byte[questionEnd - HEADER_BYTES];
        query.get(HEADER_BYTES, question);
        out.write(question);
        for (String address : found) {
            out.writeShort(0xc000 | HEADER_BYTES);
            byte[] bits = InetAddress.getByName(address).getAddress();
            out.writeShort(type);
            out.writeShort(1);
            out.writeInt(1);
            out.writeShort(bits.length);
            out.write(bits);
        }
        return bytes.toByteArray();
    }

    private static int typeOf(String address) {
        return address.contains(":") ? TYPE_AAAA : TYPE_A;
    }

    @Override
    public void close() {
        socket.close();
    }
}
