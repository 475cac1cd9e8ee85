package main

// Mozilla's CA certificates, for a system that has none, as the image: a collector of traces may stand outside the cluster.
import _ "golang.org/x/crypto/x509roots/fallback"
