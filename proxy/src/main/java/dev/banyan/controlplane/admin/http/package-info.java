/** Requests as openapi.yaml describes them, who asks, and answers: what every operation of the API stands on. */
@NullMarked
package dev.banyan.controlplane.admin.http;

import org.jspecify.annotations.NullMarked;
