# syntax=docker/dockerfile:1
#
# Of the proxy, or with a build argument of another module of the example:
#   docker build -t banyan-proxy .
#   docker build -t banyan-legacy-stub-rails --build-arg MODULE=legacy-stub-rails .
#   docker build -t banyan-accounts --build-arg MODULE=new-services/accounts .
#   docker build -t banyan-transactions --build-arg MODULE=new-services/transactions .
# `mvn package -Pimage` makes the same images by Jib, without Docker.
FROM maven:3.9-eclipse-temurin-17 AS build
ARG MODULE=proxy
WORKDIR /build
COPY . .
RUN --mount=type=cache,target=/root/.m2 \
    mvn -B -Dquick -Dmaven.test.skip=true -DincludeScope=runtime -pl ${MODULE} -am package dependency:copy-dependencies
# Writable for the proxy, in an image where nothing else is.
RUN mkdir -p /image/var/lib/banyan/data /image/app/classpath /image/app/libs && \
    cp ${MODULE}/target/*.jar /image/app/classpath/ && \
    cp ${MODULE}/target/dependency/*.jar /image/app/libs/ && \
    cp -r ${MODULE}/src/main/jib/. /image/

FROM eclipse-temurin:17-jre
COPY --from=build /image/app /app
COPY --from=build --chown=10001:10001 /image/var/lib/banyan /var/lib/banyan
# A number, so that Kubernetes can tell that it is not root.
USER 10001:10001
# Names of files are UTF-8.
ENV LC_ALL=C.UTF-8
WORKDIR /var/lib/banyan
VOLUME /var/lib/banyan/data
ENTRYPOINT ["java", "@/app/start"]
