# The image is two static binaries, the server and the command line, and the licences of what is in them: no shell, no package manager, no user but its own.
# It has no file of CA certificates: those of Mozilla are in the server, which uses them where the system has none.
# hack/image builds the same from this file without Docker, and refuses what it does not know.

# By tag, which a registry may move: add the digest that `docker buildx imagetools inspect docker.io/library/golang:1.26` shows to pin it.
# Releases are built by hack/image, which does not use this base, and nothing of it is in the image.
FROM --platform=$BUILDPLATFORM docker.io/library/golang:1.26 AS build
WORKDIR /src
COPY . .
ARG TARGETOS TARGETARCH VERSION=devel REVISION OUT=/out
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    export CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH; \
    set -- -trimpath -buildvcs=false -tags grpcnotrace -ldflags "-s -w -X main.version=$VERSION -X main.revision=$REVISION"; \
    go build "$@" -o "$OUT/bucketwarden-webhook" ./cmd/webhook && \
    go build "$@" -o "$OUT/bucketwarden" ./cmd/bucketwarden
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    mkdir -p "$OUT/licenses" && cp LICENSE "$OUT/licenses/" && \
    go -C hack/licences run . -notices "$OUT/licenses/THIRD_PARTY_NOTICES"

FROM scratch
ARG VERSION=devel REVISION
LABEL org.opencontainers.image.title="Bucketwarden" \
      org.opencontainers.image.description="Judges the policies of S3 buckets at admission" \
      org.opencontainers.image.source="https://github.com/bucketwarden/bucketwarden" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION"
COPY --from=build /out/ /
# By number, so that runAsNonRoot can be checked without a passwd file.
USER 65532:65532
ENTRYPOINT ["/bucketwarden-webhook"]
CMD ["serve"]
