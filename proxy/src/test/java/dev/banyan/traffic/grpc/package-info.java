/** gRPC, by grpc-java on both ends. */
@NullMarked
package dev.banyan.traffic.grpc;

import org.jspecify.annotations.NullMarked;
