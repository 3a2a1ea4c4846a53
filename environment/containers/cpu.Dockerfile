# signmix on CPU cores: Debian, Node and the project with its packages; no Python, no compiler, no GPU library.
# It computes shards of a study (signmix results, signmix submit), as any user, and writes to /study and /tmp alone.
#
#   docker build -f environment/containers/cpu.Dockerfile -t signmix .
#   docker run --rm --read-only --tmpfs /tmp --user "$(id -u)" -v "$PWD/study:/study" signmix \
#     node environment/signmix.mjs results run --profile smoke --results /study
FROM node:20-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build && npm pack --pack-destination /tmp
WORKDIR /signmix
RUN tar -xzf /tmp/signmix-*.tgz --strip-components=1 && cp /build/package-lock.json /build/.npmrc .
# The packages that run, without those of tests and what this kind of machine never reads.
RUN npm ci --omit=dev --omit=optional \
 && node environment/trim.mjs \
 && chmod -R a+rX .

FROM node:20-bookworm-slim
COPY --from=build /signmix /signmix
RUN mkdir -m 1777 /study
WORKDIR /signmix
ENV HOME=/study NODE_ENV=production
VOLUME /study
USER 10001
CMD ["node", "environment/signmix.mjs", "--help"]
