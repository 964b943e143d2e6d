# Opstage CE as an image. Nothing is installed in it: `node scripts/image-context.mjs FOLDER` prepares the folder it is built from.
#   npm run build && node scripts/image-context.mjs /tmp/opstage-image
#   docker build --file Dockerfile --tag localhost/opstage-ce /tmp/opstage-image
# The base needs the C and C++ libraries, certificates and time zones, and nothing else; no shell.
ARG BASE_IMAGE=gcr.io/distroless/cc-debian12
FROM ${BASE_IMAGE}
ARG OPSTAGE_VERSION=""
ARG OPSTAGE_COMMIT=""
ARG OPSTAGE_BUILD_TIME=""
LABEL org.opencontainers.image.title="Opstage CE" \
  org.opencontainers.image.description="A self-hosted control plane for small services" \
  org.opencontainers.image.licenses="Apache-2.0" \
  org.opencontainers.image.version="${OPSTAGE_VERSION}" \
  org.opencontainers.image.revision="${OPSTAGE_COMMIT}" \
  org.opencontainers.image.created="${OPSTAGE_BUILD_TIME}"
ENV NODE_ENV=production \
  OPSTAGE_HOST=0.0.0.0 \
  OPSTAGE_DATA_DIR=/data \
  OPSTAGE_COMMIT=${OPSTAGE_COMMIT} \
  OPSTAGE_BUILD_TIME=${OPSTAGE_BUILD_TIME}
COPY app/ /app/
# Empty, and readable by its owner only. The name of the user does not matter, so there is no account.
COPY --chown=10001:10001 data/ /data/
WORKDIR /app
VOLUME /data
USER 10001:10001
EXPOSE 8080
STOPSIGNAL SIGTERM
# Node again, because there is no other program in the image: without a compiler for JavaScript, and only its HTTP client.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["/app/node", "--jitless", "--max-old-space-size=16", "/app/healthcheck.mjs"]
# The same arguments as `npm start` (package.json, docs/decisions/0024).
CMD ["/app/node", "--max-semi-space-size=16", "/app/dist/server/main.js"]
