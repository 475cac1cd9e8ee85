# The image is one static binary and nothing else: no shell, no package manager, no user but its own.
FROM --platform=$BUILDPLATFORM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG TARGETOS TARGETARCH
RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH \
    go build -trimpath -buildvcs=false -tags grpcnotrace -ldflags '-s -w' -o /bucketwarden ./cmd/bucketwarden

FROM scratch
COPY --from=build /bucketwarden /bucketwarden
# By number, so that runAsNonRoot can be checked without a passwd file.
USER 65532:65532
ENTRYPOINT ["/bucketwarden"]
CMD ["serve"]
