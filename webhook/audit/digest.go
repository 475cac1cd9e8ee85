package audit

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
)

// hash stands for a document. It is long enough that nobody finds two, one good and one bad, that have the same.
type hash [16]byte

// String returns the hash in hex.
func (h hash) String() string { return hex.EncodeToString(h[:]) }

func sum(v any) hash {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings and numbers have a JSON
	}
	long := sha256.Sum256(text)
	return hash(long[:len(hash{})])
}

// digest stands for a report, without the times of its results, and for its results alone.
type digest struct{ all, results hash }

// String returns the digest as the annotation has it.
func (d digest) String() string { return d.all.String() + "-" + d.results.String() }

// parseDigest reads an annotation. One that we have not written is that of no report.
func parseDigest(s string) (d digest) {
	all, results, _ := strings.Cut(s, "-")
	if len(all) == 2*len(d.all) && len(results) == 2*len(d.results) {
		_, _ = hex.Decode(d.all[:], []byte(all)) // what is no hex ends up as the digest of no report
		_, _ = hex.Decode(d.results[:], []byte(results))
	}
	return d
}
